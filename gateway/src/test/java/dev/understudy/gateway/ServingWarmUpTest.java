package dev.understudy.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.testing.wire.RawCaller;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The calls that load the classes of the serving path are real ones, and readiness waits for them. */
@Timeout(180)
class ServingWarmUpTest {

    @Test
    void callsOfTheWarmUpAreAnswered() throws Exception {
        assertThat(ServingWarmUp.run())
                .hasSize(12)
                .filteredOn(status -> status != 200)
                .containsExactly(404);
    }

    @Test
    void gatewayIsReadyOnceItIsWarmAndAliveBefore() throws Exception {
        try (GatewayFixture gateway = GatewayFixture.start("");
                RawCaller caller = gateway.caller()) {
            assertThat(caller.get("/healthz").readAnswer().status()).isEqualTo(200);
            ServingWarmUp.ofProcess().get(120, TimeUnit.SECONDS);
            assertThat(caller.get("/readyz").readAnswer().body()).isEqualTo("ok\n");
        }
    }
}
