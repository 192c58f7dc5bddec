package dev.understudy.protocol.dialect.gemini;

import dev.understudy.protocol.json.JsonWalk;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.json.NameTable;
import dev.understudy.protocol.neutral.Part.Citation;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads what an answer rests on. Google counts offsets in bytes of the whole answer, which a chunk does not have; the
 * words that are backed are told instead.
 *
 * @see <a href="https://ai.google.dev/api/generate-content#GroundingMetadata">Gemini API: GroundingMetadata</a>
 */
final class GroundingWalk {
    private static final NameTable GROUNDING = NameTable.of("groundingChunks", "groundingSupports");
    private static final NameTable CHUNK = NameTable.of("web", "retrievedContext", "maps");
    private static final NameTable SOURCE = NameTable.of("uri", "title");
    private static final NameTable SUPPORT = NameTable.of("segment", "groundingChunkIndices");
    private static final NameTable SEGMENT = NameTable.of("text");
    private static final NameTable CITATIONS = NameTable.of("citations", "citationSources");

    private record Source(String uri, String title) {}

    private record Support(String quote, List<Integer> sources) {}

    private final JsonWalk walk;

    GroundingWalk(JsonWalk walk) {
        this.walk = walk;
    }

    void grounding(List<Citation> to) throws MalformedJson {
        List<Source> sources = new ArrayList<>();
        List<Support> supports = new ArrayList<>();
        walk.object(GROUNDING, name -> {
            switch (name) {
                case "groundingChunks" -> walk.array(() -> chunk(sources));
                case "groundingSupports" -> walk.array(() -> support(supports));
                default -> {}
            }
        });
        for (Support support : supports) {
            for (int index : support.sources()) {
                if (index >= 0 && index < sources.size()) {
                    to.add(citation(sources.get(index), support.quote()));
                }
            }
        }
        if (supports.isEmpty()) {
            sources.forEach(source -> to.add(citation(source, "")));
        }
    }

    private static Citation citation(Source source, String quote) {
        return new Citation(source.uri(), source.title(), quote, -1, -1, GeminiDialect.NAME, "");
    }

    private void chunk(List<Source> sources) throws MalformedJson {
        String[] read = {"", ""};
        walk.object(CHUNK, kind -> {
            if (!kind.isEmpty()) {
                source(read);
            }
        });
        sources.add(new Source(read[0], read[1]));
    }

    private void source(String[] read) throws MalformedJson {
        walk.object(SOURCE, name -> {
            switch (name) {
                case "uri" -> read[0] = walk.text();
                case "title" -> read[1] = walk.text();
                default -> {}
            }
        });
    }

    private void support(List<Support> supports) throws MalformedJson {
        String[] quote = {""};
        List<Integer> sources = new ArrayList<>();
        walk.object(SUPPORT, name -> {
            switch (name) {
                case "segment" ->
                    walk.object(SEGMENT, member -> {
                        if (member.equals("text")) {
                            quote[0] = walk.text();
                        }
                    });
                case "groundingChunkIndices" ->
                    walk.array(() -> sources.add((int) Math.max(-1, Math.min(Integer.MAX_VALUE, walk.whole(-1)))));
                default -> {}
            }
        });
        supports.add(new Support(quote[0], sources));
    }

    /** The texts of others that the answer repeats; the same in two names. */
    void citations(List<Citation> to) throws MalformedJson {
        walk.object(CITATIONS, name -> {
            if (!name.isEmpty()) {
                walk.array(() -> {
                    String[] read = {"", ""};
                    source(read);
                    to.add(citation(new Source(read[0], read[1]), ""));
                });
            }
        });
    }
}
