package dev.understudy.protocol.dialect.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.dialect.Frame;
import dev.understudy.protocol.dialect.InvalidAnswer;
import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.dialect.RequestContext;
import dev.understudy.protocol.dialect.ResumePoint;
import dev.understudy.protocol.dialect.StreamPosition;
import dev.understudy.protocol.dialect.StreamReader;
import dev.understudy.protocol.dialect.StreamWriter;
import dev.understudy.protocol.dialect.UntranslatableRequest;
import dev.understudy.protocol.dialect.WrittenRequest;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.model.ModelTable;
import dev.understudy.protocol.neutral.AnswerAssembly;
import dev.understudy.protocol.neutral.Finish;
import dev.understudy.protocol.neutral.NeutralAnswer;
import dev.understudy.protocol.neutral.NeutralRequest;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.StreamEvent;
import dev.understudy.protocol.neutral.Tokens;
import dev.understudy.protocol.neutral.Tools;
import dev.understudy.protocol.neutral.Turn;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class OpenAiDialectTest {
    private static final OpenAiDialect DIALECT = new OpenAiDialect();
    private static final RequestContext ASKED = new RequestContext("{}".getBytes(StandardCharsets.UTF_8), true, 7);

    private static NeutralRequest read(String body) throws BadRequest {
        return DIALECT.readRequest(body.getBytes(StandardCharsets.UTF_8), false);
    }

    private static WrittenRequest write(NeutralRequest request, String model) throws UntranslatableRequest {
        return DIALECT.writeRequest(request, model, ModelCapabilities.UNKNOWN.withTraits(ModelTable.traitsOf(model)));
    }

    private static JsonNode tree(byte[] json) {
        return JsonTrees.of(new String(json, StandardCharsets.UTF_8));
    }

    private static NeutralAnswer answer(String body) throws InvalidAnswer {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return DIALECT.readAnswer(bytes, 0, bytes.length);
    }

    private static List<StreamEvent> events(String... frames) {
        StreamReader reader = DIALECT.streamReader();
        List<StreamEvent> events = new ArrayList<>();
        for (String frame : frames) {
            byte[] bytes = frame.getBytes(StandardCharsets.UTF_8);
            assertThat(reader.read(new Frame("", false, bytes, 0, bytes.length), events::add))
                    .isTrue();
        }
        return events;
    }

    private static String delta(String delta) {
        return "{\"id\":\"c1\",\"created\":5,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":" + delta
                + ",\"finish_reason\":null}]}";
    }

    private static String written(StreamWriter writer, StreamEvent... events) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (StreamEvent event : events) {
            writer.write(event, out);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aConversationWithToolsComesOutAsItWentIn() throws Exception {
        NeutralRequest request = read("""
                {"model":"x","messages":[
                 {"role":"developer","content":"Be brief"},
                 {"role":"user","content":[{"type":"text","text":"Look","cache_control":{"type":"ephemeral"}},
                   {"type":"image_url","image_url":{"url":"data:image/png;base64,QUJD","detail":"low"}}]},
                 {"role":"assistant","content":null,"tool_calls":[
                   {"id":"call_1","type":"function","function":{"name":"f","arguments":"{\\"a\\":1}"}}]},
                 {"role":"tool","tool_call_id":"call_1","content":"42"}],
                 "tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object",
                   "properties":{},"required":[],"additionalProperties":false},"strict":true}}],
                 "tool_choice":"required","parallel_tool_calls":false,"max_completion_tokens":9,"temperature":0.5,
                 "stop":"END","stream":true}""");
        assertThat(request.turns().get(1).parts()).contains(new Part.CachePoint(""));
        assertThat(request.turns().get(3).parts())
                .containsExactly(new Part.ToolResult("call_1", "f", List.of(Part.Text.of("42")), false));

        WrittenRequest out = write(request, "gpt-4o");

        assertThat(out.warnings()).isEmpty();
        assertThat(tree(out.body())).isEqualTo(JsonTrees.of("""
                {"model":"gpt-4o","messages":[
                 {"role":"system","content":"Be brief"},
                 {"role":"user","content":[{"type":"text","text":"Look"},
                   {"type":"image_url","image_url":{"url":"data:image/png;base64,QUJD","detail":"low"}}]},
                 {"role":"assistant","content":null,"tool_calls":[
                   {"id":"call_1","type":"function","function":{"name":"f","arguments":"{\\"a\\":1}"}}]},
                 {"role":"tool","tool_call_id":"call_1","content":"42"}],
                 "tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object",
                   "properties":{},"required":[],"additionalProperties":false},"strict":true}}],
                 "tool_choice":"required","parallel_tool_calls":false,"max_tokens":9,"temperature":0.5,
                 "stop":["END"],"stream":true,"stream_options":{"include_usage":true}}"""));
    }

    @Test
    void aReasoningModelGetsWhatItTakes() throws Exception {
        NeutralRequest request = read("""
                {"messages":[{"role":"user","content":"Hi"}],"max_tokens":9,"temperature":0.5,"reasoning_effort":"none"}""");
        WrittenRequest out = write(request, "o3");
        assertThat(tree(out.body())).isEqualTo(JsonTrees.of("""
                {"model":"o3","messages":[{"role":"user","content":"Hi"}],"max_completion_tokens":9,
                 "reasoning_effort":"low"}"""));
        assertThat(out.warnings()).hasSize(2);
    }

    @Test
    void aForeignToolIsNotTranslatable() throws Exception {
        NeutralRequest request = new NeutralRequest.Builder(List.of(Turn.of(Turn.Role.USER, Part.Text.of("Hi"))))
                .tools(new Tools(
                        List.of(new Tools.ForeignTool("anthropic", "web_search_20250305", "{}")),
                        Optional.empty(),
                        Optional.empty()))
                .build();
        assertThatThrownBy(() -> write(request, "m")).isInstanceOf(UntranslatableRequest.class);
    }

    @Test
    void anUnknownRoleIsTheCallersFault() {
        assertThatThrownBy(() -> read("{\"messages\":[{\"role\":\"robot\",\"content\":\"x\"}]}"))
                .isInstanceOf(BadRequest.class)
                .hasMessageContaining("messages[0].role");
    }

    @Test
    void signedReasoningSurvivesTheCallersNextRequest() throws Exception {
        Part.Reasoning thinking = new Part.Reasoning("Hm", "sig", "", "anthropic");
        Part.ToolCall call = new Part.ToolCall("t1", "f", "{}", "google-sig");
        NeutralAnswer answer = new NeutralAnswer(
                "msg_1",
                "claude",
                OptionalLong.empty(),
                List.of(new NeutralAnswer.Choice(
                        0, List.of(thinking, call), Finish.of(Finish.Reason.TOOL_CALLS, "tool_use"), "")),
                Tokens.of(3, 4),
                "");
        JsonNode written = tree(DIALECT.writeAnswer(answer, ASKED));
        assertThat(written.at("/choices/0/finish_reason").asText()).isEqualTo("tool_calls");
        assertThat(written.at("/usage/total_tokens").asInt()).isEqualTo(7);

        JsonNode message = written.at("/choices/0/message");
        assertThat(read("{\"messages\":[" + message + "]}").turns().getFirst().parts())
                .containsExactly(thinking, call);
    }

    @Test
    void anAnswerWithReasoningAndDetailsOfUsage() throws Exception {
        NeutralAnswer answer = answer("""
                {"id":"a","created":5,"model":"m","choices":[{"index":0,"finish_reason":"stop","message":
                 {"role":"assistant","reasoning_content":"Hm","content":"Yes","annotations":[{"type":"url_citation",
                  "url_citation":{"start_index":0,"end_index":3,"url":"http://x","title":"T"}}]}}],
                 "usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":6,
                  "prompt_tokens_details":{"cached_tokens":1},"completion_tokens_details":{"reasoning_tokens":3}}}""");
        assertThat(answer.choices().getFirst().parts())
                .containsExactly(
                        new Part.Reasoning("Hm", "", "", "openai"),
                        new Part.Text("Yes", List.of(new Part.Citation("http://x", "T", "", 0, 3, "openai", ""))));
        assertThat(answer.tokens().completion()).hasValue(5);
        assertThat(answer.tokens().cached()).hasValue(1);
    }

    @Test
    void errorsAndOtherThingsAreNoAnswers() {
        for (String body : List.of("{\"error\":{\"message\":\"x\"}}", "{}", "[]", "{\"choices\":[", "")) {
            assertThatThrownBy(() -> answer(body)).isInstanceOf(InvalidAnswer.class);
        }
    }

    @Test
    void callsOfAStreamAreDistinguishedAlsoWhereAllAreNumberedZero() {
        AnswerAssembly assembly = new AnswerAssembly();
        events(
                        delta(
                                "{\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{\"}}]}"),
                        delta("{\"tool_calls\":[{\"index\":0,\"function\":{\"name\":\"\",\"arguments\":\"}\"}}]}"),
                        delta(
                                "{\"tool_calls\":[{\"index\":0,\"id\":\"b\",\"function\":{\"name\":\"g\",\"arguments\":\"{}\"}}]}"))
                .forEach(assembly::take);
        assertThat(assembly.answer().choices().getFirst().parts())
                .containsExactly(Part.ToolCall.of("a", "f", "{}"), Part.ToolCall.of("b", "g", "{}"));
    }

    @Test
    void anErrorInAStreamIsReported() {
        for (String frame : List.of(
                "{\"error\":{\"message\":\"x\"}}",
                "{\"object\":\"error\",\"message\":\"x\"}",
                "{\"choices\":[],\"x_groq\":{\"error\":\"x\"}}")) {
            assertThat(events(frame)).singleElement().isInstanceOf(StreamEvent.Failed.class);
        }
    }

    @Test
    void whatAStreamWritesReadsAsTheSame() {
        List<StreamEvent> said = List.of(
                new StreamEvent.Begin("c9", "m", OptionalLong.of(5)),
                new StreamEvent.ReasoningDelta(0, "H", "openai"),
                new StreamEvent.ReasoningDelta(0, "m", "openai"),
                new StreamEvent.ReasoningSealed(0, "sig", "", "openai"),
                StreamEvent.TextDelta.of(0, "Yes"),
                new StreamEvent.ToolCallBegan(0, 0, "a", "f", ""),
                new StreamEvent.ToolCallDelta(0, 0, "{}"),
                new StreamEvent.Ended(0, Finish.of(Finish.Reason.TOOL_CALLS, "tool_calls")),
                new StreamEvent.Counted(Tokens.of(1, 2)),
                new StreamEvent.Done());
        String wire = written(DIALECT.streamWriter(ASKED, Optional.empty()), said.toArray(StreamEvent[]::new));
        String[] frames = wire.replace("data: ", "").split("\n\n");
        assertThat(events(frames)).isEqualTo(said);
        assertThat(frames[0]).contains("\"role\":\"assistant\"");
        assertThat(wire.indexOf("\"role\"")).isEqualTo(wire.lastIndexOf("\"role\""));
    }

    @Test
    void aResumedStreamKeepsItsNameAndHasNoSecondRole() {
        ResumePoint resumePoint = new ResumePoint(StreamPosition.of(true, "old", OptionalLong.of(3)), "Hel");
        String wire = written(
                DIALECT.streamWriter(ASKED, Optional.of(resumePoint)),
                new StreamEvent.Begin("new", "m2", OptionalLong.of(9)),
                StreamEvent.TextDelta.of(0, "lo"));
        assertThat(JsonTrees.of(wire.substring(6))).isEqualTo(JsonTrees.of("""
                {"id":"old","object":"chat.completion.chunk","created":3,"model":"m2","choices":[
                 {"index":0,"delta":{"content":"lo"},"logprobs":null,"finish_reason":null}]}"""));
    }

    /** What is spoken is read once, though it stands in two places of the answer's. */
    @Test
    void textBesideAudioIsWrittenOnce() throws InvalidAnswer {
        NeutralAnswer spoken = answer("""
                {"id":"c","choices":[{"index":0,"message":{"role":"assistant","content":null,"audio":{"id":"a","data":"aGk=",
                "transcript":"beep"}},"finish_reason":"stop"}]}
                """);

        byte[] written = DIALECT.writeAnswer(spoken, ASKED);

        JsonNode message = tree(written).path("choices").path(0).path("message");
        assertThat(message.path("content").asText()).isEqualTo("beep");
        assertThat(message.path("audio").path("data").asText()).isEqualTo("aGk=");
        assertThat(answer(new String(written, StandardCharsets.UTF_8)).choices())
                .isEqualTo(spoken.choices());
    }
}
