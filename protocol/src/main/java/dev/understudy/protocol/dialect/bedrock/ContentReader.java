package dev.understudy.protocol.dialect.bedrock;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.neutral.Part;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads blocks of content: objects with one member, whose name says what the block is. */
final class ContentReader {
    private ContentReader() {}

    /** @param at how to call the list in an error */
    static List<Part> parts(JsonNode content, String at) throws BadRequest {
        if (!content.isArray()) {
            throw BadRequest.invalid(at, "'" + at + "' must be a list of blocks, such as [{\"text\": \"Hello\"}].");
        }
        List<Part> parts = new ArrayList<>();
        int i = 0;
        for (JsonNode block : content) {
            String here = at + "[" + i++ + "]";
            Map.Entry<String, JsonNode> member = block.properties().stream()
                    .filter(one -> !one.getValue().isNull() && !one.getKey().equals("type"))
                    .findFirst()
                    .orElseThrow(() -> BadRequest.invalid(
                            here, "'" + here + "' must be an object with one member, such as {\"text\": \"Hello\"}."));
            part(member.getKey(), member.getValue(), block, here, parts);
        }
        return parts;
    }

    private static void part(String kind, JsonNode value, JsonNode block, String at, List<Part> parts)
            throws BadRequest {
        switch (kind) {
            case "text" -> parts.add(Part.Text.of(text(value, at + ".text")));
            case "image" -> parts.add(media(Part.Media.Kind.IMAGE, kind, value, block));
            case "document" -> parts.add(media(Part.Media.Kind.DOCUMENT, kind, value, block));
            case "audio" -> parts.add(media(Part.Media.Kind.AUDIO, kind, value, block));
            case "video" -> parts.add(media(Part.Media.Kind.VIDEO, kind, value, block));
            case "toolUse" -> parts.add(toolUse(value, block, at));
            case "toolResult" -> parts.add(toolResult(value, at));
            case "reasoningContent" -> parts.add(thinking(value));
            case "cachePoint" -> parts.add(new Part.CachePoint(value.path("ttl").asText()));
            case "citationsContent" -> parts.add(cited(value));
            case "guardContent" -> guarded(value, block, parts);
            // What a tool answers may be JSON; to everybody else it is its text.
            case "json" -> parts.add(Part.Text.of(value.toString()));
            default -> parts.add(foreign(kind, block));
        }
    }

    private static Part.Foreign foreign(String kind, JsonNode block) {
        return new Part.Foreign(BedrockDialect.NAME, kind, block.toString());
    }

    private static String text(JsonNode value, String at) throws BadRequest {
        if (!value.isTextual()) {
            throw BadRequest.invalid(at, "'" + at + "' must be a string.");
        }
        return value.asText();
    }

    private static Part media(Part.Media.Kind kind, String name, JsonNode value, JsonNode block) {
        JsonNode source = value.path("source");
        String mediaType = MediaFormats.mediaType(kind, value.path("format").asText(usualFormat(kind)));
        Optional<Part.Source> found = Optional.empty();
        if (source.path("bytes").isTextual()) {
            found = Optional.of(
                    new Part.Source.Inline(mediaType, source.path("bytes").asText()));
        } else if (source.path("text").isTextual()) {
            byte[] words = source.path("text").asText().getBytes(StandardCharsets.UTF_8);
            found = Optional.of(
                    new Part.Source.Inline("text/plain", Base64.getEncoder().encodeToString(words)));
        } else if (source.path("s3Location").path("uri").isTextual()
                && !source.path("s3Location").has("bucketOwner")) {
            found = Optional.of(new Part.Source.Stored(
                    BedrockDialect.NAME, source.path("s3Location").path("uri").asText(), mediaType));
        }
        return found.<Part>map(
                        its -> new Part.Media(kind, its, value.path("name").asText(), ""))
                .orElseGet(() -> foreign(name, block));
    }

    private static String usualFormat(Part.Media.Kind kind) {
        return switch (kind) {
            case IMAGE -> "png";
            case DOCUMENT -> "txt";
            case AUDIO -> "mp3";
            case VIDEO -> "mp4";
        };
    }

    private static Part toolUse(JsonNode value, JsonNode block, String at) throws BadRequest {
        if (value.has("type")) {
            return foreign("toolUse", block);
        }
        JsonNode input = value.path("input");
        return Part.ToolCall.of(
                text(value.path("toolUseId"), at + ".toolUse.toolUseId"),
                text(value.path("name"), at + ".toolUse.name"),
                input.isMissingNode() || input.isNull() ? "{}" : input.toString());
    }

    private static Part.ToolResult toolResult(JsonNode value, String at) throws BadRequest {
        return new Part.ToolResult(
                text(value.path("toolUseId"), at + ".toolResult.toolUseId"),
                "",
                value.path("content").isMissingNode()
                        ? List.of()
                        : parts(value.path("content"), at + ".toolResult.content"),
                value.path("status").asText().equals("error"));
    }

    private static Part.Reasoning thinking(JsonNode value) {
        JsonNode words = value.path("reasoningText");
        return new Part.Reasoning(
                words.path("text").asText(),
                words.path("signature").asText(),
                value.path("redactedContent").asText(),
                BedrockDialect.NAME);
    }

    private static Part.Text cited(JsonNode value) {
        StringBuilder words = new StringBuilder();
        value.path("content").forEach(piece -> words.append(piece.path("text").asText()));
        List<Part.Citation> citations = new ArrayList<>();
        for (JsonNode citation : value.path("citations")) {
            try {
                citations.add(AnswerReader.Citations.read(citation.toString(), words.length()));
            } catch (MalformedJson tooDeep) {
                // A source that nobody can follow; the words are what was said.
            }
        }
        return new Part.Text(words.toString(), citations);
    }

    /** What a guardrail is to look at, is part of the conversation all the same. */
    private static void guarded(JsonNode value, JsonNode block, List<Part> parts) {
        if (value.path("text").path("text").isTextual()) {
            parts.add(Part.Text.of(value.path("text").path("text").asText()));
        } else if (value.path("image").isObject()) {
            parts.add(media(Part.Media.Kind.IMAGE, "guardContent", value.path("image"), block));
        } else {
            parts.add(foreign("guardContent", block));
        }
    }
}
