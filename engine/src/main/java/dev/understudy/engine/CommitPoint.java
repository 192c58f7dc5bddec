package dev.understudy.engine;

import java.time.Duration;

/** When a stream's bytes become the caller's. Until then whatever fails is unseen. */
public sealed interface CommitPoint {

    /** With the first content: the caller reads along. */
    CommitPoint FIRST_CONTENT = new FirstContent();

    /** When the answer is complete: the caller waits for it, and it comes whole or not at all. */
    CommitPoint COMPLETE = new Complete();

    /** @see #FIRST_CONTENT */
    record FirstContent() implements CommitPoint {}

    /** @see #COMPLETE */
    record Complete() implements CommitPoint {}

    /**
     * When a little of the answer is there, or some time has passed since its first content, whichever comes first: what
     * breaks early breaks unseen.
     *
     * @param characters of text; {@link Long#MAX_VALUE} if only the time counts
     * @param time since the first content
     */
    record After(long characters, Duration time) implements CommitPoint {
        public After {
            if (characters < 1 || time.isNegative()) {
                throw new IllegalArgumentException("a commit point lies ahead, not at " + characters + ", " + time);
            }
        }
    }
}
