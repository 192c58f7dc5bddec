package dev.understudy.protocol.dialect.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.understudy.protocol.neutral.Part;
import java.io.IOException;
import java.util.List;

/** Writes where words come from; OpenAI has a home for pages only. */
final class Annotations {
    private Annotations() {}

    static void write(JsonGenerator json, List<Part.Citation> citations) throws IOException {
        List<Part.Citation> pages =
                citations.stream().filter(each -> !each.url().isEmpty()).toList();
        if (pages.isEmpty()) {
            return;
        }
        json.writeArrayFieldStart("annotations");
        for (Part.Citation page : pages) {
            json.writeStartObject();
            json.writeStringField("type", "url_citation");
            json.writeObjectFieldStart("url_citation");
            json.writeStringField("url", page.url());
            json.writeStringField("title", page.title());
            json.writeNumberField("start_index", Math.max(0, page.from()));
            json.writeNumberField("end_index", Math.max(0, page.to()));
            json.writeEndObject();
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
