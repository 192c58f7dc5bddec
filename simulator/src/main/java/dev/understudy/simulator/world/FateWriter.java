package dev.understudy.simulator.world;

import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.engine.ProviderWords;
import dev.understudy.simulator.world.Fate.Happening;
import dev.understudy.simulator.world.Fate.Moment;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/** Writes down what becomes of one request, moment by moment. */
final class FateWriter {
    /** What a slower stream is made of, so that it is not taken for a silent one. */
    private static final long LONGEST_GAP = TimeUnit.SECONDS.toNanos(2);

    private final List<Moment> moments = new ArrayList<>(4);
    private final long start;
    private final RandomGenerator random;
    private long at;

    FateWriter(long start, RandomGenerator random) {
        this.start = start;
        this.random = random;
        this.at = start;
    }

    private void pass(int leastMillis, int mostMillis) {
        at += TimeUnit.MILLISECONDS.toNanos(1) * random.nextInt(leastMillis, mostMillis);
    }

    private void add(Happening what) {
        moments.add(new Moment(at, what));
    }

    FateWriter connected() {
        pass(10, 60);
        add(new Happening.Connected());
        return this;
    }

    /** The next thing happens so long after the start, but not before the last one. */
    FateWriter after(long nanos) {
        at = Math.max(at, start + nanos);
        return this;
    }

    /** The first token comes so long after the start, and the others one by one; a client sees some at a time. */
    FateWriter content(long first, double perToken, int tokens) {
        if (tokens == 0) {
            return this;
        }
        after(first);
        add(new Happening.Content(1));
        long began = at;
        double whole = perToken * (tokens - 1);
        int pieces = tokens == 1 ? 0 : (int) Math.min(tokens - 1, Math.ceil(whole / LONGEST_GAP));
        for (int piece = 1; piece <= pieces; piece++) {
            int soFar = 1 + (int) ((long) (tokens - 1) * piece / pieces);
            at = began + (long) (perToken * (soFar - 1));
            add(new Happening.Content(soFar));
        }
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

    Fate silence() {
        return new Fate(moments);
    }

    Fate fails(FailureKind kind, int status, OptionalLong hint) {
        pass(5, 300);
        add(new Happening.Broken(new Failure(kind, status, ProviderWords.of(kind.wireName()), hint)));
        return new Fate(moments);
    }

    /** A complete answer in which nothing is said. */
    Fate blank() {
        add(new Happening.Broken(
                new Failure(FailureKind.EMPTY, 200, ProviderWords.of("empty"), OptionalLong.empty(), true)));
        return new Fate(moments);
    }

    /** What came before an outage, and the end of the connection with it. */
    static Fate cut(List<Moment> before, long at) {
        boolean began = before.stream().anyMatch(moment -> moment.what() instanceof Happening.Content);
        FailureKind kind = began ? FailureKind.TRUNCATED : FailureKind.CONNECTION;
        List<Moment> moments = new ArrayList<>(before);
        moments.add(new Moment(
                at, new Happening.Broken(new Failure(kind, 0, ProviderWords.of("cut off"), OptionalLong.empty()))));
        return new Fate(moments);
    }
}
