package dev.understudy.protocol.recovery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.protocol.dialect.openai.OpenAiDialect;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.BodyLimits;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.json.Members;
import dev.understudy.protocol.options.FallbackOptions;
import dev.understudy.protocol.translate.CallerRequest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ContinuationTest {
    private static final String REQUEST = """
            {
              "model": "a",
              "fallbacks": ["b"],
              "messages": [
                {"role": "user", "content": "é 😀 \\u00e9"}
              ],
              "temperature": 1.10,
              "max_tokens": 100
            }
            """;

    private static String body(
            String request, Continuation continuation, ContinuationForm form, FallbackOptions.Override... own)
            throws BadRequest {
        byte[] body = continuation.bodyFor(
                Members.scan(request.getBytes(UTF_8), BodyLimits.ofDefaults()), "org/m", List.of(own), form);
        JsonTrees.scanned("the body", body);
        return new String(body, UTF_8);
    }

    @Test
    void thePrefillIsTheLastMessageAndNothingElseChanges() throws BadRequest {
        assertThat(body(REQUEST, new Continuation("Say \"é\"\n", 30), ContinuationForm.PREFILL))
                .isEqualTo("""
            {
              "model": "org/m",
              "messages": [
                {"role": "user", "content": "é 😀 \\u00e9"},{"role":"assistant","content":"Say \\"é\\""}
              ],
              "temperature": 1.10,
              "max_tokens": 70
            }
            """);
    }

    @Test
    void theOtherFormsOfAPrefill() throws BadRequest {
        Continuation continuation = new Continuation("So far. \u00a0\n", 1);

        assertThat(body(REQUEST, continuation, ContinuationForm.PREFIX))
                .contains("{\"role\":\"assistant\",\"content\":\"So far.\",\"prefix\":true}\n");
        assertThat(body(REQUEST, continuation, ContinuationForm.FINAL_MESSAGE))
                .contains("{\"role\":\"assistant\",\"content\":\"So far.\"}\n")
                .contains("\"max_tokens\": 99,\"continue_final_message\":true,\"add_generation_prompt\":false");
        assertThat(body(
                        "{\"model\":\"a\",\"messages\":[],\"add_generation_prompt\":true}",
                        continuation,
                        ContinuationForm.FINAL_MESSAGE))
                .isEqualTo("{\"model\":\"org/m\",\"messages\":[{\"role\":\"assistant\",\"content\":\"So far.\"}],"
                        + "\"add_generation_prompt\":false,\"continue_final_message\":true}");
    }

    @Test
    void aUserTurnHasTheContinuePrompt() throws BadRequest {
        String body = body(REQUEST, new Continuation("So far. ", 1), ContinuationForm.TURN);

        assertThat(body)
                .contains("{\"role\":\"assistant\",\"content\":\"So far. \"},{\"role\":\"user\",\"content\":\"")
                .contains("Continue exactly where you left off");
        assertThat(body).doesNotContain("prefix", "continue_final_message");
    }

    @ParameterizedTest
    @EnumSource(ContinuationForm.class)
    void withoutTextTheBodyIsTheUsualOne(ContinuationForm form) throws BadRequest {
        CallerRequest request = CallerRequest.read(new OpenAiDialect(), REQUEST.getBytes(UTF_8));
        Members members = Members.scan(REQUEST.getBytes(UTF_8), BodyLimits.ofDefaults());
        List<FallbackOptions.Override> own = List.of(new FallbackOptions.Override("seed", "1"));

        for (String nothing : List.of("", " \n", "\uD83C")) {
            assertThat(new Continuation(nothing, 30).bodyFor(members, "b", own, form))
                    .isEqualTo(request.bodyFor("b", own));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        "max_tokens":100                             | "max_tokens":60
        "max_completion_tokens":100                  | "max_completion_tokens":60
        "max_tokens":50,"max_completion_tokens":1000 | "max_tokens":10,"max_completion_tokens":960
        "max_tokens":40                              | "max_tokens":1
        "max_tokens":3                               | "max_tokens":1
        "max_tokens":1e2                             | "max_tokens":60
        "max_tokens":100.0                           | "max_tokens":60
        "max_tokens":99999999999999999999            | "max_tokens":99999999999999999959
        "max_tokens":null                            | "max_tokens":null
        "max_tokens":"many"                          | "max_tokens":"many"
        "max_tokens":-1                              | "max_tokens":-1
        "max_tokens":0                               | "max_tokens":0
        "max_tokens":1e999999999                     | "max_tokens":1e999999999
        "top_p":100                                  | "top_p":100
        """)
    void theLimitIsLoweredByWhatWasSpent(String members, String lowered) throws BadRequest {
        String request = "{\"model\":\"a\",\"messages\":[],%s}";

        assertThat(body(request.formatted(members), new Continuation("x", 40), ContinuationForm.PREFILL))
                .isEqualTo("{\"model\":\"org/m\",\"messages\":[{\"role\":\"assistant\",\"content\":\"x\"}],%s}"
                        .formatted(lowered));
    }

    @Test
    void whatTheTargetHasOfItsOwnIsTheBasis() throws BadRequest {
        Continuation continuation = new Continuation("x", 40);

        assertThat(body(
                        "{\"model\":\"a\",\"messages\":[{}],\"max_tokens\":100}",
                        continuation,
                        ContinuationForm.PREFILL,
                        new FallbackOptions.Override("max_tokens", "1000"),
                        new FallbackOptions.Override("messages", "[{\"role\":\"user\",\"content\":\"[]\"} ]"),
                        new FallbackOptions.Override("seed", "1")))
                .isEqualTo("{\"model\":\"org/m\",\"messages\":[{\"role\":\"user\",\"content\":\"[]\"} ,"
                        + "{\"role\":\"assistant\",\"content\":\"x\"}],\"max_tokens\":960,\"seed\":1}");
        assertThat(body(
                        "{\"model\":\"a\",\"messages\":[{}]}",
                        continuation,
                        ContinuationForm.PREFILL,
                        new FallbackOptions.Override("messages", "[]"),
                        new FallbackOptions.Override("max_completion_tokens", "41")))
                .isEqualTo("{\"model\":\"org/m\",\"messages\":[{\"role\":\"assistant\",\"content\":\"x\"}],"
                        + "\"max_completion_tokens\":1}");
        assertThat(body(
                        "{\"model\":\"a\",\"messages\":[{}]}",
                        continuation,
                        ContinuationForm.PREFILL,
                        new FallbackOptions.Override("messages", "7")))
                .isEqualTo("{\"model\":\"org/m\",\"messages\":7}");
    }

    @Test
    void halfACharacterIsNotSent() throws BadRequest {
        assertThat(body(
                        "{\"model\":\"a\",\"messages\":[]}",
                        new Continuation("a mask \uD83C", 1),
                        ContinuationForm.TURN))
                .contains("\"content\":\"a mask \"}");
    }

    @Test
    void tokensCannotBeOwed() {
        assertThatThrownBy(() -> new Continuation("x", -1)).isInstanceOf(IllegalArgumentException.class);
    }
}
