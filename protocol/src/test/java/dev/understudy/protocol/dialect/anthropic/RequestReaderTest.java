package dev.understudy.protocol.dialect.anthropic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.neutral.NeutralRequest;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.ReasoningSettings.Effort;
import dev.understudy.protocol.neutral.ResponseFormat;
import dev.understudy.protocol.neutral.Tools;
import dev.understudy.protocol.neutral.Turn;
import dev.understudy.protocol.neutral.Turn.Role;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestReaderTest {

    private static NeutralRequest read(String json) throws BadRequest {
        return new AnthropicDialect().readRequest(json.getBytes(UTF_8), false);
    }

    private static NeutralRequest with(String members) throws BadRequest {
        return read("{\"model\":\"m\",\"max_tokens\":5,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]"
                + (members.isEmpty() ? "" : "," + members) + "}");
    }

    private static List<Part> content(String blocks) throws BadRequest {
        return read("{\"max_tokens\":5,\"messages\":[{\"role\":\"user\",\"content\":" + blocks + "}]}")
                .turns()
                .getFirst()
                .parts();
    }

    @Test
    void instructionsAreTheFirstTurnAndCachePointsStandBehindTheirBlocks() throws BadRequest {
        NeutralRequest request = with("\"system\":[{\"type\":\"text\",\"text\":\"Be kind.\",\"cache_control\":"
                + "{\"type\":\"ephemeral\",\"ttl\":\"1h\"}}]");
        assertThat(request.turns())
                .containsExactly(
                        Turn.of(Role.SYSTEM, Part.Text.of("Be kind."), new Part.CachePoint("1h")),
                        Turn.of(Role.USER, Part.Text.of("Hi")));
    }

    @Test
    void mediaAreReadFromWhereverTheyCome() throws BadRequest {
        assertThat(content("""
                        [{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}},
                         {"type":"image","source":{"type":"url","url":"https://a.example/x.png"}},
                         {"type":"image","source":{"type":"file","file_id":"file_1"}},
                         {"type":"document","title":"T","context":"About","source":{"type":"base64","media_type":"application/pdf","data":"BBBB"}},
                         {"type":"document","source":{"type":"text","media_type":"text/plain","data":"abc"}}]
                        """))
                .containsExactly(
                        Part.Media.of(Part.Media.Kind.IMAGE, new Part.Source.Inline("image/png", "AAAA")),
                        Part.Media.of(Part.Media.Kind.IMAGE, new Part.Source.Url("https://a.example/x.png")),
                        Part.Media.of(Part.Media.Kind.IMAGE, new Part.Source.Stored("anthropic", "file_1", "")),
                        Part.Text.of("About"),
                        new Part.Media(
                                Part.Media.Kind.DOCUMENT, new Part.Source.Inline("application/pdf", "BBBB"), "T", ""),
                        Part.Media.of(Part.Media.Kind.DOCUMENT, new Part.Source.Inline("text/plain", "YWJj")));
    }

    @Test
    void callsResultsAndReasoningAreRead() throws BadRequest {
        assertThat(content("""
                        [{"type":"thinking","thinking":"Hm","signature":"sig"},
                         {"type":"redacted_thinking","data":"xx"},
                         {"type":"tool_use","id":"t1","name":"f","input":{"a":1.50}},
                         {"type":"tool_result","tool_use_id":"t1","content":"42","is_error":true},
                         {"type":"tool_result","tool_use_id":"t2"},
                         {"type":"server_tool_use","id":"s","name":"web_search","input":{}}]
                        """))
                .containsExactly(
                        new Part.Reasoning("Hm", "sig", "", "anthropic"),
                        new Part.Reasoning("", "", "xx", "anthropic"),
                        Part.ToolCall.of("t1", "f", "{\"a\":1.50}"),
                        new Part.ToolResult("t1", "", List.of(Part.Text.of("42")), true),
                        new Part.ToolResult("t2", "", List.of(), false),
                        new Part.Foreign(
                                "anthropic",
                                "server_tool_use",
                                "{\"type\":\"server_tool_use\",\"id\":\"s\",\"name\":\"web_search\",\"input\":{}}"));
    }

    @Test
    void toolsOfTheCallerAndOfAnthropicAreRead() throws BadRequest {
        Tools tools = with("\"tools\":[{\"name\":\"f\",\"description\":\"d\",\"input_schema\":{\"type\":\"object\"},"
                        + "\"strict\":true},{\"type\":\"web_search_20250305\",\"name\":\"web_search\"}],"
                        + "\"tool_choice\":{\"type\":\"tool\",\"name\":\"f\",\"disable_parallel_tool_use\":true}")
                .tools();
        assertThat(tools.tools())
                .containsExactly(
                        new Tools.Function("f", "d", Json.tree("{\"type\":\"object\"}"), Optional.of(true)),
                        new Tools.ForeignTool(
                                "anthropic",
                                "web_search_20250305",
                                "{\"type\":\"web_search_20250305\",\"name\":\"web_search\"}"));
        assertThat(tools.choice()).contains(new Tools.Choice.Named("f"));
        assertThat(tools.parallel()).contains(false);
    }

    @Test
    void samplingAndLabelsAreRead() throws BadRequest {
        NeutralRequest request = with("\"temperature\":0.3,\"top_p\":0.9,\"top_k\":40,\"stop_sequences\":[\"END\"],"
                + "\"stream\":true,\"service_tier\":\"auto\",\"metadata\":{\"user_id\":\"u\",\"x\":\"y\"}");
        assertThat(request.sampling().maxTokens()).hasValue(5);
        assertThat(request.sampling().temperature().orElseThrow()).isEqualByComparingTo("0.3");
        assertThat(request.sampling().topP().orElseThrow()).isEqualByComparingTo("0.9");
        assertThat(request.sampling().topK()).hasValue(40);
        assertThat(request.sampling().stop()).containsExactly("END");
        assertThat(request.stream()).isTrue();
        assertThat(request.serviceTier()).isEqualTo("auto");
        assertThat(request.user()).isEqualTo("u");
        assertThat(request.metadata()).isEqualTo(Map.of("x", "y"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    "thinking":{"type":"disabled"} | NONE
                    "thinking":{"type":"adaptive"} | HIGH
                    "thinking":{"type":"adaptive"},"output_config":{"effort":"low"} | LOW
                    "output_config":{"effort":"max"} | XHIGH
                    "thinking":{"type":"enabled","budget_tokens":8192} | MEDIUM
                    """)
    void thinkingBecomesAnEffort(String members, Effort effort) throws BadRequest {
        assertThat(with(members).reasoning().asEffort()).contains(effort);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"output_config\":{\"format\":{\"type\":\"json_schema\",\"schema\":{\"type\":\"object\"}}}",
                "\"output_format\":{\"type\":\"json_schema\",\"schema\":{\"type\":\"object\"}}"
            })
    void aSchemaIsReadFromItsNewAndItsOldPlace(String members) throws BadRequest {
        assertThat(with(members).output())
                .isEqualTo(new ResponseFormat.Schema("", "", Json.tree("{\"type\":\"object\"}"), Optional.of(true)));
    }

    @Test
    void whatOnlyAnthropicKnowsIsKeptAsItIs() throws BadRequest {
        assertThat(with("\"fallbacks\":[{\"model\":\"x\"}],\"container\":\"c\",\"mcp_servers\":null,"
                                + "\"output_config\":{\"effort\":\"low\",\"task_budget\":{\"total\":9}}")
                        .others())
                .containsExactly(
                        new NeutralRequest.Other("anthropic", "fallbacks", "[{\"model\":\"x\"}]"),
                        new NeutralRequest.Other("anthropic", "container", "\"c\""),
                        new NeutralRequest.Other("anthropic", "output_config", "{\"task_budget\":{\"total\":9}}"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"max_tokens":1} | messages
                    {"max_tokens":1,"messages":{}} | messages
                    {"messages":[]} | max_tokens
                    {"messages":[],"max_tokens":0} | max_tokens
                    {"messages":[],"max_tokens":"7"} | max_tokens
                    {"messages":[],"max_tokens":1e400} | max_tokens
                    {"messages":[7],"max_tokens":1} | messages[0].role
                    {"messages":[{"role":"tool"}],"max_tokens":1} | messages[0].role
                    {"messages":[{"role":"user"}],"max_tokens":1} | messages[0].content
                    {"messages":[{"role":"user","content":7}],"max_tokens":1} | messages[0].content
                    {"messages":[{"role":"user","content":[7]}],"max_tokens":1} | messages[0].content[0]
                    {"messages":[{"role":"user","content":[{}]}],"max_tokens":1} | messages[0].content[0].type
                    {"messages":[],"max_tokens":1,"temperature":"x"} | temperature
                    {"messages":[],"max_tokens":1,"stop_sequences":"x"} | stop_sequences
                    {"messages":[],"max_tokens":1,"tools":{}} | tools
                    {"messages":[],"max_tokens":1,"tools":[{}]} | tools[0].name
                    {"messages":[],"max_tokens":1,"tool_choice":"any"} | tool_choice.type
                    """)
    void whatCannotBeUnderstoodIsNamed(String body, String field) {
        assertThatThrownBy(() -> read(body))
                .isInstanceOfSatisfying(
                        BadRequest.class,
                        bad -> assertThat(bad.details().param()).isEqualTo(field));
    }
}
