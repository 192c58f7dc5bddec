package dev.understudy.protocol.dialect.responses;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.dialect.Dialect;
import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.dialect.RequestContext;
import dev.understudy.protocol.dialect.RequestFitting;
import dev.understudy.protocol.dialect.StreamWriter;
import dev.understudy.protocol.dialect.UntranslatableRequest;
import dev.understudy.protocol.dialect.WrittenRequest;
import dev.understudy.protocol.dialect.anthropic.AnthropicDialect;
import dev.understudy.protocol.dialect.openai.OpenAiDialect;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.neutral.Finish;
import dev.understudy.protocol.neutral.NeutralAnswer;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.StreamEvent;
import dev.understudy.protocol.neutral.Tokens;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** The tools of a coding agent (Codex) at targets of other dialects, and their calls on the way back. */
class PortableToolsTest {
    private static final String TOOLS = """
            {"type":"function","name":"exec_command","parameters":{"type":"object","properties":{"cmd":{"type":"string"}}}},
            {"type":"custom","name":"apply_patch","description":"Edits files.",
             "format":{"type":"grammar","syntax":"lark","definition":"start: PATCH"}},
            {"type":"namespace","name":"agents","description":"Sub-agents.","tools":[
              {"type":"function","name":"spawn","parameters":{"type":"object","properties":{}}},
              {"type":"custom","name":"say"}]},
            {"type":"web_search","external_web_access":true}""";

    private static final String REQUEST = """
            {"model":"m","stream":true,"tools":[%s],"tool_choice":{"type":"custom","name":"apply_patch"},"input":[
             {"type":"additional_tools","role":"developer","tools":[{"type":"custom","name":"late"}]},
             {"role":"user","content":"Fix it"},
             {"type":"custom_tool_call","call_id":"c1","name":"apply_patch","input":"*** Begin \\"Patch\\""},
             {"type":"custom_tool_call_output","call_id":"c1","output":"done"},
             {"type":"function_call","call_id":"c2","namespace":"agents","name":"spawn","arguments":"{}"},
             {"type":"function_call_output","call_id":"c2","output":"spawned"}]}""".formatted(TOOLS);

    private static WrittenRequest written(String request, Dialect to) throws BadRequest, UntranslatableRequest {
        RequestFitting.Fitted fitted = RequestFitting.of(
                new ResponsesDialect().readPortableRequest(request.getBytes(UTF_8), false),
                to,
                ModelCapabilities.UNKNOWN);
        return to.writeRequest(fitted.request(), "m", ModelCapabilities.UNKNOWN).after(fitted.warnings());
    }

    @Test
    void theyBecomeFunctionsAndSoDoTheirCallsAndResults() throws Exception {
        WrittenRequest chat = written(REQUEST, new OpenAiDialect());
        JsonNode body = JsonTrees.read(chat.body());

        List<String> names = new ArrayList<>();
        body.path("tools").forEach(tool -> names.add(tool.at("/function/name").asText()));
        assertThat(names).containsExactly("exec_command", "apply_patch", "agents__spawn", "agents__say", "late");
        JsonNode patch = body.at("/tools/1/function");
        assertThat(patch.path("description").asText()).contains("Edits files.", "start: PATCH");
        assertThat(patch.at("/parameters/properties/input/type").asText()).isEqualTo("string");
        assertThat(body.at("/tool_choice/function/name").asText()).isEqualTo("apply_patch");
        assertThat(body.at("/messages/1/tool_calls/0/function/arguments").asText())
                .isEqualTo("{\"input\":\"*** Begin \\\"Patch\\\"\"}");
        assertThat(body.at("/messages/2/content").asText()).isEqualTo("done");
        assertThat(body.at("/messages/3/tool_calls/0/function/name").asText()).isEqualTo("agents__spawn");
        assertThat(chat.warnings()).anyMatch(warning -> warning.startsWith("web_search"));
    }

    @Test
    void otherDialectsReadTheSameFunctions() throws Exception {
        JsonNode body = JsonTrees.read(written(REQUEST, new AnthropicDialect()).body());

        assertThat(body.path("tools")).hasSize(5);
        assertThat(body.at("/messages/1/content/0/input/input").asText()).isEqualTo("*** Begin \"Patch\"");
    }

