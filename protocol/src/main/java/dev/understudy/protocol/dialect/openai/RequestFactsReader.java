package dev.understudy.protocol.dialect.openai;

import dev.understudy.protocol.dialect.ReasoningChoice;
import dev.understudy.protocol.dialect.RequestFacts;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.JsonValue;
import dev.understudy.protocol.json.Members;
import dev.understudy.protocol.json.ValueKind;
import dev.understudy.protocol.options.FallbackOptionsReader;
import java.math.BigDecimal;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** Reads the facts of one request from its members, in one pass and without its conversation. */
final class RequestFactsReader {
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
    private boolean messages;
    private boolean stream;
    private OptionalInt choices = OptionalInt.empty();
    private OptionalLong maxTokens = OptionalLong.empty();
    private boolean stopSequences;
    private boolean tools;
    private boolean jsonOutput;
    private int promptBytes;

    private RequestFactsReader(Members members) {
        this.members = members;
    }

    /**
     * @throws BadRequest if the request lacks {@code messages}, or a member that is read here is of the wrong type or stands
     *     twice
     */
    static RequestFacts facts(Members members) throws BadRequest {
        return new RequestFactsReader(members).facts();
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
        return new RequestFacts(
                stream, choices, maxTokens, stopSequences, tools, jsonOutput, promptBytes, reasoning(members));
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
                // A member of a fallback vocabulary: FallbackOptionsReader reads it.
            }
        }
    }

    private static boolean flag(ValueKind kind) throws BadRequest {
        return switch (kind) {
            case TRUE -> true;
            case FALSE, NULL -> false;
            default -> throw wrong("stream", "true or false", kind);
        };
    }

    /** A count that is not null; what is no sensible number is forwarded, and the provider refuses it. */
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

    /**
     * Whether the request asks for reasoning, in every form that servers of Chat Completions take: {@code reasoning_effort}
     * (OpenAI), {@code reasoning} (OpenRouter), {@code thinking} (DeepSeek, LiteLLM), {@code enable_thinking} and {@code
     * thinking_budget} (Qwen), {@code chat_template_kwargs} (vLLM, SGLang) and {@code extra_body} (Gemini's address for OpenAI's
     * clients).
     */
    static ReasoningChoice reasoning(Members members) {
        ReasoningChoice choice = ReasoningChoice.UNSAID;
        for (int i = 0; i < members.size(); i++) {
            choice = choice.and(
                    switch (members.name(i)) {
                        case "reasoning_effort" -> choice(members, i, ReasoningChoice::ofEffort);
                        case "reasoning" -> choice(members, i, ReasoningChoice::ofReasoning);
                        case "thinking" -> choice(members, i, ReasoningChoice::ofThinking);
                        case "enable_thinking" -> choice(members, i, ReasoningChoice::ofSwitch);
                        case "thinking_budget" -> choice(members, i, ReasoningChoice::ofBudget);
                        case "chat_template_kwargs" -> choice(members, i, RequestFactsReader::ofTemplate);
                        case "extra_body" -> choice(members, i, RequestFactsReader::ofExtraBody);
                        default -> ReasoningChoice.UNSAID;
                    });
        }
        return choice;
    }

    private static ReasoningChoice choice(Members members, int index, ReasoningChoice.Reading reading) {
        return ReasoningChoice.valueOf(members, index).map(reading::of).orElse(ReasoningChoice.UNSAID);
    }

    /** Variables of the model's chat template, which each family names in its own way. */
    private static ReasoningChoice ofTemplate(JsonValue value) {
        return value instanceof JsonValue.Obj variables
                ? ReasoningChoice.member(variables, "enable_thinking", ReasoningChoice::ofSwitch)
                        .or(ReasoningChoice.member(variables, "thinking", ReasoningChoice::ofThinking))
                        .or(ReasoningChoice.member(variables, "reasoning_effort", ReasoningChoice::ofEffort))
                : ReasoningChoice.UNSAID;
    }

    private static ReasoningChoice ofExtraBody(JsonValue value) {
        return value instanceof JsonValue.Obj extra
                ? ReasoningChoice.member(extra, "google", RequestFactsReader::ofGoogle)
                : ReasoningChoice.UNSAID;
    }

    private static ReasoningChoice ofGoogle(JsonValue value) {
        return value instanceof JsonValue.Obj google
                ? ReasoningChoice.member(google, "thinking_config", ReasoningChoice::ofThinkingConfig)
                : ReasoningChoice.UNSAID;
    }
}
