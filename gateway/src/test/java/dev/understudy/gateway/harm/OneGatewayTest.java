package dev.understudy.gateway.harm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.gateway.wire.GatewayFixture;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * All slow but healthy providers at the same time behind one gateway, so that what is learned from some calls is applied to
 * others, with and without a hedging budget.
 */
@Timeout(300)
class OneGatewayTest {
    private static final World[] WORLDS = Worlds.ALL.toArray(World[]::new);

    @BeforeAll
    static void warmUp() throws Exception {
        WorldRun.warmUp();
    }

    @Test
    void spentHedgingBudgetHarmsNoCall() throws Exception {
        List<Outcome> outcomes = WorldRun.repeatedWhileNeedless(
                runWith(Scale.defaultsWithoutHedgingBudget()), () -> runWith(Scale.defaultsWithoutHedgingBudget()));
        assertThat(outcomes).filteredOn(Outcome::needless).isEmpty();
    }

    @Test
    void manyCallsAtOnceAreHarmedNoMoreThanOne() throws Exception {
        runWith(Scale.defaults());
    }

    private static List<Outcome> runWith(String settings) throws Exception {
        try (GatewayFixture gateway = Chain.FAST_FALLBACK.start(settings, WORLDS)) {
            List<Outcome> outcomes = WorldRun.of(gateway, WORLDS);
            assertThat(outcomes).extracting(Outcome::harm).containsOnly("");
            return outcomes;
        }
    }
}
