package dev.understudy.protocol.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProviderErrorTest {
    private static String completed(String written, String ofProvider) {
        return new String(
                ProviderError.completed(
                        written.getBytes(StandardCharsets.UTF_8), ofProvider.getBytes(StandardCharsets.UTF_8)),
                StandardCharsets.UTF_8);
    }

    @Test
    void theProvidersBodyStaysAndTheAttemptsAreAdded() {
        assertThat(completed(
                        "{\"error\":{\"message\":\"bad one\",\"type\":\"t\",\"param\":null,\"code\":\"c\",\"attempts\":[1]}}",
                        "{ \"error\": {\"message\": \"bad  one\", \"type\": \"u\", \"param\":\"a\", \"code\":\"d\","
                                + " \"x\":{\"y\":1e3}},\n \"request_id\":\"r\"}"))
                .isEqualTo("{ \"error\": {\"message\": \"bad  one\", \"type\": \"u\", \"param\":\"a\", \"code\":\"d\","
                        + " \"x\":{\"y\":1e3},\"attempts\":[1]},\n \"request_id\":\"r\"}");
    }

    @Test
    void whatTheGatewaySaysBehindTheMessageIsAppended() {
        assertThat(completed(
                        "{\"error\":{\"message\":\"slow down (2 attempts: a, b)\",\"attempts\":[]}}",
                        "{\"error\":{\"message\":\"slow\\ndown\"}}"))
                .isEqualTo("{\"error\":{\"message\":\"slow\\ndown (2 attempts: a, b)\",\"attempts\":[]}}");
    }

    @Test
    void missingMembersAreAdded() {
        assertThat(completed(
                        "{\"__type\":\"ValidationException\",\"message\":\"m\",\"attempts\":[]}",
                        "{\"message\":\"m\"}"))
                .isEqualTo("{\"message\":\"m\",\"__type\":\"ValidationException\",\"attempts\":[]}");
    }

    @Test
    void aListOfOneStaysOne() {
        assertThat(completed(
                        "[{\"error\":{\"code\":400,\"attempts\":[]}}]", "{\"error\":{\"code\":400,\"details\":[2]}}"))
                .isEqualTo("[{\"error\":{\"code\":400,\"details\":[2],\"attempts\":[]}}]");
    }

    @Test
    void anotherShapeAddsItsMembersToTheGatewaysError() {
        assertThat(completed("{\"error\":{\"message\":\"m\"}}", "{\"error\":\"m\",\"hint\":1}"))
                .isEqualTo("{\"error\":{\"message\":\"m\"},\"hint\":1}");
        assertThat(completed("{\"error\":{\"message\":\"m\"}}", "<html>")).isEqualTo("{\"error\":{\"message\":\"m\"}}");
        assertThat(completed("{\"error\":{\"message\":\"m\"}}", "")).isEqualTo("{\"error\":{\"message\":\"m\"}}");
    }

    @Test
    void keysAreNeverRepeated() {
        String shown = completed(
                "{\"error\":{\"message\":\"wrong key [redacted]\"}}",
                "{\"error\":{\"message\":\"wrong key sk-proj-abcdefghij\"},\"x\":\"s\\u006b-proj-abcdefghij\"}");
        assertThat(shown).isEqualTo("{\"error\":{\"message\":\"wrong key [redacted]\"},\"x\":\"[redacted]\"}");
    }
}
