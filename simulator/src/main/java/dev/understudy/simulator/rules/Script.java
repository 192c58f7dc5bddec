package dev.understudy.simulator.rules;

import dev.understudy.engine.Plan;
import dev.understudy.engine.Signal;
import java.util.ArrayList;
import java.util.List;

/**
 * All signals of a run: enough to replay it without the world that produced them.
 *
 * @param seed of the engine's own jitter
 * @param budgets what the calls share
 */
public record Script(long seed, Budgets budgets, List<Line> lines) {
    /** One line of the script. */
    public sealed interface Line {
        /** The call's number. */
        int call();

        /** The time of the line. */
        long at();
    }

    /** A call is made. */
    public record Arrives(int call, long at, Plan plan, long promptBytes) implements Line {}

    /** A signal to a call. */
    public record Told(int call, long at, Signal signal) implements Line {}

    /** An empty one, to be written. */
    public static Script toWrite(long seed, Budgets budgets) {
        return new Script(seed, budgets, new ArrayList<>());
    }

    Script with(List<Line> others) {
        return new Script(seed, budgets, others);
    }
}
