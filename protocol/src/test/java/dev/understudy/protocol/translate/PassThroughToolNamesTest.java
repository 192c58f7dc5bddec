package dev.understudy.protocol.translate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.Failure;
import dev.understudy.protocol.answer.AnswerListener;
import dev.understudy.protocol.answer.AnswerRules;
import dev.understudy.protocol.answer.AnswerStream;
import dev.understudy.protocol.answer.StreamOptions;
import dev.understudy.protocol.answer.WholeAnswerResult;
import dev.understudy.protocol.model.ModelTable;
import java.io.ByteArrayOutputStream;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Names of functions that a vendor of the caller's dialect refuses, in requests that are passed through to it. */
class PassThroughToolNamesTest {
    /** Slashes and accents are refused by all vendors. */
    private static final String NAME = "files/läs";

    /** A caller's request, with the name in a definition, a choice, a call and arguments. */
    private static String request(LoopVendor vendor, String name, String argument) {
        return switch (vendor) {
            case OPENAI, DEEPSEEK, KIMI, MISTRAL ->
                """
                {"model":"%1$s","messages":[{"role":"user","content":"%3$s"},{"role":"assistant","content":null,"tool_calls":[{"id":\
                "a23456789","type":"function","function":{"name":"%2$s","arguments":"{}"}}],"reasoning_content":"hm"},{"role":"tool",\
                "tool_call_id":"a23456789","content":"1.0"}],"tools":[{"type":"function","function":{"name":"%2$s","parameters":{"type":\
                "object","properties":{"name":{"const":"%3$s"}}}}}],"tool_choice":{"type":"function","function":{"name":"%2$s"}}}""".formatted(vendor.model, name, argument).replace(
                        vendor == LoopVendor.KIMI || vendor == LoopVendor.DEEPSEEK
                                ? ""
                                : ",\"reasoning_content\":\"hm\"",
                        "");
            case ANTHROPIC -> """
                {"model":"%1$s","max_tokens":10,"messages":[{"role":"user","content":"hi"},{"role":"assistant","content":[{"type":\
                "tool_use","id":"t1","name":"%2$s","input":{"name":"%3$s"}}]},{"role":"user","content":[{"type":"tool_result",\
                "tool_use_id":"t1","content":"1.0"}]}],"tools":[{"name":"%2$s","input_schema":{"type":"object"}}],"tool_choice":{"type":\
                "tool","name":"%2$s"}}""".formatted(vendor.model, name, argument);
            case GEMINI -> """
                {"contents":[{"role":"model","parts":[{"functionCall":{"name":"%2$s","args":{"name":"%3$s"}},"thoughtSignature":"c2ln"}]},\
                {"role":"user","parts":[{"functionResponse":{"name":"%2$s","response":{"name":"%3$s"}}}]}],"tools":[{\
                "functionDeclarations":[{"name":"%2$s"}]}],"toolConfig":{"functionCallingConfig":{"mode":"ANY","allowedFunctionNames":[\
                "%2$s"]}}}""".formatted(vendor.model, name, argument);
            case BEDROCK -> """
                {"messages":[{"role":"assistant","content":[{"toolUse":{"toolUseId":"t1","name":"%2$s","input":{"name":"%3$s"}}}]},{"role":\
                "user","content":[{"toolResult":{"toolUseId":"t1","content":[{"json":{"name":"%3$s"}}]}}]}],"toolConfig":{"tools":[{\
                "toolSpec":{"name":"%2$s","inputSchema":{"json":{"type":"object"}}}}],"toolChoice":{"tool":{"name":"%2$s"}}}}""".formatted(vendor.model, name, argument);
            case RESPONSES -> """
                {"model":"%1$s","input":[{"type":"function_call","call_id":"c1","name":"%2$s","arguments":"{}"},{"type":\
                "function_call_output","call_id":"c1","output":"1.0"}],"tools":[{"type":"function","name":"%2$s","parameters":{"name":\
                "%3$s"}}],"tool_choice":{"type":"function","name":"%2$s"}}""".formatted(vendor.model, name, argument);
        };
    }

    private static RequestTranslator translator(LoopVendor vendor, String body) throws Exception {
        return new RequestTranslator(CallerRequest.read(vendor.dialect, body.getBytes(UTF_8), vendor.model, true));
    }

    private static String sent(RequestTranslator translator, LoopVendor vendor) throws Exception {
        return new String(
                translator
                        .to(vendor.dialect, vendor.model, ModelTable.of(vendor.model), List.of())
                        .body(),
                UTF_8);
    }

    private static ResponseTranslator responses(RequestTranslator translator, LoopVendor vendor, String body)
            throws Exception {
        CallerRequest request = CallerRequest.read(vendor.dialect, body.getBytes(UTF_8), vendor.model, true);
        return new ResponseTranslator(
                vendor.dialect,
                vendor.dialect,
                vendor.model,
                request::context,
                AnswerRules.DEFAULT,
                translator.callersToolNames());
    }

