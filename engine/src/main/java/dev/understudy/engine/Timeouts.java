package dev.understudy.engine;

import java.time.Duration;
import java.util.Optional;

/**
 * When an attempt is late. A late mark starts a hedge, and ends nothing: a slow answer is better than none. Only an
 * explicit limit cancels the attempt.
 *
 * @param connect late mark until a connection is there
 * @param firstToken late mark until the first content of a streamed answer
 * @param idle late mark between one piece of content and the next
 * @param answer late mark for the whole of an answer that is not streamed, which shows no first token
 * @param reasoning takes the place of {@code firstToken} and {@code answer} where the model reasons first, and of {@code
 *     idle} inside a tool call
 * @param total an explicit limit of the caller or of a fallback until the content (streamed) or the end (not streamed)
 * @param cancels whether the late marks are explicit limits too
 */
public record Timeouts(
        Duration connect,
        Duration firstToken,
        Duration idle,
        Duration answer,
        Duration reasoning,
        Optional<Duration> total,
        boolean cancels) {

    public Timeouts(Duration connect, Duration firstToken, Duration idle, Duration answer, Optional<Duration> total) {
        this(connect, firstToken, idle, answer, ofDefaults().reasoning(), total, false);
    }

    public static Timeouts ofDefaults() {
        return new Timeouts(
                Duration.ofSeconds(3),
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                Duration.ofSeconds(20),
                Duration.ofSeconds(60),
                Optional.empty(),
                false);
    }

    /** These, with an explicit limit for the attempt as a whole. */
    public Timeouts withTotal(Duration limit) {
        return new Timeouts(connect, firstToken, idle, answer, reasoning, Optional.of(limit), cancels);
    }

    /** These, as explicit limits. */
    public Timeouts cancelling() {
        return new Timeouts(connect, firstToken, idle, answer, reasoning, total, true);
    }

    /** How long an attempt may stay without content before it is late, if nothing is known of its target. */
    Duration silence(boolean streaming, boolean reasons) {
        return reasons ? reasoning : streaming ? firstToken : answer;
    }
}
