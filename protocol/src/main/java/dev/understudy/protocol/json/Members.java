package dev.understudy.protocol.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The top-level members of a JSON object, in order, each with the exact place of its name and its value in the bytes.
 *
 * <p>Nothing is decoded but the names: a value is looked at when somebody asks for it. That keeps the cost of a request
 * at one pass over its bytes however long the prompt is, and keeps every byte available for sending on as it came.
 *
 * <p>Made by {@link MembersScan}. The body is shared, not copied; it must not be changed afterwards.
 */
public final class Members {
    private final byte[] body;
    private final int textStart;
    private final int braceAt;
    private final int size;
    private final String[] names;
    private final int[] places;
    private final ValueKind[] kinds;

    Members(byte[] body, int textStart, int braceAt, int size, String[] names, int[] places, ValueKind[] kinds) {
        this.body = body;
        this.textStart = textStart;
        this.braceAt = braceAt;
        this.size = size;
        this.names = names;
        this.places = places;
        this.kinds = kinds;
    }

    /** Reads a whole body; see {@link MembersScan}. */
    public static Members scan(byte[] body, BodyLimits limits) throws BadRequest {
        return new MembersScan(body, limits).members();
    }

    /** How many members there are. */
    public int size() {
        return size;
    }

    /** The name of member {@code index}, with its escapes resolved. */
    public String name(int index) {
        return names[index];
    }

    /** What member {@code index} holds. */
    public ValueKind kind(int index) {
        return kinds[index];
    }

    /** The offset of the opening quote of the name. */
    public int nameStart(int index) {
        return places[index * 3];
    }

    /** The offset of the value's first byte. */
    public int valueStart(int index) {
        return places[index * 3 + 1];
    }

    /** The offset after the value's last byte. */
    public int valueEnd(int index) {
        return places[index * 3 + 2];
    }

    /** The first member of that name; -1 if there is none. */
    public int indexOf(String name) {
        for (int i = 0; i < size; i++) {
            if (names[i].equals(name)) {
                return i;
            }
        }
        return -1;
    }

    /** The value's bytes as text, exactly as they came. */
    public String json(int index) {
        return new String(body, valueStart(index), valueEnd(index) - valueStart(index), StandardCharsets.UTF_8);
    }

    /** A value that is a string, decoded. */
    public String string(int index) throws BadRequest {
        int from = valueStart(index) + 1;
        int to = valueEnd(index) - 1;
        for (int i = from; i < to; i++) {
            if (body[i] == '\\') {
                return value(index) instanceof JsonValue.Text text ? text.value() : "";
            }
        }
        return new String(body, from, to - from, StandardCharsets.UTF_8);
    }

    /** The value of member {@code index} as a tree. Meant for the small ones. */
    public JsonValue value(int index) throws BadRequest {
        return JsonValue.read("'" + BadRequest.shown(names[index]) + "'", body, valueStart(index), valueEnd(index));
    }

    /** Whether the object that is the value of member {@code index} says {@code name: text} in its first level. */
    public boolean says(int index, String name, String text) throws BadRequest {
        return kinds[index] == ValueKind.OBJECT
                && JsonValue.stringIn(body, valueStart(index), valueEnd(index), name)
                        .equals(text);
    }

    /** Whether member {@code index} is a list with nothing in it. */
    public boolean isEmptyList(int index) {
        if (kinds[index] != ValueKind.ARRAY) {
            return false;
        }
        int at = valueStart(index) + 1;
        while (body[at] == ' ' || body[at] == '\t' || body[at] == '\n' || body[at] == '\r') {
            at++;
        }
        return body[at] == ']';
    }

    /** The bytes from which this was read. */
    public byte[] body() {
        return body;
    }

    /** The offset after a byte order mark, if there is one. */
    int textStart() {
        return textStart;
    }

    /** The offset of the opening brace. */
    int braceAt() {
        return braceAt;
    }

    @Override
    public String toString() {
        return "Members" + Arrays.toString(Arrays.copyOf(names, size));
    }
}
