package dev.understudy.protocol.dialect.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.protocol.dialect.OpenParts;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.json.JsonWalk;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.StreamEvent;
import java.util.Optional;
import java.util.function.Consumer;

/** An open block of a stream, with what has to be kept of it until it ends. */
final class OpenBlock {
    private final AnswerReader.Block block;
    private final int call;
    private final String whole;
    private final StringBuilder signature = new StringBuilder();
    /** The input, so far, of a tool that Anthropic runs. */
    private final StringBuilder input = new StringBuilder();

    private String content = "";
    private boolean arguments;

    private OpenBlock(AnswerReader.Block block, int call, String whole) {
        this.block = block;
        this.call = call;
        this.whole = whole;
    }

    /**
     * @param call the number of the call, if it is one
     * @param whole the block's JSON if it {@link AnswerReader.Block#isForeign}
     */
    static OpenBlock of(AnswerReader.Block block, int call, String whole) {
        return new OpenBlock(block, call, whole);
    }

    boolean isCall() {
        return block.type.equals("tool_use");
    }

    boolean isForeign() {
        return block.isForeign();
    }

    boolean isReasoning() {
        return kind() == OpenParts.Block.REASONING;
    }

    /** What a writer has to end; calls and foreign blocks are never left open. */
    OpenParts.Block kind() {
        return switch (block.type) {
            case "text" -> OpenParts.Block.TEXT;
            case "thinking", "redacted_thinking" -> OpenParts.Block.REASONING;
            default -> OpenParts.Block.NOTHING;
        };
    }

    /** Emits the content of the first event: some proxies put all of a short text into it. */
    void begin(Consumer<StreamEvent> to) {
        switch (block.type) {
            case "text" -> {
                text(block.text, to);
                block.citations.forEach(citation -> to.accept(new StreamEvent.Cited(0, citation)));
            }
            case "tool_use" -> to.accept(new StreamEvent.ToolCallBegan(0, call, block.id, block.name, ""));
            case "thinking" -> {
                reasoning(block.reasoning, to);
                signature.append(block.signature);
            }
            case "redacted_thinking" ->
                to.accept(new StreamEvent.ReasoningSealed(0, "", block.data, AnthropicDialect.NAME));
            default -> {
                // Emitted when it is complete.
            }
        }
    }

    void take(Delta delta, Consumer<StreamEvent> to) {
        switch (block.type) {
            case "text" -> {
                text(delta.text(), to);
                delta.citation().ifPresent(citation -> to.accept(new StreamEvent.Cited(0, citation)));
            }
            case "tool_use" -> {
                if (!delta.json().isEmpty()) {
                    arguments = true;
                    to.accept(new StreamEvent.ToolCallDelta(0, call, delta.json()));
                }
            }
            case "thinking" -> {
                reasoning(delta.reasoning(), to);
                signature.append(delta.signature());
            }
            default -> {
                input.append(delta.json());
                content = delta.content().isEmpty() ? content : delta.content();
            }
        }
    }

    void end(Consumer<StreamEvent> to) {
        switch (block.type) {
            case "text", "redacted_thinking" -> {}
            case "tool_use" -> {
                if (!arguments) {
                    // A tool without arguments, or one whose arguments came with the first event.
                    String all = block.input.isEmpty() ? "{}" : block.input;
                    to.accept(new StreamEvent.ToolCallDelta(0, call, all));
                }
            }
            case "thinking" -> {
                if (!signature.isEmpty()) {
                    to.accept(new StreamEvent.ReasoningSealed(0, signature.toString(), "", AnthropicDialect.NAME));
                }
            }
            default ->
                to.accept(new StreamEvent.ForeignCame(
                        0, new Part.Foreign(AnthropicDialect.NAME, block.type, complete())));
        }
    }

    private static void text(String text, Consumer<StreamEvent> to) {
        if (!text.isEmpty()) {
            to.accept(StreamEvent.TextDelta.of(0, text));
        }
    }

    private static void reasoning(String text, Consumer<StreamEvent> to) {
        if (!text.isEmpty()) {
            to.accept(new StreamEvent.ReasoningDelta(0, text, AnthropicDialect.NAME));
        }
    }

    /**
     * The block's JSON with the content of its deltas. Trees are built only for the few streams with tools that
     * Anthropic runs.
     */
    private String complete() {
        if (input.isEmpty() && content.isEmpty()) {
            return whole.isEmpty() ? "{}" : whole;
        }
        if (!(JsonTrees.of(whole) instanceof ObjectNode tree)) {
            return "{}";
        }
        JsonNode came = JsonTrees.of(input.toString());
        if (came.isObject()) {
            tree.set("input", came);
        }
        JsonNode summary = JsonTrees.of(content);
        if (!summary.isMissingNode()) {
            tree.set("content", summary);
        }
        return tree.toString();
    }

    /** The {@code delta} of an event, of a block or of the message; reused for the next event. */
    static final class Delta {
        private String type = "";
        private String text = "";
        private String json = "";
        private String reasoning = "";
        private String signature = "";
        private String content = "";
        private String stopReason = "";
        private String stopSequence = "";
        private Optional<Part.Citation> citation = Optional.empty();

        void clear() {
            type = "";
            text = "";
            json = "";
            reasoning = "";
            signature = "";
            content = "";
            stopReason = "";
            stopSequence = "";
            citation = Optional.empty();
        }

        void read(String member, JsonWalk walk) throws MalformedJson {
            switch (member) {
                case "type" -> type = walk.text();
                case "text" -> text = walk.text();
                case "partial_json" -> json = walk.text();
                case "thinking" -> reasoning = walk.text();
                case "signature" -> signature = walk.text();
                case "citation" -> citation = Optional.of(AnswerReader.Citations.read(walk));
                case "content" -> content = walk.isNull() ? "" : walk.json();
                case "stop_reason" -> stopReason = walk.text();
                case "stop_sequence" -> stopSequence = walk.text();
                default -> {}
            }
        }

        String text() {
            return text;
        }

        /** A piece of a tool's input. */
        String json() {
            return json;
        }

        String reasoning() {
            return reasoning;
        }

        String signature() {
            return signature;
        }

        /** The content of a summary ({@code compaction_delta}), as JSON; empty if there is none. */
        String content() {
            return type.equals("compaction_delta") ? content : "";
        }

        String stopReason() {
            return stopReason;
        }

        String stopSequence() {
            return stopSequence;
        }

        Optional<Part.Citation> citation() {
            return citation;
        }
    }
}
