package dev.understudy.protocol.dialect.responses;

import static dev.understudy.protocol.dialect.responses.Wire.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.neutral.NeutralRequest;
import dev.understudy.protocol.neutral.NeutralRequest.Other;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.ReasoningSettings.Effort;
import dev.understudy.protocol.neutral.ResponseFormat;
import dev.understudy.protocol.neutral.Tools;
import dev.understudy.protocol.neutral.Turn;
import dev.understudy.protocol.neutral.Turn.Role;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestReaderTest {

    private static NeutralRequest read(String body) throws BadRequest {
        return new ResponsesDialect().readRequest(utf8(body), false);
    }

    @Test
    void aTextIsATurnOfTheUserAndInstructionsComeFirst() throws BadRequest {
        NeutralRequest request = read("{\"model\":\"m\",\"instructions\":\"Be brief.\",\"input\":\"Hello\"}");

        assertThat(request.turns())
                .containsExactly(
                        Turn.of(Role.SYSTEM, Part.Text.of("Be brief.")), Turn.of(Role.USER, Part.Text.of("Hello")));
        assertThat(request.others()).isEmpty();
    }

    @Test
    void itemsOfOneSideBecomeOneTurn() throws BadRequest {
        NeutralRequest request = read("""
                {"input":[
                  {"role":"developer","content":"Rules"},
                  {"role":"user","content":[{"type":"input_text","text":"Weather?"}]},
                  {"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"Hm"}],"encrypted_content":"x"},
                  {"type":"message","role":"assistant","content":[
                    {"type":"output_text","text":"Looking","annotations":[{"type":"url_citation","url":"http://a","title":"A","start_index":0,"end_index":3}]},
                    {"type":"refusal","refusal":"No"}]},
                  {"type":"function_call","call_id":"c1","name":"f","arguments":"{\\"a\\":1}"},
                  {"type":"function_call","call_id":"c2","name":"g","arguments":""},
                  {"type":"function_call_output","call_id":"c1","output":"one"},
                  {"type":"function_call_output","call_id":"c2","output":[{"type":"input_text","text":"two"}]}]}
                """);

        assertThat(request.turns())
                .extracting(Turn::role)
                .containsExactly(Role.SYSTEM, Role.USER, Role.ASSISTANT, Role.USER);
        List<Part> said = request.turns().get(2).parts();
        assertThat(said.get(0)).isEqualTo(new Part.Reasoning("Hm", "rs_1", "x", "openai-responses"));
        assertThat(((Part.Text) said.get(1)).citations().getFirst().url()).isEqualTo("http://a");
        assertThat(said.get(2)).isEqualTo(new Part.Refusal("No"));
        assertThat(said.get(3)).isEqualTo(Part.ToolCall.of("c1", "f", "{\"a\":1}"));
        assertThat(said.get(4)).isEqualTo(Part.ToolCall.of("c2", "g", "{}"));
        assertThat(request.turns().get(3).parts())
                .containsExactly(
                        new Part.ToolResult("c1", "", List.of(Part.Text.of("one")), false),
                        new Part.ToolResult("c2", "", List.of(Part.Text.of("two")), false));
    }

    @Test
    void mediaKeepTheirSource() throws BadRequest {
        NeutralRequest request = read("""
                {"input":[{"role":"user","content":[
                  {"type":"input_image","image_url":"data:image/png;base64,AAAA","detail":"low"},
                  {"type":"input_image","image_url":"https://x/y.png"},
                  {"type":"input_image","file_id":"file_1"},
                  {"type":"input_file","filename":"a.pdf","file_data":"data:application/pdf;base64,BBBB"},
                  {"type":"input_file","file_data":"CCCC"},
                  {"type":"input_file","file_url":"https://x/y.pdf"},
                  {"type":"input_audio","input_audio":{"data":"DDDD","format":"mp3"}}]}]}
                """);

        assertThat(request.turns().getFirst().parts())
                .containsExactly(
                        new Part.Media(Part.Media.Kind.IMAGE, new Part.Source.Inline("image/png", "AAAA"), "", "low"),
                        Part.Media.of(Part.Media.Kind.IMAGE, new Part.Source.Url("https://x/y.png")),
                        Part.Media.of(Part.Media.Kind.IMAGE, new Part.Source.Stored("openai-responses", "file_1", "")),
                        new Part.Media(
                                Part.Media.Kind.DOCUMENT,
                                new Part.Source.Inline("application/pdf", "BBBB"),
                                "a.pdf",
                                ""),
                        Part.Media.of(Part.Media.Kind.DOCUMENT, new Part.Source.Inline("application/pdf", "CCCC")),
                        Part.Media.of(Part.Media.Kind.DOCUMENT, new Part.Source.Url("https://x/y.pdf")),
                        Part.Media.of(Part.Media.Kind.AUDIO, new Part.Source.Inline("audio/mpeg", "DDDD")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"previous_response_id\":\"resp_1\"",
                "\"conversation\":{\"id\":\"conv_1\"}",
                "\"prompt\":{\"id\":\"pmpt_1\"}",
                "\"background\":true"
            })
    void whatIsStoredAtOpenaiBecomesAForeignPart(String member) throws BadRequest {
        NeutralRequest request = read("{\"input\":\"Hi\",\"instructions\":\"I\"," + member + "}");

        Turn kept = request.turns().get(1);
        assertThat(kept.role()).isEqualTo(Role.USER);
        assertThat(kept.parts()).singleElement().isInstanceOf(Part.Foreign.class);
        assertThat(member).startsWith("\"" + ((Part.Foreign) kept.parts().getFirst()).kind() + "\"");
    }

    @Test
    void aReferenceAndOutputsOfOwnToolsAreTheUsersAndCallsAreBehindTheScenes() throws BadRequest {
        NeutralRequest request = read("""
                {"background":false,"input":[{"type":"item_reference","id":"msg_1"},{"type":"web_search_call","id":"ws_1"},
                {"type":"computer_call_output","call_id":"c"},{"role":"user","content":[{"type":"input_hologram"}]}]}
                """);

        assertThat(request.turns())
                .extracting(Turn::role)
                .containsExactly(Role.USER, Role.ASSISTANT, Role.USER, Role.USER);
        assertThat(request.turns())
                .extracting(turn -> ((Part.Foreign) turn.parts().getFirst()).kind())
                .containsExactly("item_reference", "web_search_call", "computer_call_output", "message");
    }

    @Test
    void toolsAndTheirChoice() throws BadRequest {
        NeutralRequest request = read("""
                {"input":"x","tools":[{"type":"function","name":"f","description":"d","parameters":{"type":"object"},"strict":true},
                {"type":"function","name":"g"},{"type":"web_search"}],"tool_choice":{"type":"function","name":"f"},
                "parallel_tool_calls":false}
                """);

        assertThat(request.tools().tools().get(0))
                .isEqualTo(new Tools.Function(
                        "f", "d", JsonTrees.of("{\"type\":\"object\"}"), java.util.Optional.of(true)));
        assertThat(((Tools.Function) request.tools().tools().get(1)).strict()).isEmpty();
        assertThat(request.tools().tools().get(2))
                .isEqualTo(new Tools.ForeignTool("openai-responses", "web_search", "{\"type\":\"web_search\"}"));
        assertThat(request.tools().choice()).contains(new Tools.Choice.Named("f"));
        assertThat(request.tools().parallel()).contains(false);
    }

    @Test
    void toolsThatAreNotAllowedAreNotThere() throws BadRequest {
        NeutralRequest request = read("""
                {"input":"x","tools":[{"type":"function","name":"f"},{"type":"function","name":"g"}],
                "tool_choice":{"type":"allowed_tools","mode":"required","tools":[{"type":"function","name":"g"}]}}
                """);

        assertThat(request.tools().tools())
                .extracting(tool -> ((Tools.Function) tool).name())
                .containsExactly("g");
        assertThat(request.tools().choice()).contains(new Tools.Choice.Any());
    }

    @Test
    void settingsFindTheirPlacesAndTheRestIsKeptByName() throws BadRequest {
        NeutralRequest request = read("""
                {"input":"x","stream":true,"max_output_tokens":99,"temperature":0.50,"top_p":1,"top_logprobs":3,
                "include":["message.output_text.logprobs","reasoning.encrypted_content"],"user":"u","safety_identifier":"s",
                "metadata":{"a":"b","n":1},"service_tier":"flex","store":true,"truncation":null,
                "reasoning":{"effort":"low","summary":"detailed","mode":"pro"},
                "text":{"verbosity":"low","format":{"type":"json_schema","name":"n","schema":{"type":"object"},"strict":false}}}
                """);

        assertThat(request.stream()).isTrue();
        assertThat(request.usageInStream()).isTrue();
        assertThat(request.sampling().maxTokens()).hasValue(99);
        assertThat(request.sampling().temperature()).contains(new BigDecimal("0.50"));
        assertThat(request.sampling().logprobs()).contains(true);
        assertThat(request.sampling().topLogprobs()).hasValue(3);
        assertThat(request.user()).isEqualTo("u");
        assertThat(request.metadata()).isEqualTo(Map.of("a", "b", "n", "1"));
        assertThat(request.serviceTier()).isEqualTo("flex");
        assertThat(request.reasoning().effort()).contains(Effort.LOW);
        assertThat(request.reasoning().shown()).contains(true);
        assertThat(request.output())
                .isEqualTo(new ResponseFormat.Schema(
                        "n", "", JsonTrees.of("{\"type\":\"object\"}"), java.util.Optional.of(false)));
        assertThat(request.others())
                .extracting(Other::name)
                .containsExactlyInAnyOrder(
                        "include",
                        "safety_identifier",
                        "store",
                        "reasoning.summary",
                        "reasoning.mode",
                        "text.verbosity");
    }

    /** Also a word under its old name, and what is no word: OpenAI says what is wrong with that. */
    @ParameterizedTest
    @ValueSource(strings = {"{\"summary\":2}", "{\"generate_summary\":2}", "{\"summary\":null,\"generate_summary\":2}"})
    void anUnusualSummaryIsKept(String reasoning) throws BadRequest {
        NeutralRequest request = read("{\"input\":\"x\",\"reasoning\":" + reasoning + "}");

        assertThat(request.others()).containsExactly(new Other(ResponsesDialect.NAME, "reasoning.summary", "2"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"input\":1}",
                "{\"input\":[1]}",
                "{\"input\":[{\"content\":\"x\"}]}",
                "{\"input\":[{\"role\":\"bot\",\"content\":\"x\"}]}",
                "{\"input\":[{\"role\":\"user\",\"content\":1}]}",
                "{\"input\":[{\"role\":\"user\",\"content\":[1]}]}",
                "{\"input\":[{\"type\":\"function_call\",\"name\":\"f\"}]}",
                "{\"input\":[{\"type\":1}]}",
                "{\"input\":\"x\",\"tools\":{}}",
                "{\"input\":\"x\",\"tools\":[1]}",
                "{\"input\":\"x\",\"tool_choice\":\"perhaps\"}",
                "{\"input\":\"x\",\"temperature\":\"hot\"}",
                "{\"input\":\"x\",\"max_output_tokens\":1.5}",
                "{\"input\":\"x\",\"max_output_tokens\":-1}",
                "{\"input\":\"x\",\"temperature\":1e99999}",
                "{\"input\":\"x\",\"text\":1}",
                "{\"input\":\"x\",\"text\":{\"format\":1}}",
                "{\"input\":\"x\",\"text\":{\"format\":{\"type\":\"json_schema\"}}}",
                "{\"input\":\"x\",\"reasoning\":\"much\"}",
                "{\"input\":\"x\",\"metadata\":[]}",
                "{\"input\":\"x\",\"include\":\"all\"}",
                "[]",
                "{\"input\":"
            })
    void whatCannotBeUnderstoodIsRefused(String body) {
        assertThatExceptionOfType(BadRequest.class).isThrownBy(() -> read(body));
    }
}
