package dev.understudy.protocol.dialect.bedrock;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.dialect.JsonFields;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.neutral.Part;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads content blocks: objects with one member, whose name is the block's type. */
final class ContentReader {
    private ContentReader() {}

    /** @param at the path of the list, for errors */
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
            part(member.getKey(), JsonFields.lenient(member.getValue(), here + "." + member.getKey()), block, parts);
        }
        return parts;
    }

    private static void part(String kind, JsonFields value, JsonNode block, List<Part> parts) throws BadRequest {
        switch (kind) {
            case "text" -> parts.add(Part.Text.of(text(value.json(), value.path())));
            case "image" -> parts.add(media(Part.Media.Kind.IMAGE, kind, value, block));
            case "document" -> parts.add(media(Part.Media.Kind.DOCUMENT, kind, value, block));
            case "audio" -> parts.add(media(Part.Media.Kind.AUDIO, kind, value, block));
            case "video" -> parts.add(media(Part.Media.Kind.VIDEO, kind, value, block));
            case "toolUse" -> parts.add(toolUse(value, block));
            case "toolResult" -> parts.add(toolResult(value));
            case "reasoningContent" -> parts.add(reasoning(value));
            case "cachePoint" -> parts.add(new Part.CachePoint(value.text("ttl")));
            case "citationsContent" -> parts.add(cited(value));
            case "guardContent" -> guarded(value, block, parts);
            // A tool's result may be JSON; other dialects take its text.
            case "json" -> parts.add(Part.Text.of(value.json().toString()));
            default -> parts.add(foreign(kind, block));
        }
    }

    private static Part.Foreign foreign(String kind, JsonNode block) {
        return new Part.Foreign(BedrockDialect.NAME, kind, block.toString());
    }

    private static String text(JsonNode value, String at) throws BadRequest {
        if (!value.isTextual()) {
            throw JsonFields.wrong(at, "a string");
        }
        return value.textValue();
    }

    private static Part media(Part.Media.Kind kind, String name, JsonFields value, JsonNode block) {
        JsonFields source = value.at("source");
        String format = value.text("format");
        String mediaType = MediaFormats.mediaType(kind, format.isEmpty() ? defaultFormat(kind) : format);
        JsonFields s3 = source.at("s3Location");
        Optional<Part.Source> found = Optional.empty();
        if (source.get("bytes").isTextual()) {
            found = Optional.of(new Part.Source.Inline(mediaType, source.text("bytes")));
        } else if (source.get("text").isTextual()) {
            byte[] text = source.text("text").getBytes(StandardCharsets.UTF_8);
            found = Optional.of(
                    new Part.Source.Inline("text/plain", Base64.getEncoder().encodeToString(text)));
        } else if (!s3.text("uri").isEmpty() && !s3.json().has("bucketOwner")) {
            found = Optional.of(new Part.Source.Stored(BedrockDialect.NAME, s3.text("uri"), mediaType));
        }
        return found.<Part>map(its -> new Part.Media(kind, its, value.text("name"), ""))
                .orElseGet(() -> foreign(name, block));
    }

    private static String defaultFormat(Part.Media.Kind kind) {
        return switch (kind) {
            case IMAGE -> "png";
            case DOCUMENT -> "txt";
            case AUDIO -> "mp3";
            case VIDEO -> "mp4";
        };
    }

    private static Part toolUse(JsonFields value, JsonNode block) throws BadRequest {
        if (value.json().has("type")) {
            // A call of a tool that Amazon runs.
            return foreign("toolUse", block);
        }
        return Part.ToolCall.of(
                text(value.get("toolUseId"), value.path("toolUseId")),
                text(value.get("name"), value.path("name")),
                value.has("input") ? value.get("input").toString() : "{}");
    }

    private static Part.ToolResult toolResult(JsonFields value) throws BadRequest {
        return new Part.ToolResult(
                text(value.get("toolUseId"), value.path("toolUseId")),
                "",
                value.has("content") ? parts(value.get("content"), value.path("content")) : List.of(),
                value.text("status").equals("error"));
    }

    private static Part.Reasoning reasoning(JsonFields value) {
        JsonFields text = value.at("reasoningText");
        return new Part.Reasoning(
                text.text("text"), text.text("signature"), value.text("redactedContent"), BedrockDialect.NAME);
    }

    private static Part.Text cited(JsonFields value) {
        StringBuilder text = new StringBuilder();
        value.get("content").forEach(piece -> text.append(piece.path("text").asText()));
        List<Part.Citation> citations = new ArrayList<>();
        for (JsonNode citation : value.get("citations")) {
            try {
                citations.add(AnswerReader.Citations.read(citation.toString(), text.length()));
            } catch (MalformedJson tooDeep) {
                // Only the source is lost; the text is complete without it.
            }
        }
        return new Part.Text(text.toString(), citations);
    }

    /** Content that is marked for a guardrail is part of the conversation all the same. */
    private static void guarded(JsonFields value, JsonNode block, List<Part> parts) {
        if (value.at("text").get("text").isTextual()) {
            parts.add(Part.Text.of(value.at("text").text("text")));
        } else if (value.get("image").isObject()) {
            parts.add(media(Part.Media.Kind.IMAGE, "guardContent", value.at("image"), block));
        } else {
            parts.add(foreign("guardContent", block));
        }
    }
}
