package dev.understudy.engine;

/**
 * How long a target usually takes.
 *
 * @param p50 the time in nanoseconds that half of the answers need, to nine percent; 0 if there are no samples
 * @param p95 the time that all but one in twenty need
 * @param samples from how many it is known; old ones fade, so this does not grow without end
 */
public record UsualTime(long p50, long p95, int samples) {}
