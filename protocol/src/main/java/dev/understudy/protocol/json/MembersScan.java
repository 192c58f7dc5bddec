package dev.understudy.protocol.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;

/**
 * One pass over a body that finds its {@link Members} and refuses what is not a JSON object.
 *
 * <p><b>Offsets.</b> The parser tells where a token begins; where it ends it tells only for a token that it has read to
 * the end. It reads names, numbers, words and brackets at once but a string only on demand, and reading one would copy
 * it. So the end of a top-level string is found by looking for its quote, which costs one more look at it and no copy.
 *
 * <p><b>Byte order mark.</b> One at the start is passed over (RFC 8259, 8.1 allows it) and is not sent on.
 */
final class MembersScan {
    private static final int USUAL_MEMBERS = 16;

    private final byte[] body;
    private final BodyLimits limits;
    private final int from;
    private String[] names = new String[USUAL_MEMBERS];
    private int[] places = new int[USUAL_MEMBERS * 3];
    private ValueKind[] kinds = new ValueKind[USUAL_MEMBERS];
    private int size;
    private int braceAt;

    MembersScan(byte[] body, BodyLimits limits) {
        this.body = body;
        this.limits = limits;
        this.from = hasByteOrderMark(body) ? 3 : 0;
    }

    Members members() throws BadRequest {
        if (body.length > limits.bytes()) {
            throw BadRequest.tooLarge(body.length, limits.bytes());
        }
        int fault = Utf8.firstFault(body, from);
        if (fault >= 0) {
            throw BadRequest.notJson("The request body is not UTF-8 at byte " + fault + ". Send JSON in UTF-8.");
        }
        try (JsonParser parser = Parsers.over(body, from, body.length)) {
            object(parser);
            return new Members(body, from, braceAt, size, names, places, kinds);
        } catch (JsonProcessingException malformed) {
            throw Parsers.asBadRequest("The request body", from, malformed);
        } catch (IOException cannotBe) {
            throw new UncheckedIOException("an array in memory could not be read", cannotBe);
        } catch (IllegalStateException collisions) {
            // The parser's table of names defends itself against names that are made to collide.
            throw BadRequest.notJson("The request body has too many different names. Send fewer.");
        }
    }

    private void object(JsonParser parser) throws IOException, BadRequest {
        JsonToken first = parser.nextToken();
        if (first == null) {
            throw BadRequest.notJson("The request body is empty. Send a JSON object.");
        }
        if (first != JsonToken.START_OBJECT) {
            throw BadRequest.notJson("The request body must be a JSON object, not "
                    + kindOf(first).described() + ". Send {\"model\": …, \"messages\": […]}.");
        }
        braceAt = tokenStart(parser);
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            member(parser);
        }
        if (parser.nextToken() != null) {
            throw BadRequest.notJson("The request body goes on after the end of its JSON object (at byte "
                    + tokenStart(parser) + "). Send one object and nothing else.");
        }
    }

    private void member(JsonParser parser) throws IOException, BadRequest {
        makeRoom();
        names[size] = parser.currentName();
        int nameStart = tokenStart(parser);
        JsonToken token = parser.nextToken();
        int valueStart = tokenStart(parser);
        kinds[size] = kindOf(token);
        int valueEnd;
        if (token == JsonToken.VALUE_STRING) {
            valueEnd = stringEnd(valueStart);
        } else {
            if (token.isStructStart()) {
                skipRest(parser);
            }
            valueEnd = here(parser);
        }
        places[size * 3] = nameStart;
        places[size * 3 + 1] = valueStart;
        places[size * 3 + 2] = valueEnd;
        size++;
    }

    /** Reads up to the end of the object or array that has just begun. */
    private void skipRest(JsonParser parser) throws IOException, BadRequest {
        int depth = 2;
        while (depth > 1) {
            JsonToken token = parser.nextToken();
            if (token == null) {
                // The parser itself complains of an end inside a value; this is for its contract, which allows null.
                throw BadRequest.notJson("The request body ends in the middle of a value. Send all of it.");
            }
            if (token.isStructStart()) {
                if (++depth > limits.depth()) {
                    throw BadRequest.notJson("The request body is nested more than " + limits.depth()
                            + " levels deep (at byte " + tokenStart(parser) + "). Send a flatter one.");
                }
            } else if (token.isStructEnd()) {
                depth--;
            }
        }
    }

    /** The offset after the closing quote; the end of the body if there is none, of which the parser will complain. */
    private int stringEnd(int openingQuote) {
        for (int i = openingQuote + 1; i < body.length; i++) {
            byte b = body[i];
            if (b == '"') {
                return i + 1;
            }
            if (b == '\\') {
                i++;
            }
        }
        return body.length;
    }

    private int tokenStart(JsonParser parser) {
        return from + (int) parser.currentTokenLocation().getByteOffset();
    }

    private int here(JsonParser parser) {
        return from + (int) parser.currentLocation().getByteOffset();
    }

    private void makeRoom() {
        if (size == names.length) {
            names = Arrays.copyOf(names, size * 2);
            kinds = Arrays.copyOf(kinds, size * 2);
            places = Arrays.copyOf(places, size * 6);
        }
    }

    private static ValueKind kindOf(JsonToken token) {
        return switch (token) {
            case VALUE_STRING -> ValueKind.STRING;
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> ValueKind.NUMBER;
            case VALUE_TRUE -> ValueKind.TRUE;
            case VALUE_FALSE -> ValueKind.FALSE;
            case VALUE_NULL -> ValueKind.NULL;
            case START_OBJECT -> ValueKind.OBJECT;
            case START_ARRAY -> ValueKind.ARRAY;
            case END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
                throw new IllegalStateException("no value begins with " + token);
        };
    }

    private static boolean hasByteOrderMark(byte[] body) {
        return body.length >= 3 && body[0] == (byte) 0xEF && body[1] == (byte) 0xBB && body[2] == (byte) 0xBF;
    }
}
