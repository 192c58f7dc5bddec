package dev.understudy.protocol.dialect.responses;

import dev.understudy.protocol.dialect.ReasoningChoice;
import dev.understudy.protocol.dialect.RequestFacts;
import dev.understudy.protocol.dialect.RequestFactsTable;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.Members;
import dev.understudy.protocol.json.ValueKind;
import java.util.Map;

/** The members of a Responses request that decide how the call is handled. */
final class RequestFactsReader {
    private static final RequestFactsTable FACTS = new RequestFactsTable.Builder()
            .withoutConversation(() -> BadRequest.missing(
                    "input",
                    "The request has no 'input'. Send a text, or a list such as"
                            + " [{\"role\": \"user\", \"content\": \"Hello\"}]."))
            .row(
                    "input",
                    RequestFactsTable.conversation("a text or a list of items", ValueKind.STRING, ValueKind.ARRAY))
            // OpenAI has the conversation then, and the input is added to it.
            .row("prompt", (value, found) -> found.storedConversation())
            .row("previous_response_id", (value, found) -> found.storedConversation())
            .row("conversation", (value, found) -> found.storedConversation())
            .row("instructions", RequestFactsTable::prompt)
            .row("tools", RequestFactsReader::tools)
            .row("stream", RequestFactsTable::stream)
            .row("max_output_tokens", RequestFactsTable::maxTokens)
            .row(
                    "text",
                    RequestFactsTable.members(Map.of(
                            "format",
                            RequestFactsTable.members(Map.of(
                                    "type",
                                    (value, found) ->
                                            found.jsonOutput(value.text().startsWith("json_")))))))
            .build();

    private static final RequestFactsTable REASONING = new RequestFactsTable.Builder()
            .row("reasoning", RequestFactsTable.reasoning(ReasoningChoice::ofReasoning))
            // Meant for work of minutes.
            .row(
                    "background",
                    RequestFactsTable.reasoning(value -> ReasoningChoice.ofSwitch(value) == ReasoningChoice.ON
                            ? ReasoningChoice.ON
                            : ReasoningChoice.UNSAID))
            .build();

    private RequestFactsReader() {}

    static RequestFacts facts(Members members) throws BadRequest {
        return FACTS.facts(members, false).reasoning(reasoning(members));
    }

    static ReasoningChoice reasoning(Members members) {
        return REASONING.reasoning(members);
    }

    private static void tools(RequestFactsTable.Value value, RequestFactsTable.Found found) {
        if (value.kind() == ValueKind.ARRAY) {
            RequestFactsTable.tools(value, found);
        } else {
            RequestFactsTable.prompt(value, found);
        }
    }
}
