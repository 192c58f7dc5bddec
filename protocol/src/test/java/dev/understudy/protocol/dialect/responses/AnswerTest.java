package dev.understudy.protocol.dialect.responses;

import static dev.understudy.protocol.dialect.responses.Wire.context;
import static dev.understudy.protocol.dialect.responses.Wire.tree;
import static dev.understudy.protocol.dialect.responses.Wire.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.engine.FailureKind;
import dev.understudy.protocol.dialect.InvalidAnswer;
import dev.understudy.protocol.neutral.Finish;
import dev.understudy.protocol.neutral.Finish.Reason;
import dev.understudy.protocol.neutral.NeutralAnswer;
import dev.understudy.protocol.neutral.NeutralAnswer.Choice;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.Tokens;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerTest {
    private static final ResponsesDialect DIALECT = new ResponsesDialect();

    private static NeutralAnswer read(String body) throws InvalidAnswer {
        byte[] bytes = utf8("__" + body + "_");
        return DIALECT.readAnswer(bytes, 2, bytes.length - 3);
    }

    private static NeutralAnswer answer(Reason reason, Part... parts) {
        Choice choice = new Choice(0, List.of(parts), Finish.of(reason, "word"), "");
        return new NeutralAnswer(
                "chatcmpl-1", "claude", OptionalLong.empty(), List.of(choice), Tokens.of(10, 4), "priority");
    }

    private static JsonNode written(NeutralAnswer answer, String request) {
        return tree(DIALECT.writeAnswer(answer, context(request)));
    }

    @Test
    void everyPartOfAnAnswerIsRead() throws InvalidAnswer {
        NeutralAnswer answer = read("""
                {"id":"resp_1","object":"response","created_at":17,"status":"completed","error":null,"model":"gpt",
                "output":[
                 {"id":"rs_1","summary":[{"type":"summary_text","text":"a"},{"type":"summary_text","text":"b"}],
                  "encrypted_content":"e","type":"reasoning"},
                 {"id":"rs_2","type":"reasoning","summary":[]},
                 {"type":"web_search_call","id":"ws"},
                 {"type":"message","content":[{"annotations":[{"type":"url_citation","url":"u","title":"t","start_index":1,"end_index":2}],
                   "logprobs":[{"token":"x"}],"text":"words","type":"output_text"},{"type":"refusal","refusal":"no"}]},
                 {"type":"function_call","id":"fc_1","call_id":"c1","name":"f","arguments":"{}"}],
                "usage":{"input_tokens":5,"input_tokens_details":{"cached_tokens":2},"output_tokens":7,
                  "output_tokens_details":{"reasoning_tokens":3},"total_tokens":12},"service_tier":"default"}
                """);

        Choice choice = answer.choices().getFirst();
        assertThat(choice.parts())
                .containsExactly(
                        new Part.Reasoning("a\n\nb", "rs_1", "e", "openai-responses"),
                        new Part.Foreign(
                                "openai-responses", "web_search_call", "{\"type\":\"web_search_call\",\"id\":\"ws\"}"),
                        new Part.Text(
                                "words",
                                List.of(
                                        new Part.Citation(
                                                "u",
                                                "t",
                                                "",
                                                1,
                                                2,
                                                "openai-responses",
                                                "{\"type\":\"url_citation\",\"url\":\"u\",\"title\":\"t\",\"start_index\":1,\"end_index\":2}"))),
                        new Part.Refusal("no"),
                        Part.ToolCall.of("c1", "f", "{}"));
        assertThat(choice.finish().reason()).isEqualTo(Reason.TOOL_CALLS);
        assertThat(tree(choice.logprobs()).at("/content/0/token").asText()).isEqualTo("x");
        assertThat(answer.created()).hasValue(17);
        assertThat(answer.serviceTier()).isEqualTo("default");
        assertThat(answer.tokens())
                .isEqualTo(new Tokens(
                        OptionalLong.of(5),
                        OptionalLong.of(7),
                        OptionalLong.of(2),
                        OptionalLong.empty(),
                        OptionalLong.of(3)));
    }

    @ParameterizedTest
    @CsvSource({
        "completed, '', STOP",
        "incomplete, max_output_tokens, LENGTH",
        "incomplete, content_filter, CONTENT_FILTER",
        "incomplete, steered, LENGTH",
        "queued, '', PAUSE",
        "cancelled, '', BREAKDOWN",
    })
    void whyItEnded(String status, String reason, Reason expected) throws InvalidAnswer {
        NeutralAnswer answer = read("{\"object\":\"response\",\"output\":[],\"status\":\"" + status
                + "\",\"incomplete_details\":{\"reason\":\"" + reason + "\"}}");

        assertThat(answer.choices().getFirst().finish().reason()).isEqualTo(expected);
    }

    @Test
    void anErrorInA200IsOne() {
        InvalidAnswer failed = catchThrowableOfType(InvalidAnswer.class, () -> read("""
                        {"object":"response","status":"failed","output":[],"metadata":{"message":"mine"},
                        "error":{"code":"rate_limit_exceeded","message":"Slow down"}}
                        """));
        InvalidAnswer bare = catchThrowableOfType(
                InvalidAnswer.class, () -> read("{\"error\":{\"code\":\"insufficient_quota\",\"message\":\"Pay\"}}"));

        assertThat(failed.failure().kind()).isEqualTo(FailureKind.RATE_LIMITED);
        assertThat(failed.failure().message()).isEqualTo("Slow down");
        assertThat(bare.failure().kind()).isEqualTo(FailureKind.QUOTA);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "[]", "{}", "{\"object\":\"response\"", "{\"output\":[]} x", "<html>", "{\"choices\":[]}"})
    void whatIsNoResponseIsMalformed(String body) {
        assertThatExceptionOfType(InvalidAnswer.class)
                .isThrownBy(() -> read(body))
                .satisfies(no -> assertThat(no.failure().kind()).isEqualTo(FailureKind.MALFORMED));
    }

    @Test
    void anAnswerRepeatsTheRequestAndHasAllThatClientsExpect() {
        JsonNode body = written(
                answer(Reason.STOP, Part.Text.of("Hello")),
                "{\"instructions\":\"I\",\n \"temperature\":0.10,\"tools\":[{\"type\":\"function\",\"name\":\"f\"}],\"user\":null}");

        assertThat(body).isEqualTo(tree("""
                {"id":"resp_chatcmpl-1","object":"response","created_at":1700000000,"status":"completed","error":null,
                "incomplete_details":null,"model":"claude","output":[{"id":"msg_chatcmpl-1_0","type":"message",
                "status":"completed","role":"assistant","content":[{"type":"output_text","text":"Hello","annotations":[],
                "logprobs":[]}]}],"usage":{"input_tokens":10,"input_tokens_details":{"cached_tokens":0,"cache_write_tokens":0},
                "output_tokens":4,"output_tokens_details":{"reasoning_tokens":0},"total_tokens":14},"service_tier":"priority",
                "background":false,"instructions":"I","max_output_tokens":null,"max_tool_calls":null,"metadata":{},
                "parallel_tool_calls":true,"previous_response_id":null,"prompt_cache_key":null,
                "reasoning":{"effort":null,"summary":null},"safety_identifier":null,"temperature":0.10,
                "text":{"format":{"type":"text"}},"tool_choice":"auto","tools":[{"type":"function","name":"f"}],
                "top_logprobs":0,"top_p":1,"truncation":"disabled","user":null,"store":false}
                """));
    }

    @Test
    void partsBecomeItemsInOrder() {
        Part.Citation page = new Part.Citation("https://p", "P", "", -1, -1, "anthropic", "{}");
        JsonNode output = written(
                        answer(
                                Reason.TOOL_CALLS,
                                new Part.Reasoning("Hm", "sig", "", "anthropic"),
                                new Part.Text("Hi", List.of(page)),
                                new Part.Refusal("No"),
                                Part.ToolCall.of("c1", "f", "{\"a\":1}"),
                                Part.ToolCall.of("", "g", "{}"),
                                Part.Media.of(Part.Media.Kind.IMAGE, new Part.Source.Inline("image/png", "AAAA")),
                                new Part.Foreign("anthropic", "server_tool_use", "{}"),
                                new Part.Foreign("openai-responses", "response.x.delta", "{}"),
                                Part.Text.of("after")),
                        "{\"reasoning\":{\"summary\":\"auto\"}}")
                .path("output");

        assertThat(output)
                .extracting(item -> item.path("type").asText())
                .containsExactly(
                        "reasoning", "message", "function_call", "function_call", "image_generation_call", "message");
        assertThat(output.at("/0/summary/0/text").asText()).isEqualTo("Hm");
        assertThat(output.at("/0").has("encrypted_content")).isFalse();
        assertThat(output.at("/1/content/0/annotations/0"))
                .isEqualTo(
                        tree(
                                "{\"type\":\"url_citation\",\"url\":\"https://p\",\"title\":\"P\",\"start_index\":0,\"end_index\":2}"));
        assertThat(output.at("/1/content/1")).isEqualTo(tree("{\"type\":\"refusal\",\"refusal\":\"No\"}"));
        assertThat(output.at("/2/call_id").asText()).isEqualTo("c1");
        assertThat(output.at("/3/call_id").asText()).isNotEmpty();
        assertThat(output.at("/4/result").asText()).isEqualTo("AAAA");
    }

    @Test
    void reasoningIsReturnedOnRequest() {
        Part thought = new Part.Reasoning("Hm", "", "", "deepseek");

        assertThat(written(answer(Reason.STOP, thought, Part.Text.of("x")), "{}")
                        .path("output"))
                .hasSize(1);
        assertThat(written(answer(Reason.STOP, thought, Part.Text.of("x")), "not json")
                        .path("output"))
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "STOP, completed, null",
        "STOP_SEQUENCE, completed, null",
        "TOOL_CALLS, completed, null",
        "LENGTH, incomplete, max_output_tokens",
        "CONTENT_FILTER, incomplete, content_filter",
        "REFUSAL, incomplete, content_filter",
        "PAUSE, incomplete, max_output_tokens",
        "BREAKDOWN, failed, null"
    })
    void theFinishReasonIsWrittenAsAStatus(Reason reason, String status, String details) {
        JsonNode body = written(answer(reason, Part.Text.of("x")), "{}");

        assertThat(body.path("status").asText()).isEqualTo(status);
        assertThat(body.at("/incomplete_details/reason").asText("null").replaceAll("^$", "null"))
                .isEqualTo(details);
        assertThat(body.path("error").isNull()).isEqualTo(!status.equals("failed"));
    }

    @Test
    void aRefusalAsTextIsACompleteAnswer() {
        assertThat(written(answer(Reason.REFUSAL, new Part.Refusal("No")), "{}")
                        .path("status")
                        .asText())
                .isEqualTo("completed");
    }

    @Test
    void probabilitiesGoBothWays() throws InvalidAnswer {
        Choice choice = new Choice(
                0,
                List.of(Part.Text.of("x")),
                Finish.of(Reason.STOP, "completed"),
                "{\"content\":[{\"token\":\"x\",\"logprob\":-0.1}],\"refusal\":null}");
        NeutralAnswer answer =
                new NeutralAnswer("resp_1", "m", OptionalLong.of(1), List.of(choice), Tokens.NONE, "default");
        byte[] body = DIALECT.writeAnswer(answer, context("{}"));

        assertThat(tree(body).at("/output/0/content/0/logprobs/0/token").asText())
                .isEqualTo("x");
        assertThat(DIALECT.readAnswer(body, 0, body.length)).isEqualTo(answer);
    }
}
