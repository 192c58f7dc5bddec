package dev.understudy.protocol.answer;

import dev.understudy.protocol.dialect.StreamPosition;
import java.util.Optional;

/**
 * Reads a stream as it comes, says of each event what it is worth ({@link AnswerListener}), and gives out the bytes that
 * the caller is to have for it. Not for several threads at a time.
 */
public interface AnswerStream {

    /** Takes in the next bytes of the body, without content encoding. The array is not kept. */
    void feed(byte[] array, int offset, int length);

    /** The body is over. */
    void end();

    /** How many bytes of the body are kept, because they are no whole event yet. */
    int kept();

    /** Drops these bytes. The stream is fed no more. */
    void forgetKept();

    /**
     * Whether, after the last event, a call of one of the client's own tools has begun and is not complete.
     *
     * <p>If the stream holds calls back ({@link StreamOptions#holdsToolCalls}), the bytes of all events since the call
     * began, the last one's included, are to be kept until this is false again. Meanwhile {@link #characters()}, {@link
     * #text()}, {@link #position()} and {@link #continuable()} describe what came before the call: what is kept can be thrown
     * away, and another target can continue from there. A call is complete when its dialect says so; a call of Chat
     * Completions with the next text of its choice, or with the choice. Where the next call begins with the end of the
     * last one, both are kept.
     */
    boolean toolCallOpen();

    /**
     * Whether, after the last event, any tool is open: a call of the client's own ({@link #toolCallOpen}), or a tool that
     * the provider runs itself, whose events are never held back. A provider may be silent for long while one is.
     */
    boolean toolOpen();

    /** How many characters (UTF-16 units) of text and refusal have come, in all choices. */
    long characters();

    /**
     * Whether another target could continue from {@link #text()}: all of the answer is in it, and it is not complete.
     * Reasoning is no part of the answer. Without any text the other target answers the original request, and its stream is
     * appended.
     */
    boolean continuable();

    /** The text of the first choice so far; empty if it is not kept, or became too long to be. */
    Optional<String> text();

    /** How far it has come beside the text. */
    StreamPosition position();

    /** What the provider counted so far. */
    Usage usage();

    /** What the provider reported about the answer so far. */
    AnswerReport report();

    /** How many tokens the answer has cost so far: as the provider counted them, or else an estimate. */
    long completionTokens();

    /** What a caller who has all pieces of a complete answer still lacks: the mark of its end, if nothing else. */
    byte[] ending();
}
