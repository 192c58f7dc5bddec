package dev.understudy.protocol.dialect.bedrock;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.dialect.ReasoningChoice;
import dev.understudy.protocol.dialect.RequestFacts;
import dev.understudy.protocol.dialect.RequestFactsTable;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.Members;
import dev.understudy.protocol.json.ValueKind;
import java.util.EnumSet;
import java.util.Map;

/** The members of a Converse request that decide how the call is handled. */
final class RequestFactsReader {
    private static final RequestFactsTable FACTS = new RequestFactsTable.Builder()
            .withoutConversation(() -> BadRequest.missing(
                    "messages",
                    "The request has no 'messages'. Send a list, such as"
                            + " [{\"role\": \"user\", \"content\": [{\"text\": \"Hello\"}]}]."))
            .row("messages", RequestFactsTable.conversation("a list", ValueKind.ARRAY))
            .row("system", typed(ValueKind.ARRAY, RequestFactsTable::prompt))
            .row(
                    "inferenceConfig",
                    typed(
                            ValueKind.OBJECT,
                            RequestFactsTable.members(Map.of(
                                    "maxTokens", RequestFactsTable::maxTokens,
                                    "stopSequences", RequestFactsReader::stop))))
            // Amazon refuses one without tools.
            .row("toolConfig", typed(ValueKind.OBJECT, (value, found) -> {
                found.hasTools();
                RequestFactsTable.prompt(value, found);
            }))
            .row(
                    "outputConfig",
                    typed(
                            ValueKind.OBJECT,
                            RequestFactsTable.members(Map.of("textFormat", (value, found) -> found.jsonOutput(true)))))
            .build();

    /**
     * Converse leaves reasoning to the members of each vendor: {@code thinking} (Claude), {@code reasoningConfig} (Nova), {@code
     * reasoning_config} (Claude in Amazon's SDKs, and DeepSeek) and {@code reasoning_effort} (gpt-oss).
     */
    private static final RequestFactsTable REASONING = new RequestFactsTable.Builder()
            .row(
                    "additionalModelRequestFields",
                    RequestFactsTable.members(Map.of(
                            "thinking", RequestFactsTable.reasoning(ReasoningChoice::ofThinking),
                            "reasoningConfig", RequestFactsTable.reasoning(ReasoningChoice::ofThinking),
                            "reasoning_config", RequestFactsTable.reasoning(RequestFactsReader::ofTypeOrEffort),
                            "reasoning_effort", RequestFactsTable.reasoning(ReasoningChoice::ofEffort))))
            .build();

    private RequestFactsReader() {}

    static RequestFacts facts(Members members, boolean stream) throws BadRequest {
        return FACTS.facts(members, stream).reasoning(reasoning(members));
    }

    static ReasoningChoice reasoning(Members members) {
        return REASONING.reasoning(members);
    }

    private static RequestFactsTable.Reader typed(ValueKind expected, RequestFactsTable.Reader reader) {
        return (value, found) -> {
            value.require(EnumSet.of(expected), expected.described());
            reader.read(value, found);
        };
    }

    private static void stop(RequestFactsTable.Value value, RequestFactsTable.Found found) {
        if (value.kind() == ValueKind.ARRAY) {
            RequestFactsTable.stop(value, found);
        }
    }

    /** An object with a type, or an effort as a string. */
    private static ReasoningChoice ofTypeOrEffort(JsonNode value) {
        return ReasoningChoice.ofThinking(value).or(ReasoningChoice.ofEffort(value));
    }
}
