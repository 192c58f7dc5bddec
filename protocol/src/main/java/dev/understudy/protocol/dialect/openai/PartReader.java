package dev.understudy.protocol.dialect.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.Part.Media;
import dev.understudy.protocol.neutral.Part.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads the content of a message: a string, or parts. */
final class PartReader {

    private PartReader() {}

    static List<Part> content(JsonNode content, String field) throws BadRequest {
        List<Part> parts = new ArrayList<>();
        if (content.isTextual()) {
            if (!content.asText().isEmpty()) {
                parts.add(Part.Text.of(content.asText()));
            }
        } else if (content.isArray()) {
            int index = 0;
            for (JsonNode part : content) {
                parts.add(part(part, field + "[" + index++ + "]"));
                cachePoint(part, parts);
            }
        } else if (!content.isNull() && !content.isMissingNode()) {
            throw BadRequest.invalid(field, "'" + field + "' must be a string or a list of parts.");
        }
        return parts;
    }

    /** Anthropic's mark, which OpenRouter and LiteLLM take too. */
    static void cachePoint(JsonNode marked, List<Part> parts) {
        JsonNode mark = marked.path("cache_control");
        if (mark.isObject()) {
            parts.add(new Part.CachePoint(mark.path("ttl").asText("")));
        }
    }

    private static Part part(JsonNode part, String field) throws BadRequest {
        if (part.isTextual()) {
            return Part.Text.of(part.asText());
        }
        String type = part.path("type").asText("");
        return switch (type) {
            case "text", "input_text", "output_text" ->
                Part.Text.of(part.path("text").asText(""));
            case "refusal" -> new Part.Refusal(part.path("refusal").asText(""));
            case "image_url" -> image(part.path("image_url"), field);
            case "video_url" -> Media.of(Media.Kind.VIDEO, DataUrl.source(url(part, type, field)));
            case "document_url" -> Media.of(Media.Kind.DOCUMENT, DataUrl.source(url(part, type, field)));
            case "input_audio" -> audio(part.path("input_audio"), field);
            case "file" -> file(part.path("file"), field);
            case "thinking" -> new Part.Reasoning(thoughts(part.path("thinking")), "", "", OpenAiDialect.NAME);
            case "" -> throw BadRequest.missing(field + ".type", "'" + field + "' has no 'type', such as \"text\".");
            default -> new Part.Foreign(OpenAiDialect.NAME, type, part.toString());
        };
    }

    /** An object with an {@code url}, or, at Mistral, the address itself. */
    private static String url(JsonNode part, String name, String field) throws BadRequest {
        JsonNode value = part.path(name);
        String url = value.isTextual() ? value.asText() : value.path("url").asText("");
        if (url.isEmpty()) {
            throw BadRequest.missing(field + "." + name, "'" + field + "." + name + "' has no 'url'.");
        }
        return url;
    }

    private static Part image(JsonNode image, String field) throws BadRequest {
        String url = image.isTextual() ? image.asText() : image.path("url").asText("");
        if (url.isEmpty()) {
            throw BadRequest.missing(field + ".image_url.url", "'" + field + ".image_url' has no 'url'.");
        }
        return new Media(
                Media.Kind.IMAGE, DataUrl.source(url), "", image.path("detail").asText(""));
    }

    private static Part audio(JsonNode audio, String field) throws BadRequest {
        String data = audio.path("data").asText("");
        if (data.isEmpty()) {
            throw BadRequest.missing(field + ".input_audio.data", "'" + field + ".input_audio' has no 'data'.");
        }
        String format = audio.path("format").asText("wav").toLowerCase(Locale.ROOT);
        String mediaType = "audio/" + (format.equals("mp3") ? "mpeg" : format);
        return Media.of(Media.Kind.AUDIO, new Source.Inline(mediaType, data));
    }

    private static Part file(JsonNode file, String field) throws BadRequest {
        String name = file.path("filename").asText("");
        String data = file.path("file_data").asText("");
        String id = file.path("file_id").asText("");
        Source source;
        if (!data.isEmpty()) {
            boolean address = data.startsWith("data:") || data.startsWith("http");
            source = address ? DataUrl.source(data) : new Source.Inline("application/pdf", data);
        } else if (id.isEmpty()) {
            throw BadRequest.missing(field + ".file", "'" + field + ".file' has neither 'file_data' nor 'file_id'.");
        } else {
            source = new Source.Stored(OpenAiDialect.NAME, id, "");
        }
        Media.Kind kind =
                source instanceof Source.Inline inline ? DataUrl.kind(inline.mediaType()) : Media.Kind.DOCUMENT;
        return new Media(kind, source, name, "");
    }

    /** A string, or parts at Mistral. */
    private static String thoughts(JsonNode thinking) {
        if (thinking.isTextual()) {
            return thinking.asText();
        }
        StringBuilder text = new StringBuilder();
        thinking.forEach(part -> text.append(part.path("text").asText("")));
        return text.toString();
    }
}
