package dev.understudy.simulator.world;

import java.util.SplittableRandom;

/**
 * Random numbers per named subject: what a target does to the third call is the same in every chain,
 * however many numbers others drew before. Comparing two chains therefore compares the chains and not their luck.
 */
public final class Draws {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private Draws() {}

    /** The random numbers of one subject. */
    public static SplittableRandom of(long seed, String name, long... numbers) {
        long key = mix(seed + GOLDEN * name.hashCode());
        for (long number : numbers) {
            key = mix(key + GOLDEN * (number + 1));
        }
        return new SplittableRandom(key);
    }

    /** The finalizer of MurmurHash3, as in {@link SplittableRandom}. */
    private static long mix(long value) {
        long mixed = (value ^ (value >>> 33)) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ (mixed >>> 33);
    }
}
