package dev.understudy.protocol.dialect.responses;

import static dev.understudy.protocol.dialect.responses.Wire.context;
import static dev.understudy.protocol.dialect.responses.Wire.tree;
import static dev.understudy.protocol.dialect.responses.Wire.types;
import static dev.understudy.protocol.dialect.responses.Wire.written;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.dialect.OpenParts;
import dev.understudy.protocol.dialect.ResumePoint;
import dev.understudy.protocol.dialect.StreamPosition;
import dev.understudy.protocol.dialect.StreamWriter;
import dev.understudy.protocol.neutral.Finish;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.StreamEvent;
import dev.understudy.protocol.neutral.Tokens;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class FrameWriterTest {
    private static final StreamEvent BEGIN = new StreamEvent.Begin("resp_1", "claude", OptionalLong.of(5));
    private static final StreamEvent DONE = new StreamEvent.Done();

    private static StreamWriter writer(String request) {
        return new ResponsesDialect().streamWriter(context(request), Optional.empty());
    }

    private static StreamEvent text(String text) {
        return StreamEvent.TextDelta.of(0, text);
    }

    private static StreamEvent ended(Finish.Reason reason) {
        return new StreamEvent.Ended(0, Finish.of(reason, ""));
    }

    @Test
    void aTextWithAllItsCeremony() {
        List<JsonNode> frames = written(
                writer("{\n\"instructions\": \"I\",\n\"metadata\": {\n\"a\": \"b\"}}"),
                BEGIN,
                text("He"),
                new StreamEvent.TextDelta(0, "y", "{\"content\":[{\"token\":\"y\",\"logprob\":-1}]}"),
                ended(Finish.Reason.STOP),
                new StreamEvent.Counted(Tokens.of(3, 2)),
                DONE);

        assertThat(types(frames))
                .containsExactly(
                        "response.created",
                        "response.in_progress",
                        "response.output_item.added",
                        "response.content_part.added",
                        "response.output_text.delta",
                        "response.output_text.delta",
                        "response.output_text.done",
                        "response.content_part.done",
                        "response.output_item.done",
                        "response.completed");
        for (int i = 0; i < frames.size(); i++) {
            assertThat(frames.get(i).path("sequence_number").asInt()).isEqualTo(i);
        }
        assertThat(frames.get(0).at("/response/status").asText()).isEqualTo("in_progress");
        assertThat(frames.get(0).at("/response/metadata/a").asText()).isEqualTo("b");
        assertThat(frames.get(4)).isEqualTo(tree("""
                {"type":"response.output_text.delta","sequence_number":4,"item_id":"msg_1_0","output_index":0,
                "content_index":0,"delta":"He","logprobs":[]}
                """));
        assertThat(frames.get(5).at("/logprobs/0/token").asText()).isEqualTo("y");
        assertThat(frames.get(6).path("text").asText()).isEqualTo("Hey");
        JsonNode whole = frames.get(9).path("response");
        assertThat(whole.path("id").asText()).isEqualTo("resp_1");
        assertThat(whole.path("created_at").asInt()).isEqualTo(5);
        assertThat(whole.path("model").asText()).isEqualTo("claude");
        assertThat(whole.path("instructions").asText()).isEqualTo("I");
        assertThat(whole.at("/output/0")).isEqualTo(frames.get(8).path("item"));
        assertThat(whole.at("/usage/total_tokens").asInt()).isEqualTo(5);
    }

    @Test
    void aStreamThatBreaksOffHasNoLastEvent() {
        assertThat(types(written(writer("{}"), BEGIN, text("x"), ended(Finish.Reason.STOP))))
                .doesNotContain("response.completed", "response.output_item.done");
    }

    @Test
    void callsInTurnsAreItemsOfTheirOwn() {
        List<JsonNode> frames = written(
                writer("{}"),
                BEGIN,
                text("Let me see"),
                new StreamEvent.ToolCallBegan(0, 0, "c1", "f", ""),
                new StreamEvent.ToolCallBegan(0, 1, "", "g", ""),
                new StreamEvent.ToolCallDelta(0, 1, "{\"b\":"),
                new StreamEvent.ToolCallDelta(0, 0, "{}"),
                new StreamEvent.ToolCallDelta(0, 1, "2}"),
                new StreamEvent.ToolCallDelta(0, 7, "orphan"),
                ended(Finish.Reason.TOOL_CALLS),
                DONE);

        JsonNode output = frames.getLast().at("/response/output");
        assertThat(output)
                .extracting(item -> item.path("type").asText())
                .containsExactly("message", "function_call", "function_call");
        assertThat(output.at("/1/call_id").asText()).isEqualTo("c1");
        assertThat(output.at("/2/call_id").asText()).isNotEmpty();
        assertThat(output.at("/2/arguments").asText()).isEqualTo("{\"b\":2}");
        assertThat(frames)
                .filteredOn(frame -> frame.path("type").asText().equals("response.function_call_arguments.delta"))
                .extracting(frame -> frame.path("output_index").asInt())
                .containsExactly(2, 1, 2);
        assertThat(types(frames))
                .containsSubsequence(
                        "response.output_item.done",
                        "response.output_item.added",
                        "response.function_call_arguments.done",
                        "response.output_item.done",
                        "response.function_call_arguments.done",
                        "response.output_item.done",
                        "response.completed");
    }

    @Test
    void reasoningIsShownOnRequest() {
        StreamEvent[] events = {
            BEGIN,
            new StreamEvent.ReasoningDelta(0, "Hm", "anthropic"),
            new StreamEvent.ReasoningSealed(0, "sig", "", "anthropic"),
            text("x"),
            ended(Finish.Reason.STOP),
            DONE
        };

        List<JsonNode> shown = written(writer("{\"reasoning\":{\"summary\":\"auto\"}}"), events);

        assertThat(types(shown).subList(2, 8))
                .containsExactly(
                        "response.output_item.added",
                        "response.reasoning_summary_part.added",
                        "response.reasoning_summary_text.delta",
                        "response.reasoning_summary_text.done",
                        "response.reasoning_summary_part.done",
                        "response.output_item.done");
        assertThat(shown.getLast().at("/response/output/0/summary/0/text").asText())
                .isEqualTo("Hm");
        assertThat(written(writer("{}"), events).getLast().at("/response/output"))
                .hasSize(1);
    }

    @Test
    void otherContents() {
        List<JsonNode> frames = written(
                writer("{}"),
                BEGIN,
                text("a"),
                new StreamEvent.Cited(0, new Part.Citation("https://p", "P", "", 0, 1, "gemini", "{}")),
                new StreamEvent.Cited(0, new Part.Citation("", "P", "", 0, 1, "gemini", "{}")),
                new StreamEvent.RefusalDelta(0, "no"),
                new StreamEvent.MediaCame(
                        0, Part.Media.of(Part.Media.Kind.IMAGE, new Part.Source.Inline("image/png", "AAAA"))),
                new StreamEvent.ForeignCame(0, new Part.Foreign("anthropic", "server_tool_use", "{}")),
                new StreamEvent.ForeignCame(
                        0, new Part.Foreign("openai-responses", "web_search_call", "{\"type\":\"web_search_call\"}")),
                StreamEvent.TextDelta.of(1, "another choice"),
                ended(Finish.Reason.REFUSAL),
                DONE);

        JsonNode output = frames.getLast().at("/response/output");
        assertThat(output)
                .extracting(item -> item.path("type").asText())
                .containsExactly("message", "image_generation_call", "web_search_call");
        assertThat(output.at("/0/content")).hasSize(2);
        assertThat(output.at("/0/content/0/annotations")).hasSize(1);
        assertThat(types(frames))
                .contains("response.output_text.annotation.added", "response.refusal.delta", "response.refusal.done");
        assertThat(frames.getLast().at("/response/status").asText()).isEqualTo("completed");
    }

    @Test
    void anAnswerThatWasCutIsIncomplete() {
        List<JsonNode> frames = written(writer("{}"), BEGIN, text("x"), ended(Finish.Reason.LENGTH), DONE);

        assertThat(types(frames)).endsWith("response.output_item.done", "response.incomplete");
        assertThat(frames.getLast().at("/response/incomplete_details/reason").asText())
                .isEqualTo("max_output_tokens");
        assertThat(frames.getLast().at("/response/output/0/status").asText()).isEqualTo("incomplete");
    }

    @Test
    void aBeginEventIsOptional() {
        assertThat(types(written(writer("{}"), text("x"), DONE))).startsWith("response.created");
        assertThat(types(written(writer("{}"), DONE)))
                .containsExactly("response.created", "response.in_progress", "response.completed");
    }

    @Test
    void anotherStreamContinuesTheOpenText() {
        OpenParts.Item open = new OpenParts.Item(
                "msg_9",
                1,
                false,
                List.of(new OpenParts.ItemPart(
                        OpenParts.ItemPart.Kind.OUTPUT_TEXT,
                        true,
                        5,
                        OpenParts.TextSoFar.NONE,
                        OpenParts.ItemPart.Stage.OPEN)));
        StreamPosition position = new StreamPosition(true, "resp_1", OptionalLong.of(5), 2, open, 41);
        StreamWriter writer =
                new ResponsesDialect().streamWriter(context("{}"), Optional.of(new ResumePoint(position, "Once ")));

        List<JsonNode> frames = written(
                writer,
                new StreamEvent.Begin("other", "gemini", OptionalLong.of(7)),
                text("upon"),
                ended(Finish.Reason.STOP),
                DONE);

        assertThat(types(frames))
                .containsExactly(
                        "response.output_text.delta",
                        "response.output_text.done",
                        "response.content_part.done",
                        "response.output_item.done",
                        "response.completed");
        assertThat(frames.getFirst()).isEqualTo(tree("""
                {"type":"response.output_text.delta","sequence_number":42,"item_id":"msg_9","output_index":1,
                "content_index":0,"delta":"upon","logprobs":[]}
                """));
        assertThat(frames.get(1).path("text").asText()).isEqualTo("Once upon");
        assertThat(frames.getLast().at("/response/id").asText()).isEqualTo("resp_1");
        assertThat(frames.getLast().at("/response/model").asText()).isEqualTo("gemini");
        assertThat(frames.getLast().at("/response/created_at").asInt()).isEqualTo(5);
        assertThat(writer.position())
                .isEqualTo(new StreamPosition(true, "resp_1", OptionalLong.of(5), 2, OpenParts.Block.NOTHING, 46));
    }

    /** Clients take the whole text from the last event; a message that ended before a call that broke off is part of it. */
    @Test
    void theLastEventRepeatsWhatHadEndedBefore() {
        StreamPosition position =
                new StreamPosition(true, "resp_1", OptionalLong.of(5), 1, OpenParts.Block.NOTHING, 10);
        StreamWriter writer =
                new ResponsesDialect().streamWriter(context("{}"), Optional.of(new ResumePoint(position, "Once ")));

        List<JsonNode> frames = written(writer, text("upon"), ended(Finish.Reason.STOP), DONE);

        assertThat(frames.getLast().at("/response/output/0/content/0/text").asText())
                .isEqualTo("Once ");
        assertThat(frames.getLast().at("/response/output/1/content/0/text").asText())
                .isEqualTo("upon");
    }
}
