package dev.understudy.gateway.harm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.gateway.crossing.ParsedFrame;
import dev.understudy.protocol.json.JsonTrees;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What OpenAI's clients take for granted of a stream of Responses: each item and part begins and ends once. */
final class ResponsesGrammar {
    private final Map<Integer, String> openItems = new HashMap<>();
    private final Set<String> openParts = new HashSet<>();
    private final Map<String, StringBuilder> texts = new HashMap<>();
    /** Text and arguments, in the order in which they came. */
    private final StringBuilder said = new StringBuilder();

    private int items;

    void check(List<ParsedFrame> frames) {
        assertThat(frames.getFirst().name()).isEqualTo("response.created");
        assertThat(frames.getLast().name()).as("in %s", frames).isEqualTo("response.completed");
        String id = StreamGrammar.tree(frames.getFirst()).at("/response/id").asText();
        long sequence = -1;
        for (ParsedFrame frame : frames) {
            JsonNode event = StreamGrammar.tree(frame);
            assertThat(event.path("type").asText()).isEqualTo(frame.name());
            assertThat(event.path("sequence_number").asLong(-1))
                    .as("%s in %s", frame, frames)
                    .isEqualTo(++sequence);
            if (event.has("response")) {
                assertThat(event.at("/response/id").asText()).isEqualTo(id);
            }
            try {
                take(frame.name(), event);
            } catch (AssertionError wrong) {
                throw new AssertionError(wrong.getMessage() + "\nat " + frame + "\nin " + frames, wrong);
            }
        }
        assertThat(openItems).as("items that have not ended in %s", frames).isEmpty();
        assertThat(openParts).as("parts that have not ended in %s", frames).isEmpty();
        assertThat(repeated(StreamGrammar.tree(frames.getLast()).at("/response/output")))
                .as("the text and the calls that the last event repeats in %s", frames)
                .isEqualTo(said.toString());
    }

    /** Reasoning that ended before another attempt took over is not known to that one, and no part of the answer. */
    private static String repeated(JsonNode output) {
        StringBuilder all = new StringBuilder();
        for (JsonNode item : output) {
            if (item.path("type").asText().equals("message")) {
                item.path("content")
                        .forEach(part -> all.append(part.path("text").asText()));
            }
            all.append(item.path("arguments").asText());
        }
        return all.toString();
    }

    private void take(String name, JsonNode event) {
        int item = event.path("output_index").asInt();
        String place =
                event.has("summary_index") ? "s" + event.path("summary_index") : "" + event.path("content_index");
        String part = item + "/" + place;
        if (event.has("item_id")) {
            assertThat(openItems).containsEntry(item, event.path("item_id").asText());
        }
        switch (name) {
            case "response.output_item.added" -> {
                assertThat(item).isEqualTo(items++);
                openItems.put(item, event.at("/item/id").asText());
            }
            case "response.output_item.done" -> {
                assertThat(openItems.remove(item))
                        .isEqualTo(event.at("/item/id").asText());
                assertThat(openParts).noneMatch(open -> open.startsWith(item + "/"));
                whole(item, event.path("item"));
            }
            case "response.content_part.added", "response.reasoning_summary_part.added" ->
                assertThat(openParts.add(part)).isTrue();
            case "response.content_part.done", "response.reasoning_summary_part.done" -> {
                assertThat(openParts.remove(part)).isTrue();
                assertThat(event.at("/part/text").asText()).isEqualTo(text(part));
            }
            case "response.output_text.delta",
                    "response.reasoning_summary_text.delta",
                    "response.reasoning_text.delta",
                    "response.function_call_arguments.delta" -> {
                assertThat(name.contains("arguments") || openParts.contains(part))
                        .isTrue();
                texts.computeIfAbsent(part, first -> new StringBuilder())
                        .append(event.path("delta").asText());
                said.append(
                        name.contains("reasoning") ? "" : event.path("delta").asText());
            }
            case "response.output_text.done", "response.reasoning_summary_text.done", "response.reasoning_text.done" ->
                assertThat(event.path("text").asText()).isEqualTo(text(part));
            case "response.function_call_arguments.done" ->
                assertThat(event.path("arguments").asText()).isEqualTo(text(part));
            default -> assertThat(name).isIn("response.created", "response.in_progress", "response.completed");
        }
    }

    private void whole(int item, JsonNode whole) {
        int index = 0;
        for (JsonNode part : whole.path("content")) {
            assertThat(part.path("text").asText()).isEqualTo(text(item + "/" + index++));
        }
        index = 0;
        for (JsonNode part : whole.path("summary")) {
            assertThat(part.path("text").asText()).isEqualTo(text(item + "/s" + index++));
        }
        if (whole.path("type").asText().equals("function_call")) {
            assertThat(JsonTrees.of(whole.path("arguments").asText()).isObject())
                    .isTrue();
        }
    }

    private String text(String part) {
        return texts.getOrDefault(part, new StringBuilder()).toString();
    }
}
