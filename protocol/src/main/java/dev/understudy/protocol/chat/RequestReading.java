package dev.understudy.protocol.chat;

import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.Members;
import dev.understudy.protocol.json.ValueKind;
import dev.understudy.protocol.options.FallbackOptionsReader;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** Reads the facts of one request from its members, in one walk over them. */
final class RequestReading {
    private static final BigDecimal MOST = BigDecimal.valueOf(Integer.MAX_VALUE);

    private static final Set<String> READ = Set.of(
            "model",
            "messages",
            "stream",
            "n",
            "max_tokens",
            "max_completion_tokens",
            "stop",
            "tools",
            "functions",
            "response_format");

    private final Members members;
    private Optional<String> model = Optional.empty();
    private boolean messages;
    private boolean stream;
    private OptionalInt choices = OptionalInt.empty();
    private OptionalLong maxTokens = OptionalLong.empty();
    private boolean stopSequences;
    private boolean tools;
    private boolean jsonOutput;
    private int promptBytes;

    private RequestReading(Members members) {
        this.members = members;
    }

    static ChatRequest of(Members members) throws BadRequest {
        RequestReading reading = new RequestReading(members);
        RequestFacts facts = reading.facts();
        return ChatRequest.of(members, reading.model, facts);
    }

    static RequestFacts facts(Members members) throws BadRequest {
        return new RequestReading(members).facts();
    }

    static BadRequest noModel() {
        return BadRequest.missing(
                "model", "The request has no 'model'. Name one, such as \"model\": \"openai/gpt-5.1\".");
    }

    private RequestFacts facts() throws BadRequest {
        for (int i = 0; i < members.size(); i++) {
            String name = members.name(i);
            if (READ.contains(name) || FallbackOptionsReader.owns(name)) {
                // Only the fields of this set are looked for, which it bounds, however many others a body has.
                if (members.indexOf(name) < i) {
                    throw BadRequest.duplicate(name);
                }
                read(name, i);
            }
        }
        if (!messages) {
            throw BadRequest.missing(
                    "messages",
                    "The request has no 'messages'. Send a list, such as"
                            + " [{\"role\": \"user\", \"content\": \"Hello\"}].");
        }
        return new RequestFacts(stream, choices, maxTokens, stopSequences, tools, jsonOutput, promptBytes);
    }

    private void read(String name, int i) throws BadRequest {
        ValueKind kind = members.kind(i);
        switch (name) {
            case "model" -> model(i);
            case "messages" -> {
                if (kind != ValueKind.ARRAY) {
                    throw wrong("messages", "a list of messages", kind);
                }
                messages = true;
                promptBytes += length(i);
            }
            case "tools", "functions" -> {
                tools |= kind != ValueKind.NULL && !members.isEmptyList(i);
                promptBytes += length(i);
            }
            case "stop" -> stopSequences = kind != ValueKind.NULL && !members.isEmptyList(i);
            case "stream" -> stream = flag(kind);
            case "n" -> choices = OptionalInt.of((int) Math.max(1, count(i).orElse(1)));
            case "max_tokens", "max_completion_tokens" -> {
                OptionalLong count = count(i);
                if (count.isPresent()) {
                    maxTokens = OptionalLong.of(Math.min(count.getAsLong(), maxTokens.orElse(Long.MAX_VALUE)));
                }
            }
            case "response_format" ->
                jsonOutput = members.says(i, "type", "json_object") || members.says(i, "type", "json_schema");
            default -> {
                // A field of a vocabulary: read when it is asked for.
            }
        }
    }

    private void model(int i) throws BadRequest {
        if (members.kind(i) == ValueKind.NULL) {
            return;
        }
        if (members.kind(i) != ValueKind.STRING) {
            throw wrong("model", "the name of a model, as a string", members.kind(i));
        }
        String name = members.string(i);
        if (name.isBlank()) {
            throw BadRequest.invalid("model", "'model' is empty. Name a model, such as \"model\": \"openai/gpt-5.1\".");
        }
        model = Optional.of(name);
    }

    private static boolean flag(ValueKind kind) throws BadRequest {
        return switch (kind) {
            case TRUE -> true;
            case FALSE, NULL -> false;
            default -> throw wrong("stream", "true or false", kind);
        };
    }

    /** A count that is not null; what is no sensible number is passed on, for the provider to refuse in its words. */
    private OptionalLong count(int i) throws BadRequest {
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
