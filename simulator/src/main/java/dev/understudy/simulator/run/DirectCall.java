package dev.understudy.simulator.run;

import dev.understudy.simulator.world.Fate;
import dev.understudy.simulator.world.SimulatedRequest;

/** What a caller would have got without a gateway: one request to the first target of its call, with the same fate. */
final class DirectCall {
    private final Providers providers;

    DirectCall(Providers providers) {
        this.providers = providers;
    }

    /**
     * What came of it.
     *
     * @param answers whether it is the whole answer while the caller waits
     * @param silence the longest time in nanoseconds in which a stream shows nothing at all
     */
    record Outcome(boolean answers, long silence) {}

    /** What comes of a call that is made at this time. */
    Outcome outcome(String target, int call, int tokens, Caller caller, long now) {
        SimulatedRequest request = caller.request(call, target, tokens);
        Fate fate = providers.of(target).foresee(request, now);
        return new Outcome(
                fate.answers(now, caller.waits().toNanos(), caller.streaming()),
                caller.streaming() ? fate.longestSilence(now) : 0);
    }
}