    @Test
    void aRequestThatIsAboutTheSearchStaysUntranslatable() {
        String request = "{\"model\":\"m\",\"tools\":[{\"type\":\"web_search\"}],\"input\":\"News?\"}";

        assertThatThrownBy(() -> written(request, new AnthropicDialect())).isInstanceOf(UntranslatableRequest.class);
    }

    @Test
    void theOwnDialectKeepsItsTools() throws Exception {
        Dialect responses = new ResponsesDialect();
        String request = "{\"model\":\"m\",\"tools\":[" + TOOLS + "],\"input\":\"x\"}";
        WrittenRequest same = responses.writeRequest(
                responses.readRequest(request.getBytes(UTF_8), false), "m", ModelCapabilities.UNKNOWN);

        assertThat(JsonTrees.read(same.body()).path("tools")).hasSize(4);
    }

    @Test
    void callsInAWholeAnswerAreCallsOfTheCallersTools() throws Exception {
        NeutralAnswer answer = new NeutralAnswer(
                "id",
                "m",
                OptionalLong.of(1),
                List.of(new NeutralAnswer.Choice(
                        0,
                        List.of(
                                Part.ToolCall.of("c1", "apply_patch", "{\"input\":\"*** Begin\"}"),
                                Part.ToolCall.of("c2", "agents__spawn", "{\"a\":1}"),
                                Part.ToolCall.of("c3", "late", "no JSON"),
                                Part.ToolCall.of("c4", "exec_command", "{}")),
                        Finish.of(Finish.Reason.TOOL_CALLS, ""),
                        "")),
                Tokens.NONE,
                "");
        JsonNode output = JsonTrees.read(new ResponsesDialect()
                        .writeAnswer(answer, new RequestContext(REQUEST.getBytes(UTF_8), true, 1)))
                .path("output");

        assertThat(output.get(0).path("type").asText()).isEqualTo("custom_tool_call");
        assertThat(output.get(0).path("input").asText()).isEqualTo("*** Begin");
        assertThat(output.get(1).path("type").asText()).isEqualTo("function_call");
        assertThat(output.get(1).path("namespace").asText()).isEqualTo("agents");
        assertThat(output.get(1).path("name").asText()).isEqualTo("spawn");
        assertThat(output.get(2).path("input").asText()).isEqualTo("no JSON");
        assertThat(output.get(3).path("name").asText()).isEqualTo("exec_command");
    }

    @Test
    void aStreamTellsTheInputOfACustomToolInOnePiece() {
        StreamWriter writer = new ResponsesDialect()
                .streamWriter(new RequestContext(REQUEST.getBytes(UTF_8), true, 1), Optional.empty());
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        for (StreamEvent event : List.of(
                new StreamEvent.Begin("id", "m", OptionalLong.of(1)),
                new StreamEvent.ToolCallBegan(0, 0, "c1", "apply_patch", ""),
                new StreamEvent.ToolCallDelta(0, 0, "{\"input\":\"*** "),
                new StreamEvent.ToolCallDelta(0, 0, "Begin\"}"),
                new StreamEvent.Ended(0, Finish.of(Finish.Reason.TOOL_CALLS, "")),
                new StreamEvent.Done())) {
            writer.write(event, stream);
        }

        List<JsonNode> frames = Wire.frames(stream.toByteArray());
        assertThat(frames)
                .extracting(frame -> frame.path("type").asText())
                .containsSubsequence(
                        "response.output_item.added",
                        "response.custom_tool_call_input.delta",
                        "response.custom_tool_call_input.done",
                        "response.output_item.done",
                        "response.completed")
                .doesNotContain("response.function_call_arguments.delta");
        assertThat(frames.getLast().at("/response/output/0/input").asText()).isEqualTo("*** Begin");
    }

