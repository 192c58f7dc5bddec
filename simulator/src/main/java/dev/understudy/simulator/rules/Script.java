package dev.understudy.simulator.rules;

import dev.understudy.engine.Plan;
import dev.understudy.engine.Signal;
import java.util.ArrayList;
import java.util.List;

/**
 * All that the engine was told in a run: enough to tell it again, without the world that said it.
 *
 * @param seed of the engine's own jitter
 * @param budgets what the calls share
 */
public record Script(long seed, Budgets budgets, List<Line> lines) {
    /** One thing that the engine was told. */
    public sealed interface Line {
        /** The call's number. */
        int call();

        /** When it was told. */
        long at();
    }

    /** A call is made. */
    public record Arrives(int call, long at, Plan plan, long promptBytes) implements Line {}

    /** A call is told something. */
    public record Told(int call, long at, Signal signal) implements Line {}

    /** An empty one, to be written. */
    public static Script toWrite(long seed, Budgets budgets) {
        return new Script(seed, budgets, new ArrayList<>());
    }

    Script with(List<Line> others) {
        return new Script(seed, budgets, others);
    }
}
