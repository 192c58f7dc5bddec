package dev.understudy.protocol.translate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.engine.Failure;
import dev.understudy.protocol.answer.AnswerListener;
import dev.understudy.protocol.answer.AnswerRules;
import dev.understudy.protocol.answer.AnswerStream;
import dev.understudy.protocol.answer.StreamOptions;
import dev.understudy.protocol.answer.WholeAnswerResult;
import dev.understudy.protocol.dialect.UntranslatableRequest;
import dev.understudy.protocol.dialect.WrittenRequest;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.model.ModelTable;
import java.io.ByteArrayOutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tools that only the caller's dialect has, at vendors of other dialects. */
class PortableToolsOfDialectsTest {
    private static final String CUSTOM = """
            {"model":"m","messages":[{"role":"user","content":"go"},{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":\
            "custom","custom":{"name":"f","input":"say \\"x\\""}}]},{"role":"tool","tool_call_id":"c1","content":"done"}],"tools":[{"type":\
            "custom","custom":{"name":"f","description":"Runs.","format":{"type":"grammar","grammar":{"syntax":"lark","definition":\
            "start: X"}}}},{"type":"function","function":{"name":"g","parameters":{"type":"object","properties":{}}}}],"tool_choice":{\
            "type":"custom","custom":{"name":"f"}}}""";

    private static CallerRequest request(LoopVendor vendor, String body) throws Exception {
        return CallerRequest.read(vendor.dialect, body.getBytes(UTF_8), "m", false);
    }

    private static WrittenRequest written(LoopVendor from, String body, LoopVendor to) throws Exception {
        return new RequestTranslator(request(from, body)).to(to.dialect, to.model, ModelTable.of(to.model), List.of());
    }

    private static JsonNode json(byte[] bytes) {
        return JsonTrees.of(new String(bytes, UTF_8));
    }

    @Test
    void customToolsOfChatCompletionsAreFunctionsWithOneText() throws Exception {
        JsonNode body =
                json(written(LoopVendor.OPENAI, CUSTOM, LoopVendor.ANTHROPIC).body());

        assertThat(body.at("/tools/0/name").asText()).isEqualTo("f");
        assertThat(body.at("/tools/0/description").asText()).contains("Runs.", "(lark)", "start: X");
        assertThat(body.at("/tools/0/input_schema/properties/input/type").asText())
                .isEqualTo("string");
        assertThat(body.at("/tools/1/name").asText()).isEqualTo("g");
        assertThat(body.at("/tool_choice/name").asText()).isEqualTo("f");
        assertThat(body.at("/messages/1/content/0/input/input").asText()).isEqualTo("say \"x\"");
        assertThat(body.at("/messages/2/content/0/tool_use_id").asText()).isEqualTo("c1");
    }

    @Test
    void theirCallsComeBackAsCallsOfTheCustomTool() throws Exception {
        CallerRequest request = request(LoopVendor.OPENAI, CUSTOM);
        RequestTranslator translator = new RequestTranslator(request);
        LoopVendor from = LoopVendor.ANTHROPIC;
        ResponseTranslator response = new ResponseTranslator(
                from.dialect,
                LoopVendor.OPENAI.dialect,
                from.model,
                request::context,
                AnswerRules.DEFAULT,
                translator.callersToolNames());
        byte[] answer =
                from.answer(1).replace("{\"step\":1}", "{\"input\":\"ls\"}").getBytes(UTF_8);
        WholeAnswerResult.Accepted whole =
                (WholeAnswerResult.Accepted) response.whole("application/json").read(answer, 0, answer.length);
        JsonNode calls = json(whole.written().orElseThrow()).at("/choices/0/message/tool_calls");
        assertThat(calls.get(0).toString())
                .isEqualTo("{\"id\":\"toolu_1\",\"type\":\"custom\",\"custom\":{\"name\":\"f\",\"input\":\"ls\"}}");

        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        AnswerStream stream = response.stream(StreamOptions.LIVE, new AnswerListener() {
            @Override
            public void event(EventKind event, byte[] array, int offset, int length) {
                bytes.write(array, offset, length);
            }

            @Override
            public void failed(Failure failure, byte[] array, int offset, int length) {
                throw new AssertionError("failed: " + failure);
            }
        });
        byte[] frames = new String(LoopStreams.of(from, 1), UTF_8)
                .replace("{\\\"step\\\":", "{\\\"input\\\":\\\"l")
                .replace("\"1}\"", "\"s\\\"}\"")
                .getBytes(UTF_8);
        stream.feed(frames, 0, frames.length);
        stream.end();
        JsonNode streamed = LoopAssembly.of(LoopVendor.OPENAI.dialect, bytes.toByteArray());
        assertThat(streamed.at("/choices/0/message/tool_calls/0").toString())
                .isEqualTo("{\"id\":\"toolu_1\",\"type\":\"custom\",\"custom\":{\"name\":\"f\",\"input\":\"ls\"}}");
        assertThat(bytes.toString(UTF_8)).contains("\"finish_reason\":\"tool_calls\"");
    }

