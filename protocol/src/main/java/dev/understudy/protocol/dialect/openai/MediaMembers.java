package dev.understudy.protocol.dialect.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.understudy.protocol.neutral.Part;
import java.io.IOException;
import java.util.List;

/** Writes what an answer shows: OpenRouter's {@code images}, which others have taken over. */
final class MediaMembers {
    private MediaMembers() {}

    static void write(JsonGenerator json, List<Part.Media> media) throws IOException {
        List<Part.Media> images = media.stream()
                .filter(each -> each.kind() == Part.Media.Kind.IMAGE)
                .toList();
        if (images.isEmpty()) {
            return;
        }
        json.writeArrayFieldStart("images");
        for (Part.Media image : images) {
            new MediaWriter(json).write(image);
        }
        json.writeEndArray();
    }
}
