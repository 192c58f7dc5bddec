package dev.understudy.store;

import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;

/**
 * Sums over the calls of a time.
 *
 * @param since the beginning of the time
 * @param calls all calls; each is in one of the next four or, if its caller left, in {@code callerLeft}
 * @param answered calls that were answered, rescued ones included
 * @param rescued calls that were answered, and not by their first attempt
 * @param failed calls that received an error
 * @param brokenOff streams that had begun and could not be completed
 * @param callerLeft calls whose caller disconnected before the end
 * @param added how long rescued calls waited before the attempt that answered began
 * @param usage tokens and costs of all calls
 * @param targets the targets that were tried, those with most attempts first
 */
public record CallSummary(
        Instant since,
        long calls,
        long answered,
        long rescued,
        long failed,
        long brokenOff,
        long callerLeft,
        Added added,
        Usage usage,
        List<Target> targets) {
    public CallSummary {
        targets = List.copyOf(targets);
    }

    /**
     * Microseconds that the rescued calls waited before the attempt that answered began; of the newest 10,000 of them, if there are more.
     *
     * @param p50 the median; empty if no call was rescued
     * @param p99 the 99th percentile, likewise
     */
    public record Added(OptionalLong p50, OptionalLong p99) {}

    /**
     * Tokens as the providers counted them, and what they cost.
     *
     * @param cost in picodollars, of the answers whose price is known
     */
    public record Usage(long promptTokens, long completionTokens, long cost) {}

    /**
     * What one target did.
     *
     * @param attempts the requests that were sent to it
     * @param answered attempts that succeeded
     * @param failed attempts that failed; those that were cancelled are in neither
     * @param usage of the calls that it answered
     */
    public record Target(String target, long attempts, long answered, long failed, Usage usage) {}
}
