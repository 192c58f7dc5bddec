package dev.understudy.simulator.run;

import dev.understudy.engine.Manner;
import dev.understudy.simulator.world.Request;

/** What a caller would have got without a gateway: one request to the first target of the chain, with the same fate. */
final class Direct {
    private final ChainSettings chain;
    private final Providers providers;

    Direct(ChainSettings chain, Providers providers) {
        this.chain = chain;
        this.providers = providers;
    }

    /** Whether the first target alone would give the whole answer while the caller waits. */
    boolean answers(int call, int tokens, Caller caller, long now) {
        String target = chain.targets().getFirst();
        Request request = new Request(
                call, target, 0, tokens, caller.streaming(), caller.tool(), Manner.FRESH, caller.fault());
        return providers
                .of(target)
                .foresee(request, now)
                .answers(now, caller.waits().toNanos(), caller.streaming());
    }
}
