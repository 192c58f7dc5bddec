package dev.understudy.protocol.dialect.bedrock;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.understudy.protocol.json.JsonWalk;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.json.NameTable;
import dev.understudy.protocol.neutral.Part;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Reads and writes citations; {@code {title, source, sourceContent:[{text}], location:{web:{url}|documentPage:…}}}. */
final class Citations {
    private static final int DEEPEST = 64;
    private static final NameTable NAMES = NameTable.of("title", "source", "sourceContent", "location");
    private static final NameTable TEXT = NameTable.of("text");
    private static final NameTable WEB = NameTable.of("web");
    private static final NameTable URL = NameTable.of("url");

    private final JsonWalk walk = new JsonWalk(DEEPEST);
    private String title = "";
    private String source = "";
    private String url = "";
    private final StringBuilder quote = new StringBuilder();

    private Citations() {}

    /**
     * Reads one.
     *
     * @param json the object
     * @param to the end of the text that it backs, which begins at 0; -1 if that is not known
     */
    static Part.Citation read(String json, int to) throws MalformedJson {
        return new Citations().citation(json, to);
    }

    private Part.Citation citation(String json, int to) throws MalformedJson {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        walk.over(bytes, 0, bytes.length);
        walk.object(NAMES, name -> {
            switch (name) {
                case "title" -> title = walk.text();
                case "source" -> source = walk.text();
                case "sourceContent" ->
                    walk.array(() -> walk.object(TEXT, text -> {
                        if (!text.isEmpty()) {
                            quote.append(walk.text());
                        }
                    }));
                case "location" ->
                    walk.object(WEB, web -> {
                        if (!web.isEmpty()) {
                            walk.object(URL, found -> url = found.isEmpty() ? url : walk.text());
                        }
                    });
                default -> {}
            }
        });
        return new Part.Citation(
                url,
                title.isEmpty() ? source : title,
                quote.toString(),
                to < 0 ? -1 : 0,
                to,
                BedrockDialect.NAME,
                json);
    }

    /** Writes one: as it came if it is Bedrock's own. */
    static void write(JsonGenerator json, Part.Citation citation) throws IOException {
        if (citation.dialect().equals(BedrockDialect.NAME)) {
            json.writeRawValue(citation.json());
            return;
        }
        json.writeStartObject();
        if (!citation.title().isEmpty()) {
            json.writeStringField("title", citation.title());
        }
        if (!citation.quote().isEmpty()) {
            json.writeArrayFieldStart("sourceContent");
            json.writeStartObject();
            json.writeStringField("text", citation.quote());
            json.writeEndObject();
            json.writeEndArray();
        }
        if (!citation.url().isEmpty()) {
            json.writeObjectFieldStart("location");
            json.writeObjectFieldStart("web");
            json.writeStringField("url", citation.url());
            json.writeEndObject();
            json.writeEndObject();
        }
        json.writeEndObject();
    }
}
