package dev.understudy.protocol.dialect.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.understudy.protocol.json.JsonWalk;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.json.NameTable;
import dev.understudy.protocol.neutral.Part;
import java.io.IOException;
import java.util.List;

/** Citations, read and written; OpenAI has a member for web pages only. */
final class Annotations {
    private static final NameTable ANNOTATION = NameTable.of("url_citation");
    private static final NameTable PAGE = NameTable.of("url", "title", "content", "start_index", "end_index");

    private String url = "";
    private String title = "";
    private String quote = "";
    private int from = -1;
    private int to = -1;

    private Annotations() {}

    /** Reads the list that the walk stands on. */
    static void read(JsonWalk walk, List<Part.Citation> citations) throws MalformedJson {
        walk.array(() -> walk.object(ANNOTATION, name -> {
            if (!name.isEmpty()) {
                Annotations page = new Annotations();
                walk.object(PAGE, member -> page.member(member, walk));
                if (!page.url.isEmpty()) {
                    citations.add(page.citation());
                }
            }
        }));
    }

    private void member(String name, JsonWalk walk) throws MalformedJson {
        switch (name) {
            case "url" -> url = walk.text();
            case "title" -> title = walk.text();
            // OpenRouter's.
            case "content" -> quote = walk.text();
            case "start_index" -> from = offset(walk);
            case "end_index" -> to = offset(walk);
            default -> {}
        }
    }

    private static int offset(JsonWalk walk) throws MalformedJson {
        return Math.clamp(walk.whole(-1), -1, Integer.MAX_VALUE);
    }

    private Part.Citation citation() {
        return new Part.Citation(url, title, quote, from, to, OpenAiDialect.NAME, "");
    }

    /** Whether it can be written. */
    static boolean isPage(Part.Citation citation) {
        return !citation.url().isEmpty();
    }

    /**
     * @param from the offset of the first character that it supports
     * @param to the offset after the last one
     */
    static void write(JsonGenerator json, Part.Citation page, int from, int to) throws IOException {
        json.writeStartObject();
        members(json, page, from, to);
        json.writeEndObject();
    }

    /** The same without the braces. */
    static void members(JsonGenerator json, Part.Citation page, int from, int to) throws IOException {
        json.writeStringField("type", "url_citation");
        json.writeObjectFieldStart("url_citation");
        json.writeNumberField("start_index", from);
        json.writeNumberField("end_index", to);
        json.writeStringField("title", page.title());
        json.writeStringField("url", page.url());
        json.writeEndObject();
    }
}
