package dev.understudy.engine;

/**
 * One thing that happened, passed by the driver to the call with its time.
 *
 * <p>Attempts are named by their number, from 1, as {@link Command.Start} gave it. Signals about attempts that are over
 * are ignored, so a driver need not know which of two racing events came first.
 */
public sealed interface Signal {

    /** The call has arrived and its plan is made. */
    record Begin() implements Signal {}

    /** A connection is there and the request is on its way. */
    record Connected(int attempt) implements Signal {}

    /**
     * Content came: text, a tool call, a refusal; for an answer that is not streamed, some of its body.
     *
     * @param characters how much text the attempt has brought so far
     * @param continuable whether another target could continue from here: the answer so far is plain text
     */
    record Progress(int attempt, long characters, boolean continuable) implements Signal {}

    /**
     * A sign of life that is not content: response headers, a comment, a ping, an empty delta, reasoning, a piece of a tool
     * call that is held back until it is complete. It commits nothing and wins no race.
     */
    record Alive(int attempt, Sign sign) implements Signal {}

    /** What showed that the provider is working. */
    enum Sign {
        /** Any byte of the response. */
        BYTES,
        /** A piece of reasoning that could be forwarded. */
        REASONING,
        /** A piece of a tool call that the model, or its provider, is working on. */
        TOOL_CALL
    }

    /**
     * The caller's stream has its response headers, and is kept alive from now on: a client that only
     * waits for some bytes keeps waiting.
     */
    record HeadSent() implements Signal {}

    /** The terminal mark of the answer was seen; only its tail (usage, {@code [DONE]}) may still come. */
    record Finishing(int attempt) implements Signal {}

    /** The whole answer is there and it is acceptable. */
    record Completed(int attempt) implements Signal {}

    /** The attempt is over without an acceptable answer. */
    record Failed(int attempt, Failure failure) implements Signal {}

    /**
     * The attempt is held up on this side: its request is still being translated, or the caller does not read. Its silence
     * is not the provider's fault.
     */
    record Paused(int attempt) implements Signal {}

    /** The attempt continues: its request is ready, or the caller reads again. */
    record Resumed(int attempt) implements Signal {}

    /** The time of a {@link Command.WakeAt} has come. */
    record Due() implements Signal {}

    /** The caller closed its connection. */
    record CallerLeft() implements Signal {}
}
