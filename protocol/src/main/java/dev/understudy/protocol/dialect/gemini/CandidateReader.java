package dev.understudy.protocol.dialect.gemini;

import dev.understudy.protocol.json.JsonOut;
import dev.understudy.protocol.json.JsonWalk;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.json.NameTable;
import dev.understudy.protocol.json.Token;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.Part.Citation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;

/** Reads a candidate: its content, finish reason, grounding and log probabilities. */
final class CandidateReader {
    private static final NameTable CANDIDATE = NameTable.of(
            "content",
            "finishReason",
            "finishMessage",
            "index",
            "groundingMetadata",
            "citationMetadata",
            "logprobsResult");
    private static final NameTable CONTENT = NameTable.of("parts");
    private static final NameTable PART = NameTable.of(
            "text",
            "thought",
            "thoughtSignature",
            "functionCall",
            "inlineData",
            "fileData",
            "executableCode",
            "codeExecutionResult");
    private static final NameTable CALL = NameTable.of("id", "name", "args", "partialArgs", "willContinue");
    private static final NameTable ARGUMENT =
            NameTable.of("jsonPath", "stringValue", "numberValue", "boolValue", "nullValue");
    private static final NameTable MEDIA = NameTable.of("mimeType", "data", "fileUri");

    private static final Piece.Call NO_CALL = new Piece.Call("", "", "", List.of(), false, "");

    private final JsonWalk walk;
    private final GroundingReader grounding;
    private final LogprobsReader logprobs;

    // The current part.
    private String text = "";
    private boolean hasText;
    private boolean isReasoning;
    private String signature = "";
    private Piece.Call call = NO_CALL;
    private Optional<Part> whole = Optional.empty();

    CandidateReader(JsonWalk walk) {
        this.walk = walk;
        this.grounding = new GroundingReader(walk);
        this.logprobs = new LogprobsReader(walk);
    }

    /** Reads the current value of the walk. */
    Candidate read() throws MalformedJson {
        Candidate read = new Candidate();
        walk.object(CANDIDATE, name -> {
            switch (name) {
                case "content" -> content(read);
                case "finishReason" -> read.finishReason = walk.text();
                case "finishMessage" -> read.finishMessage = walk.text();
                // Gemini has at most eight candidates. Higher indexes are invalid and would only take memory.
                case "index" -> read.index = (int) Math.max(0, Math.min(1023, walk.whole(0)));
                case "groundingMetadata" -> grounding.grounding(read.citations);
                case "citationMetadata" -> grounding.citations(read.citations);
                case "logprobsResult" -> read.logprobs = logprobs.read();
                default -> {}
            }
        });
        return read;
    }

    private void content(Candidate read) throws MalformedJson {
        walk.object(CONTENT, name -> {
            if (name.equals("parts")) {
                walk.array(() -> part(read));
            }
        });
    }

    private void part(Candidate read) throws MalformedJson {
        text = "";
        hasText = false;
        isReasoning = false;
        signature = "";
        call = NO_CALL;
        whole = Optional.empty();
        boolean[] isCall = {false};
        boolean[] isUnknown = {false};
        int start = walk.cursor().start();
        walk.object(PART, name -> {
            switch (name) {
                case "text" -> {
                    hasText = walk.token() == Token.STRING;
                    text = walk.text();
                }
                case "thought" -> isReasoning = walk.isTrue();
                case "thoughtSignature" -> signature = walk.text();
                case "functionCall" -> {
                    isCall[0] = walk.token() == Token.START_OBJECT;
                    call();
                }
                case "inlineData" -> media(true);
                case "fileData" -> media(false);
                case "executableCode", "codeExecutionResult" ->
                    whole = Optional.of(
                            new Part.Foreign(GeminiDialect.NAME, name, "{\"" + name + "\":" + walk.json() + "}"));
                default -> isUnknown[0] |= walk.token() == Token.START_OBJECT;
            }
        });
        if (isCall[0]) {
            read.pieces.add(
                    new Piece.Call(call.id(), call.name(), call.args(), call.more(), call.willContinue(), signature));
        } else if (whole.isPresent()) {
            read.pieces.add(new Piece.Whole(whole.get()));
        } else if (hasText && isReasoning) {
            read.pieces.add(new Piece.Reasoning(text, signature));
        } else if (hasText) {
            // The signature of a text may be sent back but need not be, and no other vendor could use it.
            read.pieces.add(new Piece.Text(text));
        } else if (isUnknown[0]) {
            // Content of a new kind, which is kept for callers of this dialect.
            read.pieces.add(new Piece.Whole(new Part.Foreign(GeminiDialect.NAME, "part", walk.since(start))));
        }
    }

    private void call() throws MalformedJson {
        List<Piece.Argument> more = new ArrayList<>();
        String[] read = {"", "", ""};
        boolean[] willContinue = {false};
        walk.object(CALL, name -> {
            switch (name) {
                case "id" -> read[0] = walk.text();
                case "name" -> read[1] = walk.text();
                case "args" -> read[2] = walk.isNull() ? "" : walk.json();
                case "partialArgs" -> walk.array(() -> argument(more));
                case "willContinue" -> willContinue[0] = walk.isTrue();
                default -> {}
            }
        });
        call = new Piece.Call(read[0], read[1], read[2], more, willContinue[0], "");
    }

    private void argument(List<Piece.Argument> more) throws MalformedJson {
        String[] read = {"", ""};
        walk.object(ARGUMENT, name -> {
            switch (name) {
                case "jsonPath" -> read[0] = walk.text();
                case "stringValue", "numberValue", "boolValue" -> read[1] = walk.json();
                case "nullValue" -> read[1] = "null";
                default -> {}
            }
        });
        if (!read[1].isEmpty()) {
            more.add(new Piece.Argument(read[0], read[1]));
        }
    }

