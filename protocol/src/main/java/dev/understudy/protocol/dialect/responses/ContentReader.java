package dev.understudy.protocol.dialect.responses;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.Part.Media;
import dev.understudy.protocol.neutral.Part.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads the content of a message or of a function's output: a text, or a list of parts. */
final class ContentReader {
    private final List<Part> parts = new ArrayList<>();
    private boolean unknown;

    private ContentReader() {}

    /**
     * Reads the parts.
     *
     * @param content a string or a list
     * @param path where it stands
     * @return empty if one of them is of a type that only OpenAI knows
     */
    static Optional<List<Part>> read(JsonNode content, String path) throws BadRequest {
        ContentReader reader = new ContentReader();
        reader.content(content, path);
        return reader.unknown ? Optional.empty() : Optional.of(reader.parts);
    }

    /** The same for what the assistant said: what nobody knows is left out. */
    static List<Part> known(JsonNode content, String path) throws BadRequest {
        ContentReader reader = new ContentReader();
        reader.content(content, path);
        return reader.parts;
    }

    private void content(JsonNode content, String path) throws BadRequest {
        if (content.isTextual()) {
            parts.add(Part.Text.of(content.textValue()));
            return;
        }
        if (content.isNull() || content.isMissingNode()) {
            return;
        }
        if (!content.isArray()) {
            throw Fields.wrong(path, "a text or a list of parts");
        }
        for (int i = 0; i < content.size(); i++) {
            part(Fields.of(content.get(i), path + "[" + i + "]"));
        }
    }

    private void part(Fields part) throws BadRequest {
        switch (part.needed("type")) {
            case "input_text", "text", "summary_text" -> parts.add(Part.Text.of(part.text("text")));
            case "output_text" -> parts.add(new Part.Text(part.text("text"), citations(part.node("annotations"))));
            case "refusal" -> parts.add(new Part.Refusal(part.text("refusal")));
            case "input_image" -> parts.add(image(part));
            case "input_file" -> parts.add(file(part));
            case "input_audio" -> parts.add(audio(part));
            default -> unknown = true;
        }
        if (part.node("prompt_cache_breakpoint").isObject()) {
            parts.add(new Part.CachePoint(
                    part.node("prompt_cache_breakpoint").path("ttl").asText("")));
        }
    }

    private static List<Part.Citation> citations(JsonNode annotations) {
        List<Part.Citation> citations = new ArrayList<>();
        for (JsonNode annotation : annotations) {
            if (annotation.isObject()) {
                citations.add(Citations.of(annotation.toString()));
            }
        }
        return citations;
    }

    private static Media image(Fields part) throws BadRequest {
        Source source = part.has("file_id") ? stored(part) : address(part.needed("image_url"), "image/png");
        return new Media(Media.Kind.IMAGE, source, "", part.text("detail"));
    }

    private static Media file(Fields part) throws BadRequest {
        String name = part.text("filename");
        Source source;
        if (part.has("file_id")) {
            source = stored(part);
        } else if (part.has("file_url")) {
            source = new Source.Url(part.text("file_url"));
        } else {
            String data = part.needed("file_data");
            // The reference calls it base64; the guide and the servers want a data URL.
            source = data.startsWith("data:")
                    ? address(data, "application/pdf")
                    : new Source.Inline("application/pdf", data);
        }
        return new Media(Media.Kind.DOCUMENT, source, name, part.text("detail"));
    }

    private static Media audio(Fields part) throws BadRequest {
        Fields audio = Fields.of(part.node("input_audio"), part.path("input_audio"));
        String format = audio.needed("format").toLowerCase(Locale.ROOT);
        String type = format.equals("mp3") ? "audio/mpeg" : "audio/" + format;
        return Media.of(Media.Kind.AUDIO, new Source.Inline(type, audio.needed("data")));
    }

    private static Source stored(Fields part) throws BadRequest {
        return new Source.Stored(ResponsesDialect.NAME, part.text("file_id"), "");
    }

    /** A URL; what one of {@code data:} holds is in it. */
    private static Source address(String url, String usualType) {
        int comma = url.indexOf(',');
        if (!url.startsWith("data:") || comma < 0 || !url.substring(0, comma).endsWith(";base64")) {
            return new Source.Url(url);
        }
        String type = url.substring("data:".length(), url.indexOf(';'));
        return new Source.Inline(type.isEmpty() ? usualType : type, url.substring(comma + 1));
    }
}
