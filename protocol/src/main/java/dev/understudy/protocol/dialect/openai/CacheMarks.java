package dev.understudy.protocol.dialect.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.understudy.protocol.dialect.ModelTraits;
import dev.understudy.protocol.neutral.NeutralRequest;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.Tools;
import java.io.IOException;
import java.util.Optional;

/**
 * Anthropic's {@code cache_control} in a request for a Claude model at a host that forwards it. Anthropic accepts four; those of
 * tools come first, since the tools precede the messages in the prompt. Everywhere else none is written: OpenAI and others cache
 * without being told, and some refuse the member.
 *
 * @see <a href="https://openrouter.ai/docs/features/prompt-caching">OpenRouter: prompt caching</a>
 */
final class CacheMarks {
    private static final int MOST = 4;

    private final int inTools;
    private int inMessages;

    CacheMarks(NeutralRequest request, ModelTraits traits) {
        boolean taken = traits.has(ModelTraits.Flag.CACHE_MARKS) && traits.vendor() == ModelTraits.Vendor.ANTHROPIC;
        long marked = request.tools().tools().stream()
                .filter(tool -> tool instanceof Tools.Function function
                        && function.cachePoint().isPresent())
                .count();
        inTools = taken ? (int) Math.min(MOST, marked) : 0;
        inMessages = taken ? MOST - inTools : 0;
    }

    /** How many functions have a mark, from the first one on. */
    int inTools() {
        return inTools;
    }

    /** The mark of a message's part, if there may be one more. */
    Optional<Part.CachePoint> next(Part.CachePoint point) {
        return inMessages-- > 0 ? Optional.of(point) : Optional.empty();
    }

    static void write(JsonGenerator json, Part.CachePoint point) throws IOException {
        json.writeObjectFieldStart("cache_control");
        json.writeStringField("type", "ephemeral");
        if (point.ttl().equals("5m") || point.ttl().equals("1h")) {
            json.writeStringField("ttl", point.ttl());
        }
        json.writeEndObject();
    }
}
