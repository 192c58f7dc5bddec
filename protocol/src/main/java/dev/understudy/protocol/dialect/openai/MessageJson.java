package dev.understudy.protocol.dialect.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.understudy.protocol.dialect.RequestContext;
import dev.understudy.protocol.dialect.ToolCallIds;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.Tokens;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** Pieces of JSON that whole answers and chunks have in common. */
final class MessageJson {

    private MessageJson() {}

    /** An answer's own id, or one that is made of the request, where the vendor has none. */
    static String id(String id, RequestContext context) {
        if (!id.isEmpty()) {
            return id;
        }
        byte[] seed = (new String(context.body(), StandardCharsets.ISO_8859_1) + context.now())
                .getBytes(StandardCharsets.ISO_8859_1);
        return "chatcmpl-" + UUID.nameUUIDFromBytes(seed).toString().replace("-", "");
    }

    /** A call's own id, or one that is unique among those of all answers. */
    static String callId(String id, String answer, int choice, int call) {
        return id.isEmpty() ? ToolCallIds.ofAnswer(answer, choice, call) : id;
    }

    /** LiteLLM's form of Anthropic's reasoning; the origin is written where it is another vendor. */
    static void thinkingBlock(JsonGenerator json, Part.Reasoning reasoning) throws IOException {
        json.writeStartObject();
        thinkingMembers(json, reasoning);
        json.writeEndObject();
    }

    /** The same without the braces. */
    static void thinkingMembers(JsonGenerator json, Part.Reasoning reasoning) throws IOException {
        if (reasoning.hidden().isEmpty()
                || !reasoning.text().isEmpty()
                || !reasoning.signature().isEmpty()) {
            json.writeStringField("type", "thinking");
            json.writeStringField("thinking", reasoning.text());
            json.writeStringField("signature", reasoning.signature());
        } else {
            json.writeStringField("type", "redacted_thinking");
        }
        if (!reasoning.hidden().isEmpty()) {
            json.writeStringField("data", reasoning.hidden());
        }
        if (!reasoning.origin().equals("anthropic")) {
            json.writeStringField("origin", reasoning.origin());
        }
    }

    /** What Google's own endpoint for Chat Completions puts beside a call. */
    static void signature(JsonGenerator json, String signature) throws IOException {
        if (!signature.isEmpty()) {
            json.writeObjectFieldStart("extra_content");
            json.writeObjectFieldStart("google");
            json.writeStringField("thought_signature", signature);
            json.writeEndObject();
            json.writeEndObject();
        }
    }

    /** Whether an image can be shown: what is stored at a vendor is known to that vendor only. */
    static boolean isShown(Part.Media media) {
        return media.kind() == Part.Media.Kind.IMAGE && !(media.source() instanceof Part.Source.Stored);
    }

    /** An image as OpenRouter sends it. */
    static void image(JsonGenerator json, Part.Media media) throws IOException {
        json.writeStartObject();
        imageMembers(json, media);
        json.writeEndObject();
    }

    /** The same without the braces. */
    static void imageMembers(JsonGenerator json, Part.Media media) throws IOException {
        json.writeStringField("type", "image_url");
        json.writeObjectFieldStart("image_url");
        json.writeStringField("url", url(media.source()));
        json.writeEndObject();
    }

    private static String url(Part.Source source) {
        return switch (source) {
            case Part.Source.Url url -> url.url();
            case Part.Source.Inline inline -> DataUrl.of(inline);
            case Part.Source.Stored stored -> stored.id();
        };
    }

    /** {@code usage}; nothing where nothing was counted. */
    static void usage(JsonGenerator json, Tokens tokens) throws IOException {
        if (tokens.total().isEmpty()) {
            return;
        }
        json.writeObjectFieldStart("usage");
        json.writeNumberField("prompt_tokens", tokens.prompt().orElse(0));
        json.writeNumberField("completion_tokens", tokens.completion().orElse(0));
        json.writeNumberField("total_tokens", tokens.total().orElse(0));
        if (tokens.cached().isPresent() || tokens.cacheWritten().isPresent()) {
            json.writeObjectFieldStart("prompt_tokens_details");
            json.writeNumberField("cached_tokens", tokens.cached().orElse(0));
            if (tokens.cacheWritten().isPresent()) {
                // OpenRouter's name; OpenAI has none.
                json.writeNumberField(
                        "cache_write_tokens", tokens.cacheWritten().getAsLong());
            }
            json.writeEndObject();
        }
        if (tokens.reasoning().isPresent()) {
            json.writeObjectFieldStart("completion_tokens_details");
            json.writeNumberField("reasoning_tokens", tokens.reasoning().getAsLong());
            json.writeEndObject();
        }
        json.writeEndObject();
    }
}
