package dev.understudy.protocol.dialect.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.understudy.protocol.neutral.Part;
import java.io.IOException;

/** Writes images, files and recordings as parts of a message. */
final class MediaWriter {
    private final JsonGenerator json;

    MediaWriter(JsonGenerator json) {
        this.json = json;
    }

    void write(Part.Media media) throws IOException {
        switch (media.kind()) {
            case IMAGE -> image(media);
            case AUDIO -> audio(media);
            case DOCUMENT, VIDEO -> document(media);
        }
    }

    private void image(Part.Media media) throws IOException {
        json.writeStartObject();
        switch (media.source()) {
            case Part.Source.Stored stored -> stored(stored);
            case Part.Source.Url url -> imageUrl(url.url(), media.detail());
            case Part.Source.Inline inline -> imageUrl(DataUrl.of(inline), media.detail());
        }
        json.writeEndObject();
    }

    private void imageUrl(String url, String detail) throws IOException {
        json.writeStringField("type", "image_url");
        json.writeObjectFieldStart("image_url");
        json.writeStringField("url", url);
        if (!detail.isEmpty()) {
            json.writeStringField("detail", detail);
        }
        json.writeEndObject();
    }

    private void stored(Part.Source.Stored stored) throws IOException {
        json.writeStringField("type", "file");
        json.writeObjectFieldStart("file");
        json.writeStringField("file_id", stored.id());
        json.writeEndObject();
    }

    private void audio(Part.Media media) throws IOException {
        json.writeStartObject();
        json.writeStringField("type", "input_audio");
        json.writeObjectFieldStart("input_audio");
        if (media.source() instanceof Part.Source.Inline inline) {
            json.writeStringField("data", inline.base64());
            json.writeStringField("format", inline.mediaType().contains("mp") ? "mp3" : "wav");
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private void document(Part.Media media) throws IOException {
        json.writeStartObject();
        if (media.source() instanceof Part.Source.Stored stored) {
            stored(stored);
        } else if (media.source() instanceof Part.Source.Inline inline) {
            json.writeStringField("type", "file");
            json.writeObjectFieldStart("file");
            json.writeStringField("filename", media.name().isEmpty() ? "document.pdf" : media.name());
            json.writeStringField("file_data", DataUrl.of(inline));
            json.writeEndObject();
        }
        json.writeEndObject();
    }
}
