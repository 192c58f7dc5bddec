package dev.understudy.protocol.dialect.responses;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.json.JsonWalk;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.json.NameTable;
import dev.understudy.protocol.neutral.Part.Citation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Reads and writes the annotations of a text: its citations. OpenAI does not document the unit of their offsets; they
 * are copied.
 */
final class Annotations {
    private static final NameTable MEMBERS = NameTable.of("url", "title", "filename", "start_index", "end_index");

    private String url = "";
    private String title = "";
    private long from = -1;
    private long to = -1;

    private Annotations() {}

    /** Reads an annotation. */
    static Citation of(String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        JsonWalk walk = new JsonWalk(ResponsesDialect.MAX_DEPTH);
        Annotations found = new Annotations();
        try {
            walk.over(bytes, 0, bytes.length);
            found.read(walk);
        } catch (MalformedJson impossible) {
            // It was cut out of well-formed JSON, and the caller still gets it whole.
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

    /** Whether this dialect can express it: a citation of another dialect needs a URL. */
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
     * @param textLength the length of the text so far, which a source without offsets covers
     */
    static void write(JsonGenerator json, Citation citation, int textLength) throws IOException {
        if (isOwn(citation)) {
            Output.RawJson.write(json, citation.json());
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

    /**
     * Log probabilities: a list here, and the same list as {@code content} of an object in Chat Completions and in the
     * neutral form.
     */
    static final class Logprobs {

        private Logprobs() {}

        /** The neutral form of a list; empty if the list is. */
        static String ofList(String list) {
            String items = items(list);
            return items.isEmpty() ? "" : "{\"content\":[" + items + "],\"refusal\":null}";
        }

        /** The items of a list, without the brackets; empty if it is no list. */
        static String items(String list) {
            String trimmed = list.strip();
            return trimmed.startsWith("[")
                    ? trimmed.substring(1, trimmed.length() - 1).strip()
                    : "";
        }

        /** The items of a list in the neutral form, without the brackets. */
        static String itemsOf(String neutral) {
            if (neutral.isEmpty()) {
                return "";
            }
            JsonNode content = JsonTrees.of(neutral).path("content");
            return content.isArray() ? items(content.toString()) : items(neutral);
        }
    }
}
