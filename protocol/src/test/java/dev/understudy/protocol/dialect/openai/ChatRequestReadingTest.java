package dev.understudy.protocol.dialect.openai;

import static dev.understudy.protocol.dialect.openai.Wire.asking;
import static dev.understudy.protocol.dialect.openai.Wire.request;
import static dev.understudy.protocol.dialect.openai.Wire.tree;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.neutral.NeutralRequest;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.Part.Media.Kind;
import dev.understudy.protocol.neutral.Part.Source;
import dev.understudy.protocol.neutral.ReasoningSettings.Effort;
import dev.understudy.protocol.neutral.ResponseFormat;
import dev.understudy.protocol.neutral.Sampling;
import dev.understudy.protocol.neutral.Tools;
import dev.understudy.protocol.neutral.Turn;
import dev.understudy.protocol.neutral.Turn.Role;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChatRequestReadingTest {

    private static List<Turn> turns(String... messages) throws BadRequest {
        return request("{\"messages\":[" + String.join(",", messages) + "]}").turns();
    }

    private static List<Part> parts(String content) throws BadRequest {
        return turns("{\"role\":\"user\",\"content\":[" + content + "]}")
                .getFirst()
                .parts();
    }

    @Test
    void everyRoleBecomesATurn() throws Exception {
        assertThat(turns("""
                        {"role":"system","content":"Be brief."}""", """
                        {"role":"developer","content":[{"type":"text","text":"Be kind."}]}""", """
                        {"role":"user","name":"Ann","content":"Hi"}""", """
                        {"role":"assistant","content":null,"tool_calls":[
                          {"id":"c1","type":"function","function":{"name":"f","arguments":"{\\"a\\":1}"}}]}""", """
                        {"role":"tool","tool_call_id":"c1","content":[{"type":"text","text":"42"}]}""", """
                        {"role":"assistant","content":"So.","refusal":"No."}"""))
                .containsExactly(
                        Turn.of(Role.SYSTEM, Part.Text.of("Be brief.")),
                        Turn.of(Role.SYSTEM, Part.Text.of("Be kind.")),
                        new Turn(Role.USER, List.of(Part.Text.of("Hi")), "Ann"),
                        Turn.of(Role.ASSISTANT, Part.ToolCall.of("c1", "f", "{\"a\":1}")),
                        Turn.of(Role.USER, new Part.ToolResult("c1", "f", List.of(Part.Text.of("42")), false)),
                        Turn.of(Role.ASSISTANT, Part.Text.of("So."), new Part.Refusal("No.")));
    }

    @Test
    void theOldestCallsGetIdsThatTheirResultsHaveToo() throws Exception {
        assertThat(turns("""
                        {"role":"assistant","function_call":{"name":"f","arguments":"{}"}}""", """
                        {"role":"function","name":"f","content":"1"}""", """
                        {"role":"assistant","function_call":{"name":"f","arguments":"{}"}}""", """
                        {"role":"function","name":"f","content":"2"}"""))
                .containsExactly(
                        Turn.of(Role.ASSISTANT, Part.ToolCall.of("call_legacy_0", "f", "{}")),
                        Turn.of(
                                Role.USER,
                                new Part.ToolResult("call_legacy_0", "f", List.of(Part.Text.of("1")), false)),
                        Turn.of(Role.ASSISTANT, Part.ToolCall.of("call_legacy_1", "f", "{}")),
                        Turn.of(
                                Role.USER,
                                new Part.ToolResult("call_legacy_1", "f", List.of(Part.Text.of("2")), false)));
    }

    @Test
    void everyFormOfContentIsRead() throws Exception {
        assertThat(parts("""
                        "bare", {"type":"text","text":"words"},
                        {"type":"image_url","image_url":{"url":"https://x.org/a.png","detail":"low"}},
                        {"type":"image_url","image_url":"data:image/jpeg;base64,AAAA"},
                        {"type":"input_audio","input_audio":{"data":"BBBB","format":"mp3"}},
                        {"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,CCCC"}},
                        {"type":"file","file":{"file_id":"file-1"}},
                        {"type":"file","file":{"file_data":"data:image/png;base64,DDDD"}},
                        {"type":"video_url","video_url":{"url":"https://x.org/a.mp4"}},
                        {"type":"document_url","document_url":"https://x.org/a.pdf"},
                        {"type":"novelty","novelty":1}"""))
                .containsExactly(
                        Part.Text.of("bare"),
                        Part.Text.of("words"),
                        new Part.Media(Kind.IMAGE, new Source.Url("https://x.org/a.png"), "", "low"),
                        Part.Media.of(Kind.IMAGE, new Source.Inline("image/jpeg", "AAAA")),
                        Part.Media.of(Kind.AUDIO, new Source.Inline("audio/mpeg", "BBBB")),
                        new Part.Media(Kind.DOCUMENT, new Source.Inline("application/pdf", "CCCC"), "a.pdf", ""),
                        Part.Media.of(Kind.DOCUMENT, new Source.Stored("openai", "file-1", "")),
                        Part.Media.of(Kind.IMAGE, new Source.Inline("image/png", "DDDD")),
                        Part.Media.of(Kind.VIDEO, new Source.Url("https://x.org/a.mp4")),
                        Part.Media.of(Kind.DOCUMENT, new Source.Url("https://x.org/a.pdf")),
                        new Part.Foreign("openai", "novelty", "{\"type\":\"novelty\",\"novelty\":1}"));
    }

    @Test
    void marksOfTheCacheAreReadAtPartsAndAtMessages() throws Exception {
        assertThat(turns("""
                        {"role":"user","content":[{"type":"text","text":"a","cache_control":{"type":"ephemeral","ttl":"1h"}}]}""", """
                        {"role":"user","content":"b","cache_control":{"type":"ephemeral"}}"""))
                .containsExactly(
                        Turn.of(Role.USER, Part.Text.of("a"), new Part.CachePoint("1h")),
                        Turn.of(Role.USER, Part.Text.of("b"), new Part.CachePoint("")));
    }

    @Test
    void reasoningAndSignaturesComeBack() throws Exception {
        assertThat(turns("""
                        {"role":"assistant","content":"x","reasoning_content":"ab","thinking_blocks":[
                          {"type":"thinking","thinking":"a","signature":"s"},
                          {"type":"redacted_thinking","data":"d","origin":"bedrock"},{"type":"unheard"}],
                         "tool_calls":[
                          {"id":"1","function":{"name":"f","arguments":{"k":1}},
                           "extra_content":{"google":{"thought_signature":"g"}}},
                          {"id":"2","function":{"name":"f"},"provider_specific_fields":{"thought_signature":"p"}}]}""", """
                        {"role":"assistant","content":"x","reasoning_content":"mere words"}"""))
                .containsExactly(
                        Turn.of(
                                Role.ASSISTANT,
                                new Part.Reasoning("a", "s", "", "anthropic"),
                                new Part.Reasoning("", "", "d", "bedrock"),
                                Part.Text.of("x"),
                                new Part.ToolCall("1", "f", "{\"k\":1}", "g"),
                                new Part.ToolCall("2", "f", "{}", "p")),
                        Turn.of(Role.ASSISTANT, new Part.Reasoning("mere words", "", "", "openai"), Part.Text.of("x")));
    }

    @Test
    void whatOnlyOpenAiHasInAMessageIsKept() throws Exception {
        String call = "{\"id\":\"c\",\"type\":\"custom\",\"custom\":{\"name\":\"g\",\"input\":\"x\"}}";
        assertThat(turns("{\"role\":\"assistant\",\"audio\":{\"id\":\"audio_1\"},\"tool_calls\":[" + call + "]}"))
                .containsExactly(Turn.of(
                        Role.ASSISTANT,
                        new Part.Foreign("openai", "audio", "{\"id\":\"audio_1\"}"),
                        new Part.Foreign("openai", "custom", call)));
    }

    @Test
    void toolsOfAllGenerations() throws Exception {
        Tools tools = asking("""
                        "tools":[{"type":"function","function":{"name":"f","description":"d","strict":true,
                          "parameters":{"type":"object"}}},{"type":"custom","custom":{"name":"c"}}],
                        "functions":[{"name":"old"}],"web_search_options":{},"parallel_tool_calls":false""").tools();
        assertThat(tools.tools())
                .containsExactly(
                        new Tools.Function("f", "d", tree("{\"type\":\"object\"}"), Optional.of(true)),
                        new Tools.ForeignTool("openai", "custom", "{\"type\":\"custom\",\"custom\":{\"name\":\"c\"}}"),
                        new Tools.Function("old", "", tree("{}"), Optional.empty()),
                        new Tools.ForeignTool("openai", "web_search_options", "{}"));
        assertThat(tools.parallel()).contains(false);
        assertThat(tools.choice()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    "tool_choice":"auto"                                              | Auto[]
                    "tool_choice":"none"                                              | None[]
                    "tool_choice":"required"                                          | Any[]
                    "tool_choice":"any"                                               | Any[]
                    "tool_choice":{"type":"function","function":{"name":"f"}}         | Named[name=f]
                    "function_call":"none"                                            | None[]
                    "function_call":{"name":"f"}                                      | Named[name=f]
                    "tool_choice":null,"function_call":"auto"                         | Auto[]
                    "tool_choice":{"type":"allowed_tools","allowed_tools":{"mode":"required","tools":[]}} | Any[]
                    """)
    void everyWayToChooseATool(String member, String choice) throws Exception {
        assertThat(asking(member).tools().choice()).map(Object::toString).contains(choice);
    }

    @Test
    void toolsThatAreNotAllowedAreLeftOut() throws Exception {
        Tools tools = asking("""
                        "tools":[{"type":"function","function":{"name":"f"}},{"type":"function","function":{"name":"g"}}],
                        "tool_choice":{"type":"allowed_tools","allowed_tools":{"mode":"auto","tools":[
                          {"type":"function","function":{"name":"g"}}]}}""").tools();
        assertThat(tools.tools()).containsExactly(new Tools.Function("g", "", tree("{}"), Optional.empty()));
        assertThat(tools.choice()).contains(new Tools.Choice.Auto());
    }

    @Test
    void theFormOfTheAnswer() throws Exception {
        assertThat(asking("\"response_format\":{\"type\":\"json_object\"}").output())
                .isEqualTo(new ResponseFormat.Json());
        assertThat(asking("\"response_format\":{\"type\":\"text\"}").output()).isEqualTo(new ResponseFormat.Text());
        assertThat(asking(
                                "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":"
                                        + "{\"name\":\"n\",\"description\":\"d\",\"strict\":true,\"schema\":{\"type\":\"object\"}}}")
                        .output())
                .isEqualTo(new ResponseFormat.Schema("n", "d", tree("{\"type\":\"object\"}"), Optional.of(true)));
    }

    @Test
    void allOfTheSampling() throws Exception {
        assertThat(asking("""
                                "max_tokens":5,"max_completion_tokens":7,"temperature":0.5,"top_p":0.9,"top_k":40,
                                "frequency_penalty":1,"presence_penalty":-1,"seed":3,"stop":["a","b"],"n":2,
                                "logprobs":true,"top_logprobs":4""").sampling())
                .isEqualTo(new Sampling.Builder()
                        .maxTokens(OptionalLong.of(7))
                        .temperature(Optional.of(new BigDecimal("0.5")))
                        .topP(Optional.of(new BigDecimal("0.9")))
                        .topK(OptionalLong.of(40))
                        .frequencyPenalty(Optional.of(new BigDecimal("1")))
                        .presencePenalty(Optional.of(new BigDecimal("-1")))
                        .seed(OptionalLong.of(3))
                        .stop(List.of("a", "b"))
                        .choices(OptionalInt.of(2))
                        .logprobs(Optional.of(true))
                        .topLogprobs(OptionalInt.of(4))
                        .build());
        assertThat(asking("\"max_tokens\":5,\"stop\":\"x\",\"n\":null").sampling())
                .isEqualTo(new Sampling.Builder()
                        .maxTokens(OptionalLong.of(5))
                        .stop(List.of("x"))
                        .build());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    "reasoning_effort":"minimal"                        | MINIMAL |
                    "reasoning_effort":"MAX"                            | XHIGH   |
                    "reasoning":{"effort":"low","max_tokens":5}         | LOW     | 5
                    "reasoning":{"enabled":true}                        | MEDIUM  |
                    "reasoning":{"enabled":false}                       | NONE    |
                    "thinking":{"type":"enabled","budget_tokens":2000}  |         | 2000
                    "thinking":{"type":"enabled"}                       | MEDIUM  |
                    "thinking":{"type":"disabled"}                      | NONE    |
                    "thinking":{"budget_tokens":-1}                     |         |
                    "reasoning_effort":"enormous"                       |         |
                    """)
    void everyFormOfReasoningSettings(String member, Effort effort, Long budget) throws Exception {
        assertThat(asking(member).reasoning().effort()).isEqualTo(Optional.ofNullable(effort));
        assertThat(asking(member).reasoning().budget())
                .isEqualTo(budget == null ? OptionalLong.empty() : OptionalLong.of(budget));
    }

    @Test
    void whetherReasoningIsShown() throws Exception {
        assertThat(asking("\"reasoning\":{\"exclude\":true}").reasoning().shown())
                .contains(false);
        assertThat(asking("").reasoning().shown()).isEmpty();
    }

    @Test
    void theRestOfARequest() throws Exception {
        NeutralRequest request = asking("""
                "model":"m","stream":true,"stream_options":{"include_usage":true},"user":"u",
                "metadata":{"a":"b","n":1},"service_tier":"flex","logit_bias":{"5":-100},"store":null,
                "verbosity":"low" """);
        assertThat(request.stream()).isTrue();
        assertThat(request.usageInStream()).isTrue();
        assertThat(request.user()).isEqualTo("u");
        assertThat(request.metadata()).isEqualTo(Map.of("a", "b", "n", "1"));
        assertThat(request.serviceTier()).isEqualTo("flex");
        assertThat(request.others())
                .containsExactly(
                        new NeutralRequest.Other("openai", "logit_bias", "{\"5\":-100}"),
                        new NeutralRequest.Other("openai", "verbosity", "\"low\""));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    [] | ''
                    {} | messages
                    {"messages":{}} | messages
                    {"messages":[1]} | messages[0]
                    {"messages":[{"role":"robot"}]} | messages[0].role
                    {"messages":[{"role":"user","content":5}]} | messages[0].content
                    {"messages":[{"role":"user","content":[{"type":"image_url"}]}]} | messages[0].content[0].image_url.url
                    {"messages":[{"role":"user","content":[{"type":"file"}]}]} | messages[0].content[0].file
                    {"messages":[{"role":"user","content":[{"type":"input_audio"}]}]} | messages[0].content[0].input_audio.data
                    {"messages":[{"role":"user","content":[{"type":"video_url"}]}]} | messages[0].content[0].video_url
                    {"messages":[],"tools":{}} | tools
                    {"messages":[],"tools":[{"type":"function","function":{}}]} | tools[0].function.name
                    {"messages":[],"functions":[1]} | functions[0].name
                    {"messages":[],"tool_choice":"sometimes"} | tool_choice
                    {"messages":[],"max_tokens":1.5} | max_tokens
                    {"messages":[],"n":"2"} | n
                    {"messages":[],"seed":1e99} | seed
                    {"messages":[],"temperature":"hot"} | temperature
                    {"messages":[],"stop":[1]} | stop
                    {"messages":[],"stop":{}} | stop
                    """)
    void whatCannotBeUnderstoodIsRefusedByName(String body, String field) {
        assertThatThrownBy(() -> request(body))
                .isInstanceOfSatisfying(
                        BadRequest.class,
                        bad -> assertThat(bad.details().param()).isEqualTo(field));
    }
}