    private void media(boolean inline) throws MalformedJson {
        String[] read = {"", "", ""};
        walk.object(MEDIA, name -> {
            switch (name) {
                case "mimeType" -> read[0] = walk.text();
                case "data" -> read[1] = walk.text();
                case "fileUri" -> read[2] = walk.text();
                default -> {}
            }
        });
        whole = Optional.of(inline ? MediaTypes.inline(read[0], read[1]) : MediaTypes.file(read[0], read[2]));
    }

    /** What was read of one candidate. */
    static final class Candidate {
        final List<Piece> pieces = new ArrayList<>();
        final List<Part.Citation> citations = new ArrayList<>();
        int index;

        /** Empty if there is none yet. */
        String finishReason = "";

        /** What Gemini says about the finish reason; empty if it says nothing. */
        String finishMessage = "";

        /** In OpenAI's form; empty if there are none. */
        String logprobs = "";
    }

    /** A part of an answer's content, whole or as far as a chunk has it. */
    sealed interface Piece {

        /** More text. */
        record Text(String text) implements Piece {}

        /** More reasoning; the signature is empty until it is complete. */
        record Reasoning(String text, String signature) implements Piece {}

        /**
         * A tool call, or more of one; only its beginning has a name.
         *
         * @param args a JSON object; empty if the arguments come in pieces or there are none
         * @param more the next pieces of the arguments
         * @param willContinue whether more pieces follow
         */
        record Call(String id, String name, String args, List<Argument> more, boolean willContinue, String signature)
                implements Piece {}

        /** A part in one piece. */
        record Whole(Part part) implements Piece {}

        /**
         * A value within arguments, or more of a string.
         *
         * @param path such as {@code $.steps[0].text}
         * @param json the value, as JSON
         */
        record Argument(String path, String json) {}
    }

    /**
     * Reads grounding metadata. Google's offsets count the bytes of the whole answer, which a chunk does not have; the
     * cited text is used instead.
     *
     * @see <a href="https://ai.google.dev/api/generate-content#GroundingMetadata">Gemini API: GroundingMetadata</a>
     */
    static final class GroundingReader {
        private static final NameTable GROUNDING = NameTable.of("groundingChunks", "groundingSupports");
        private static final NameTable CHUNK = NameTable.of("web", "retrievedContext", "maps");
        private static final NameTable SOURCE = NameTable.of("uri", "title");
        private static final NameTable SUPPORT = NameTable.of("segment", "groundingChunkIndices");
        private static final NameTable SEGMENT = NameTable.of("text");
        private static final NameTable CITATIONS = NameTable.of("citations", "citationSources");

        private record Source(String uri, String title) {}

        private record Support(String quote, List<Integer> sources) {}

        private final JsonWalk walk;

        GroundingReader(JsonWalk walk) {
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

        /** The sources that the answer recites, under either of their two names. */
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

    /**
     * Reads {@code logprobsResult} into OpenAI's form.
     *
     * @see <a href="https://ai.google.dev/api/generate-content#LogprobsResult">Gemini API: LogprobsResult</a>
     */
    static final class LogprobsReader {
        private static final NameTable RESULT = NameTable.of("topCandidates", "chosenCandidates");
        private static final NameTable TOP = NameTable.of("candidates");
        private static final NameTable CANDIDATE = NameTable.of("token", "logProbability");

        private final JsonWalk walk;

        LogprobsReader(JsonWalk walk) {
            this.walk = walk;
        }

        /** {@code {"content":[…],"refusal":null}}; empty if there are no log probabilities. */
        String read() throws MalformedJson {
            List<List<String>> top = new ArrayList<>();
            List<String> chosen = new ArrayList<>();
            walk.object(RESULT, name -> {
                switch (name) {
                    case "topCandidates" ->
                        walk.array(() -> {
                            List<String> alternatives = new ArrayList<>();
                            walk.object(TOP, member -> {
                                if (member.equals("candidates")) {
                                    walk.array(() -> alternatives.add(candidate()));
                                }
                            });
                            top.add(alternatives);
                        });
                    case "chosenCandidates" -> walk.array(() -> chosen.add(candidate()));
                    default -> {}
                }
            });
            if (chosen.isEmpty()) {
                return "";
            }
            StringBuilder json = new StringBuilder("{\"content\":");
            String separator = "[";
            for (int i = 0; i < chosen.size(); i++) {
                json.append(separator).append('{').append(chosen.get(i)).append(",\"top_logprobs\":[");
                String between = "{";
                for (String alternative : i < top.size() ? top.get(i) : List.<String>of()) {
                    json.append(between).append(alternative).append('}');
                    between = ",{";
                }
                json.append("]}");
                separator = ",";
            }
            return json.append("],\"refusal\":null}").toString();
        }

        private String candidate() throws MalformedJson {
            // ProtoJSON leaves out zeros, and the logarithm of a probability of 1 is one.
            String[] read = {"", "0"};
            walk.object(CANDIDATE, name -> {
                switch (name) {
                    case "token" -> read[0] = walk.text();
                    case "logProbability" -> read[1] = walk.token() == Token.NUMBER ? walk.json() : "0";
                    default -> {}
                }
            });
            return "\"token\":" + JsonOut.quote(read[0]) + ",\"logprob\":" + read[1] + ",\"bytes\":" + bytes(read[0]);
        }

        /** OpenAI's list of the token's bytes in UTF-8, which its Responses API requires. */
        private static String bytes(String token) {
            StringJoiner list = new StringJoiner(",", "[", "]");
            for (byte b : token.getBytes(StandardCharsets.UTF_8)) {
                list.add(Integer.toString(b & 0xFF));
            }
            return list.toString();
        }
    }
}
