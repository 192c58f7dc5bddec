package dev.understudy.protocol.dialect.gemini;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.understudy.protocol.json.JsonWalk;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.json.NameTable;
import dev.understudy.protocol.neutral.Tokens;
import java.io.IOException;
import java.util.OptionalLong;

/**
 * Reads and writes {@code usageMetadata}. Gemini counts reasoning beside the candidates' tokens and the results of its own
 * tools beside the prompt; the neutral counts include them.
 */
final class UsageReader {
    private static final NameTable MEMBERS = NameTable.of(
            "promptTokenCount",
            "candidatesTokenCount",
            "thoughtsTokenCount",
            "cachedContentTokenCount",
            "toolUsePromptTokenCount");

    private long prompt = -1;
    private long candidates = -1;
    private long reasoning = -1;
    private long cached = -1;
    private long toolUse = -1;

    private UsageReader() {}

    /** Reads the current object of the walk. */
    static Tokens read(JsonWalk walk) throws MalformedJson {
        UsageReader usage = new UsageReader();
        walk.object(MEMBERS, name -> {
            switch (name) {
                case "promptTokenCount" -> usage.prompt = walk.whole(-1);
                case "candidatesTokenCount" -> usage.candidates = walk.whole(-1);
                case "thoughtsTokenCount" -> usage.reasoning = walk.whole(-1);
                case "cachedContentTokenCount" -> usage.cached = walk.whole(-1);
                case "toolUsePromptTokenCount" -> usage.toolUse = walk.whole(-1);
                default -> {}
            }
        });
        return new Tokens(
                sum(usage.prompt, usage.toolUse),
                sum(usage.candidates, usage.reasoning),
                sum(usage.cached, -1),
                OptionalLong.empty(),
                sum(usage.reasoning, -1));
    }

    /** The sum of the known counts; empty if neither is known. */
    private static OptionalLong sum(long one, long other) {
        if (one < 0 && other < 0) {
            return OptionalLong.empty();
        }
        long sum = Math.max(0, one) + Math.max(0, other);
        return OptionalLong.of(sum < 0 ? Long.MAX_VALUE : sum);
    }

    /** Writes the member {@code usageMetadata}; nothing if no count is known. */
    static void write(JsonGenerator json, Tokens tokens) throws IOException {
        if (tokens.equals(Tokens.NONE)) {
            return;
        }
        json.writeObjectFieldStart("usageMetadata");
        count(json, "promptTokenCount", tokens.prompt());
        if (tokens.completion().isPresent()) {
            // Gemini counts reasoning separately.
            long reasoning = tokens.reasoning().orElse(0);
            json.writeNumberField(
                    "candidatesTokenCount", Math.max(0, tokens.completion().getAsLong() - reasoning));
        }
        count(json, "totalTokenCount", tokens.total());
        count(json, "cachedContentTokenCount", tokens.cached());
        count(json, "thoughtsTokenCount", tokens.reasoning());
        json.writeEndObject();
    }

    private static void count(JsonGenerator json, String name, OptionalLong count) throws IOException {
        if (count.isPresent()) {
            json.writeNumberField(name, count.getAsLong());
        }
    }
}
