package dev.understudy.protocol.dialect.anthropic;

import dev.understudy.protocol.dialect.ReasoningChoice;
import dev.understudy.protocol.dialect.RequestFacts;
import dev.understudy.protocol.dialect.RequestFactsTable;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.Members;
import dev.understudy.protocol.json.ValueKind;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** The members of a Messages request that decide how the call is handled. */
final class RequestFactsReader {
    private static final Set<ValueKind> NUMBER = EnumSet.of(ValueKind.NUMBER);

    private static final RequestFactsTable FACTS = new RequestFactsTable.Builder()
            .withoutConversation(RequestFactsReader::noMessages)
            .withoutMaxTokens(RequestFactsReader::noMaxTokens)
            // Its value is read by the router.
            .row("model", RequestFactsTable::ignored)
            .row("messages", RequestFactsTable.conversation("a list of messages", ValueKind.ARRAY))
            .row("system", RequestFactsTable::prompt)
            .row("tools", RequestFactsTable::tools)
            .row("stream", RequestFactsTable::stream)
            .row("stop_sequences", RequestFactsTable::stop)
            .row("max_tokens", RequestFactsReader::maxTokens)
            // The older place of the format.
            .row(
                    "output_format",
                    RequestFactsTable.members(Map.of(
                            "type",
                            (value, found) -> found.jsonOutput(value.text().equals("json_schema")))))
            .row("output_config", RequestFactsTable.members(Map.of("format", (value, found) -> found.jsonOutput(true))))
            .build();

    /** An effort in {@code output_config} is one of the whole answer and says nothing about reasoning. */
    private static final RequestFactsTable REASONING = new RequestFactsTable.Builder()
            .row("thinking", RequestFactsTable.reasoning(ReasoningChoice::ofThinking))
            .build();

    private RequestFactsReader() {}

    static RequestFacts facts(Members members) throws BadRequest {
        return FACTS.facts(members, false).reasoning(reasoning(members));
    }

    static ReasoningChoice reasoning(Members members) {
        return REASONING.reasoning(members);
    }

    /** Anthropic requires the limit, so a value that is no limit is refused here. */
    private static void maxTokens(RequestFactsTable.Value value, RequestFactsTable.Found found) throws BadRequest {
        value.require(NUMBER, "a whole number above 0");
        if (value.count().orElse(0) <= 0) {
            throw notPositive();
        }
        RequestFactsTable.maxTokens(value, found);
    }

    static BadRequest noMessages() {
        return BadRequest.missing(
                "messages",
                "The request has no 'messages'. Send a list, such as [{\"role\": \"user\", \"content\": \"Hello\"}].");
    }

    static BadRequest noMaxTokens() {
        return BadRequest.missing(
                "max_tokens", "The request has no 'max_tokens'. Set the longest answer, such as \"max_tokens\": 1024.");
    }

    static BadRequest notPositive() {
        return BadRequest.invalid("max_tokens", "'max_tokens' must be a whole number above 0.");
    }
}
