package dev.understudy.protocol.translate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.engine.Failure;
import dev.understudy.protocol.answer.AnswerListener;
import dev.understudy.protocol.answer.AnswerRules;
import dev.understudy.protocol.answer.AnswerStream;
import dev.understudy.protocol.answer.StreamOptions;
import dev.understudy.protocol.dialect.Dialect;
import dev.understudy.protocol.dialect.RequestContext;
import dev.understudy.protocol.dialect.ResumePoint;
import dev.understudy.protocol.dialect.openai.OpenAiDialect;
import dev.understudy.protocol.recovery.ContinuationForm;
import dev.understudy.protocol.recovery.DeliveredPart;
import dev.understudy.protocol.recovery.Seam;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A stream that breaks within a tool call, and is continued from the text before the call by another vendor. */
class ContinuedCallIdsTest {
    private static final Dialect CHAT = new OpenAiDialect();

    /** Answers of turns before are in the request. */
    private static final byte[] REQUEST = "{\"model\":\"m\",\"history\":[\"call_0\",\"call_1\"]}".getBytes(UTF_8);

    /** Keeps calls until they are complete, as the gateway does. */
    private static final class Received implements AnswerListener {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final ByteArrayOutputStream held = new ByteArrayOutputStream();
        private boolean failed;

        @Override
        public void event(EventKind event, byte[] array, int offset, int length) {
            held.write(array, offset, length);
            if (event != EventKind.TOOL_CALL) {
                bytes.writeBytes(held.toByteArray());
                held.reset();
            }
        }

        @Override
        public void failed(Failure failure, byte[] array, int offset, int length) {
            failed = true;
        }
    }

    private static AnswerStream fed(AnswerStream stream, byte[] bytes) {
        stream.feed(bytes, 0, bytes.length);
        stream.end();
        return stream;
    }

    private static byte[] broken() {
        return """
                data: {"id":"1","model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"look "},"finish_reason":null}]}

                data: {"id":"1","model":"m","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"call_first","type":"function",\
                "function":{"name":"f","arguments":"{\\"st"}}]},"finish_reason":null}]}

                """.getBytes(UTF_8);
    }

    /** Kimi's ids, which it repeats in each piece of a call, as some servers do. */
    private static byte[] rest() {
        StringBuilder rest = new StringBuilder();
        for (String call : List.of(
                "{\"index\":0,\"id\":\"functions.f:0\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"step\\\":\"}}",
                "{\"index\":0,\"id\":\"functions.f:0\",\"function\":{\"arguments\":\"1}\"}}",
                "{\"index\":1,\"id\":\"call_0\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}",
                "{\"index\":2,\"id\":\"call_fine\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}")) {
            rest.append("data: {\"id\":\"2\",\"model\":\"k\",\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[")
                    .append(call)
                    .append("]},\"finish_reason\":null}]}\n\n");
        }
        rest.append("data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"tool_calls\"}]}\n\n");
        return rest.append("data: [DONE]\n\n").toString().getBytes(UTF_8);
    }

    @ParameterizedTest
    @EnumSource(
            value = LoopClient.class,
            names = {"CHAT", "MESSAGES", "GENERATE_CONTENT", "CONVERSE", "RESPONSES"})
    void theCallsHaveIdsThatTheCallerCanSendBack(LoopClient client) {
        RequestContext context = new RequestContext(REQUEST, true, 7);
        ResponseTranslator translator =
                new ResponseTranslator(CHAT, client.own.dialect, "m", () -> context, AnswerRules.DEFAULT);
        Received received = new Received();
        StreamOptions options = new StreamOptions(true, true);
        AnswerStream first = fed(translator.stream(options, received), broken());
        assertThat(received.failed).isTrue();
        assertThat(first.continuable()).isTrue();
        assertThat(received.bytes.toString(UTF_8)).contains("look").doesNotContain("call_first");

        Received all = new Received();
        all.bytes.writeBytes(received.bytes.toByteArray());
        String text = first.text().orElseThrow();
        AnswerStream second = translator.continuing(
                new ResumePoint(first.position(), text),
                DeliveredPart.of(first),
                new Seam(text, ContinuationForm.TURN),
                options,
                () -> "trail",
                all);
        fed(second, rest());
        all.bytes.writeBytes(second.ending());
        assertThat(all.failed).isFalse();

        List<String> ids = ids(client, client.streamed(all.bytes.toByteArray()));
        assertThat(ids).hasSize(3).doesNotHaveDuplicates().doesNotContain("call_0", "functions.f:0");
        assertThat(ids.get(2)).isEqualTo("call_fine");
        assertThat(ids).allMatch(Pattern.compile("[a-zA-Z0-9_-]{1,40}").asMatchPredicate());
    }

    private static List<String> ids(LoopClient client, JsonNode answer) {
        List<String> ids = new ArrayList<>();
        switch (client) {
            case CHAT, OLLAMA ->
                answer.at("/choices/0/message/tool_calls")
                        .forEach(call -> ids.add(call.path("id").asText()));
            case MESSAGES -> answer.path("content").forEach(block -> add(ids, block.path("id")));
            case GENERATE_CONTENT ->
                answer.at("/candidates/0/content/parts").forEach(part -> add(ids, part.at("/functionCall/id")));
            case CONVERSE ->
                answer.at("/output/message/content").forEach(block -> add(ids, block.at("/toolUse/toolUseId")));
            case RESPONSES -> answer.path("output").forEach(item -> add(ids, item.path("call_id")));
        }
        return ids;
    }

    private static void add(List<String> ids, JsonNode id) {
        if (id.isTextual()) {
            ids.add(id.asText());
        }
    }
}
