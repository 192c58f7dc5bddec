package dev.understudy.protocol.dialect.gemini;

import dev.understudy.protocol.dialect.JsonFields;
import dev.understudy.protocol.dialect.ReasoningChoice;
import dev.understudy.protocol.dialect.RequestFacts;
import dev.understudy.protocol.dialect.RequestFactsTable;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.Members;
import dev.understudy.protocol.json.ValueKind;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** The members of a {@code generateContent} request that decide how the call is handled, in both spellings. */
final class RequestFactsReader {
    /** Google's reader takes a single value for a list of one. */
    private static final Set<ValueKind> LIST = EnumSet.of(ValueKind.ARRAY, ValueKind.OBJECT);

    private static final Set<ValueKind> OBJECT = EnumSet.of(ValueKind.OBJECT);

    private static final RequestFactsTable.Reader CONFIG = RequestFactsTable.members(Map.of(
            "maxOutputTokens", RequestFactsTable::maxTokens,
            "max_output_tokens", RequestFactsTable::maxTokens,
            "candidateCount", RequestFactsTable::choices,
            "candidate_count", RequestFactsTable::choices,
            "stopSequences", RequestFactsTable::stop,
            "stop_sequences", RequestFactsTable::stop,
            "responseMimeType", RequestFactsReader::mimeType,
            "response_mime_type", RequestFactsReader::mimeType));

    private static final RequestFactsTable FACTS = new RequestFactsTable.Builder()
            .spelling(JsonFields::camelCase)
            .withoutConversation(RequestFactsReader::noContents)
            .row("contents", RequestFactsTable.conversation("a list of contents", ValueKind.ARRAY, ValueKind.OBJECT))
            .row("systemInstruction", RequestFactsTable::prompt)
            .row("tools", (value, found) -> {
                value.require(LIST, "a list of tools");
                RequestFactsTable.tools(value, found);
            })
            .row("toolConfig", RequestFactsTable::ignored)
            .row("generationConfig", (value, found) -> {
                value.require(OBJECT, "an object");
                CONFIG.read(value, found);
            })
            .build();

    private static final RequestFactsTable REASONING = new RequestFactsTable.Builder()
            .spelling(JsonFields::camelCase)
            .row(
                    "generationConfig",
                    RequestFactsTable.members(Map.of(
                            "thinkingConfig", RequestFactsTable.reasoning(ReasoningChoice::ofThinkingConfig),
                            "thinking_config", RequestFactsTable.reasoning(ReasoningChoice::ofThinkingConfig))))
            .build();

    private RequestFactsReader() {}

    static RequestFacts facts(Members members, boolean stream) throws BadRequest {
        return FACTS.facts(members, stream).reasoning(reasoning(members));
    }

    static ReasoningChoice reasoning(Members members) {
        return REASONING.reasoning(members);
    }

    static BadRequest noContents() {
        return BadRequest.missing(
                "contents",
                "The request has no 'contents'. Send a list, such as"
                        + " [{\"role\": \"user\", \"parts\": [{\"text\": \"Hello\"}]}].");
    }

    private static void mimeType(RequestFactsTable.Value value, RequestFactsTable.Found found) throws BadRequest {
        found.jsonOutput(value.text().equals("application/json"));
    }
}
