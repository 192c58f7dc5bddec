package dev.understudy.protocol.dialect.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.dialect.ReasoningChoice;
import dev.understudy.protocol.dialect.RequestFacts;
import dev.understudy.protocol.dialect.RequestFactsTable;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.Members;
import dev.understudy.protocol.json.ValueKind;
import java.util.Map;
import java.util.Set;

/** The members of a Chat Completions request that decide how the call is handled. */
final class RequestFactsReader {
    private static final Set<String> JSON_FORMATS = Set.of("json_object", "json_schema");

    private static final RequestFactsTable FACTS = new RequestFactsTable.Builder()
            .withoutConversation(RequestFactsReader::noMessages)
            // Its value is read by the router.
            .row("model", RequestFactsTable::ignored)
            .row("messages", RequestFactsTable.conversation("a list of messages", ValueKind.ARRAY))
            .row("tools", RequestFactsTable::tools)
            .row("functions", RequestFactsTable::tools)
            .row("stream", RequestFactsTable::stream)
            .row("stop", RequestFactsTable::stop)
            .row("n", RequestFactsTable::choices)
            .row("max_tokens", RequestFactsTable::maxTokens)
            .row("max_completion_tokens", RequestFactsTable::maxTokens)
            .row(
                    "response_format",
                    RequestFactsTable.members(
                            Map.of("type", (value, found) -> found.jsonOutput(JSON_FORMATS.contains(value.text())))))
            .build();

    /** The forms that servers of Chat Completions accept. */
    private static final RequestFactsTable REASONING = new RequestFactsTable.Builder()
            // OpenAI.
            .row("reasoning_effort", RequestFactsTable.reasoning(ReasoningChoice::ofEffort))
            // OpenRouter.
            .row("reasoning", RequestFactsTable.reasoning(ReasoningChoice::ofReasoning))
            // DeepSeek, LiteLLM.
            .row("thinking", RequestFactsTable.reasoning(ReasoningChoice::ofThinking))
            // Qwen.
            .row("enable_thinking", RequestFactsTable.reasoning(ReasoningChoice::ofSwitch))
            .row("thinking_budget", RequestFactsTable.reasoning(ReasoningChoice::ofBudget))
            // vLLM, SGLang.
            .row("chat_template_kwargs", RequestFactsTable.reasoning(RequestFactsReader::ofTemplate))
            // Gemini's address for OpenAI's clients.
            .row("extra_body", RequestFactsTable.reasoning(RequestFactsReader::ofExtraBody))
            .build();

    private RequestFactsReader() {}

    /**
     * @throws BadRequest if the request lacks {@code messages}, or a member that is read here is of the wrong type or occurs
     *     twice
     */
    static RequestFacts facts(Members members) throws BadRequest {
        return FACTS.facts(members, false).reasoning(reasoning(members));
    }

    /** Whether the members ask for reasoning. */
    static ReasoningChoice reasoning(Members members) {
        return REASONING.reasoning(members);
    }

    private static BadRequest noMessages() {
        return BadRequest.missing(
                "messages",
                "The request has no 'messages'. Send a list, such as [{\"role\": \"user\", \"content\": \"Hello\"}].");
    }

    /** Variables of the model's chat template, which each family names in its own way. */
    private static ReasoningChoice ofTemplate(JsonNode variables) {
        return ReasoningChoice.ofSwitch(variables.path("enable_thinking"))
                .or(ReasoningChoice.ofThinking(variables.path("thinking")))
                .or(ReasoningChoice.ofEffort(variables.path("reasoning_effort")));
    }

    private static ReasoningChoice ofExtraBody(JsonNode extra) {
        return ReasoningChoice.ofThinkingConfig(extra.path("google").path("thinking_config"));
    }
}
