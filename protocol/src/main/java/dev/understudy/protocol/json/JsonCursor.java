package dev.understudy.protocol.json;

import java.util.Arrays;

/**
 * Scans JSON in an array token by token, with the offsets of each token.
 *
 * <p>It is as strict as RFC 8259 and RFC 3629, also about what it skips: all bytes that {@link #next} and {@link #skipRest}
 * have consumed are well-formed. It builds no tree and allocates only strings that are requested. It is reusable: {@link
 * #over} starts with another text.
 *
 * <p><b>Byte order mark.</b> One at the start is ignored (RFC 8259, 8.1 allows that).
 *
 * <p><b>Names.</b> {@link #next} consumes the colon after a name. After a {@link Token#NAME} comes the first token of its
 * value, or a fault. Half of a surrogate pair is refused in a name, because parsers compare such names differently; other
 * strings may contain it, since providers send it.
 *
 * <p>Not safe for use by several threads.
 */
public final class JsonCursor {
    /** In bytes, as they are written. */
    private static final int LONGEST_NAME = 50_000;

    private static final byte[] NOTHING = {};

    /** What the grammar allows next. */
    private enum Expected {
        VALUE,
        ITEM_OR_END,
        NAME_OR_END,
        COMMA_OR_END,
        NO_MORE
    }

    private final JsonString string = new JsonString();
    private final Nesting nesting;
    private byte[] text = NOTHING;
    private int textStart;
    private int to;
    private int at;
    private Expected expected = Expected.VALUE;
    private Token token = Token.NULL;
    private int start;
    private int end;

    /** @param deepest how many objects and arrays may lie in each other */
    public JsonCursor(int deepest) {
        this.nesting = new Nesting(deepest);
    }

    /** Begins anew, before the value that stands in {@code text} from {@code from} up to {@code to}. */
    public JsonCursor over(byte[] text, int from, int to) {
        this.text = text;
        this.to = to;
        boolean marked = to - from >= 3
                && text[from] == (byte) 0xEF
                && text[from + 1] == (byte) 0xBB
                && text[from + 2] == (byte) 0xBF;
        textStart = marked ? from + 3 : from;
        at = textStart;
        expected = Expected.VALUE;
        token = Token.NULL;
        nesting.clear();
        return this;
    }

    /** Lets go of the array, which need not live as long as the cursor. */
    public void release() {
        over(NOTHING, 0, 0);
        string.release();
    }

    /** The offset after a byte order mark, or of the first byte if there is none. */
    public int textStart() {
        return textStart;
    }

    /** Skips white space, and returns whether nothing follows it. */
    public boolean isAtEnd() {
        at = blanksEnd(at);
        return at == to;
    }

    /** The offset up to which all has been read. */
    public int offset() {
        return at;
    }

    /** What was read last. */
    public Token token() {
        return token;
    }

    /** The offset of the first byte of {@link #token()}. */
    public int start() {
        return start;
    }

    /** The offset after the last byte of {@link #token()}. */
    public int end() {
        return end;
    }

    /**
     * The string or name that was read last; the same object each time.
     *
     * @throws IllegalStateException if it was something else
     */
    public JsonString string() {
        if (token != Token.STRING && token != Token.NAME) {
            throw new IllegalStateException("no text in " + token);
        }
        return string;
    }

    /** The number here if it is a whole one of at most 18 characters; {@code otherwise} for everything else. */
    public long whole(long otherwise) {
        return token == Token.NUMBER ? NumberScan.whole(text, start, end, otherwise) : otherwise;
    }

    /**
     * Reads the next token.
     *
     * @throws MalformedJson if there is none, because the text is broken or over
     */
    public Token next() throws MalformedJson {
        int i = present(blanksEnd(at));
        byte b = text[i];
        return switch (expected) {
            case VALUE -> value(b, i);
            case ITEM_OR_END -> b == ']' ? close(b, i) : value(b, i);
            case NAME_OR_END -> b == '}' ? close(b, i) : name(i);
            case COMMA_OR_END -> b == ',' ? afterComma(i + 1) : close(b, i);
            case NO_MORE -> throw new MalformedJson(JsonFault.GOES_ON, i);
        };
    }

    private Token afterComma(int from) throws MalformedJson {
        int i = present(blanksEnd(from));
        return nesting.inObject() ? name(i) : value(text[i], i);
    }