    @Test
    void theirOwnDialectKeepsThem() throws Exception {
        assertThat(new String(
                        written(LoopVendor.OPENAI, CUSTOM, LoopVendor.OPENAI).body(), UTF_8))
                .isEqualTo(CUSTOM);
    }

    /** A request with a search of the web, and a function beside it if there is one. */
    private static String searching(LoopVendor vendor, boolean function) {
        return switch (vendor) {
            case OPENAI, DEEPSEEK, KIMI, MISTRAL ->
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"web_search_options\":{}"
                        + (function ? ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]}" : "}");
            case ANTHROPIC ->
                "{\"model\":\"m\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"tools\":[{\"type\":"
                        + "\"web_search_20250305\",\"name\":\"web_search\"}"
                        + (function ? ",{\"name\":\"f\",\"input_schema\":{\"type\":\"object\"}}]}" : "]}");
            case GEMINI ->
                "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"hi\"}]}],\"tools\":[{\"google_search\":{}}"
                        + (function ? ",{\"functionDeclarations\":[{\"name\":\"f\"}]}]}" : "]}");
            case BEDROCK ->
                "{\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"hi\"}]}],\"toolConfig\":{\"tools\":[{\"systemTool\":{"
                        + "\"name\":\"nova_grounding\"}}"
                        + (function
                                ? ",{\"toolSpec\":{\"name\":\"f\",\"inputSchema\":{\"json\":{\"type\":\"object\"}}}}]}}"
                                : "]}}");
            case RESPONSES ->
                "{\"model\":\"m\",\"input\":\"hi\",\"tools\":[{\"type\":\"web_search\"}"
                        + (function ? ",{\"type\":\"function\",\"name\":\"f\",\"parameters\":{}}]}" : "]}");
        };
    }

    @ParameterizedTest
    @EnumSource(
            value = LoopVendor.class,
            names = {"OPENAI", "ANTHROPIC", "GEMINI", "BEDROCK", "RESPONSES"})
    void aSearchOfTheWebIsDroppedBesideFunctionsAndNeverElse(LoopVendor from) throws Exception {
        for (LoopVendor to : LoopVendor.values()) {
            if (to.dialect.name().equals(from.dialect.name())) {
                continue;
            }
            WrittenRequest written = written(from, searching(from, true), to);
            assertThat(new String(written.body(), UTF_8))
                    .as(from + " to " + to)
                    .contains("\"f\"")
                    .doesNotContain("earch", "grounding");
            assertThat(written.warnings())
                    .anyMatch(warning -> warning.endsWith(": dropped, a tool of " + from.dialect.name() + " only"));
            assertThatThrownBy(() -> written(from, searching(from, false), to))
                    .as(from + " to " + to)
                    .isInstanceOf(UntranslatableRequest.class);
        }
    }

    @Test
    void otherToolsOfVendorsAreNeverDropped() {
        String body = searching(LoopVendor.ANTHROPIC, true)
                .replace("web_search_20250305", "code_execution_20250825")
                .replace("\"web_search\"", "\"code_execution\"");

        assertThatThrownBy(() -> written(LoopVendor.ANTHROPIC, body, LoopVendor.OPENAI))
                .isInstanceOf(UntranslatableRequest.class);
    }
}
