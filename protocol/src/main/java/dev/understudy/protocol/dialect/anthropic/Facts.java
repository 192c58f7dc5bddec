package dev.understudy.protocol.dialect.anthropic;

import dev.understudy.protocol.dialect.RequestFacts;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.JsonValue;
import dev.understudy.protocol.json.Members;
import dev.understudy.protocol.json.ValueKind;
import java.math.BigDecimal;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** Reads the facts of one request from its members, in one walk over them. */
final class Facts {
    private static final BigDecimal MOST = BigDecimal.valueOf(Integer.MAX_VALUE);
    private static final Set<String> READ = Set.of(
            "model",
            "messages",
            "system",
            "stream",
            "max_tokens",
            "stop_sequences",
            "tools",
            "output_config",
            "output_format");

    private final Members members;
    private boolean messages;
    private boolean stream;
    private OptionalLong maxTokens = OptionalLong.empty();
    private boolean stopSequences;
    private boolean tools;
    private boolean jsonOutput;
    private int promptBytes;

    private Facts(Members members) {
        this.members = members;
    }

    static RequestFacts of(Members members) throws BadRequest {
        return new Facts(members).facts();
    }

    static BadRequest noMessages() {
        return BadRequest.missing(
                "messages",
                "The request has no 'messages'. Send a list, such as [{\"role\": \"user\", \"content\": \"Hello\"}].");
    }

    static BadRequest noMaxTokens() {
        return BadRequest.missing(
                "max_tokens",
                "The request has no 'max_tokens'. Say how long the answer may be, such as \"max_tokens\": 1024.");
    }

    static BadRequest notPositive() {
        return BadRequest.invalid("max_tokens", "'max_tokens' must be a whole number above 0.");
    }

    private RequestFacts facts() throws BadRequest {
        for (int i = 0; i < members.size(); i++) {
            String name = members.name(i);
            if (READ.contains(name)) {
                if (members.indexOf(name) < i) {
                    throw BadRequest.duplicate(name);
                }
                read(name, i);
            }
        }
        if (!messages) {
            throw noMessages();
        }
        if (maxTokens.isEmpty()) {
            throw noMaxTokens();
        }
        return new RequestFacts(stream, OptionalInt.empty(), maxTokens, stopSequences, tools, jsonOutput, promptBytes);
    }

    private void read(String name, int i) throws BadRequest {
        ValueKind kind = members.kind(i);
        switch (name) {
            case "messages" -> {
                if (kind != ValueKind.ARRAY) {
                    throw wrong("messages", "a list of messages", kind);
                }
                messages = true;
                promptBytes += length(i);
            }
            case "system" -> promptBytes += length(i);
            case "tools" -> {
                tools = kind != ValueKind.NULL && !members.isEmptyList(i);
                promptBytes += length(i);
            }
            case "max_tokens" -> maxTokens = positive(i, kind);
            case "stop_sequences" -> stopSequences = kind != ValueKind.NULL && !members.isEmptyList(i);
            case "stream" -> stream = flag(kind);
            case "output_format" -> jsonOutput |= members.says(i, "type", "json_schema");
            case "output_config" -> jsonOutput |= hasFormat(i);
            default -> {
                // The model is read by those who route.
            }
        }
    }

    private OptionalLong positive(int i, ValueKind kind) throws BadRequest {
        if (kind == ValueKind.NULL) {
            return OptionalLong.empty();
        }
        if (kind != ValueKind.NUMBER) {
            throw wrong("max_tokens", "a whole number above 0", kind);
        }
        if (!(members.value(i) instanceof JsonValue.Num number)) {
            throw notPositive();
        }
        BigDecimal value = number.value().orElseThrow(Facts::notPositive);
        if (value.signum() <= 0) {
            throw notPositive();
        }
        return OptionalLong.of(value.min(MOST).longValue());
    }

    private boolean hasFormat(int i) throws BadRequest {
        return members.kind(i) == ValueKind.OBJECT
                && members.value(i) instanceof JsonValue.Obj config
                && config.get("format").isPresent();
    }

    private static boolean flag(ValueKind kind) throws BadRequest {
        return switch (kind) {
            case TRUE -> true;
            case FALSE, NULL -> false;
            default -> throw wrong("stream", "true or false", kind);
        };
    }

    private int length(int i) {
        return members.valueEnd(i) - members.valueStart(i);
    }

    private static BadRequest wrong(String field, String expected, ValueKind kind) {
        return BadRequest.invalid(field, "'" + field + "' must be " + expected + ", not " + kind.described() + ".");
    }
}
