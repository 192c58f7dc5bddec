package dev.understudy.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.calls.config.Environment;
import dev.understudy.calls.config.SettingsDocument;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StoreFolderTest {
    private static final Environment HOME = Environment.of(Map.of("HOME", "/home/ann"));

    @Test
    void eachConfigurationHasAFolderOfItsOwn() {
        Path first = StoreFolder.usual(HOME, file("/etc/one/understudy.yaml")).orElseThrow();
        Path second = StoreFolder.usual(HOME, file("/etc/two/understudy.yaml")).orElseThrow();
        assertThat(first).isNotEqualTo(second).hasParent(Path.of("/home/ann/.local/state/understudy"));
        assertThat(first.getFileName().toString()).matches("understudy\\.yaml-[0-9a-f]{8}");
    }

    @Test
    void aFileHasTheSameFolderFromWhereverTheGatewayIsStarted() {
        String here = Path.of("").toAbsolutePath().toString();
        assertThat(StoreFolder.usual(HOME, file("understudy.yaml")))
                .isEqualTo(StoreFolder.usual(HOME, file(here + "/x/../understudy.yaml")));
    }

    @Test
    void aGatewayWithoutAFileHasAFolderToo() {
        Environment state = Environment.of(Map.of("HOME", "/home/ann", "XDG_STATE_HOME", "/var/lib"));
        assertThat(StoreFolder.usual(state, SettingsDocument.ENVIRONMENT))
                .contains(Path.of("/var/lib/understudy/environment"));
    }

    @Test
    void aUserWithoutAHomeHasNone() {
        assertThat(StoreFolder.usual(Environment.of(Map.of()), SettingsDocument.ENVIRONMENT)).isEmpty();
    }

    private static SettingsDocument file(String path) {
        return new SettingsDocument(path, Optional.of("providers: {}"));
    }
}
