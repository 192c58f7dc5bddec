package dev.understudy.simulator.run;

import dev.understudy.simulator.world.Fate;
import java.util.OptionalLong;

/**
 * Knows the future: tries, at the call's arrival, the one target of the chain that will answer soonest. No chain can do better
 * with one attempt, and none can know it.
 */
final class Oracle {
    private final ChainSettings chain;
    private final Providers providers;

    Oracle(ChainSettings chain, Providers providers) {
        this.chain = chain;
        this.providers = providers;
    }

    /** When the first content of the best answer is there, in nanoseconds from the arrival; empty if no target can answer in time. */
    OptionalLong firstContent(int call, int tokens, Caller caller, long now) {
        return chain.targets().stream()
                .map(target -> providers
                        .of(target)
                        .foresee(caller.request(call, target, tokens).faultless(), now))
                .filter(fate -> fate.answers(now, caller.waits().toNanos(), caller.streaming()))
                .map(Fate::firstContent)
                .mapToLong(OptionalLong::orElseThrow)
                .map(at -> at - now)
                .min();
    }
}