    private static final String SEARCHING = """
            {"model":"m","stream":true,"tools":[
             {"type":"function","name":"exec_command","parameters":{"type":"object","properties":{}}},
             {"type":"tool_search","execution":"client","description":"Finds tools.",
              "parameters":{"type":"object","properties":{"query":{"type":"string"}}}}],"input":[
             {"role":"user","content":"Fix it"},
             {"type":"tool_search_call","call_id":"c1","execution":"client","arguments":{"query":"mail"},"status":"completed"},
             {"type":"tool_search_output","call_id":"c1","execution":"client","status":"completed","tools":[
              {"type":"namespace","name":"mail","description":"Mail.","tools":[
               {"type":"function","name":"send","defer_loading":true,"parameters":{"type":"object","properties":{}}}]}]},
             {"type":"tool_search_call","call_id":"c2","execution":"client","arguments":{"query":"send"},"status":"completed"},
             {"type":"tool_search_output","call_id":"c2","execution":"client","status":"completed","tools":[
              {"type":"namespace","name":"mail","tools":[
               {"type":"function","name":"send","defer_loading":true,"parameters":{"type":"object","properties":{}}}]}]}]}""";

    @Test
    void aSearchForToolsOfTheCallerIsAFunctionAndWhatItFoundAreTools() throws Exception {
        JsonNode body = JsonTrees.read(written(SEARCHING, new OpenAiDialect()).body());

        List<String> names = new ArrayList<>();
        body.path("tools").forEach(tool -> names.add(tool.at("/function/name").asText()));
        assertThat(names).containsExactly("exec_command", "tool_search", "mail__send");
        assertThat(body.at("/tools/1/function/description").asText()).isEqualTo("Finds tools.");
        assertThat(body.at("/messages/1/tool_calls/0/function/name").asText()).isEqualTo("tool_search");
        assertThat(body.at("/messages/1/tool_calls/0/function/arguments").asText())
                .isEqualTo("{\"query\":\"mail\"}");
        assertThat(body.at("/messages/2/tool_call_id").asText()).isEqualTo("c1");
        assertThat(body.at("/messages/2/content").asText()).contains("\"send\"");
    }

    @Test
    void aSearchThatOpenAiExecutesIsLeftOutWithItsResults() throws Exception {
        String request = """
                {"model":"m","tools":[%s,{"type":"tool_search"}],"input":[
                 {"role":"user","content":"Fix it"},
                 {"type":"tool_search_call","execution":"server","arguments":{"paths":["agents"]},"status":"completed"},
                 {"type":"tool_search_output","execution":"server","status":"completed","tools":[]},
                 {"type":"function_call","call_id":"c2","namespace":"agents","name":"spawn","arguments":"{}"},
                 {"type":"function_call_output","call_id":"c2","output":"spawned"}]}""".formatted(TOOLS);
        WrittenRequest chat = written(request, new OpenAiDialect());
        JsonNode body = JsonTrees.read(chat.body());

        assertThat(body.path("tools")).hasSize(4);
        assertThat(body.path("messages")).hasSize(3);
        assertThat(chat.warnings()).anyMatch(warning -> warning.startsWith("tool_search"));
    }

    @Test
    void aCallOfTheSearchComesBackAsOne() {
        StreamWriter writer = new ResponsesDialect()
                .streamWriter(new RequestContext(SEARCHING.getBytes(UTF_8), true, 1), Optional.empty());
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        for (StreamEvent event : List.of(
                new StreamEvent.Begin("id", "m", OptionalLong.of(1)),
                new StreamEvent.ToolCallBegan(0, 0, "c1", "tool_search", ""),
                new StreamEvent.ToolCallDelta(0, 0, "{\"query\":"),
                new StreamEvent.ToolCallDelta(0, 0, "\"mail\"}"),
                new StreamEvent.ToolCallBegan(0, 1, "c2", "mail__send", ""),
                new StreamEvent.ToolCallDelta(0, 1, "{}"),
                new StreamEvent.Ended(0, Finish.of(Finish.Reason.TOOL_CALLS, "")),
                new StreamEvent.Done())) {
            writer.write(event, stream);
        }

        JsonNode output = Wire.frames(stream.toByteArray()).getLast().at("/response/output");
        assertThat(output.get(0).path("type").asText()).isEqualTo("tool_search_call");
        assertThat(output.get(0).path("execution").asText()).isEqualTo("client");
        assertThat(output.get(0).path("call_id").asText()).isEqualTo("c1");
        assertThat(output.get(0).at("/arguments/query").asText()).isEqualTo("mail");
        assertThat(output.get(1).path("type").asText()).isEqualTo("function_call");
        assertThat(output.get(1).path("namespace").asText()).isEqualTo("mail");
        assertThat(output.get(1).path("name").asText()).isEqualTo("send");
    }
}
