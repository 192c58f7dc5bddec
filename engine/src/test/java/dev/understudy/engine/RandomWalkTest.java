package dev.understudy.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Many thousand calls with random sequences of signals. */
class RandomWalkTest {
    private static final int SEEDS = 30_000;

    @Test
    @DisplayName("No order of signals breaks a rule of the engine")
    void rulesHold() {
        for (long seed = 0; seed < SEEDS; seed++) {
            RandomWalk walk = new RandomWalk(seed);
            try {
                walk.run();
            } catch (AssertionError | RuntimeException broken) {
                fail("seed " + seed + " breaks a rule: " + broken.getMessage() + "\n" + walk.story(), broken);
            }
        }
    }

    @Test
    @DisplayName("10. The same seed gives the same trail")
    void sameSeedSameTrail() {
        for (long seed = 0; seed < 500; seed++) {
            assertThat(new RandomWalk(seed).run()).isEqualTo(new RandomWalk(seed).run());
        }
    }
}
