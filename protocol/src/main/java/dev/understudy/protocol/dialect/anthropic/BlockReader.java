package dev.understudy.protocol.dialect.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.dialect.JsonFields;
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
 * Reads the content of a request: a string, or a list of blocks. A {@code cache_control} becomes a cache point after
 * its block. A block of a type that only Anthropic has is kept whole, with its cache point.
 */
final class BlockReader {
    private final List<Part> parts = new ArrayList<>();

    private BlockReader() {}

    /** @param field the path of the content, for errors */
    static List<Part> parts(JsonNode content, String field) throws BadRequest {
        if (content.isMissingNode() || content.isNull()) {
            return List.of();
        }
        if (content.isTextual()) {
            return content.textValue().isEmpty() ? List.of() : List.of(Part.Text.of(content.textValue()));
        }
        if (!content.isArray()) {
            throw JsonFields.wrong(field, "a string or a list of blocks");
        }
        BlockReader reader = new BlockReader();
        for (int i = 0; i < content.size(); i++) {
            reader.block(content.get(i), field + "[" + i + "]");
        }
        return reader.parts;
    }

    private void block(JsonNode json, String field) throws BadRequest {
        if (!json.isObject()) {
            throw JsonFields.wrong(field, "a block, such as {\"type\": \"text\", …}");
        }
        JsonFields block = JsonFields.of(json, field);
        String type = block.text("type");
        switch (type) {
            case "" -> throw block.missing("type");
            case "text" -> parts.add(new Part.Text(block.text("text"), citations(block)));
            case "image" -> image(block);
            case "document" -> document(block);
            case "tool_use" ->
                parts.add(Part.ToolCall.of(block.text("id"), block.text("name"), input(block.get("input"))));
            case "tool_result" ->
                parts.add(new Part.ToolResult(
                        block.text("tool_use_id"),
                        "",
                        parts(block.get("content"), block.path("content")),
                        block.optionalFlag("is_error").orElse(false)));
            case "thinking" ->
                parts.add(
                        new Part.Reasoning(block.text("thinking"), block.text("signature"), "", AnthropicDialect.NAME));
            case "redacted_thinking" ->
                parts.add(new Part.Reasoning("", "", block.text("data"), AnthropicDialect.NAME));
            default -> foreign(type, block);
        }
        if (!(parts.getLast() instanceof Part.Foreign)
                && block.get("cache_control").isObject()) {
            parts.add(new Part.CachePoint(block.at("cache_control").text("ttl")));
        }
    }

    private void foreign(String type, JsonFields block) {
        parts.add(new Part.Foreign(AnthropicDialect.NAME, type, block.json().toString()));
    }

    private void image(JsonFields block) {
        source(block.at("source"), "image/*")
                .ifPresentOrElse(
                        source -> parts.add(Media.of(Media.Kind.IMAGE, source)), () -> foreign("image", block));
    }

    /** A document's context becomes a text before it. Its citation setting is dropped: no other vendor has one. */
    private void document(JsonFields block) {
        Optional<Source> source = source(block.at("source"), "application/pdf");
        if (source.isEmpty()) {
            foreign("document", block);
            return;
        }
        String context = block.text("context");
        if (!context.isEmpty()) {
            parts.add(Part.Text.of(context));
        }
        parts.add(new Media(Media.Kind.DOCUMENT, source.get(), block.text("title"), ""));
    }

    /** Empty for a source that only Anthropic has, such as a document made of blocks. */
    private static Optional<Source> source(JsonFields source, String defaultType) {
        return switch (source.text("type")) {
            case "base64" -> Optional.of(new Source.Inline(mediaType(source, defaultType), source.text("data")));
            case "text" ->
                Optional.of(new Source.Inline(
                        mediaType(source, "text/plain"),
                        Base64.getEncoder().encodeToString(source.text("data").getBytes(StandardCharsets.UTF_8))));
            case "url" -> Optional.of(new Source.Url(source.text("url")));
            case "file" -> Optional.of(new Source.Stored(AnthropicDialect.NAME, source.text("file_id"), ""));
            default -> Optional.empty();
        };
    }

    private static String mediaType(JsonFields source, String defaultType) {
        String type = source.text("media_type");
        return type.isEmpty() ? defaultType : type;
    }

    private static String input(JsonNode input) {
        return input.isMissingNode() ? "{}" : input.toString();
    }

    private static List<Part.Citation> citations(JsonFields block) {
        List<Part.Citation> citations = new ArrayList<>();
        for (JsonNode citation : block.get("citations")) {
            citation(citation).ifPresent(citations::add);
        }
        return citations;
    }

    private static Optional<Part.Citation> citation(JsonNode citation) {
        try {
            return Optional.of(AnswerReader.Citations.of(citation.toString()));
        } catch (MalformedJson deeperThanAnyCitation) {
            // Only the source is lost; the text is complete without it.
            return Optional.empty();
        }
    }
}
