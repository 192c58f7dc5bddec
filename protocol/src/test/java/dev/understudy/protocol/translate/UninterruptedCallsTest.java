package dev.understudy.protocol.translate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.protocol.answer.AnswerListener;
import dev.understudy.protocol.answer.AnswerRules;
import dev.understudy.protocol.answer.AnswerStream;
import dev.understudy.protocol.answer.StreamOptions;
import dev.understudy.protocol.dialect.Dialect;
import dev.understudy.protocol.dialect.RequestContext;
import dev.understudy.protocol.dialect.anthropic.AnthropicDialect;
import dev.understudy.protocol.dialect.bedrock.BedrockDialect;
import dev.understudy.protocol.dialect.gemini.GeminiDialect;
import dev.understudy.protocol.dialect.openai.OpenAiDialect;
import dev.understudy.protocol.dialect.responses.ResponsesDialect;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Text that comes in the middle of a tool call's arguments, which only Chat Completions can express. */
class UninterruptedCallsTest {
    private static final Dialect CHAT = new OpenAiDialect();

    static Stream<Dialect> dialects() {
        return Stream.of(
                new AnthropicDialect(), new BedrockDialect(), new GeminiDialect(), new ResponsesDialect(), CHAT);
    }

    /** Records what a caller gets. */
    private static final class Received implements AnswerListener {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private Optional<Failure> failure = Optional.empty();

        @Override
        public void event(EventKind event, byte[] array, int offset, int length) {
            bytes.write(array, offset, length);
        }

        @Override
        public void failed(Failure what, byte[] array, int offset, int length) {
            failure = Optional.of(what);
        }
    }

    private static Received answer(Dialect to, String... deltas) {
        Received received = new Received();
        RequestContext context = new RequestContext("{}".getBytes(UTF_8), true, 7);
        ResponseTranslator translator = new ResponseTranslator(CHAT, to, "m", () -> context, AnswerRules.DEFAULT);
        AnswerStream stream = translator.stream(new StreamOptions(true, false), received);
        for (String delta : deltas) {
            feed(
                    stream,
                    "{\"id\":\"1\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":" + delta
                            + ",\"finish_reason\":null}]}");
        }
        feed(stream, "{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"tool_calls\"}]}");
        stream.end();
        received.bytes.writeBytes(stream.ending());
        return received;
    }

    private static void feed(AnswerStream stream, String data) {
        byte[] bytes = ("data: " + data + "\n\n").getBytes(UTF_8);
        stream.feed(bytes, 0, bytes.length);
    }

    private static String began(int index, String arguments) {
        return "{\"tool_calls\":[{\"index\":" + index + ",\"id\":\"call_" + index
                + "\",\"type\":\"function\",\"function\":{\"name\":\"f" + index + "\",\"arguments\":\"" + arguments
                + "\"}}]}";
    }

    private static String more(int index, String arguments) {
        return "{\"tool_calls\":[{\"index\":" + index + ",\"function\":{\"arguments\":\"" + arguments + "\"}}]}";
    }

    private static String text(String text) {
        return "{\"content\":\"" + text + "\"}";
    }

    /** The content of an answer in one form: texts as they are, calls as name and arguments. */
    private static List<String> content(Dialect dialect, Received received) {
        JsonNode answer = LoopAssembly.of(dialect, received.bytes.toByteArray());
        List<String> content = new ArrayList<>();
        switch (dialect.name()) {
            case "anthropic" ->
                answer.path("content")
                        .forEach(block -> content.add(
                                block.has("input")
                                        ? block.path("name").asText() + block.path("input")
                                        : block.path("text").asText()));
            case "bedrock" ->
                answer.at("/output/message/content").forEach(block -> {
                    JsonNode call = block.path("toolUse");
                    content.add(
                            call.isObject()
                                    ? call.path("name").asText() + call.path("input")
                                    : block.path("text").asText());
                });
            case "gemini" ->
                answer.at("/candidates/0/content/parts").forEach(part -> {
                    JsonNode call = part.path("functionCall");
                    content.add(
                            call.isObject()
                                    ? call.path("name").asText() + call.path("args")
                                    : part.path("text").asText());
                });
            case "openai" -> {
                JsonNode message = answer.at("/choices/0/message");
                message.path("tool_calls")
                        .forEach(call -> content.add(call.at("/function/name").asText()
                                + call.at("/function/arguments").asText()));
                content.add(message.path("content").asText());
            }
            default ->
                answer.path("output")
                        .forEach(item -> content.add(
                                item.has("arguments")
                                        ? item.path("name").asText()
                                                + item.path("arguments").asText()
                                        : item.at("/content/0/text").asText()));
        }
        return content;
    }

    @ParameterizedTest
    @MethodSource("dialects")
    void textWithinArgumentsComesAfterThem(Dialect to) {
        Received received = answer(to, began(0, "{\\\"a"), text("He"), text("llo"), more(0, "\\\":\\\"}\\\"}"));

        assertThat(received.failure).isEmpty();
        assertThat(content(to, received)).containsExactlyInAnyOrder("f0{\"a\":\"}\"}", "Hello");
        if (to.writesBlocksInTurn()) {
            assertThat(content(to, received)).containsExactly("f0{\"a\":\"}\"}", "Hello");
        }
    }

    @ParameterizedTest
    @MethodSource("dialects")
    void eachOfSeveralCallsComesOutWhole(Dialect to) {
        Received received = answer(
                to,
                began(0, "{\\\"a\\\":"),
                began(1, "{\\\"b\\\":["),
                text("one"),
                more(1, "2]"),
                more(0, "1}"),
                text("two"),
                began(2, "{"),
                text("three"),
                more(2, "\\\"c\\\":3}"),
                more(1, "}"));

        assertThat(received.failure).isEmpty();
        List<String> content = content(to, received);
        assertThat(content).contains("f0{\"a\":1}", "f1{\"b\":[2]}", "f2{\"c\":3}");
        assertThat(String.join(
                        "", content.stream().filter(part -> !part.contains("{")).toList()))
                .isEqualTo("onetwothree");
    }

    @Test
    void completeCallsHoldNothingBack() {
        Received received = answer(new AnthropicDialect(), began(0, "{}"), text("now"));
        String stream = received.bytes.toString(UTF_8);

        assertThat(stream.indexOf("now")).isLessThan(stream.indexOf("message_delta"));
        assertThat(content(new AnthropicDialect(), received)).containsExactly("f0{}", "now");
    }

    @Test
    void callsWithoutArgumentsEndWithTheAnswer() {
        assertThat(content(new AnthropicDialect(), answer(new AnthropicDialect(), began(0, ""), text("x"))))
                .containsExactly("f0{}", "x");
    }

    @Test
    void whatWaitsIsBounded() {
        String megabyte = text("x".repeat(1 << 20));
        Received received =
                answer(new AnthropicDialect(), began(0, "{"), megabyte, megabyte, megabyte, megabyte, megabyte);

        assertThat(received.failure.orElseThrow().kind()).isEqualTo(FailureKind.INVALID_OUTPUT);
    }
}
