package dev.understudy.engine;

import java.time.Duration;
import java.util.Optional;

/**
 * How long one attempt may take over each of its stages. All of them stand under the call's deadline.
 *
 * @param connect until a connection is there
 * @param firstToken from the connection to the first content of a streamed answer
 * @param idle between one piece of content and the next
 * @param answer for the whole of an answer that is not streamed, which shows no first token
 * @param total what the caller or a fallback's own setting allows an attempt until its content (streamed) or its end
 *     (not streamed); takes the place of {@code firstToken} and {@code answer}
 */
public record Timeouts(
        Duration connect, Duration firstToken, Duration idle, Duration answer, Optional<Duration> total) {

    public static Timeouts ofDefaults() {
        return new Timeouts(
                Duration.ofSeconds(3),
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                Duration.ofSeconds(45),
                Optional.empty());
    }

    /** These limits, with one for the attempt as a whole. */
    public Timeouts withTotal(Duration limit) {
        return new Timeouts(connect, firstToken, idle, answer, Optional.of(limit));
    }

    /** How long an attempt may stay without content. */
    Duration silence(boolean streaming) {
        return total.orElse(streaming ? firstToken : answer);
    }
}
