package dev.understudy.protocol.dialect;

import static dev.understudy.protocol.answer.AnswerListener.EventKind.CONTENT;
import static dev.understudy.protocol.answer.AnswerListener.EventKind.NO_CONTENT;
import static dev.understudy.protocol.answer.AnswerListener.EventKind.PING;
import static dev.understudy.protocol.answer.AnswerListener.EventKind.REASONING;
import static dev.understudy.protocol.answer.AnswerListener.EventKind.TOOL_CALL;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.Failure;
import dev.understudy.protocol.answer.AnswerListener;
import dev.understudy.protocol.answer.AnswerRules;
import dev.understudy.protocol.answer.AnswerStream;
import dev.understudy.protocol.answer.StreamOptions;
import dev.understudy.protocol.dialect.anthropic.AnthropicDialect;
import dev.understudy.protocol.dialect.bedrock.BedrockDialect;
import dev.understudy.protocol.dialect.gemini.GeminiDialect;
import dev.understudy.protocol.dialect.openai.OpenAiDialect;
import dev.understudy.protocol.dialect.responses.ResponsesDialect;
import dev.understudy.protocol.translate.ResponseTranslator;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What each event of a stream is worth, in the order of the wire, and which tools are open after it. */
class PiecesTest {
    private static final Dialect CHAT = new OpenAiDialect();
    private static final Dialect ANTHROPIC = new AnthropicDialect();
    private static final Dialect RESPONSES = new ResponsesDialect();
    private static final Dialect GEMINI = new GeminiDialect();
    private static final Dialect BEDROCK = new BedrockDialect();

    /** Feeds frames, and keeps what was told of each. */
    private static final class RecordingListener implements AnswerListener {
        final List<EventKind> pieces = new ArrayList<>();
        final List<Boolean> toolOpen = new ArrayList<>();
        final AnswerStream stream;

        RecordingListener(Dialect from, Dialect to, boolean holds, String... frames) {
            stream = new ResponseTranslator(
                            from, to, "m", () -> new RequestContext("{}".getBytes(UTF_8), true, 1), AnswerRules.DEFAULT)
                    .stream(new StreamOptions(true, holds), this);
            for (Streamed.Line line : Streamed.lines(from, frames)) {
                byte[] bytes = Streamed.bytes(from.framing(), List.of(line));
                stream.feed(bytes, 0, bytes.length);
                toolOpen.add(stream.toolOpen());
            }
        }

        @Override
        public void event(EventKind event, byte[] array, int offset, int length) {
            pieces.add(event);
        }

        @Override
        public void failed(Failure failure, byte[] array, int offset, int length) {
            throw new AssertionError(failure.toString());
        }
    }

    private static String chat(String delta) {
        return "{\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{" + delta + "}}]}";
    }

    private static final String[] CHAT_CALLS = {
        chat("\"content\":\"Hi\""),
        chat("\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]"),
        chat("\"content\":\"\",\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{}\"}}]"),
        chat("\"reasoning_content\":\"Another.\""),
        chat("\"tool_calls\":[{\"index\":1,\"id\":\"b\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]"),
        chat("\"content\":\"So.\"")
    };

    @Test
    void aCallOfChatCompletionsIsCompleteWithTheNextText() {
        for (Dialect to : List.of(CHAT, ANTHROPIC)) {
            RecordingListener told = new RecordingListener(CHAT, to, true, CHAT_CALLS);
            assertThat(told.pieces).containsExactly(CONTENT, TOOL_CALL, TOOL_CALL, TOOL_CALL, TOOL_CALL, CONTENT);
            assertThat(told.toolOpen).containsExactly(false, true, true, true, true, false);
            assertThat(told.stream.continuable()).isFalse();
        }
    }

    @Test
    void whileACallIsHeldBackTheStreamIsWhatCameBeforeIt() {
        for (Dialect to : List.of(CHAT, ANTHROPIC)) {
            RecordingListener told = new RecordingListener(
                    CHAT,
                    to,
                    true,
                    chat("\"content\":\"Hi\""),
                    chat(
                            "\"content\":\" there\",\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\"}}]"),
                    chat("\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{\"}}]"));
            assertThat(told.pieces).containsExactly(CONTENT, TOOL_CALL, TOOL_CALL);
            assertThat(told.stream.toolCallOpen()).isTrue();
            assertThat(told.stream.continuable()).isTrue();
            assertThat(told.stream.text())
                    .as("the text of the held event is held too")
                    .contains("Hi");
            assertThat(told.stream.characters()).isEqualTo(2);
            assertThat(told.stream.position().open())
                    .isEqualTo(to == ANTHROPIC ? OpenParts.Block.TEXT : OpenParts.Block.NOTHING);
        }
    }

