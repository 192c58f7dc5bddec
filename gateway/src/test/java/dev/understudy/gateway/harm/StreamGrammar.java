package dev.understudy.gateway.harm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.gateway.crossing.ClientDialect;
import dev.understudy.gateway.crossing.ParsedFrame;
import dev.understudy.protocol.json.JsonTrees;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What each vendor's clients take for granted of a complete stream, whatever is in it. */
final class StreamGrammar {
    private final List<ParsedFrame> frames;

    private StreamGrammar(List<ParsedFrame> frames) {
        this.frames = frames;
    }

    static void assertComplete(ClientDialect caller, List<ParsedFrame> frames) {
        StreamGrammar grammar = new StreamGrammar(frames);
        switch (caller) {
            case CHAT -> grammar.chat();
            case RESPONSES -> new ResponsesGrammar().check(frames);
            case MESSAGES -> grammar.messages();
            case GEMINI, GEMINI_ARRAY -> grammar.gemini();
            case CONVERSE -> grammar.converse();
        }
    }

    static JsonNode tree(ParsedFrame frame) {
        JsonNode tree = JsonTrees.of(frame.data());
        assertThat(tree.isObject()).as("%s", frame).isTrue();
        return tree;
    }

    private void chat() {
        assertThat(frames.getLast().data()).isEqualTo("[DONE]");
        Set<String> ids = new HashSet<>();
        Map<Integer, StringBuilder> calls = new HashMap<>();
        int roles = 0;
        int finishes = 0;
        for (ParsedFrame frame : frames.subList(0, frames.size() - 1)) {
            JsonNode chunk = tree(frame);
            assertThat(chunk.path("object").asText()).isEqualTo("chat.completion.chunk");
            ids.add(chunk.path("id").asText());
            for (JsonNode choice : chunk.path("choices")) {
                JsonNode delta = choice.path("delta");
                assertThat(finishes == 0 || delta.isEmpty())
                        .as("content after the finish in %s", frames)
                        .isTrue();
                roles += delta.has("role") ? 1 : 0;
                finishes += choice.path("finish_reason").isTextual() ? 1 : 0;
                for (JsonNode call : delta.path("tool_calls")) {
                    int index = call.path("index").asInt();
                    assertThat(call.path("function").has("name"))
                            .as("%s in %s", call, frames)
                            .isEqualTo(!calls.containsKey(index));
                    calls.computeIfAbsent(index, first -> new StringBuilder())
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
        List<ParsedFrame> said =
                frames.stream().filter(frame -> !frame.name().equals("ping")).toList();
        assertThat(said.getFirst().name()).isEqualTo("message_start");
        assertThat(said.stream().map(ParsedFrame::name).toList()).endsWith("message_delta", "message_stop");
        assertThat(frames.getLast().name()).isEqualTo("message_stop");
        int begun = 0;
        String open = "";
        StringBuilder input = new StringBuilder();
        for (ParsedFrame frame : said.subList(1, said.size() - 2)) {
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
                                        case "text" -> List.of("text_delta");
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
                default -> throw new AssertionError(frame + " in " + frames);
            }
        }
        assertThat(open).as("open at the end of %s", frames).isEmpty();
    }

    private void converse() {
        assertThat(frames.getFirst().name()).isEqualTo("messageStart");
        assertThat(frames.stream().map(ParsedFrame::name).toList()).endsWith("messageStop", "metadata");
        int last = -1;
        String open = "";
        StringBuilder input = new StringBuilder();
        for (ParsedFrame frame : frames.subList(1, frames.size() - 2)) {
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
                    assertThat(kind).as("%s in %s", frame, frames).isEqualTo(open);
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
        int finishes = 0;
        for (ParsedFrame frame : frames) {
            JsonNode response = tree(frame);
            ids.add(response.path("responseId").asText());
            for (JsonNode candidate : response.path("candidates")) {
                assertThat(finishes).as("before %s in %s", frame, frames).isZero();
                finishes += candidate.has("finishReason") ? 1 : 0;
                for (JsonNode part : candidate.at("/content/parts")) {
                    assertThat(!part.has("functionCall")
                                    || part.at("/functionCall/args").isObject())
                            .isTrue();
                }
            }
        }
        assertThat(finishes).as("finish reasons in %s", frames).isOne();
        assertThat(ids).as("ids in %s", frames).hasSize(1).doesNotContain("");
    }

    private void assertObject(CharSequence json) {
        assertThat(JsonTrees.of(json.toString()).isObject())
                .as("arguments %s in %s", json, frames)
                .isTrue();
    }
}
