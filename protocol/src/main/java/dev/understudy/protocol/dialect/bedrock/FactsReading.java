package dev.understudy.protocol.dialect.bedrock;

import dev.understudy.protocol.dialect.RequestFacts;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.JsonValue;
import dev.understudy.protocol.json.Members;
import dev.understudy.protocol.json.ValueKind;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** Reads the facts of one request from its members, in one walk over them. */
final class FactsReading {
    private static final BigDecimal MOST = BigDecimal.valueOf(Integer.MAX_VALUE);
    private static final Set<String> READ =
            Set.of("messages", "system", "inferenceConfig", "toolConfig", "outputConfig");

    private final Members members;
    private boolean messages;
    private OptionalLong maxTokens = OptionalLong.empty();
    private boolean stopSequences;
    private boolean tools;
    private boolean jsonOutput;
    private int promptBytes;

    private FactsReading(Members members) {
        this.members = members;
    }

    static RequestFacts of(Members members, boolean stream) throws BadRequest {
        return new FactsReading(members).facts(stream);
    }

    private RequestFacts facts(boolean stream) throws BadRequest {
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
            throw BadRequest.missing(
                    "messages",
                    "The request has no 'messages'. Send a list, such as"
                            + " [{\"role\": \"user\", \"content\": [{\"text\": \"Hello\"}]}].");
        }
        return new RequestFacts(stream, OptionalInt.empty(), maxTokens, stopSequences, tools, jsonOutput, promptBytes);
    }

    private void read(String name, int i) throws BadRequest {
        ValueKind kind = members.kind(i);
        if (kind == ValueKind.NULL && !name.equals("messages")) {
            return;
        }
        ValueKind expected = name.equals("messages") || name.equals("system") ? ValueKind.ARRAY : ValueKind.OBJECT;
        if (kind != expected) {
            throw BadRequest.invalid(
                    name, "'" + name + "' must be " + expected.described() + ", not " + kind.described() + ".");
        }
        switch (name) {
            case "messages" -> {
                messages = true;
                promptBytes += length(i);
            }
            case "system" -> promptBytes += length(i);
            case "toolConfig" -> {
                // Amazon refuses one without tools.
                tools = true;
                promptBytes += length(i);
            }
            case "inferenceConfig" -> inference(i);
            default ->
                jsonOutput = members.value(i) instanceof JsonValue.Obj output
                        && output.get("textFormat").isPresent();
        }
    }

    private void inference(int i) throws BadRequest {
        if (members.value(i) instanceof JsonValue.Obj config) {
            maxTokens = config.get("maxTokens").flatMap(FactsReading::count).stream()
                    .mapToLong(Long::longValue)
                    .findFirst();
            stopSequences = config.get("stopSequences").orElse(new JsonValue.Null()) instanceof JsonValue.Arr stop
                    && !stop.items().isEmpty();
        }
    }

    /** What is no sensible number is passed on, for the provider to refuse in its words. */
    private static Optional<Long> count(JsonValue value) {
        return value instanceof JsonValue.Num number
                ? number.value()
                        .filter(count -> count.signum() >= 0)
                        .map(count -> count.min(MOST).longValue())
                : Optional.empty();
    }

    private int length(int i) {
        return members.valueEnd(i) - members.valueStart(i);
    }
}