    @Test
    void liveCallsAreContentAndEndContinuation() {
        for (Dialect to : List.of(CHAT, ANTHROPIC)) {
            RecordingListener told =
                    new RecordingListener(CHAT, to, false, CHAT_CALLS[0], CHAT_CALLS[1], CHAT_CALLS[2]);
            assertThat(told.pieces).containsExactly(CONTENT, CONTENT, CONTENT);
            assertThat(told.stream.toolCallOpen()).isTrue();
            assertThat(told.stream.continuable()).isFalse();
            assertThat(told.stream.text()).contains("Hi");
        }
    }

    @Test
    void blocksOfAnthropic() {
        RecordingListener told = new RecordingListener(
                ANTHROPIC,
                ANTHROPIC,
                true,
                "{\"type\":\"message_start\",\"message\":{\"id\":\"m\"}}",
                "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"thinking\",\"thinking\":\"\"}}",
                "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"thinking_delta\",\"thinking\":\"Hm\"}}",
                "{\"type\":\"ping\"}",
                "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"signature_delta\",\"signature\":\"s\"}}",
                "{\"type\":\"content_block_stop\",\"index\":0}",
                "{\"type\":\"content_block_start\",\"index\":1,\"content_block\":{\"type\":\"redacted_thinking\",\"data\":\"x\"}}",
                "{\"type\":\"content_block_stop\",\"index\":1}",
                "{\"type\":\"content_block_start\",\"index\":2,\"content_block\":{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"f\"}}",
                "{\"type\":\"content_block_delta\",\"index\":2,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"{}\"}}",
                "{\"type\":\"content_block_stop\",\"index\":2}");
        assertThat(told.pieces)
                .containsExactly(
                        NO_CONTENT,
                        REASONING,
                        REASONING,
                        PING,
                        REASONING,
                        REASONING,
                        REASONING,
                        REASONING,
                        TOOL_CALL,
                        TOOL_CALL,
                        CONTENT);
        assertThat(told.stream.continuable()).isFalse();
    }

    @Test
    void toolsThatAnthropicRunsAreOpenUntilTheirResultAndNotHeldBack() {
        RecordingListener told = new RecordingListener(
                ANTHROPIC,
                ANTHROPIC,
                true,
                "{\"type\":\"message_start\",\"message\":{\"id\":\"m\"}}",
                "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"server_tool_use\",\"id\":\"t\",\"name\":\"web_search\"}}",
                "{\"type\":\"content_block_stop\",\"index\":0}",
                "{\"type\":\"ping\"}",
                "{\"type\":\"content_block_start\",\"index\":1,\"content_block\":{\"type\":\"web_search_tool_result\",\"content\":[]}}",
                "{\"type\":\"content_block_stop\",\"index\":1}");
        assertThat(told.pieces).doesNotContain(TOOL_CALL).endsWith(CONTENT);
        assertThat(told.toolOpen).containsExactly(false, true, true, true, false, false);
        assertThat(told.stream.toolCallOpen()).isFalse();
        assertThat(told.stream.continuable()).isFalse();
    }

    @Test
    void aBlockThatOnlyAnthropicHasIsNotContinued() {
        RecordingListener told = new RecordingListener(
                ANTHROPIC,
                ANTHROPIC,
                true,
                "{\"type\":\"message_start\",\"message\":{\"id\":\"m\"}}",
                "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"server_tool_use\",\"id\":\"t\",\"name\":\"web_search\"}}");
        assertThat(told.stream.continuable()).isFalse();
    }

