package dev.understudy.protocol.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.json.JsonTrees;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What each vendor's clients take for granted of a complete stream, whatever is in it. */
final class StreamGrammar {
    private final List<Streamed.Line> frames;

    private StreamGrammar(List<Streamed.Line> frames) {
        this.frames = frames;
    }

    /** Whether the bytes are one complete stream of that dialect. */
    static void assertComplete(Dialect dialect, byte[] bytes) {
        StreamGrammar grammar = new StreamGrammar(Streamed.linesOf(dialect.framing(), bytes));
        switch (dialect.name()) {
            case "openai" -> grammar.chat();
            case "openai-responses" -> new ResponsesGrammar().check(grammar.frames);
            case "anthropic" -> grammar.messages();
            case "gemini" -> grammar.gemini();
            case "bedrock" -> grammar.converse();
            default -> throw new AssertionError(dialect.name());
        }
    }

    private void chat() {
        assertThat(frames.getLast().json()).isEqualTo("[DONE]");
        Set<String> ids = new HashSet<>();
        Map<Integer, StringBuilder> calls = new HashMap<>();
        int roles = 0;
        int finishes = 0;
        for (Streamed.Line frame : frames.subList(0, frames.size() - 1)) {
            JsonNode chunk = tree(frame);
            ids.add(chunk.path("id").asText());
            for (JsonNode choice : chunk.path("choices")) {
                JsonNode delta = choice.path("delta");
                assertThat(finishes == 0 || delta.isEmpty())
                        .as("content after the finish in %s", frames)
                        .isTrue();
                roles += delta.has("role") ? 1 : 0;
                finishes += choice.path("finish_reason").isTextual() ? 1 : 0;
                for (JsonNode call : delta.path("tool_calls")) {
                    boolean begins = !calls.containsKey(call.path("index").asInt());
                    assertThat(call.path("function").has("name"))
                            .as("%s in %s", call, frames)
                            .isEqualTo(begins);
                    calls.computeIfAbsent(call.path("index").asInt(), first -> new StringBuilder())
                            .append(call.at("/function/arguments").asText());
                }
            }
        }
        assertThat(roles).as("roles in %s", frames).isOne();
        assertThat(finishes).as("finish reasons in %s", frames).isOne();
        assertThat(ids).as("ids in %s", frames).hasSize(1).doesNotContain("");
        calls.values().forEach(this::assertObject);
    }

    private void messages() {
        assertThat(frames.getFirst().name()).isEqualTo("message_start");
        assertThat(names()).endsWith("message_delta", "message_stop");
        int begun = 0;
        String open = "";
        StringBuilder input = new StringBuilder();
        for (Streamed.Line frame : frames.subList(1, frames.size() - 2)) {
            JsonNode event = tree(frame);
            assertThat(event.path("type").asText()).isEqualTo(frame.name());
            switch (frame.name()) {
                case "content_block_start" -> {
                    assertThat(open).as("open at %s in %s", frame, frames).isEmpty();
                    assertThat(event.path("index").asInt())
                            .as("%s in %s", frame, frames)
                            .isEqualTo(begun++);
                    open = event.at("/content_block/type").asText();
                    input.setLength(0);
                }
                case "content_block_delta" -> {
                    assertThat(event.path("index").asInt())
                            .as("%s in %s", frame, frames)
                            .isEqualTo(begun - 1);
                    assertThat(event.at("/delta/type").asText())
                            .as("in %s", frames)
                            .isIn(
                                    switch (open) {
                                        case "text" -> List.of("text_delta", "citations_delta");
                                        case "thinking" -> List.of("thinking_delta", "signature_delta");
                                        case "tool_use" -> List.of("input_json_delta");
                                        default -> List.of();
                                    });
                    input.append(event.at("/delta/partial_json").asText());
                }
                case "content_block_stop" -> {
                    assertThat(open).as("%s in %s", frame, frames).isNotEmpty();
                    assertThat(event.path("index").asInt())
                            .as("%s in %s", frame, frames)
                            .isEqualTo(begun - 1);
                    if (open.equals("tool_use")) {
                        assertObject(input);
                    }
                    open = "";
                }
                default -> assertThat(frame.name()).as("in %s", frames).isEqualTo("ping");
            }
        }
        assertThat(open).as("open at the end of %s", frames).isEmpty();
    }

    private void converse() {
        assertThat(frames.getFirst().name()).isEqualTo("messageStart");
        assertThat(names()).endsWith("messageStop", "metadata");
        int last = -1;
        String open = "";
        StringBuilder input = new StringBuilder();
        for (Streamed.Line frame : frames.subList(1, frames.size() - 2)) {
            JsonNode event = tree(frame);
            int index = event.path("contentBlockIndex").asInt(-1);
            switch (frame.name()) {
                case "contentBlockStart" -> {
                    assertThat(open).as("open at %s in %s", frame, frames).isEmpty();
                    assertThat(index).as("%s in %s", frame, frames).isEqualTo(++last);
                    open = "toolUse";
                    input.setLength(0);
                }
                case "contentBlockDelta" -> {
                    String kind = event.path("delta").fieldNames().next();
                    if (open.isEmpty()) {
                        open = kind;
                        last++;
                    }
                    assertThat(index).as("%s in %s", frame, frames).isEqualTo(last);
                    assertThat(kind.equals("citation") ? "text" : kind)
                            .as("%s in %s", frame, frames)
                            .isEqualTo(open);
                    input.append(event.at("/delta/toolUse/input").asText());
                }
                case "contentBlockStop" -> {
                    assertThat(open).as("%s in %s", frame, frames).isNotEmpty();
                    assertThat(index).as("%s in %s", frame, frames).isEqualTo(last);
                    if (open.equals("toolUse")) {
                        assertObject(input);
                    }
                    open = "";
                }
                default -> throw new AssertionError(frame + " in " + frames);
            }
        }
        assertThat(open).as("open at the end of %s", frames).isEmpty();
    }

    private void gemini() {
        Set<String> ids = new HashSet<>();
        List<JsonNode> finishes = new ArrayList<>();
        for (Streamed.Line frame : frames) {
            JsonNode response = tree(frame);
            ids.add(response.path("responseId").asText());
            for (JsonNode candidate : response.path("candidates")) {
                assertThat(finishes).as("before %s in %s", frame, frames).isEmpty();
                if (candidate.has("finishReason")) {
                    finishes.add(candidate);
                }
                for (JsonNode part : candidate.at("/content/parts")) {
                    assertThat(!part.has("functionCall")
                                    || part.at("/functionCall/args").isObject())
                            .isTrue();
                }
            }
        }
        assertThat(finishes).as("finish reasons in %s", frames).hasSize(1);
        // Not every chunk has one, but those that do agree.
        ids.remove("");
        assertThat(ids).as("ids in %s", frames).hasSize(1).doesNotContain("");
    }

    private List<String> names() {
        return frames.stream().map(Streamed.Line::name).toList();
    }

    private void assertObject(CharSequence json) {
        assertThat(JsonTrees.of(json.toString()).isObject())
                .as("arguments %s in %s", json, frames)
                .isTrue();
    }

    static JsonNode tree(Streamed.Line frame) {
        JsonNode tree = JsonTrees.of(frame.json());
        assertThat(tree.isObject()).as("%s", frame).isTrue();
        return tree;
    }
}
