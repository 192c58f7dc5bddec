package dev.understudy.simulator.world;

/**
 * A call that arrives.
 *
 * @param at nanoseconds from the start of the simulation
 * @param promptTokens how long its prompt is
 * @param answerTokens how long its answer is to be; at least 1
 */
public record Arrival(long at, int promptTokens, int answerTokens) {}