    @Test
    void itemsOfResponses() {
        RecordingListener told = new RecordingListener(
                RESPONSES,
                RESPONSES,
                true,
                "{\"type\":\"response.created\",\"response\":{\"id\":\"resp_1\"}}",
                "{\"type\":\"response.output_item.added\",\"output_index\":0,\"item\":{\"type\":\"reasoning\",\"id\":\"rs\"}}",
                "{\"type\":\"response.reasoning_summary_part.added\",\"output_index\":0}",
                "{\"type\":\"response.reasoning_summary_text.delta\",\"output_index\":0,\"delta\":\"Hm\"}",
                "{\"type\":\"response.output_item.done\",\"output_index\":0,\"item\":{\"type\":\"reasoning\",\"id\":\"rs\"}}",
                "{\"type\":\"response.output_item.added\",\"output_index\":1,\"item\":{\"type\":\"web_search_call\",\"id\":\"ws\"}}",
                "{\"type\":\"response.web_search_call.searching\",\"output_index\":1}",
                "{\"type\":\"response.output_item.done\",\"output_index\":1,\"item\":{\"type\":\"web_search_call\",\"id\":\"ws\"}}",
                "{\"type\":\"response.output_item.added\",\"output_index\":2,\"item\":{\"type\":\"custom_tool_call\",\"id\":\"ct\"}}",
                "{\"type\":\"response.custom_tool_call_input.delta\",\"output_index\":2,\"delta\":\"x\"}",
                "{\"type\":\"response.output_item.done\",\"output_index\":2,\"item\":{\"type\":\"custom_tool_call\",\"id\":\"ct\"}}");
        assertThat(told.pieces)
                .containsExactly(
                        NO_CONTENT,
                        REASONING,
                        REASONING,
                        REASONING,
                        REASONING,
                        NO_CONTENT,
                        NO_CONTENT,
                        CONTENT,
                        TOOL_CALL,
                        TOOL_CALL,
                        CONTENT);
        assertThat(told.toolOpen)
                .containsExactly(false, false, false, false, false, true, true, false, true, true, false);
    }

    @Test
    void callsOfGeminiAreCompleteAtOnceUnlessMarkedPartial() {
        RecordingListener whole = new RecordingListener(
                GEMINI,
                GEMINI,
                true,
                "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"Hm\",\"thought\":true}]}}]}",
                "{\"candidates\":[{\"content\":{\"parts\":[{\"functionCall\":{\"name\":\"f\",\"args\":{}}}]}}]}");
        assertThat(whole.pieces).containsExactly(REASONING, CONTENT);

        RecordingListener pieces = new RecordingListener(
                GEMINI,
                CHAT,
                true,
                "{\"candidates\":[{\"content\":{\"parts\":[{\"functionCall\":{\"name\":\"f\",\"willContinue\":true}}]}}]}",
                "{\"candidates\":[{\"content\":{\"parts\":[{\"functionCall\":{\"partialArgs\":[{\"jsonPath\":\"$.a\",\"numberValue\":1}],\"willContinue\":true}}]}}]}",
                "{\"candidates\":[{\"content\":{\"parts\":[{\"functionCall\":{}}]}}]}");
        assertThat(pieces.pieces).containsExactly(TOOL_CALL, TOOL_CALL, CONTENT);

        RecordingListener code = new RecordingListener(
                GEMINI,
                GEMINI,
                true,
                "{\"candidates\":[{\"content\":{\"parts\":[{\"executableCode\":{\"code\":\"1\"}}]}}]}",
                "{\"candidates\":[{\"content\":{\"parts\":[{\"codeExecutionResult\":{\"output\":\"1\"}}]}}]}");
        assertThat(code.pieces).containsExactly(CONTENT, CONTENT);
        assertThat(code.toolOpen).containsExactly(true, false);
    }

    @Test
    void blocksOfBedrock() {
        RecordingListener told = new RecordingListener(
                BEDROCK,
                BEDROCK,
                true,
                "{\"messageStart\":{\"role\":\"assistant\"}}",
                "{\"contentBlockDelta\":{\"contentBlockIndex\":0,\"delta\":{\"reasoningContent\":{\"text\":\"Hm\"}}}}",
                "{\"contentBlockDelta\":{\"contentBlockIndex\":0,\"delta\":{\"reasoningContent\":{\"signature\":\"s\"}}}}",
                "{\"contentBlockStop\":{\"contentBlockIndex\":0}}",
                "{\"contentBlockStart\":{\"contentBlockIndex\":1,\"start\":{\"toolUse\":{\"toolUseId\":\"t\",\"name\":\"f\"}}}}",
                "{\"contentBlockDelta\":{\"contentBlockIndex\":1,\"delta\":{\"toolUse\":{\"input\":\"{}\"}}}}",
                "{\"contentBlockStop\":{\"contentBlockIndex\":1}}");
        assertThat(told.pieces)
                .containsExactly(NO_CONTENT, REASONING, REASONING, REASONING, TOOL_CALL, TOOL_CALL, CONTENT);
    }
}
