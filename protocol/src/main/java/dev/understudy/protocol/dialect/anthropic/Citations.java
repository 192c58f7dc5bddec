package dev.understudy.protocol.dialect.anthropic;

import dev.understudy.protocol.json.JsonWalk;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.json.NameTable;
import dev.understudy.protocol.neutral.Part;
import java.nio.charset.StandardCharsets;

/** Anthropic's citations: of pages found on the web, of documents and of search results, each by members of its own. */
final class Citations {
    private static final NameTable MEMBERS = NameTable.of("url", "source", "title", "document_title", "cited_text");

    private Citations() {}

    /** Reads the citation on which the walk stands. */
    static Part.Citation read(JsonWalk walk) throws MalformedJson {
        return of(walk.json());
    }

    /** Reads one; what is no object cites nothing. */
    static Part.Citation of(String json) throws MalformedJson {
        Fields fields = new Fields();
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        JsonWalk walk = new JsonWalk(Wire.DEEPEST);
        walk.over(bytes, 0, bytes.length);
        walk.object(MEMBERS, name -> {
            switch (name) {
                // A search result's source may be a page, or a name that its caller gave it.
                case "url", "source" -> fields.url = fields.url.isEmpty() ? walk.text() : fields.url;
                case "title", "document_title" -> fields.title = fields.title.isEmpty() ? walk.text() : fields.title;
                case "cited_text" -> fields.quote = walk.text();
                default -> {}
            }
        });
        return new Part.Citation(fields.url, fields.title, fields.quote, -1, -1, AnthropicDialect.NAME, json);
    }

    private static final class Fields {
        private String url = "";
        private String title = "";
        private String quote = "";
    }
}
