package dev.understudy.protocol.dialect.anthropic;

import dev.understudy.protocol.dialect.InvalidAnswer;
import dev.understudy.protocol.failure.Classifier;
import dev.understudy.protocol.json.JsonWalk;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.json.NameTable;
import dev.understudy.protocol.json.Token;
import dev.understudy.protocol.neutral.NeutralAnswer;
import dev.understudy.protocol.neutral.Part;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalLong;

/** Reads a whole answer. */
final class AnswerReader {
    private static final NameTable MEMBERS =
            NameTable.of("type", "id", "model", "content", "stop_reason", "stop_sequence", "usage", "error");
    private static final NameTable CONTENT = NameTable.of("content");

    private final JsonWalk walk = new JsonWalk(AnthropicDialect.MAX_DEPTH);
    private final UsageReader usage = new UsageReader();
    private final List<Block> blocks = new ArrayList<>();
    private String type = "";
    private String id = "";
    private String model = "";
    private String stopReason = "";
    private String stopSequence = "";
    private boolean content;
    private boolean error;

    NeutralAnswer read(byte[] array, int offset, int length) throws InvalidAnswer {
        try {
            return message(array, offset, length);
        } catch (MalformedJson broken) {
            throw InvalidAnswer.malformed("Invalid JSON, or no JSON object, instead of a message");
        } finally {
            walk.release();
        }
    }

    private NeutralAnswer message(byte[] array, int offset, int length) throws MalformedJson, InvalidAnswer {
        walk.over(array, offset, offset + length);
        walk.object(MEMBERS, this::member);
        if (!walk.isAtEnd()) {
            throw InvalidAnswer.malformed("More than one JSON value instead of a message");
        }
        if (error || type.equals("error")) {
            throw new InvalidAnswer(Classifier.inBand(array, offset, length));
        }
        if (!content) {
            throw InvalidAnswer.malformed("JSON that is not a message");
        }
        NeutralAnswer.Choice choice = new NeutralAnswer.Choice(
                0, parts(array, offset, length), FinishReasons.finish(stopReason, stopSequence), "");
        return new NeutralAnswer(id, model, OptionalLong.empty(), List.of(choice), usage.tokens(), usage.serviceTier());
    }

    private void member(String name) throws MalformedJson {
        switch (name) {
            case "type" -> type = walk.text();
            case "id" -> id = walk.text();
            case "model" -> model = walk.text();
            case "content" -> {
                content = walk.token() == Token.START_ARRAY;
                blocks.clear();
                walk.array(() -> blocks.add(Block.read(walk)));
            }
            case "stop_reason" -> stopReason = walk.text();
            case "stop_sequence" -> stopSequence = walk.text();
            case "usage" -> usage.read(walk);
            case "error" -> error = !walk.isNull();
            default -> {}
        }
    }

    private List<Part> parts(byte[] array, int offset, int length) throws MalformedJson {
        BitSet foreign = new BitSet();
        for (int i = 0; i < blocks.size(); i++) {
            foreign.set(i, blocks.get(i).isForeign());
        }
        List<String> wholes = foreign.isEmpty() ? List.of() : wholes(array, offset, length, foreign);
        List<Part> parts = new ArrayList<>();
        int next = 0;
        for (Block block : blocks) {
            parts.add(block.part(block.isForeign() ? wholes.get(next++) : ""));
        }
        return parts;
    }

    /**
     * The JSON of the blocks that are kept whole. A block's type may come last in it, so those few answers are read
     * twice.
     */
    private List<String> wholes(byte[] array, int offset, int length, BitSet wanted) throws MalformedJson {
        List<String> wholes = new ArrayList<>();
        walk.over(array, offset, offset + length);
        walk.object(CONTENT, name -> {
            if (!name.isEmpty()) {
                wholes.clear();
                int[] at = {0};
                walk.array(() -> {
                    if (wanted.get(at[0]++)) {
                        wholes.add(walk.json());
                    }
                });
            }
        });
        return wholes;
    }

    /** One block of an answer's content, as far as it has a neutral form. */
    static final class Block {
        private static final NameTable MEMBERS =
                NameTable.of("type", "text", "citations", "id", "name", "input", "thinking", "signature", "data");

        String type = "";
        String text = "";
        String id = "";
        String name = "";
        String input = "";
        String reasoning = "";
        String signature = "";
        String data = "";
        final List<Part.Citation> citations = new ArrayList<>();

        /** Reads the current object of the walk. */
        static Block read(JsonWalk walk) throws MalformedJson {
            Block block = new Block();
            walk.object(MEMBERS, member -> {
                switch (member) {
                    case "type" -> block.type = walk.text();
                    case "text" -> block.text = walk.text();
                    case "citations" -> walk.array(() -> block.citations.add(Citations.read(walk)));
                    case "id" -> block.id = walk.text();
                    case "name" -> block.name = walk.text();
                    case "input" -> block.input = walk.isNull() ? "" : walk.json();
                    case "thinking" -> block.reasoning = walk.text();
                    case "signature" -> block.signature = walk.text();
                    case "data" -> block.data = walk.text();
                    default -> {}
                }
            });
            return block;
        }

        /** Whether the block has a meaning only in this dialect. */
        boolean isForeign() {
            return switch (type) {
                case "text", "tool_use", "thinking", "redacted_thinking" -> false;
                default -> true;
            };
        }

        /** Whether it calls a tool that Anthropic runs; the result comes in another block. */
        boolean isProviderTool() {
            return type.equals("server_tool_use") || type.equals("mcp_tool_use");
        }

        boolean isToolResult() {
            return type.endsWith("_tool_result");
        }

        /** @param whole the block's JSON if it {@link #isForeign} */
        Part part(String whole) {
            return switch (type) {
                case "text" -> new Part.Text(text, citations);
                case "tool_use" -> Part.ToolCall.of(id, name, input.isEmpty() ? "{}" : input);
                case "thinking" -> new Part.Reasoning(reasoning, signature, "", AnthropicDialect.NAME);
                case "redacted_thinking" -> new Part.Reasoning("", "", data, AnthropicDialect.NAME);
                default -> new Part.Foreign(AnthropicDialect.NAME, type, whole);
            };
        }
    }

    /** Anthropic's citations of web pages, documents and search results, each with members of its own. */
    static final class Citations {
        private static final NameTable MEMBERS = NameTable.of("url", "source", "title", "document_title", "cited_text");

        private Citations() {}

        /** Reads the current value of the walk. */
        static Part.Citation read(JsonWalk walk) throws MalformedJson {
            return of(walk.json());
        }

        /** Reads one citation; a value that is not an object is a citation without a source. */
        static Part.Citation of(String json) throws MalformedJson {
            Fields fields = new Fields();
            byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
            JsonWalk walk = new JsonWalk(AnthropicDialect.MAX_DEPTH);
            walk.over(bytes, 0, bytes.length);
            walk.object(MEMBERS, name -> {
                switch (name) {
                    // The source of a search result may be a URL or a name that the caller gave it.
                    case "url", "source" -> fields.url = fields.url.isEmpty() ? walk.text() : fields.url;
                    case "title", "document_title" ->
                        fields.title = fields.title.isEmpty() ? walk.text() : fields.title;
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
}
