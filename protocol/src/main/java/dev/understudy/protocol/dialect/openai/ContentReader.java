package dev.understudy.protocol.dialect.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.neutral.Part;
import java.util.List;

/** Reads the content of a message: a string, or parts. */
final class ContentReader {
    private ContentReader() {}

    static void read(JsonNode content, String field, List<Part> parts) throws BadRequest {
        if (content.isTextual()) {
            if (!content.textValue().isEmpty()) {
                parts.add(Part.Text.of(content.textValue()));
            }
            return;
        }
        if (RequestReader.isAbsent(content)) {
            return;
        }
        if (!content.isArray()) {
            throw BadRequest.invalid(field, "'" + field + "' must be a string or a list of parts.");
        }
        for (int i = 0; i < content.size(); i++) {
            part(content.get(i), field + "[" + i + "]", parts);
        }
    }

    private static void part(JsonNode part, String field, List<Part> parts) throws BadRequest {
        if (part.isTextual()) {
            parts.add(Part.Text.of(part.textValue()));
            return;
        }
        String type = part.path("type").asText("");
        switch (type) {
            case "text", "input_text", "output_text" ->
                parts.add(Part.Text.of(part.path("text").asText("")));
            case "refusal" -> parts.add(new Part.Refusal(part.path("refusal").asText("")));
            case "image_url", "input_image" -> parts.add(image(part.path("image_url"), field));
            case "input_audio" -> parts.add(audio(part.path("input_audio")));
            case "file" -> parts.add(file(part.path("file"), field));
            default -> parts.add(new Part.Foreign(OpenAiDialect.NAME, type, part.toString()));
        }
        if (part.path("cache_control").isObject()) {
            parts.add(new Part.CachePoint(part.path("cache_control").path("ttl").asText("")));
        }
    }

    private static Part image(JsonNode image, String field) throws BadRequest {
        String url = image.isTextual() ? image.textValue() : image.path("url").asText("");
        if (url.isEmpty()) {
            throw BadRequest.missing(field + ".image_url", "'" + field + "' names no image_url.");
        }
        return new Part.Media(
                Part.Media.Kind.IMAGE,
                DataUrl.source(url, "image/png"),
                "",
                image.path("detail").asText(""));
    }

    private static Part audio(JsonNode audio) {
        String format = audio.path("format").asText("wav");
        String type = format.equals("mp3") ? "audio/mpeg" : "audio/" + format;
        return Part.Media.of(
                Part.Media.Kind.AUDIO,
                new Part.Source.Inline(type, audio.path("data").asText("")));
    }

    private static Part file(JsonNode file, String field) throws BadRequest {
        String name = file.path("filename").asText("");
        if (file.path("file_id").isTextual()) {
            return new Part.Media(
                    Part.Media.Kind.DOCUMENT,
                    new Part.Source.Stored(
                            OpenAiDialect.NAME, file.path("file_id").textValue(), ""),
                    name,
                    "");
        }
        String data = file.path("file_data").asText("");
        if (data.isEmpty()) {
            throw BadRequest.missing(field + ".file", "'" + field + "' has neither file_data nor file_id.");
        }
        Part.Source source = DataUrl.source(data, "application/pdf");
        boolean image = source instanceof Part.Source.Inline inline
                && inline.mediaType().startsWith("image/");
        return new Part.Media(image ? Part.Media.Kind.IMAGE : Part.Media.Kind.DOCUMENT, source, name, "");
    }
}
