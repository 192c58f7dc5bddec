package dev.understudy.simulator.world;

import dev.understudy.engine.ErrorDetails;
import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.engine.Signal;
import dev.understudy.simulator.world.Fate.Happening;
import dev.understudy.simulator.world.Fate.Moment;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/** Writes the fate of one request, moment by moment. */
final class FateWriter {
    /** The longest gap in a slow stream, so that it is not mistaken for a silent one. */
    private static final long LONGEST_GAP = TimeUnit.SECONDS.toNanos(2);

    /** Longer than any call: a stream that is kept alive for ever is kept alive until then. */
    private static final long FOR_EVER = TimeUnit.MINUTES.toNanos(12);

    private final List<Moment> moments = new ArrayList<>(4);
    private final long start;
    private final RandomGenerator random;
    private OptionalLong pingGap = OptionalLong.empty();
    private long at;

    FateWriter(long start, RandomGenerator random) {
        this.start = start;
        this.random = random;
        this.at = start;
    }

    private void pass(int leastMillis, int mostMillis) {
        at += TimeUnit.MILLISECONDS.toNanos(1) * random.nextInt(leastMillis, mostMillis);
    }

    /** Time passes, with a ping now and then if the stream is kept alive. */
    private void passTo(long time) {
        while (pingGap.isPresent() && at + pingGap.getAsLong() < time) {
            at += pingGap.getAsLong();
            add(new Happening.Alive(Signal.Sign.BYTES));
        }
        at = Math.max(at, time);
    }

    private void add(Happening what) {
        moments.add(new Moment(at, what));
    }

    FateWriter connected() {
        pass(10, 60);
        add(new Happening.Connected());
        return this;
    }

    /** The response headers come at once. */
    FateWriter headers() {
        add(new Happening.Alive(Signal.Sign.BYTES));
        return this;
    }

    /** From now on a ping comes whenever nothing else has come for this time. */
    FateWriter pinging(long gap) {
        pingGap = OptionalLong.of(Math.max(TimeUnit.MILLISECONDS.toNanos(100), gap));
        return this;
    }

    /** The model works on something for this time and shows it, piece by piece. */
    FateWriter works(long nanos, Signal.Sign sign) {
        long until = at + nanos;
        while (at + LONGEST_GAP < until) {
            at += LONGEST_GAP;
            add(new Happening.Alive(sign));
        }
        at = until;
        return this;
    }

    /** The next moment is this time after the start, but not before the last one. */
    FateWriter after(long nanos) {
        passTo(start + nanos);
        return this;
    }

    /** Nothing happens for this time. */
    FateWriter waits(long nanos) {
        passTo(at + nanos);
        return this;
    }

    /**
     * The first token comes now, and the others one by one; a client sees some at a time.
     *
     * @param pauseAfter the number of tokens after which the stream pauses; a larger one than all for no pause
     */
    FateWriter content(double perToken, int tokens, int pauseAfter, long pause) {
        if (tokens == 0) {
            return this;
        }
        add(new Happening.Content(1, true));
        long began = at;
        double whole = perToken * (tokens - 1);
        int pieces = tokens == 1 ? 0 : (int) Math.min(tokens - 1, Math.ceil(whole / LONGEST_GAP));
        for (int piece = 1; piece <= pieces; piece++) {
            int soFar = 1 + (int) ((long) (tokens - 1) * piece / pieces);
            passTo(began + (long) (perToken * (soFar - 1)) + (soFar > pauseAfter ? pause : 0));
            add(new Happening.Content(soFar, true));
        }
        return this;
    }

    /** A tool call that was held back until it was complete. */
    FateWriter toolCall(int tokens) {
        add(new Happening.Content(tokens, false));
        return this;
    }

    FateWriter mark() {
        add(new Happening.Mark());
        return this;
    }

    Fate whole() {
        add(new Happening.Whole());
        return new Fate(moments);
    }

    /** Nothing comes any more, or nothing but pings. */
    Fate silence() {
        passTo(pingGap.isPresent() ? start + FOR_EVER : at);
        return new Fate(moments);
    }

    Fate fails(FailureKind kind, int status, OptionalLong hint) {
        return fails(new Failure(kind, status, ErrorDetails.of(kind.wireName()), hint));
    }

    Fate fails(Failure failure) {
        pass(5, 300);
        add(new Happening.Broken(failure));
        return new Fate(moments);
    }

    /** A complete answer in which nothing is said. */
    Fate blank() {
        add(new Happening.Broken(
                new Failure(FailureKind.EMPTY, 200, ErrorDetails.of("empty"), OptionalLong.empty(), true)));
        return new Fate(moments);
    }

    /** What came before an outage, and the end of the connection with it. */
    static Fate cut(List<Moment> before, long at) {
        boolean began = before.stream().anyMatch(moment -> moment.what() instanceof Happening.Content);
        FailureKind kind = began ? FailureKind.TRUNCATED : FailureKind.CONNECTION;
        List<Moment> moments = new ArrayList<>(before);
        moments.add(new Moment(
                at, new Happening.Broken(new Failure(kind, 0, ErrorDetails.of("cut off"), OptionalLong.empty()))));
        return new Fate(moments);
    }
}
