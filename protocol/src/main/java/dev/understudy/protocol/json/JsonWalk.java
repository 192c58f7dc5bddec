package dev.understudy.protocol.json;

import java.nio.charset.StandardCharsets;

/**
 * Reads JSON by its shape, in one pass and without a tree: values without a reader are skipped.
 *
 * <pre>{@code
 * walk.over(array, from, to);
 * walk.object(NAMES, name -> {
 *     switch (name) {
 *         case "id" -> id = walk.text();
 *         case "content" -> walk.array(() -> part(walk));
 *         default -> {}
 *     }
 * });
 * }</pre>
 *
 * <p>A value of an unexpected kind is skipped too, and reads as nothing: {@code ""}, an object without
 * members, an array without items. Can be used again; not for several threads at a time.
 */
public final class JsonWalk {
    private static final byte[] NOTHING = {};

    private final JsonCursor cursor;
    private byte[] text = NOTHING;

    /** Reads a member whose value the walk stands on. */
    @FunctionalInterface
    public interface MemberReader {
        /** @param name one of the table's names; {@code ""} for any other */
        void read(String name) throws MalformedJson;
    }

    /** Reads an item that the walk stands on. */
    @FunctionalInterface
    public interface ItemReader {
        void read() throws MalformedJson;
    }

    /** @param deepest how many objects and arrays may lie in each other */
    public JsonWalk(int deepest) {
        this.cursor = new JsonCursor(deepest);
    }

    /**
     * Begins at the only value that stands there; whether anything follows it, {@link #isAtEnd} tells.
     *
     * @param to the offset after the last byte
     */
    public void over(byte[] array, int from, int to) throws MalformedJson {
        text = array;
        cursor.over(array, from, to).next();
    }

    /** Lets go of the array. */
    public void release() {
        cursor.release();
        text = NOTHING;
    }

    /** Whether nothing but blanks follows what was read. */
    public boolean isAtEnd() {
        return cursor.isAtEnd();
    }

    /** The cursor that the walk moves: for readers that run for each token, and pay for every call of a lambda. */
    public JsonCursor cursor() {
        return cursor;
    }

    /** What the walk stands on. */
    public Token token() {
        return cursor.token();
    }

    /** Reads the members of the object here. What the reader leaves is skipped. */
    public void object(NameTable names, MemberReader reader) throws MalformedJson {
        if (cursor.token() != Token.START_OBJECT) {
            cursor.skipRest();
            return;
        }
        while (cursor.next() == Token.NAME) {
            String name = cursor.string().among(names);
            cursor.next();
            reader.read(name);
            cursor.skipRest();
        }
    }

    /** Reads the items of the array here. What the reader leaves is skipped. */
    public void array(ItemReader reader) throws MalformedJson {
        if (cursor.token() != Token.START_ARRAY) {
            cursor.skipRest();
            return;
        }
        while (cursor.next() != Token.END_ARRAY) {
            reader.read();
            cursor.skipRest();
        }
    }

    /** The string here, decoded; {@code ""} if it is something else. */
    public String text() throws MalformedJson {
        if (cursor.token() == Token.STRING) {
            return cursor.string().decoded();
        }
        cursor.skipRest();
        return "";
    }

    /** Which of these strings stands here, without making one; {@code ""} if none of them does. */
    public String among(NameTable words) throws MalformedJson {
        if (cursor.token() == Token.STRING) {
            return cursor.string().among(words);
        }
        cursor.skipRest();
        return "";
    }

    /** The whole number here; {@code otherwise} for everything else. */
    public long whole(long otherwise) throws MalformedJson {
        long number = cursor.whole(otherwise);
        cursor.skipRest();
        return number;
    }

    /** Whether {@code true} stands here. */
    public boolean isTrue() throws MalformedJson {
        boolean isTrue = cursor.token() == Token.TRUE;
        cursor.skipRest();
        return isTrue;
    }

    /** Whether {@code null} stands here. */
    public boolean isNull() {
        return cursor.token() == Token.NULL;
    }

    /**
     * Whether an object or array stands here that is not empty; skips it.
     *
     * @param start its opening bracket
     */
    public boolean isFilled(Token start) throws MalformedJson {
        if (cursor.token() != start) {
            return false;
        }
        Token end = start == Token.START_ARRAY ? Token.END_ARRAY : Token.END_OBJECT;
        boolean filled = false;
        while (cursor.next() != end) {
            filled = true;
            if (cursor.token() == Token.NAME) {
                cursor.next();
            }
            cursor.skipRest();
        }
        return filled;
    }

    /** Skips the value here. */
    public void skip() throws MalformedJson {
        cursor.skipRest();
    }

    /** The text from an offset to the end of what has been read. */
    public String since(int start) {
        return new String(text, start, cursor.end() - start, StandardCharsets.UTF_8);
    }

    /** The value here as it is written, whatever it is. */
    public String json() throws MalformedJson {
        int from = cursor.start();
        cursor.skipRest();
        return new String(text, from, cursor.end() - from, StandardCharsets.UTF_8);
    }
}
