package dev.understudy.protocol.dialect.bedrock;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.understudy.protocol.json.JsonWalk;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.json.NameTable;
import dev.understudy.protocol.neutral.Tokens;
import java.io.IOException;
import java.util.OptionalLong;

/**
 * Reads and writes {@code usage}. Tokens that were read from or written to the cache are not part of {@code
 * inputTokens}: the prompt is the sum of the three.
 *
 * @see <a href="https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html">Prompt caching</a>
 */
final class UsageReader {
    private static final NameTable NAMES =
            NameTable.of("inputTokens", "outputTokens", "cacheReadInputTokens", "cacheWriteInputTokens");

    private long input = -1;
    private long output = -1;
    private long read = -1;
    private long written = -1;

    private UsageReader() {}

    static Tokens read(JsonWalk walk) throws MalformedJson {
        UsageReader usage = new UsageReader();
        walk.object(NAMES, name -> {
            switch (name) {
                case "inputTokens" -> usage.input = walk.whole(-1);
                case "outputTokens" -> usage.output = walk.whole(-1);
                case "cacheReadInputTokens" -> usage.read = walk.whole(-1);
                case "cacheWriteInputTokens" -> usage.written = walk.whole(-1);
                default -> {}
            }
        });
        return usage.tokens();
    }

    private Tokens tokens() {
        return new Tokens(
                input < 0 ? OptionalLong.empty() : OptionalLong.of(input + Math.max(0, read) + Math.max(0, written)),
                known(output),
                known(read),
                known(written),
                OptionalLong.empty());
    }

    private static OptionalLong known(long count) {
        return count < 0 ? OptionalLong.empty() : OptionalLong.of(count);
    }

    /** Writes the member {@code usage}. Clients require its counts, so an unknown one is 0. */
    static void write(JsonGenerator json, Tokens tokens) throws IOException {
        long cached = tokens.cached().orElse(0);
        long written = tokens.cacheWritten().orElse(0);
        json.writeObjectFieldStart("usage");
        json.writeNumberField("inputTokens", Math.max(0, tokens.prompt().orElse(0) - cached - written));
        json.writeNumberField("outputTokens", tokens.completion().orElse(0));
        json.writeNumberField("totalTokens", tokens.total().orElse(0));
        if (tokens.cached().isPresent()) {
            json.writeNumberField("cacheReadInputTokens", cached);
        }
        if (tokens.cacheWritten().isPresent()) {
            json.writeNumberField("cacheWriteInputTokens", written);
        }
        json.writeEndObject();
    }
}
