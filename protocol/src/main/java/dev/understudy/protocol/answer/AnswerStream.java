package dev.understudy.protocol.answer;

import dev.understudy.protocol.dialect.Place;
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

    /** How many characters (UTF-16 units) of text and refusal have come, in all choices. */
    long characters();

    /** Whether another target could go on from {@link #text()}: all of the answer is in it, and it is not complete. */
    boolean continuable();

    /** The text of the first choice so far; empty if it is not kept, or became too long to be. */
    Optional<String> text();

    /** How far it has come beside the text. */
    Place place();

    /** What the provider counted so far. */
    Usage usage();

    /** How many tokens the answer has cost so far: as the provider counted them, or else an estimate. */
    long completionTokens();

    /** What a caller who has all pieces of a complete answer still lacks: the mark of its end, if nothing else. */
    byte[] ending();
}
