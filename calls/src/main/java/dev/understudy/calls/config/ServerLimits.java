package dev.understudy.calls.config;

import java.time.Duration;

/**
 * What callers can make the server hold, and for how long.
 *
 * @param bodyMemory the most memory that request bodies take together, arriving and arrived, in bytes
 * @param answerMemory the most memory that answers take together until their callers have them, in bytes
 * @param bodyRate how many bytes a second a body must have on average after its first minute
 * @param headerTimeout how long the head of a request may take from its first byte
 * @param idleTimeout after which time without a byte in either direction a connection is closed
 * @param connections how many connections there may be at once
 * @param connectionsPerAddress how many of them from one address; from one /64 network for IPv6
 * @param deadline the longest deadline and waiting time that a request can name
 */
public record ServerLimits(
        long bodyMemory,
        long answerMemory,
        int bodyRate,
        Duration headerTimeout,
        Duration idleTimeout,
        int connections,
        int connectionsPerAddress,
        Duration deadline) {

    /** The limits if a configuration has none: a quarter of the heap for bodies of requests, and another one for answers. */
    public static final ServerLimits BUILT_IN = new ServerLimits(
            Runtime.getRuntime().maxMemory() / 4,
            Runtime.getRuntime().maxMemory() / 4,
            1_000,
            Duration.ofSeconds(30),
            Duration.ofMinutes(15),
            30_000,
            20_000,
            Duration.ofHours(1));

    /** These limits with those of a running gateway that are set when it starts. */
    ServerLimits boundAs(ServerLimits running) {
        return new ServerLimits(
                running.bodyMemory,
                running.answerMemory,
                bodyRate,
                running.headerTimeout,
                running.idleTimeout,
                running.connections,
                running.connectionsPerAddress,
                deadline);
    }
}