    /** Goes to the end of the object or array that has just begun. Any other value has been read already. */
    public void skipRest() throws MalformedJson {
        if (token == Token.START_OBJECT || token == Token.START_ARRAY) {
            int outside = nesting.depth() - 1;
            while (nesting.depth() > outside) {
                next();
            }
        }
    }

    private int present(int i) throws MalformedJson {
        if (i == to) {
            throw new MalformedJson(JsonFault.ENDS_EARLY, to);
        }
        return i;
    }

    private int blanksEnd(int from) {
        int i = from;
        // One look tells of most bytes that they are no blank.
        while (i < to && text[i] <= ' ' && isBlank(text[i])) {
            i++;
        }
        return i;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }

    private Token value(byte b, int i) throws MalformedJson {
        return switch (b) {
            case '"' -> passed(Token.STRING, i, string.read(text, i, to));
            case '{' -> open(Token.START_OBJECT, i);
            case '[' -> open(Token.START_ARRAY, i);
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' ->
                passed(Token.NUMBER, i, NumberScan.end(text, i, to));
            case 't' -> word(Token.TRUE, "true", i);
            case 'f' -> word(Token.FALSE, "false", i);
            case 'n' -> word(Token.NULL, "null", i);
            default -> throw new MalformedJson(Character.isLetter(b) ? JsonFault.STRANGE_WORD : JsonFault.NO_VALUE, i);
        };
    }

    private Token name(int i) throws MalformedJson {
        if (text[i] != '"') {
            throw new MalformedJson(JsonFault.NO_NAME, i);
        }
        start = i;
        end = string.read(text, i, to);
        if (end - start - 2 > LONGEST_NAME) {
            throw new MalformedJson(JsonFault.TOO_LONG, i);
        }
        if (string.hasHalfCharacter()) {
            throw new MalformedJson(JsonFault.HALF_CHARACTER, i);
        }
        int colon = present(blanksEnd(end));
        if (text[colon] != ':') {
            throw new MalformedJson(JsonFault.NO_COLON, colon);
        }
        at = colon + 1;
        expected = Expected.VALUE;
        token = Token.NAME;
        return token;
    }

    private Token word(Token word, String letters, int i) throws MalformedJson {
        for (int k = 1; k < letters.length(); k++) {
            if (text[present(i + k)] != letters.charAt(k)) {
                throw new MalformedJson(JsonFault.STRANGE_WORD, i);
            }
        }
        return passed(word, i, i + letters.length());
    }

    private Token open(Token bracket, int i) throws MalformedJson {
        boolean object = bracket == Token.START_OBJECT;
        if (!nesting.enter(object)) {
            throw new MalformedJson(JsonFault.TOO_DEEP, i);
        }
        passed(bracket, i, i + 1);
        expected = object ? Expected.NAME_OR_END : Expected.ITEM_OR_END;
        return bracket;
    }

    private Token close(byte b, int i) throws MalformedJson {
        boolean object = nesting.inObject();
        if (b != (object ? '}' : ']')) {
            throw new MalformedJson(object ? JsonFault.NO_END_OF_OBJECT : JsonFault.NO_END_OF_LIST, i);
        }
        nesting.leave();
        return passed(object ? Token.END_OBJECT : Token.END_ARRAY, i, i + 1);
    }

    private Token passed(Token read, int from, int after) {
        token = read;
        start = from;
        end = after;
        at = after;
        expected = nesting.depth() == 0 ? Expected.NO_MORE : Expected.COMMA_OR_END;
        return read;
    }

    /** The open objects and arrays, with one bit for each. */
    private static final class Nesting {
        private final int deepest;
        private long[] objects = new long[1];
        private int depth;
        private boolean inObject;

        Nesting(int deepest) {
            this.deepest = deepest;
        }

        void clear() {
            depth = 0;
            inObject = false;
        }

        int depth() {
            return depth;
        }

        /** Whether the innermost is an object; false if there is none. */
        boolean inObject() {
            return inObject;
        }

        /** Opens one; false if the limit is reached. */
        boolean enter(boolean object) {
            if (depth == deepest) {
                return false;
            }
            int word = depth >> 6;
            if (word == objects.length) {
                objects = Arrays.copyOf(objects, word * 2);
            }
            long bit = 1L << depth;
            objects[word] = object ? objects[word] | bit : objects[word] & ~bit;
            depth++;
            inObject = object;
            return true;
        }

        /** Closes the innermost. */
        void leave() {
            depth--;
            inObject = depth > 0 && (objects[(depth - 1) >> 6] & 1L << (depth - 1)) != 0;
        }
    }
}
