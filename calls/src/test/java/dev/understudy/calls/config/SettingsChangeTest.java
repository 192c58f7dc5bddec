package dev.understudy.calls.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a running gateway takes over from settings that were read again. */
class SettingsChangeTest {

    private static Settings settings(String yaml) throws InvalidSettings {
        return new SettingsReader(Environment.of(Map.of())).read("test.yaml", yaml);
    }

    @Test
    void gatewayThatOtherMachinesReachKeepsItsKeys() throws Exception {
        Settings running = settings("""
                server: {host: 0.0.0.0, keys: [let-me-in]}
                providers: {one: {base-url: "http://127.0.0.1:1/v1"}}
                """);
        // Allowed at start, but the gateway listens on every address until it is restarted.
        Settings wanted = settings("""
                server: {host: 127.0.0.1}
                providers: {one: {base-url: "http://127.0.0.1:1/v1"}}
                """);
        assertThatThrownBy(() -> SettingsChange.of(running, wanted))
                .isInstanceOf(InvalidSettings.class)
                .hasMessageContaining("0.0.0.0 without keys");
    }

    @Test
    void operatorsPagesStayWhereTheyAre() throws Exception {
        Settings running = settings("""
                server: {admin: {port: 4401, key: operators-key}}
                providers: {one: {base-url: "http://127.0.0.1:1/v1"}}
                """);
        SettingsChange change = SettingsChange.of(running, settings("""
                server: {drain: 5s}
                providers: {one: {base-url: "http://127.0.0.1:1/v1"}}
                """));
        assertThat(change.ignored()).containsExactly("server.admin.port");
        assertThat(change.settings().server().admin().port()).contains(4401);
        assertThat(change.settings().server().admin().key()).isEmpty();
        assertThat(change.settings().server().drain()).hasSeconds(5);
        assertThat(change.changedAccounts()).isEmpty();
    }

    @Test
    void limitsThatTheServerHasFromItsStartStay() throws Exception {
        Settings running = settings("""
                server: {max-connections: 100}
                providers: {one: {base-url: "http://127.0.0.1:1/v1"}}
                """);
        SettingsChange change = SettingsChange.of(running, settings("""
                server: {max-connections: 200, max-deadline: 1m}
                providers: {one: {base-url: "http://127.0.0.1:1/v1"}}
                """));
        assertThat(change.ignored()).containsExactly("server.max-connections");
        assertThat(change.settings().server().bounds().connections()).isEqualTo(100);
        assertThat(change.settings().server().bounds().deadline()).hasMinutes(1);
    }

    @Test
    void accountsThatWereRemovedOrHaveAnotherKeyHaveChanged() throws Exception {
        Settings running = settings("""
                providers:
                  same: {base-url: "http://127.0.0.1:1/v1", api-key: a-key}
                  moved: {base-url: "http://127.0.0.1:1/v1", api-key: a-key}
                  rotated: {base-url: "http://127.0.0.1:1/v1", api-key: a-key}
                  removed: {base-url: "http://127.0.0.1:1/v1", api-key: a-key}
                """);
        SettingsChange change = SettingsChange.of(running, settings("""
                providers:
                  same: {base-url: "http://127.0.0.1:1/v1", api-key: a-key, max-connections: 3}
                  moved: {base-url: "http://127.0.0.1:2/v1", api-key: a-key}
                  rotated: {base-url: "http://127.0.0.1:1/v1", api-key: another-key}
                """));
        assertThat(change.changedAccounts())
                .extracting(ProviderSettings::name)
                .containsExactly("moved", "rotated", "removed");
    }
}
