package dev.understudy.testing.wire;

import java.time.Duration;

/**
 * How soon an upstream sees that a caller has left, against the documented time. A busy machine delays some runs beyond it, a missing
 * cancellation all of them, so one prompt run of several is enough.
 */
public final class LeavingCaller {
    /** The documented time from the caller's leaving to the end of the upstream request. */
    public static final Duration PROMISE = Duration.ofMillis(100);

    private static final int RUNS = 8;

    private LeavingCaller() {}

    /** A call whose caller leaves. */
    @FunctionalInterface
    public interface Run {
        /**
         * Makes the call up to the moment at which the caller would leave.
         *
         * @return the request at the upstream, and how the caller leaves
         */
        Leaving begin() throws Exception;
    }

    /**
     * A caller that is about to leave.
     *
     * @param sent its request, as the upstream received it
     * @param leave leaves; returns without waiting for the upstream
     */
    public record Leaving(ReceivedRequest sent, Runnable leave) {}

    /**
     * Lets the caller leave, up to eight times.
     *
     * @throws AssertionError if the upstream request had ended before, does not end at all, or not within the documented time
     */
    public static void endsItsUpstreamRequest(Run run) throws Exception {
        long best = Long.MAX_VALUE;
        for (int i = 0; i < RUNS && best > PROMISE.toNanos(); i++) {
            Leaving leaving = run.begin();
            if (leaving.sent().isPeerClosed()) {
                throw new AssertionError("the upstream request ended before its caller left");
            }
            long left = System.nanoTime();
            leaving.leave().run();
            best = Math.min(best, leaving.sent().peerClosedNanos(Duration.ofSeconds(10)) - left);
        }
        if (best > PROMISE.toNanos()) {
            throw new AssertionError(
                    "the upstream request ended " + Duration.ofNanos(best) + " after its caller left, at best");
        }
    }
}
