package dev.understudy.protocol.dialect.gemini;

import dev.understudy.protocol.neutral.Part;
import java.util.List;

/** A part of an answer's content, whole or as far as a chunk has it. */
sealed interface Piece {

    /** More words. */
    record Words(String text) implements Piece {}

    /** More thoughts; the signature is empty until they are complete. */
    record Thought(String text, String signature) implements Piece {}

    /**
     * A call, or more of one: such has no name.
     *
     * @param args a JSON object; empty if they come in pieces, or there are none
     * @param more the next pieces of the arguments
     * @param willContinue whether there are still more to come
     */
    record Call(String id, String name, String args, List<Argument> more, boolean willContinue, String signature)
            implements Piece {}

    /** Something in one piece. */
    record Whole(Part part) implements Piece {}

    /**
     * A value within arguments, or more of a string.
     *
     * @param path such as {@code $.steps[0].text}
     * @param json the value, as JSON
     */
    record Argument(String path, String json) {}
}
