package dev.understudy.protocol.dialect.openai;

import static dev.understudy.protocol.dialect.openai.Wire.ASKED;
import static dev.understudy.protocol.dialect.openai.Wire.CHAT;
import static dev.understudy.protocol.dialect.openai.Wire.answer;
import static dev.understudy.protocol.dialect.openai.Wire.tree;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.engine.ErrorDetails;
import dev.understudy.engine.FailureKind;
import dev.understudy.protocol.dialect.ErrorResponse;
import dev.understudy.protocol.dialect.InvalidAnswer;
import dev.understudy.protocol.neutral.Finish;
import dev.understudy.protocol.neutral.Finish.Reason;
import dev.understudy.protocol.neutral.NeutralAnswer;
import dev.understudy.protocol.neutral.NeutralAnswer.Choice;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.Part.Media.Kind;
import dev.understudy.protocol.neutral.Part.Source;
import dev.understudy.protocol.neutral.Tokens;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChatAnswerTest {

    private static List<Part> message(String members) throws InvalidAnswer {
        return answer(CHAT, "{\"choices\":[{\"index\":0,\"message\":{" + members + "}}]}")
                .choices()
                .getFirst()
                .parts();
    }

    private static JsonNode written(Part... parts) {
        Choice choice = new Choice(0, List.of(parts), Finish.of(Reason.STOP, "x"), "");
        return tree(CHAT.writeAnswer(
                        new NeutralAnswer("c1", "m", OptionalLong.of(5), List.of(choice), Tokens.NONE, ""), ASKED))
                .at("/choices/0/message");
    }

    @Test
    void aWholeAnswerIsRead() throws Exception {
        assertThat(answer(CHAT, """
                        {"id":"c1","object":"chat.completion","created":5,"model":"m","service_tier":"flex","choices":[
                          {"index":1,"message":{"role":"assistant","content":"b"},"finish_reason":"length"},
                          {"index":0,"message":{"role":"assistant","content":"a","refusal":null},
                           "logprobs":{"content":[]},"finish_reason":"stop"}],
                         "usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3},"error":null}"""))
                .isEqualTo(new NeutralAnswer(
                        "c1",
                        "m",
                        OptionalLong.of(5),
                        List.of(
                                new Choice(
                                        0,
                                        List.of(Part.Text.of("a")),
                                        Finish.of(Reason.STOP, "stop"),
                                        "{\"content\":[]}"),
                                new Choice(1, List.of(Part.Text.of("b")), Finish.of(Reason.LENGTH, "length"), "")),
                        Tokens.of(1, 2),
                        "flex"));
    }

    @Test
    void reasoningComesFirstWhereverTheyStand() throws Exception {
        assertThat(message("\"content\":\"x\",\"reasoning_content\":\"hm\""))
                .containsExactly(new Part.Reasoning("hm", "", "", "openai"), Part.Text.of("x"));
        assertThat(message("\"content\":\"x\",\"reasoning_content\":\"ab\",\"thinking_blocks\":["
                        + "{\"thinking\":\"a\",\"signature\":\"s\"},{\"thinking\":\"b\",\"signature\":\"t\"}]"))
                .containsExactly(
                        new Part.Reasoning("a", "s", "", "anthropic"),
                        new Part.Reasoning("b", "t", "", "anthropic"),
                        Part.Text.of("x"));
    }

    @Test
    void citationsStayWithTheirTextAndCallsComeLast() throws Exception {
        assertThat(message("\"tool_calls\":[{\"id\":\"c\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}],"
                        + "\"annotations\":[{\"url_citation\":{\"url\":\"u\"}}],\"content\":\"x\""))
                .containsExactly(
                        new Part.Text("x", List.of(new Part.Citation("u", "", "", -1, -1, "openai", ""))),
                        Part.ToolCall.of("c", "f", "{}"));
    }

    @Test
    void aSpokenAnswerIsItsTranscriptAndItsSound() throws Exception {
        assertThat(message("\"content\":null,\"audio\":{\"id\":\"a\",\"data\":\"UklGRg==\",\"transcript\":\"Hi\"}"))
                .containsExactly(
                        Part.Text.of("Hi"),
                        new Part.Media(Kind.AUDIO, new Source.Inline("audio/wav", "UklGRg=="), "a", ""));
    }

    @Test
    void anAnswerOfNothingIsAnAnswer() throws Exception {
        NeutralAnswer answer = answer(CHAT, " \n{\"choices\":[{\"message\":{\"content\":null}}]}\n");
        assertThat(answer.choices()).singleElement().extracting(Choice::parts).isEqualTo(List.of());
        assertThat(answer(CHAT, "{\"choices\":null}").choices()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"error":{"message":"m","code":"rate_limit_exceeded"}}                                | RATE_LIMITED
                    {"object":"error","message":"m","code":500}                                           | SERVER_ERROR
                    {"choices":[{"error":{"code":429,"message":"m"},"message":{"content":"x"}}]}          | RATE_LIMITED
                    {"id":"x"}                                                                            | MALFORMED
                    {"choices":[                                                                          | MALFORMED
                    {"choices":[]}{}                                                                      | MALFORMED
                    []                                                                                    | MALFORMED
                    """)
    void whatIsNoAnswer(String body, FailureKind kind) {
        assertThatThrownBy(() -> answer(CHAT, body))
                .isInstanceOfSatisfying(
                        InvalidAnswer.class,
                        none -> assertThat(none.failure().kind()).isEqualTo(kind));
    }

    @Test
    void aWholeAnswerIsWritten() {
        NeutralAnswer answer = new NeutralAnswer(
                "c1",
                "m",
                OptionalLong.of(5),
                List.of(new Choice(
                        0,
                        List.of(
                                new Part.Reasoning("hm", "s", "", "anthropic"),
                                new Part.Reasoning("", "", "d", "anthropic"),
                                Part.Text.of("a"),
                                new Part.Text("b", List.of(new Part.Citation("u", "t", "", 0, 1, "gemini", "{}"))),
                                new Part.ToolCall("c", "f", "", "g"),
                                new Part.Foreign("anthropic", "x", "{}")),
                        Finish.of(Reason.TOOL_CALLS, "tool_use"),
                        "{\"content\":[]}")),
                new Tokens(
                        OptionalLong.of(9),
                        OptionalLong.of(4),
                        OptionalLong.of(3),
                        OptionalLong.of(2),
                        OptionalLong.of(1)),
                "default");
        assertThat(tree(CHAT.writeAnswer(answer, ASKED))).isEqualTo(tree("""
                                {"id":"c1","object":"chat.completion","created":5,"model":"m","choices":[{"index":0,
                                  "message":{"role":"assistant","content":"ab","refusal":null,"reasoning_content":"hm",
                                   "thinking_blocks":[
                                    {"type":"thinking","thinking":"hm","signature":"s"},
                                    {"type":"redacted_thinking","data":"d"}],
                                   "tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"},
                                    "extra_content":{"google":{"thought_signature":"g"}}}],
                                   "annotations":[{"type":"url_citation","url_citation":
                                    {"url":"u","title":"t","start_index":1,"end_index":2}}]},
                                  "logprobs":{"content":[]},"finish_reason":"tool_calls"}],
                                 "usage":{"prompt_tokens":9,"completion_tokens":4,"total_tokens":13,
                                  "prompt_tokens_details":{"cached_tokens":3,"cache_write_tokens":2},
                                  "completion_tokens_details":{"reasoning_tokens":1}},
                                 "service_tier":"default"}"""));
    }

    @Test
    void contentIsNullOnlyWhereSomethingElseIsThere() {
        assertThat(written().get("content")).isEqualTo(tree("\"\""));
        assertThat(written(new Part.Refusal("no")).get("content").isNull()).isTrue();
        assertThat(written(new Part.Refusal("no")).get("refusal")).isEqualTo(tree("\"no\""));
        assertThat(written(Part.Media.of(Kind.IMAGE, new Source.Url("https://x.org/i"))))
                .isEqualTo(tree("""
                                {"role":"assistant","content":null,"refusal":null,
                                 "images":[{"type":"image_url","image_url":{"url":"https://x.org/i"}}]}"""));
    }

    @Test
    void soundHasItsPlaceAndCallsAlwaysHaveIds() {
        assertThat(written(Part.Media.of(Kind.AUDIO, new Source.Inline("audio/wav", "AA")))
                        .at("/audio/data"))
                .isEqualTo(tree("\"AA\""));
        assertThat(written(Part.ToolCall.of("", "f", "{}"), Part.ToolCall.of("", "f", "{}"))
                        .findValuesAsText("id"))
                .hasSize(2)
                .doesNotHaveDuplicates()
                .allMatch(id -> id.startsWith("call_") && id.length() <= 40);
    }

    @Test
    void errorsAreThoseOfOpenAi() {
        ErrorResponse error = new ErrorResponse(
                429, FailureKind.RATE_LIMITED, new ErrorDetails("slow", "rate_limit", "", "rate"), List.of());
        assertThat(tree(CHAT.writeError(error)).at("/error/message")).isEqualTo(tree("\"slow\""));
        assertThat(new String(CHAT.writeStreamError(error), StandardCharsets.UTF_8))
                .startsWith("data: {\"error\":{\"message\":\"slow\"")
                .endsWith("\n\n");
    }
}
