package dev.understudy.protocol.dialect.gemini;

import dev.understudy.protocol.dialect.ReasoningChoice;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.JsonCursor;
import dev.understudy.protocol.json.JsonValue;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.json.Members;
import dev.understudy.protocol.json.NameTable;
import dev.understudy.protocol.json.Token;
import dev.understudy.protocol.json.ValueKind;

/**
 * Reads whether a request asks for reasoning: {@code generationConfig.thinkingConfig}, in both spellings. What stands beside
 * it may be a large schema, and is skipped.
 */
final class ReasoningFacts {
    private static final NameTable THINKING = NameTable.of("thinkingConfig", "thinking_config");

    private ReasoningFacts() {}

    static ReasoningChoice of(Members members) {
        for (int i = 0; i < members.size(); i++) {
            if (members.kind(i) == ValueKind.OBJECT
                    && Spelling.camel(members.name(i)).equals("generationConfig")) {
                return ofConfig(members.body(), members.valueStart(i), members.valueEnd(i));
            }
        }
        return ReasoningChoice.UNSAID;
    }

    private static ReasoningChoice ofConfig(byte[] json, int from, int to) {
        // The body's depth was bounded when it was scanned.
        JsonCursor cursor = new JsonCursor(Integer.MAX_VALUE).over(json, from, to);
        try {
            cursor.next();
            while (cursor.next() == Token.NAME) {
                boolean thinking = !cursor.string().among(THINKING).isEmpty();
                cursor.next();
                int start = cursor.start();
                cursor.skipRest();
                if (thinking) {
                    return ReasoningChoice.ofThinkingConfig(
                            JsonValue.read("thinkingConfig", json, start, cursor.end()));
                }
            }
        } catch (MalformedJson | BadRequest unreadable) {
            // The provider says what is wrong with it.
            return ReasoningChoice.UNSAID;
        }
        return ReasoningChoice.UNSAID;
    }
}
