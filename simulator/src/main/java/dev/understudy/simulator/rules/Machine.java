package dev.understudy.simulator.rules;

import dev.understudy.engine.Command;
import dev.understudy.engine.FallbackCall;
import dev.understudy.engine.Plan;
import dev.understudy.engine.SharedState;
import dev.understudy.engine.Signal;
import java.util.List;
import java.util.random.RandomGenerator;

/** The state machine of one call: a {@link FallbackCall}, or in tests of the rules one that breaks them. */
@FunctionalInterface
public interface Machine {
    /** See {@link FallbackCall#on}. */
    List<Command> on(Signal signal, long now);

    /** Makes the machine of a call. */
    @FunctionalInterface
    interface Maker {
        /** The production engine. */
        Maker PRODUCTION = (plan, promptBytes, shared, random, now) -> {
            FallbackCall call = new FallbackCall(plan, promptBytes, shared, random, now);
            return call::on;
        };

        /** See {@link FallbackCall#FallbackCall}. */
        Machine make(Plan plan, long promptBytes, SharedState shared, RandomGenerator random, long now);
    }
}
