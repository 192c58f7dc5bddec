package dev.understudy.protocol.dialect.responses;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.understudy.protocol.json.JsonWalk;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.json.NameTable;
import dev.understudy.protocol.neutral.Part.Citation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Annotations of a text: where its words come from. OpenAI does not say in what its offsets are counted; they are taken
 * as they are.
 */
final class Citations {
    private static final NameTable MEMBERS = NameTable.of("url", "title", "filename", "start_index", "end_index");

    private String url = "";
    private String title = "";
    private long from = -1;
    private long to = -1;

    private Citations() {}

    /** Reads an annotation. */
    static Citation of(String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        JsonWalk walk = new JsonWalk(Depths.DEEPEST);
        Citations found = new Citations();
        try {
            walk.over(bytes, 0, bytes.length);
            found.read(walk);
        } catch (MalformedJson impossible) {
            // It was cut out of well-formed JSON; and if not, the caller still gets it whole.
            found.url = "";
        }
        return new Citation(
                found.url, found.title, "", offset(found.from), offset(found.to), ResponsesDialect.NAME, json);
    }

    private void read(JsonWalk walk) throws MalformedJson {
        walk.object(MEMBERS, name -> {
            switch (name) {
                case "url" -> url = walk.text();
                case "title", "filename" -> title = walk.text();
                case "start_index" -> from = walk.whole(-1);
                case "end_index" -> to = walk.whole(-1);
                default -> {}
            }
        });
    }

    private static int offset(long said) {
        return said < 0 || said > Integer.MAX_VALUE ? -1 : (int) said;
    }

    /** Whether it can be said in this dialect: what is not OpenAI's own needs an address. */
    static boolean isWritable(Citation citation) {
        return isOwn(citation) || !citation.url().isEmpty();
    }

    private static boolean isOwn(Citation citation) {
        return citation.dialect().equals(ResponsesDialect.NAME)
                && !citation.json().isEmpty();
    }

    /**
     * Writes an annotation.
     *
     * @param textLength how long the text is so far; what a source backs without saying which words, backs all of them
     */
    static void write(JsonGenerator json, Citation citation, int textLength) throws IOException {
        if (isOwn(citation)) {
            RawJson.write(json, citation.json());
            return;
        }
        json.writeStartObject();
        json.writeStringField("type", "url_citation");
        json.writeStringField("url", citation.url());
        json.writeStringField("title", citation.title());
        json.writeNumberField("start_index", Math.max(0, citation.from()));
        json.writeNumberField("end_index", citation.to() < 0 ? textLength : citation.to());
        json.writeEndObject();
    }
}
