package dev.understudy.protocol.dialect.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.Part.Media;
import dev.understudy.protocol.neutral.Part.Source;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Reads the content of a request: a string, or blocks. A {@code cache_control} becomes a point of its own behind the
 * block. AnswerWriter.BlockWriter of types that only Anthropic knows stay as they are, their cache points included.
 */
final class BlockReader {
    private final List<Part> parts = new ArrayList<>();

    private BlockReader() {}

    /** @param field what to call it in an error */
    static List<Part> parts(JsonNode content, String field) throws BadRequest {
        if (content.isMissingNode() || content.isNull()) {
            return List.of();
        }
        if (content.isTextual()) {
            return content.textValue().isEmpty() ? List.of() : List.of(Part.Text.of(content.textValue()));
        }
        if (!content.isArray()) {
            throw BadRequest.invalid(field, "'" + field + "' must be a string or a list of blocks.");
        }
        BlockReader reader = new BlockReader();
        for (int i = 0; i < content.size(); i++) {
            reader.block(content.get(i), field + "[" + i + "]");
        }
        return reader.parts;
    }

    private void block(JsonNode block, String field) throws BadRequest {
        if (!block.isObject()) {
            throw BadRequest.invalid(field, "'" + field + "' must be a block, such as {\"type\": \"text\", …}.");
        }
        String type = block.path("type").asText("");
        switch (type) {
            case "" -> throw BadRequest.missing(field + ".type", "'" + field + "' has no 'type'.");
            case "text" -> parts.add(new Part.Text(text(block, "text"), citations(block)));
            case "image" -> image(block);
            case "document" -> document(block);
            case "tool_use" ->
                parts.add(Part.ToolCall.of(text(block, "id"), text(block, "name"), input(block.path("input"))));
            case "tool_result" ->
                parts.add(new Part.ToolResult(
                        text(block, "tool_use_id"),
                        "",
                        parts(block.path("content"), field + ".content"),
                        block.path("is_error").booleanValue()));
            case "thinking" ->
                parts.add(new Part.Reasoning(
                        text(block, "thinking"), text(block, "signature"), "", AnthropicDialect.NAME));
            case "redacted_thinking" ->
                parts.add(new Part.Reasoning("", "", text(block, "data"), AnthropicDialect.NAME));
            default -> foreign(type, block);
        }
        if (!(parts.getLast() instanceof Part.Foreign)) {
            cachePoint(block.path("cache_control"));
        }
    }

    private void cachePoint(JsonNode control) {
        if (control.isObject()) {
            parts.add(new Part.CachePoint(control.path("ttl").asText("")));
        }
    }

    private void foreign(String type, JsonNode block) {
        parts.add(new Part.Foreign(AnthropicDialect.NAME, type, block.toString()));
    }

    private void image(JsonNode block) {
        source(block.path("source"), "image/*")
                .ifPresentOrElse(
                        source -> parts.add(Media.of(Media.Kind.IMAGE, source)), () -> foreign("image", block));
    }

    /** What its caller says of a document is said before it; the wish for citations is one that others do not know. */
    private void document(JsonNode block) {
        Optional<Source> source = source(block.path("source"), "application/pdf");
        if (source.isEmpty()) {
            foreign("document", block);
            return;
        }
        String context = text(block, "context");
        if (!context.isEmpty()) {
            parts.add(Part.Text.of(context));
        }
        parts.add(new Media(Media.Kind.DOCUMENT, source.get(), text(block, "title"), ""));
    }

    /** Empty for one that only Anthropic has, such as a document made of blocks. */
    private static Optional<Source> source(JsonNode source, String usual) {
        return switch (source.path("type").asText("")) {
            case "base64" -> Optional.of(new Source.Inline(mediaType(source, usual), text(source, "data")));
            case "text" ->
                Optional.of(new Source.Inline(
                        mediaType(source, "text/plain"),
                        Base64.getEncoder().encodeToString(text(source, "data").getBytes(StandardCharsets.UTF_8))));
            case "url" -> Optional.of(new Source.Url(text(source, "url")));
            case "file" -> Optional.of(new Source.Stored(AnthropicDialect.NAME, text(source, "file_id"), ""));
            default -> Optional.empty();
        };
    }

    private static String mediaType(JsonNode source, String usual) {
        String type = text(source, "media_type");
        return type.isEmpty() ? usual : type;
    }

    private static String input(JsonNode input) {
        return input.isMissingNode() || input.isNull() ? "{}" : input.toString();
    }

    private static List<Part.Citation> citations(JsonNode block) {
        List<Part.Citation> citations = new ArrayList<>();
        for (JsonNode citation : block.path("citations")) {
            citation(citation).ifPresent(citations::add);
        }
        return citations;
    }

    private static Optional<Part.Citation> citation(JsonNode citation) {
        try {
            return Optional.of(AnswerReader.Citations.of(citation.toString()));
        } catch (MalformedJson deeperThanAnyCitation) {
            // It only tells where words come from; the words are there.
            return Optional.empty();
        }
    }

    private static String text(JsonNode node, String name) {
        JsonNode value = node.path(name);
        return value.isTextual() ? value.textValue() : "";
    }
}
