package dev.understudy.protocol.dialect.openai;

import static dev.understudy.protocol.dialect.openai.Wire.ASKED;
import static dev.understudy.protocol.dialect.openai.Wire.CHAT;
import static dev.understudy.protocol.dialect.openai.Wire.chunks;
import static dev.understudy.protocol.dialect.openai.Wire.tree;
import static dev.understudy.protocol.dialect.openai.Wire.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.dialect.RequestContext;
import dev.understudy.protocol.dialect.ResumePoint;
import dev.understudy.protocol.dialect.StreamPosition;
import dev.understudy.protocol.dialect.StreamWriter;
import dev.understudy.protocol.neutral.Finish;
import dev.understudy.protocol.neutral.Finish.Reason;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.StreamEvent;
import dev.understudy.protocol.neutral.Tokens;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ChatStreamWritingTest {
    private static final StreamEvent BEGIN = new StreamEvent.Begin("c1", "m", OptionalLong.of(5));
    private static final StreamEvent STOP = new StreamEvent.Ended(0, Finish.of(Reason.STOP, "end_turn"));

    private static StreamWriter writer() {
        return CHAT.streamWriter(ASKED, Optional.empty());
    }

    /** The deltas of one choice that a writer makes of these after a first word. */
    private static List<JsonNode> deltas(StreamEvent... events) {
        StreamWriter writer = writer();
        chunks(writer, BEGIN, StreamEvent.TextDelta.of(0, "."));
        return chunks(writer, events).stream()
                .map(chunk -> chunk.at("/choices/0/delta"))
                .toList();
    }

    @Test
    void aTextFromItsRoleToItsTokens() {
        assertThat(chunks(
                        writer(),
                        BEGIN,
                        new StreamEvent.TextDelta(0, "He", "{\"content\":[]}"),
                        StreamEvent.TextDelta.of(0, "y"),
                        new StreamEvent.Counted(Tokens.of(3, 2)),
                        STOP,
                        new StreamEvent.Done()))
                .containsExactly(tree("""
                                {"id":"c1","object":"chat.completion.chunk","created":5,"model":"m","choices":[
                                 {"index":0,"delta":{"role":"assistant","content":"He"},"logprobs":{"content":[]},"finish_reason":null}]}"""), tree("""
                                {"id":"c1","object":"chat.completion.chunk","created":5,"model":"m","choices":[
                                 {"index":0,"delta":{"content":"y"},"logprobs":null,"finish_reason":null}]}"""), tree("""
                                {"id":"c1","object":"chat.completion.chunk","created":5,"model":"m","choices":[
                                 {"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"}]}"""), tree("""
                                {"id":"c1","object":"chat.completion.chunk","created":5,"model":"m","choices":[],
                                 "usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}"""), tree("\"[DONE]\""));
    }

    @Test
    void usageIsWrittenOnlyOnRequest() {
        StreamWriter writer = CHAT.streamWriter(new RequestContext(utf8("{}"), false, 9), Optional.empty());
        assertThat(chunks(writer, BEGIN, new StreamEvent.Counted(Tokens.of(3, 2)), new StreamEvent.Done()))
                .containsExactly(tree("\"[DONE]\""));
    }

    @Test
    void interleavedCalls() {
        assertThat(deltas(
                        new StreamEvent.ToolCallBegan(0, 0, "a", "f", "s"),
                        new StreamEvent.ToolCallBegan(0, 1, "b", "g", ""),
                        new StreamEvent.ToolCallDelta(0, 1, "{}"),
                        new StreamEvent.ToolCallDelta(0, 0, "{")))
                .containsExactly(
                        tree("""
                                {"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":""},
                                  "extra_content":{"google":{"thought_signature":"s"}}}]}"""),
                        tree("""
                                {"tool_calls":[{"index":1,"id":"b","type":"function","function":{"name":"g","arguments":""}}]}"""),
                        tree("{\"tool_calls\":[{\"index\":1,\"function\":{\"arguments\":\"{}\"}}]}"),
                        tree("{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{\"}}]}"));
    }

    @Test
    void callsWithoutIdsGetOnesOfTheirOwn() {
        List<JsonNode> deltas = deltas(
                new StreamEvent.ToolCallBegan(0, 0, "", "f", ""), new StreamEvent.ToolCallBegan(0, 1, "", "f", ""));
        assertThat(deltas)
                .extracting(delta -> delta.at("/tool_calls/0/id").asText())
                .doesNotHaveDuplicates()
                .allMatch(id -> id.matches("call_[a-z0-9_]{1,35}"));
    }

    @Test
    void reasoningRefusalsMediaAndCitations() {
        Part.Citation page = new Part.Citation("u", "t", "", -1, -1, "anthropic", "{}");
        assertThat(deltas(
                        new StreamEvent.ReasoningDelta(0, "hm", "anthropic"),
                        new StreamEvent.ReasoningSealed(0, "s", "", "anthropic"),
                        new StreamEvent.ReasoningSealed(0, "", "d", "bedrock"),
                        new StreamEvent.ReasoningSealed(0, "", "", "anthropic"),
                        new StreamEvent.RefusalDelta(0, "no"),
                        new StreamEvent.MediaCame(
                                0, Part.Media.of(Part.Media.Kind.IMAGE, new Part.Source.Inline("image/png", "AA"))),
                        new StreamEvent.MediaCame(
                                0, Part.Media.of(Part.Media.Kind.AUDIO, new Part.Source.Inline("audio/wav", "BB"))),
                        new StreamEvent.MediaCame(
                                0, Part.Media.of(Part.Media.Kind.VIDEO, new Part.Source.Inline("video/mp4", "CC"))),
                        new StreamEvent.Cited(0, page),
                        new StreamEvent.Cited(0, new Part.Citation("", "doc", "q", 0, 1, "anthropic", "{}")),
                        new StreamEvent.ForeignCame(0, new Part.Foreign("anthropic", "x", "{}"))))
                .containsExactly(
                        tree("{\"reasoning_content\":\"hm\"}"),
                        tree("""
                                {"thinking_blocks":[{"index":0,"type":"thinking","thinking":"hm","signature":"s"}]}"""),
                        tree("""
                                {"thinking_blocks":[{"index":1,"type":"redacted_thinking","data":"d","origin":"bedrock"}]}"""),
                        tree("{\"refusal\":\"no\"}"),
                        tree("""
                                {"images":[{"index":0,"type":"image_url","image_url":{"url":"data:image/png;base64,AA"}}]}"""),
                        tree("""
                                {"audio":{"data":"BB"}}"""),
                        tree("""
                                {"annotations":[{"index":0,"type":"url_citation","url_citation":
                                  {"url":"u","title":"t","start_index":0,"end_index":1}}]}"""));
    }

    @Test
    void everyChoiceBeginsWithItsRole() {
        assertThat(chunks(
                        writer(),
                        BEGIN,
                        StreamEvent.TextDelta.of(1, "a"),
                        StreamEvent.TextDelta.of(0, "b"),
                        StreamEvent.TextDelta.of(1, "c")))
                .extracting(chunk -> chunk.at("/choices/0/delta").has("role"))
                .containsExactly(true, true, false);
    }

    @Test
    void anAnswerOfNothingHasARoleAndAnEndAllTheSame() {
        assertThat(chunks(writer(), BEGIN, STOP))
                .extracting(chunk -> chunk.at("/choices/0").toString())
                .containsExactly(
                        "{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"logprobs\":null,\"finish_reason\":null}",
                        "{\"index\":0,\"delta\":{},\"logprobs\":null,\"finish_reason\":\"stop\"}");
    }

    @Test
    void aRefusalWithTextFinishesAsStop() {
        StreamEvent refused = new StreamEvent.Ended(0, Finish.of(Reason.REFUSAL, "refusal"));
        assertThat(chunks(writer(), new StreamEvent.RefusalDelta(0, "no"), refused)
                        .getLast()
                        .at("/choices/0/finish_reason"))
                .hasToString("\"stop\"");
        assertThat(chunks(writer(), StreamEvent.TextDelta.of(0, "x"), refused)
                        .getLast()
                        .at("/choices/0/finish_reason"))
                .hasToString("\"content_filter\"");
    }

    @Test
    void aContinuationKeepsIdAndTimeAndBeginsNoMessage() {
        ResumePoint resumePoint = new ResumePoint(StreamPosition.of(true, "first", OptionalLong.of(1)), "He");
        StreamWriter writer = CHAT.streamWriter(ASKED, Optional.of(resumePoint));
        assertThat(chunks(writer, BEGIN, StreamEvent.TextDelta.of(0, "y"))).containsExactly(tree("""
                                {"id":"first","object":"chat.completion.chunk","created":1,"model":"m","choices":[
                                 {"index":0,"delta":{"content":"y"},"logprobs":null,"finish_reason":null}]}"""));
        assertThat(writer.position()).isEqualTo(resumePoint.position());
    }

    @Test
    void anAnswerWithoutIdOrTimeGetsBothAndKeepsThem() {
        StreamWriter writer = writer();
        List<JsonNode> chunks = chunks(
                writer,
                new StreamEvent.Begin("", "m", OptionalLong.empty()),
                StreamEvent.TextDelta.of(0, "a"),
                StreamEvent.TextDelta.of(0, "b"));
        assertThat(chunks).extracting(chunk -> chunk.get("created").asLong()).containsOnly(1_700_000_000L);
        assertThat(chunks).extracting(chunk -> chunk.get("id").asText()).allMatch(id -> id.matches("chatcmpl-\\w+"));
        assertThat(chunks.getLast().get("id")).isEqualTo(chunks.getFirst().get("id"));
        assertThat(writer.position().id()).isEqualTo(chunks.getFirst().get("id").asText());
    }

    @Test
    void theEndThatProvidersForget() {
        assertThat(CHAT.forgottenEnd()).isEqualTo(utf8("data: [DONE]\n\n"));
        assertThat(CHAT.endsWithDone()).isFalse();
    }
}
