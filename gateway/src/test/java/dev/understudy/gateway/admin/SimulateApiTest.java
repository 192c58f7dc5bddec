package dev.understudy.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.testing.wire.RawAnswer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Simulations over the admin API. */
@Timeout(180)
class SimulateApiTest {
    private static final String MODELS = "models: {m: {targets: [one/a, two/b]}}";
    private static final long PAUSE_NANOS = 20_000_000;

    private static JsonNode ended(AdminClient admin, String id) {
        while (true) {
            JsonNode found = admin.json("/simulate/" + id);
            String state = found.path("state").asText();
            if (!state.equals("waiting") && !state.equals("running")) {
                return found;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private static String started(AdminClient admin, String order) {
        RawAnswer answer = admin.send("POST", "/simulate", order);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return AdminClient.json(answer).path("id").asText();
    }

    @Test
    void fallbacksRescueCallsInAnOutageOfThePrimary() {
        try (GatewayFixture gateway = GatewayFixture.start(MODELS)) {
            AdminClient admin = new AdminClient(gateway.port());
            String order = "{\"chain\":\"m\",\"outage\":\"errors\",\"worlds\":2,\"hours\":4,\"calls\":1000,\"seed\":7}";
            JsonNode done = ended(admin, started(admin, order));

            assertThat(done.path("state").asText()).isEqualTo("done");
            assertThat(done.path("progress").asDouble()).isEqualTo(1);
            JsonNode whole = done.at("/runs/0");
            JsonNode alone = done.at("/runs/1");
            assertThat(whole.path("targets")).hasSize(2);
            assertThat(alone.path("targets")).hasSize(1);
            assertThat(share(whole)).isGreaterThan(share(alone)).isGreaterThan(0.98);
            assertThat(share(alone)).isLessThan(0.95);
            assertThat(whole.at("/first_token_ms/p50").asInt()).isPositive();
            assertThat(whole.path("first_token_curve").size()).isGreaterThan(20);
            assertThat(whole.path("timeline").size()).isGreaterThan(20);
            assertThat(done.path("weather").findValuesAsText("provider")).containsExactly("one", "two");
            assertThat(done.at("/weather/0/incidents")).isNotEmpty();
            assertThat(done.at("/weather/1/incidents")).isEmpty();
            assertThat(admin.get("/simulate/" + done.path("id").asText() + "/report")
                            .body())
                    .contains("What a chain is worth", "with fallbacks", "primary alone");

            JsonNode again = ended(admin, started(admin, order));
            assertThat(again.path("runs")).as("the same seed").isEqualTo(done.path("runs"));
            assertThat(gateway.upstreams()).allMatch(upstream -> upstream.connectionCount() == 0);
        }
    }

    private static double share(JsonNode run) {
        return run.path("answered").asDouble() / run.path("calls").asDouble();
    }

    @Test
    void oneRunsOneWaitsAndFurtherOnesAreRefused() {
        try (GatewayFixture gateway = GatewayFixture.start(MODELS)) {
            AdminClient admin = new AdminClient(gateway.port());
            // Long enough to be at work whatever the machine: it is cancelled below.
            String order = "{\"chain\":\"m\",\"worlds\":10,\"hours\":48,\"calls\":20000}";
            List<String> ids = new ArrayList<>();
            RawAnswer refused = admin.send("POST", "/simulate", order);
            while (refused.status() == 200) {
                ids.add(AdminClient.json(refused).path("id").asText());
                refused = admin.send("POST", "/simulate", order);
            }
            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.body()).contains("simulations_busy");
            assertThat(ids.size()).isGreaterThanOrEqualTo(2);
            for (String id : ids) {
                admin.send("DELETE", "/simulate/" + id, "");
            }
            assertThat(ended(admin, ids.getLast()).path("state").asText()).isEqualTo("stopped");
            assertThat(admin.get("/simulate/" + ids.getLast() + "/report").status())
                    .isEqualTo(404);
        }
    }

    @Test
    void ordersThatAreImpossibleAreRefusedWithTheReason() {
        try (GatewayFixture gateway = GatewayFixture.start(MODELS)) {
            AdminClient admin = new AdminClient(gateway.port());
            RawAnswer refused = admin.send(
                    "POST",
                    "/simulate",
                    "{\"chain\":\"unknown\",\"outage\":\"rain\",\"worlds\":0,\"hours\":1000,\"calls\":1,\"seed\":\"x\"}");
            assertThat(refused.status()).isEqualTo(422);
            assertThat(AdminClient.json(refused).at("/error/problems").findValuesAsText("path"))
                    .containsExactlyInAnyOrder("chain", "outage", "worlds", "hours", "calls", "seed");
            assertThat(admin.get("/simulate/none").status()).isEqualTo(404);
        }
    }

    @Test
    void everyOutageCanBeSimulated() {
        try (GatewayFixture gateway = GatewayFixture.start(MODELS)) {
            AdminClient admin = new AdminClient(gateway.port());
            for (String outage : List.of("silence", "brown_out", "rate_limit", "everywhere", "none")) {
                JsonNode done = ended(
                        admin,
                        started(
                                admin,
                                "{\"chain\":\"m\",\"outage\":\"" + outage
                                        + "\",\"worlds\":1,\"hours\":1,\"calls\":200,\"seed\":1}"));
                assertThat(done.path("state").asText()).as(outage).isEqualTo("done");
                assertThat(done.at("/runs/0/calls").asInt()).isPositive();
            }
        }
    }
}
