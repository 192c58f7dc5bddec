package dev.understudy.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.calls.config.Environment;
import dev.understudy.calls.config.InvalidSettings;
import dev.understudy.calls.config.SettingsDocument;
import dev.understudy.calls.config.SettingsReader;
import dev.understudy.calls.config.SettingsSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A change of the configuration file is noticed once, when the file is whole. */
class FileWatchTest {
    @TempDir
    private Path folder;

    private Path file() {
        return folder.resolve("understudy.yaml");
    }

    private SettingsSource source() {
        return new SettingsSource() {
            @Override
            public SettingsDocument document() throws InvalidSettings {
                return SettingsReader.document(file());
            }

            @Override
            public SettingsReader reader() {
                return new SettingsReader(Environment.of(Map.of()));
            }
        };
    }

    @Test
    void aChangeIsNoticedOnceItHasSettled() throws Exception {
        Files.writeString(file(), "providers: {}");
        FileWatch watch = new FileWatch(source());
        assertThat(watch.pollChange()).isFalse();
        Files.writeString(file(), "providers: {a: ");
        assertThat(watch.pollChange()).isFalse();
        Files.writeString(file(), "providers: {a: {base-url: x}}");
        assertThat(watch.pollChange()).isFalse();
        assertThat(watch.pollChange()).isTrue();
        assertThat(watch.pollChange()).isFalse();
    }

    @Test
    void aFileThatIsReplacedIsAwayForAMoment() throws Exception {
        Files.writeString(file(), "providers: {}");
        FileWatch watch = new FileWatch(source());
        Files.delete(file());
        assertThat(watch.pollChange()).isFalse();
        assertThat(watch.pollChange()).isFalse();
        Files.writeString(file(), "providers: {b: {}}");
        assertThat(watch.pollChange()).isFalse();
        assertThat(watch.pollChange()).isTrue();
    }

    @Test
    void aChangeThatIsTakenBackIsOneToo() throws Exception {
        Files.writeString(file(), "one: 1");
        FileWatch watch = new FileWatch(source());
        Files.writeString(file(), "two: 2");
        watch.pollChange();
        assertThat(watch.pollChange()).isTrue();
        Files.writeString(file(), "one: 1");
        watch.pollChange();
        assertThat(watch.pollChange()).isTrue();
    }

    @Test
    void withoutAFileThereIsNothingToWatch() {
        SettingsSource environment = new SettingsSource() {
            @Override
            public SettingsDocument document() {
                return new SettingsDocument("environment", Optional.empty());
            }

            @Override
            public SettingsReader reader() {
                return new SettingsReader(Environment.of(Map.of()));
            }
        };
        assertThatThrownBy(() -> new FileWatch(environment))
                .isInstanceOf(InvalidSettings.class)
                .hasMessageContaining("nothing to reload");
    }
}
