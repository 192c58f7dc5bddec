package dev.understudy.protocol.dialect.responses;

import dev.understudy.protocol.dialect.RequestFacts;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.json.Members;
import dev.understudy.protocol.json.ValueKind;
import java.math.BigDecimal;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** Reads the facts of a request from its members, in one walk over them. */
final class FactsReader {
    private static final BigDecimal MOST = BigDecimal.valueOf(Integer.MAX_VALUE);

    private static final Set<String> READ = Set.of(
            "input",
            "instructions",
            "stream",
            "max_output_tokens",
            "tools",
            "text",
            "prompt",
            "previous_response_id",
            "conversation");

    private final Members members;
    private boolean input;
    private boolean stream;
    private OptionalLong maxTokens = OptionalLong.empty();
    private boolean tools;
    private boolean jsonOutput;
    private int promptBytes;

    private FactsReader(Members members) {
        this.members = members;
    }

    static RequestFacts of(Members members) throws BadRequest {
        return new FactsReader(members).facts();
    }

    private RequestFacts facts() throws BadRequest {
        for (int i = 0; i < members.size(); i++) {
            String name = members.name(i);
            if (READ.contains(name)) {
                if (members.indexOf(name) < i) {
                    throw BadRequest.duplicate(name);
                }
                if (members.kind(i) != ValueKind.NULL) {
                    read(name, i);
                }
            }
        }
        if (!input) {
            throw BadRequest.missing(
                    "input",
                    "The request has no 'input'. Send a text, or a list such as"
                            + " [{\"role\": \"user\", \"content\": \"Hello\"}].");
        }
        return new RequestFacts(stream, OptionalInt.empty(), maxTokens, false, tools, jsonOutput, promptBytes);
    }

    private void read(String name, int i) throws BadRequest {
        ValueKind kind = members.kind(i);
        switch (name) {
            case "input" -> {
                if (kind != ValueKind.STRING && kind != ValueKind.ARRAY) {
                    throw wrong("input", "a text or a list of items", kind);
                }
                input = true;
                promptBytes += length(i);
            }
            // OpenAI knows the conversation then, and the input adds to it.
            case "prompt", "previous_response_id", "conversation" -> input = true;
            case "instructions" -> promptBytes += length(i);
            case "tools" -> {
                tools = kind == ValueKind.ARRAY && !members.isEmptyList(i);
                promptBytes += length(i);
            }
            case "stream" ->
                stream = switch (kind) {
                    case TRUE -> true;
                    case FALSE -> false;
                    default -> throw wrong("stream", "true or false", kind);
                };
            case "max_output_tokens" -> maxTokens = count(i);
            case "text" ->
                jsonOutput = JsonTrees.of(members.json(i))
                        .path("format")
                        .path("type")
                        .asText()
                        .startsWith("json_");
            default -> {
                // There is no other in the set.
            }
        }
    }

    /** What is no sensible number is passed on, for the provider to refuse in its words. */
    private OptionalLong count(int i) {
        if (members.kind(i) != ValueKind.NUMBER) {
            return OptionalLong.empty();
        }
        BigDecimal number;
        try {
            number = new BigDecimal(members.json(i));
        } catch (NumberFormatException beyondAllReason) {
            return OptionalLong.empty();
        }
        return number.signum() >= 0 ? OptionalLong.of(number.min(MOST).longValue()) : OptionalLong.empty();
    }

    private int length(int i) {
        return members.valueEnd(i) - members.valueStart(i);
    }

    private static BadRequest wrong(String field, String expected, ValueKind kind) {
        return BadRequest.invalid(field, "'" + field + "' must be " + expected + ", not " + kind.described() + ".");
    }
}
