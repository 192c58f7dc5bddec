package dev.understudy.protocol.json;

import java.util.Arrays;

/**
 * One pass over a body that finds its {@link Members} and refuses what is not a JSON object.
 *
 * <p><b>Byte order mark.</b> One at the start is passed over (RFC 8259, 8.1 allows it) and is not sent on.
 */
final class MembersScan {
    private static final int USUAL_MEMBERS = 16;

    /** Names that are sent so often that one string serves all requests; the others are right too. */
    private static final NameTable USUAL_NAMES = NameTable.of(
            "model",
            "messages",
            "stream",
            "stream_options",
            "temperature",
            "top_p",
            "n",
            "stop",
            "seed",
            "user",
            "store",
            "metadata",
            "max_tokens",
            "max_completion_tokens",
            "presence_penalty",
            "frequency_penalty",
            "logprobs",
            "top_logprobs",
            "logit_bias",
            "tools",
            "tool_choice",
            "parallel_tool_calls",
            "functions",
            "function_call",
            "response_format",
            "reasoning_effort",
            "service_tier",
            "prompt_cache_key",
            "models",
            "route",
            "provider",
            "fallbacks",
            "fallback_models",
            "understudy");

    private final byte[] body;
    private final BodyLimits limits;
    private final JsonCursor cursor;
    private String[] names = new String[USUAL_MEMBERS];
    private int[] places = new int[USUAL_MEMBERS * 3];
    private ValueKind[] kinds = new ValueKind[USUAL_MEMBERS];
    private int size;

    MembersScan(byte[] body, BodyLimits limits) {
        this.body = body;
        this.limits = limits;
        this.cursor = new JsonCursor(limits.depth());
    }

    Members members() throws BadRequest {
        if (body.length > limits.bytes()) {
            throw BadRequest.tooLarge(body.length, limits.bytes());
        }
        cursor.over(body, 0, body.length);
        try {
            return object();
        } catch (MalformedJson malformed) {
            throw refusal(malformed);
        }
    }

    private Members object() throws MalformedJson, BadRequest {
        if (cursor.isAtEnd()) {
            throw BadRequest.notJson("The request body is empty. Send a JSON object.");
        }
        Token first = cursor.next();
        if (first != Token.START_OBJECT) {
            throw BadRequest.notJson("The request body must be a JSON object, not "
                    + kindOf(first).described() + ". Send {\"model\": …, \"messages\": […]}.");
        }
        int braceAt = cursor.start();
        while (cursor.next() == Token.NAME) {
            member();
        }
        if (!cursor.isAtEnd()) {
            throw new MalformedJson(JsonFault.GOES_ON, cursor.offset());
        }
        return new Members(body, cursor.textStart(), braceAt, size, names, places, kinds);
    }

    private void member() throws MalformedJson {
        makeRoom();
        String usual = cursor.string().among(USUAL_NAMES);
        names[size] = usual.isEmpty() ? cursor.string().decoded() : usual;
        places[size * 3] = cursor.start();
        kinds[size] = kindOf(cursor.next());
        places[size * 3 + 1] = cursor.start();
        cursor.skipRest();
        places[size * 3 + 2] = cursor.end();
        size++;
    }

    private void makeRoom() {
        if (size == names.length) {
            names = Arrays.copyOf(names, size * 2);
            kinds = Arrays.copyOf(kinds, size * 2);
            places = Arrays.copyOf(places, size * 6);
        }
    }

    /** Bytes that are not UTF-8 are named first wherever they are: whoever sends UTF-16 should hear that, and no riddle. */
    private BadRequest refusal(MalformedJson malformed) {
        int notUtf8 = Utf8.firstFault(body, cursor.textStart());
        if (notUtf8 >= 0) {
            return BadRequest.notJson("The request body is not UTF-8 at byte " + notUtf8 + ". Send JSON in UTF-8.");
        }
        return switch (malformed.fault()) {
            case TOO_DEEP ->
                BadRequest.notJson("The request body is nested more than " + limits.depth() + " levels deep (at byte "
                        + malformed.offset() + "). Send a flatter one.");
            case GOES_ON ->
                BadRequest.notJson("The request body continues after the end of its JSON object (at byte "
                        + malformed.offset() + "). Send one object only.");
            default -> malformed.asBadRequest("The request body");
        };
    }

    private static ValueKind kindOf(Token token) {
        return switch (token) {
            case STRING -> ValueKind.STRING;
            case NUMBER -> ValueKind.NUMBER;
            case TRUE -> ValueKind.TRUE;
            case FALSE -> ValueKind.FALSE;
            case NULL -> ValueKind.NULL;
            case START_OBJECT -> ValueKind.OBJECT;
            case START_ARRAY -> ValueKind.ARRAY;
            case END_OBJECT, END_ARRAY, NAME -> throw new IllegalStateException("no value begins with " + token);
        };
    }
}
