package dev.understudy.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.calls.config.Environment;
import dev.understudy.calls.config.InvalidSettings;
import dev.understudy.calls.config.SettingsDocument;
import dev.understudy.calls.config.StoreSettings;
import dev.understudy.store.Store;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Where {@code serve} keeps its data, and what happens if it cannot. */
@Timeout(60)
class StoreFolderTest {
    @TempDir
    private Path folder;

    private static StoreFolder.Opened open(Optional<Path> named, Map<String, String> variables) throws InvalidSettings {
        return StoreFolder.open(StoreSettings.BUILT_IN, SettingsDocument.ENVIRONMENT, named, Environment.of(variables));
    }

    private static Path usual(String file) {
        return StoreFolder.usual(
                        Environment.of(Map.of("HOME", "/home/ann")),
                        new SettingsDocument(file, Optional.of("providers: {}")))
                .orElseThrow();
    }

    @Test
    void usualFolderIsThatOfTheUsersState() throws InvalidSettings {
        StoreFolder.Opened opened =
                open(Optional.empty(), Map.of("XDG_STATE_HOME", folder.toString(), "HOME", "/nowhere"));

        assertThat(opened.described()).contains(folder.resolve("understudy").toString());
        assertThat(folder.resolve("understudy/environment/understudy.db")).exists();
        opened.store().ifPresent(Store::close);
    }

    @Test
    void eachConfigurationHasAFolderOfItsOwn() {
        Path first = usual("/etc/one/understudy.yaml");

        assertThat(first)
                .isNotEqualTo(usual("/etc/two/understudy.yaml"))
                .hasParentRaw(Path.of("/home/ann/.local/state/understudy"));
        assertThat(first.getFileName().toString()).matches("understudy\\.yaml-[0-9a-f]{8}");
        assertThat(usual("understudy.yaml")).isEqualTo(usual(Path.of("").toAbsolutePath() + "/x/../understudy.yaml"));
    }

    @Test
    void usualFolderThatCannotBeWrittenIsNoReasonNotToServe() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");

        StoreFolder.Opened opened = open(Optional.empty(), Map.of("HOME", file.toString()));

        assertThat(opened.store()).isEmpty();
        assertThat(opened.described()).contains("cannot be created", "--data", "store.url");
        assertThat(open(Optional.empty(), Map.of()).store()).isEmpty();
    }

    @Test
    void folderThatWasNamedMustBeUsable() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");

        assertThatThrownBy(() -> open(Optional.of(file), Map.of("HOME", folder.toString())))
                .isInstanceOf(InvalidSettings.class)
                .hasMessageContaining("--data")
                .hasMessageContaining(file.toString());
    }
}
