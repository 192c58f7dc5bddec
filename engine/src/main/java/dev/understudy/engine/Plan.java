package dev.understudy.engine;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a call sets out to do. Immutable.
 *
 * @param chain the targets in the order in which they are asked; never empty
 * @param instead targets that take the rest of the chain's place after a failure of a certain kind (a fallback for
 *     prompts that are too long, say)
 * @param deadline how long the whole call may take
 * @param patience how long the caller's client waits for something to happen, if it said so. It ends the call like the
 *     deadline, but not any more once a stream has reached the caller: from then on the client sees that it goes on
 * @param streaming whether the answer is streamed
 * @param commit when bytes of a stream may reach the caller
 * @param recovery what becomes of a stream that breaks after that
 * @param overlap whether a second target may be asked while the first, later than usual, goes on
 */
public record Plan(
        List<Step> chain,
        Map<FailureKind, List<Step>> instead,
        Duration deadline,
        Optional<Duration> patience,
        boolean streaming,
        CommitPoint commit,
        Recovery recovery,
        boolean overlap) {
    public Plan {
        chain = List.copyOf(chain);
        instead = Map.copyOf(instead);
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("a plan needs at least one target");
        }
    }
}
