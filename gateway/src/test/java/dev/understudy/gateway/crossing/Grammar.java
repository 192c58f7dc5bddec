package dev.understudy.gateway.crossing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.json.JsonTrees;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What each vendor's clients take for granted of a stream: its order, its numbers, one id and one end. */
final class Grammar {
    private Grammar() {}

    /** Of a complete stream of text. */
    static void assertComplete(ClientDialect client, ParsedAnswer parsed) {
        List<ParsedFrame> frames = parsed.frames();
        switch (client) {
            case CHAT -> chat(frames);
            case RESPONSES -> responses(frames);
            case MESSAGES -> messages(frames);
            case GEMINI, GEMINI_ARRAY -> gemini(frames);
            case CONVERSE -> converse(frames);
        }
    }

    /** Of one that broke off: an error, the last thing in it, and nothing that a client takes for an end. */
    static void assertBrokenOff(ClientDialect client, ParsedAnswer parsed) {
        assertThat(parsed.ends()).as("%s", parsed.frames()).isZero();
        assertThat(parsed.failures()).as("%s", parsed.frames()).hasSize(1);
        ParsedFrame last = parsed.frames().getLast();
        JsonNode data = JsonTrees.of(last.data());
        switch (client) {
            case CHAT -> assertThat(data.path("error").path("message").asText()).isNotEmpty();
            case RESPONSES -> assertThat(last.name()).isIn("error", "response.failed");
            case MESSAGES -> assertThat(last.name()).isEqualTo("error");
            case GEMINI, GEMINI_ARRAY ->
                assertThat(data.path("error").path("status").asText()).isNotEmpty();
            case CONVERSE -> assertThat(last.exception()).isTrue();
        }
    }

    private static List<JsonNode> trees(List<ParsedFrame> frames) {
        return frames.stream().map(frame -> JsonTrees.of(frame.data())).toList();
    }

    private static void chat(List<ParsedFrame> frames) {
        assertThat(frames.getLast().data()).isEqualTo("[DONE]");
        Set<String> ids = new HashSet<>();
        int finishes = 0;
        int roles = 0;
        for (JsonNode chunk : trees(frames.subList(0, frames.size() - 1))) {
            ids.add(chunk.path("id").asText());
            assertThat(chunk.path("object").asText()).isEqualTo("chat.completion.chunk");
            for (JsonNode choice : chunk.path("choices")) {
                assertThat(choice.path("index").asInt(-1)).isZero();
                finishes += choice.path("finish_reason").isTextual() ? 1 : 0;
                roles += choice.path("delta").has("role") ? 1 : 0;
            }
        }
        assertThat(finishes).as("finish reasons in %s", frames).isOne();
        assertThat(roles).as("roles in %s", frames).isOne();
        assertOneId(ids, frames);
    }

    private static void responses(List<ParsedFrame> frames) {
        Set<String> ids = new HashSet<>();
        Set<String> items = new HashSet<>();
        List<String> order = new ArrayList<>();
        long sequence = -1;
        for (ParsedFrame frame : frames) {
            JsonNode data = JsonTrees.of(frame.data());
            assertThat(data.path("type").asText()).isEqualTo(frame.name());
            assertThat(data.path("sequence_number").asLong(-1))
                    .as("the number of %s", frame)
                    .isEqualTo(++sequence);
            if (data.has("response")) {
                ids.add(data.path("response").path("id").asText());
            }
            if (data.has("item_id")) {
                items.add(data.path("item_id").asText());
            }
            if (order.isEmpty() || !order.getLast().equals(frame.name())) {
                order.add(frame.name());
            }
        }
        assertThat(order)
                .containsExactly(
                        "response.created",
                        "response.in_progress",
                        "response.output_item.added",
                        "response.content_part.added",
                        "response.output_text.delta",
                        "response.output_text.done",
                        "response.content_part.done",
                        "response.output_item.done",
                        "response.completed");
        assertOneId(ids, frames);
        assertOneId(items, frames);
        JsonNode completed = JsonTrees.of(frames.getLast().data()).path("response");
        assertThat(completed.path("status").asText()).isEqualTo("completed");
        assertThat(completed
                        .path("output")
                        .path(0)
                        .path("content")
                        .path(0)
                        .path("text")
                        .asText())
                .as("the last event repeats the whole text")
                .isEqualTo(Vendor.TEXT);
    }

    private static void messages(List<ParsedFrame> frames) {
        List<String> order = new ArrayList<>();
        for (ParsedFrame frame : frames) {
            JsonNode data = JsonTrees.of(frame.data());
            assertThat(data.path("type").asText()).isEqualTo(frame.name());
            String index = data.has("index") ? " " + data.path("index").asInt() : "";
            if (!frame.name().equals("ping")
                    && (order.isEmpty() || !order.getLast().equals(frame.name() + index))) {
                order.add(frame.name() + index);
            }
        }
        assertThat(order)
                .containsExactly(
                        "message_start",
                        "content_block_start 0",
                        "content_block_delta 0",
                        "content_block_stop 0",
                        "message_delta",
                        "message_stop");
        JsonNode message = JsonTrees.of(frames.getFirst().data()).path("message");
        assertThat(message.path("id").asText()).isNotEmpty();
        assertThat(message.path("role").asText()).isEqualTo("assistant");
        assertThat(message.path("usage").path("input_tokens").isInt()).isTrue();
    }

    private static void gemini(List<ParsedFrame> frames) {
        Set<String> ids = new HashSet<>();
        int finishes = 0;
        for (JsonNode response : trees(frames)) {
            ids.add(response.path("responseId").asText());
            for (JsonNode candidate : response.path("candidates")) {
                finishes += candidate.has("finishReason") ? 1 : 0;
            }
        }
        assertThat(finishes).as("finish reasons in %s", frames).isOne();
        assertOneId(ids, frames);
    }

    private static void converse(List<ParsedFrame> frames) {
        List<String> order = new ArrayList<>();
        for (ParsedFrame frame : frames) {
            JsonNode data = JsonTrees.of(frame.data());
            String index = data.has("contentBlockIndex")
                    ? " " + data.path("contentBlockIndex").asInt()
                    : "";
            if (order.isEmpty() || !order.getLast().equals(frame.name() + index)) {
                order.add(frame.name() + index);
            }
        }
        assertThat(order)
                .containsExactly(
                        "messageStart", "contentBlockDelta 0", "contentBlockStop 0", "messageStop", "metadata");
    }

    private static void assertOneId(Set<String> ids, List<ParsedFrame> frames) {
        assertThat(ids).as("ids in %s", frames).hasSize(1).doesNotContain("");
    }
}
