package dev.understudy.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.store.HealthChange;
import dev.understudy.testing.wire.Reply;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** When targets were skipped. */
@Timeout(180)
class HealthSamplerTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final long PAUSE_NANOS = 50_000_000;
    private static final String ASK = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}";

    @TempDir
    private Path folder;

    private static HealthChange change(int minute, String target, String state) {
        return new HealthChange(
                NOON.plusSeconds(60L * minute), target, state, state.equals("cooling") ? "overloaded" : "");
    }

    private static JsonNode document(HealthChange... changes) {
        return HealthSampler.document(List.of(changes), NOON, NOON.plusSeconds(3600))
                .path("targets");
    }

    @Test
    void timesInWhichATargetWasSkippedBeginAndEnd() {
        JsonNode targets = document(
                change(-10, "b", "cooling"),
                change(-9, "a", "ready"),
                change(5, "a", "cooling"),
                change(7, "a", "ready"),
                change(20, "b", "ready"),
                change(30, "a", "cooling"));

        assertThat(targets.toString())
                .isEqualTo(
                        "[{\"target\":\"a\",\"skipped\":["
                                + "{\"from\":\"2026-01-01T12:05:00Z\",\"until\":\"2026-01-01T12:07:00Z\",\"reason\":\"overloaded\"},"
                                + "{\"from\":\"2026-01-01T12:30:00Z\",\"until\":null,\"reason\":\"overloaded\"}]},"
                                + "{\"target\":\"b\",\"skipped\":["
                                + "{\"from\":\"2026-01-01T12:00:00Z\",\"until\":\"2026-01-01T12:20:00Z\",\"reason\":\"overloaded\"}]}]");
    }

    @Test
    void startOfAGatewayEndsWhatAnEarlierOneLeftOpen() {
        JsonNode targets = document(change(1, "a", "cooling"), HealthChange.started(NOON.plusSeconds(600)));
        assertThat(targets.at("/0/skipped/0/until").asText()).isEqualTo("2026-01-01T12:10:00Z");
        assertThat(document(change(-5, "a", "cooling"), HealthChange.started(NOON.minusSeconds(60))))
                .isEmpty();
    }

    @Test
    void circuitThatOpensAndIsClosedIsRecorded() {
        try (GatewayFixture gateway = GatewayFixture.startIn(folder, "models: {m: {targets: [one/a, two/b]}}")) {
            gateway.one().answerAlways(Reply.json(429, "{\"error\":{\"message\":\"slow down\"}}", "Retry-After: 600"));
            gateway.two()
                    .answerAlways(
                            Reply.json(
                                    200,
                                    "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"x\",\"choices\":[{\"index\":0,"
                                            + "\"message\":{\"role\":\"assistant\",\"content\":\"hi\"},\"finish_reason\":\"stop\"}]}"));
            AdminClient admin = new AdminClient(gateway.port());
            gateway.chat(ASK);

            JsonNode skipped = admin.json("/health/history").at("/targets/0");
            while (skipped.isMissingNode()) {
                LockSupport.parkNanos(PAUSE_NANOS);
                skipped = admin.json("/health/history").at("/targets/0");
            }
            assertThat(skipped.path("target").asText()).isEqualTo("one/a");
            assertThat(skipped.at("/skipped/0/reason").asText()).isEqualTo("rate_limited");

            admin.send("POST", "/health/reset", "");
            while (admin.json("/health/history")
                    .at("/targets/0/skipped/0/until")
                    .isNull()) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            assertThat(admin.get("/health/history?hours=0").status()).isEqualTo(400);
        }
    }

    @Test
    void withoutAStoreThereIsNoHistory() {
        try (GatewayFixture gateway = GatewayFixture.startFixed("models: {m: {targets: [one/a, two/b]}}")) {
            assertThat(new AdminClient(gateway.port()).get("/health/history").status())
                    .isEqualTo(503);
        }
    }
}
