package dev.understudy.simulator.run;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** How many calls were answered, minute by minute. */
public final class Timeline {
    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

    private final SortedMap<Long, Minute> minutes = new TreeMap<>();

    /** The calls that arrived in one minute. */
    public record Minute(long answered, long failed) {
        /** Both. */
        public Minute plus(Minute other) {
            return new Minute(answered + other.answered, failed + other.failed);
        }

        /** The share of answered calls. */
        public double share() {
            return answered + failed == 0 ? 1 : (double) answered / (answered + failed);
        }
    }

    void add(long arrived, boolean answered) {
        minutes.merge(arrived / MINUTE, answered ? new Minute(1, 0) : new Minute(0, 1), Minute::plus);
    }

    /** By the number of the minute, from 0. */
    public SortedMap<Long, Minute> minutes() {
        return Collections.unmodifiableSortedMap(minutes);
    }
}
