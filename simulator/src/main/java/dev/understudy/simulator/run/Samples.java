package dev.understudy.simulator.run;

import java.util.Arrays;
import java.util.List;

/** Durations in nanoseconds, all of them kept, so that p99.9 is exact. */
public final class Samples {
    private long[] values = new long[1_024];
    private int size;
    private boolean sorted;

    /** All of several runs together. */
    public static Samples of(List<Samples> runs) {
        Samples all = new Samples();
        for (Samples run : runs) {
            for (int i = 0; i < run.size; i++) {
                all.add(run.values[i]);
            }
        }
        return all;
    }

    void add(long value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, 2 * size);
        }
        values[size++] = value;
        sorted = false;
    }

    /** How many there are. */
    public int size() {
        return size;
    }

    /** The smallest value that so large a share does not exceed; 0 if there are none. */
    public long quantile(double share) {
        if (size == 0) {
            return 0;
        }
        if (!sorted) {
            Arrays.sort(values, 0, size);
            sorted = true;
        }
        int rank = (int) Math.ceil(share * size);
        return values[Math.min(size, Math.max(1, rank)) - 1];
    }

    /** The mean; 0 if there are none. */
    public double mean() {
        double sum = 0;
        for (int i = 0; i < size; i++) {
            sum += values[i];
        }
        return size == 0 ? 0 : sum / size;
    }
}