    @ParameterizedTest
    @EnumSource(
            value = LoopVendor.class,
            names = {"KIMI"},
            mode = EnumSource.Mode.EXCLUDE)
    void aRefusedNameIsReplacedEverywhereAndPutBack(LoopVendor vendor) throws Exception {
        String body = request(vendor, NAME, NAME);
        RequestTranslator translator = translator(vendor, body);
        String sent = sent(translator, vendor);
        String name = vendor.dialect.limits(ModelTable.of(vendor.model)).fit(NAME);

        assertThat(name).matches("[a-zA-Z_][a-zA-Z0-9_-]{0,63}");
        assertThat(sent).isEqualTo(request(vendor, name, NAME));
        assertThat(translator.callersToolNames().of(name)).isEqualTo(NAME);

        String answer = vendor.answer(1);
        byte[] came = answer.replace("\"f\"", "\"" + name + "\"").getBytes(UTF_8);
        WholeAnswerResult.Accepted result = (WholeAnswerResult.Accepted)
                responses(translator, vendor, body).whole("application/json").read(came, 0, came.length);
        assertThat(new String(result.written().orElseThrow(), UTF_8))
                .isEqualTo(answer.replace("\"f\"", "\"" + NAME + "\""));

        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        AnswerStream stream = responses(translator, vendor, body).stream(StreamOptions.LIVE, new Bytes(bytes));
        byte[] frames = LoopStreams.of(vendor, 1, name);
        stream.feed(frames, 0, frames.length);
        stream.end();
        assertThat(bytes.toByteArray()).isEqualTo(LoopStreams.of(vendor, 1, NAME));
    }

    private record Bytes(ByteArrayOutputStream to) implements AnswerListener {
        @Override
        public void event(EventKind event, byte[] array, int offset, int length) {
            to.write(array, offset, length);
        }

        @Override
        public void failed(Failure failure, byte[] array, int offset, int length) {
            throw new AssertionError("failed: " + failure);
        }
    }

    @ParameterizedTest
    @EnumSource(LoopVendor.class)
    void otherRequestsAndAnswersStayAsTheyAre(LoopVendor vendor) throws Exception {
        String body = request(vendor, "f", NAME);
        RequestTranslator translator = translator(vendor, body);
        assertThat(sent(translator, vendor)).isEqualTo(body);

        byte[] answer = vendor.answer(1).getBytes(UTF_8);
        assertThat(((WholeAnswerResult.Accepted) responses(translator, vendor, body)
                                .whole("application/json")
                                .read(answer, 0, answer.length))
                        .written())
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = LoopVendor.class,
            names = {"KIMI"})
    void namesStayWhereNoRuleIsPublished(LoopVendor vendor) throws Exception {
        String body = request(vendor, NAME, NAME);
        assertThat(sent(translator(vendor, body), vendor)).isEqualTo(body);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0000',
            value = {
                "claude-sonnet-4-5|\"temperature\":0.5,\"top_p\":0.9|\"temperature\":0.5|top_p: dropped, Claude supports either temperature or top_p",
                "claude-opus-4-1-20250805|\"top_p\":0.9,\"temperature\":1.0|\"top_p\":0.9|",
                "claude-sonnet-4-5|\"temperature\":0.5,\"top_p\":1|\"temperature\":0.5|",
                "claude-sonnet-4-5|\"temperature\":0.5|\"temperature\":0.5|",
                "claude-opus-4-20250514|\"temperature\":0.5,\"top_p\":0.9|\"temperature\":0.5,\"top_p\":0.9|",
                "claude-3-7-sonnet-latest|\"temperature\":0.5,\"top_p\":0.9|\"temperature\":0.5,\"top_p\":0.9|",
                "glm-4.6|\"temperature\":0.5,\"top_p\":0.9|\"temperature\":0.5,\"top_p\":0.9|",
                "claude-opus-4-7|\"a\":1,\"temperature\":0.5,\"top_k\":3|\"a\":1|temperature: dropped, not supported by this model,top_k: dropped, not supported by this model",
            })
    void samplingThatClaudeRefusesIsLeftOut(String model, String asked, String sent, String warnings) throws Exception {
        LoopVendor anthropic = LoopVendor.ANTHROPIC;
        String rest = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"max_tokens\":1}";
        RequestTranslator translator = new RequestTranslator(
                CallerRequest.read(anthropic.dialect, ("{\"model\":\"m\"," + asked + "," + rest).getBytes(UTF_8)));
        var written = translator.to(anthropic.dialect, model, ModelTable.of(model), List.of());
        assertThat(new String(written.body(), UTF_8)).isEqualTo("{\"model\":\"" + model + "\"," + sent + "," + rest);
        assertThat(String.join(",", written.warnings())).isEqualTo(warnings == null ? "" : warnings);

        LoopVendor bedrock = LoopVendor.BEDROCK;
        String turns = "\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"hi\"}]}]}";
        String begin = "{\"inferenceConfig\":{";
        RequestTranslator converse = translator(bedrock, begin + asked.replace("top_p", "topP") + "}," + turns);
        var conversed =
                converse.to(bedrock.dialect, "anthropic." + model, ModelTable.of("anthropic." + model), List.of());
        if (model.startsWith("claude")) {
            assertThat(new String(conversed.body(), UTF_8))
                    .isEqualTo(begin + sent.replace("top_p", "topP") + "}," + turns);
            assertThat(String.join(",", conversed.warnings())).isEqualTo(warnings == null ? "" : warnings);
        }
    }
}
