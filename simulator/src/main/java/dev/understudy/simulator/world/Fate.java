package dev.understudy.simulator.world;

import dev.understudy.engine.Failure;
import dev.understudy.engine.Signal;
import java.util.List;
import java.util.OptionalLong;

/**
 * Everything that a client sees of one request if it waits, with times. Nothing follows the last moment; if
 * that is not the end of the answer or a failure, the provider has become silent.
 */
public record Fate(List<Moment> moments) {
    public Fate {
        moments = List.copyOf(moments);
    }

    /** Something at a time. */
    public record Moment(long at, Happening what) {}

    /** What a client sees. */
    public sealed interface Happening {
        /** A connection. */
        record Connected() implements Happening {}

        /** A sign of life that is no content. */
        record Alive(Signal.Sign sign) implements Happening {}

        /**
         * The number of tokens so far.
         *
         * @param plain whether they are text alone, which another model could continue
         */
        record Content(int tokens, boolean plain) implements Happening {}

        /** The terminal mark. */
        record Mark() implements Happening {}

        /** The end of a whole answer. */
        record Whole() implements Happening {}

        /** The end of something else. */
        record Broken(Failure failure) implements Happening {}
    }

    /** When the first content is there; for an answer that never becomes whole, never. */
    public OptionalLong firstContent() {
        return whole().isEmpty()
                ? OptionalLong.empty()
                : moments.stream()
                        .filter(moment ->
                                moment.what() instanceof Happening.Content || moment.what() instanceof Happening.Whole)
                        .mapToLong(Moment::at)
                        .findFirst();
    }

    /** When the whole answer is there, if it ever is. */
    public OptionalLong whole() {
        return moments.stream()
                .filter(moment -> moment.what() instanceof Happening.Whole || moment.what() instanceof Happening.Mark)
                .mapToLong(Moment::at)
                .findFirst();
    }

    /**
     * Whether a client that makes this one request gets the whole answer. The timeout of a client of a stream applies to
     * each piece of it, whatever the piece is; that of other clients applies to the whole answer.
     *
     * @param from when the request is made
     * @param patience nanoseconds
     */
    public boolean answers(long from, long patience, boolean streaming) {
        OptionalLong whole = whole();
        if (whole.isEmpty() || !streaming) {
            return whole.isPresent() && whole.getAsLong() - from < patience;
        }
        return longestSilence(from) < patience;
    }

    /** The longest time, in nanoseconds, in which a client of a stream receives nothing at all, up to the end of the answer. */
    public long longestSilence(long from) {
        long end = whole().orElse(Long.MAX_VALUE);
        long seen = from;
        long longest = 0;
        for (Moment moment : moments) {
            if (moment.at() <= end && !(moment.what() instanceof Happening.Connected)) {
                longest = Math.max(longest, moment.at() - seen);
                seen = moment.at();
            }
        }
        return longest;
    }
}
