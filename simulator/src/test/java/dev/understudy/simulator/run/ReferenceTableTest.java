package dev.understudy.simulator.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The comparison that speaks for hedging, with the engine as it is. */
class ReferenceTableTest {
    private static final int CALLS = 200_000;

    private static Measures measured(ChainSettings policy, double down) {
        Measures measures = new Simulation(ReferenceTable.scenario(1, CALLS, down), policy).run();
        assertThat(measures.calls()).isGreaterThan(CALLS * 99L / 100);
        return measures;
    }

    private static final Optional<Duration> DEADLINE = Optional.of(Duration.ofSeconds(45));

    @Test
    void hedgingLeavesOneCallInThreeThousandWithoutAnAnswerAtMost() {
        Measures hedging = measured(ReferenceTable.hedging(DEADLINE), 0.01);
        assertThat(hedging.answered()).isGreaterThanOrEqualTo(0.9997);
        assertThat(hedging.attemptsPerCall()).isLessThanOrEqualTo(1.10);
    }

    @Test
    void hedgingIsWorthMoreThanAnyDivisionOfTheTime() {
        double hedging = measured(ReferenceTable.hedging(DEADLINE), 0.024).answered();
        double halves = measured(ReferenceTable.halves(), 0.024).answered();
        assertThat(1 - hedging).isLessThan((1 - halves) / 4);
    }

    /** Where models reason and answers are long, to divide the time breaks most calls and to hedge breaks none. */
    @Test
    void hedgingDoesNoHarmWhereModelsTakeTheirTime() {
        Scenario slow = ReferenceTable.slowButWell(1, 5_000, 0);
        Measures hedging = new Simulation(slow, ReferenceTable.hedging(Optional.empty())).run();
        assertThat(hedging.direct()).isGreaterThan(0.99);
        assertThat(hedging.harm()).isZero();
        assertThat(hedging.answered()).isEqualTo(1);
        assertThat(hedging.needless()).isLessThan(0.005);
        assertThat(new Simulation(slow, ReferenceTable.halves()).run().harm()).isGreaterThan(0.5);
    }

    /** With targets that are down for 2.4% of the calls the first two rows come out as in the reference. */
    @Test
    void theOtherPoliciesMatchTheReference() {
        Measures wait = measured(ReferenceTable.waitForFirst(DEADLINE), 0.024);
        assertThat(wait.answered()).isCloseTo(0.9886, within(0.001));
        assertThat(wait.attemptsPerCall()).isCloseTo(1.016, within(0.005));
        Measures split = measured(ReferenceTable.equalSplit(), 0.024);
        assertThat(split.answered()).isCloseTo(0.9971, within(0.0005));
        assertThat(split.attemptsPerCall()).isCloseTo(1.130, within(0.005));
    }
}
