package dev.understudy.protocol.translate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.understudy.protocol.HeaderLookup;
import dev.understudy.protocol.dialect.RequestFacts;
import dev.understudy.protocol.dialect.openai.OpenAiDialect;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.options.FallbackOptions;
import dev.understudy.protocol.options.OptionsPolicy;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChatCallerRequestTest {

    @Test
    void readsWhatDecidesAboutTheCall() throws BadRequest {
        CallerRequest request = read("{\"model\":\"gpt\",\"stream\":true,\"messages\":[{}],\"n\":2,\"max_tokens\":9,"
                + "\"max_completion_tokens\":1,\"stop\":[\"x\"],\"tools\":[{}],"
                + "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"type\":\"x\"}}}");
        assertThat(request.model()).contains("gpt");
        assertThat(request.stream()).isTrue();
        assertThat(request.facts())
                .isEqualTo(RequestFacts.builder().stream(true)
                        .choices(OptionalInt.of(2))
                        .maxTokens(OptionalLong.of(1))
                        .stopSequences(true)
                        .tools(true)
                        .jsonOutput(true)
                        .promptBytes(8)
                        .build());
    }

    @Test
    void absentMembersHaveNoFacts() throws BadRequest {
        RequestFacts plain = RequestFacts.builder().promptBytes(2).build();
        assertThat(read("{\"model\":\"gpt\",\"messages\":[]}").facts()).isEqualTo(plain);
        assertThat(read("{\"model\":\"gpt\",\"messages\":[],\"stream\":null,\"max_tokens\":null,\"stop\":null,"
                                + "\"response_format\":{\"type\":\"text\"}}")
                        .facts())
                .isEqualTo(plain);
    }

    /** Bytes and characters are not the same number. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        []        | false
        [ \t]     | false
        ["。"]     | true
        ["Ende…"] | true
        """)
    void aListWithSomethingInItIsNotEmpty(String stop, boolean there) throws BadRequest {
        RequestFacts facts = read("{\"model\":\"a\",\"messages\":[],\"stop\":" + stop + ",\"tools\":" + stop + "}")
                .facts();
        assertThat(facts.stopSequences()).isEqualTo(there);
        assertThat(facts.tools()).isEqualTo(there);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {"model":"a"}                                      | messages | The request has no 'messages'
        {"model":"a","messages":"hello"}                   | messages | 'messages' must be a list of messages, not a string
        {"model":"a","messages":null}                      | messages | not null
        {"model":7,"messages":[]}                          | model    | 'model' must be the name of a model, as a string, not a number
        {"model":["a"],"messages":[]}                      | model    | not a list
        {"model":" ","messages":[]}                        | model    | 'model' is empty
        {"messages":[]}                                    | model    | The request has no 'model'
        {"model":null,"messages":[]}                       | model    | The request has no 'model'
        {"model":"a","messages":[],"stream":"yes"}         | stream   | 'stream' must be true or false, not a string
        {"model":"a","messages":[],"stream":1}             | stream   | not a number
        {"model":"a","messages":[],"model":"b"}            | model    | more than once
        {"model":"a","messages":[],"mod\\u0065l":"b"}      | model    | more than once
        {"model":"a","messages":[],"messages":[]}          | messages | more than once
        {"model":"a","messages":[],"understudy":{},"understudy":{}} | understudy | more than once
        """)
    void namesTheFieldAtFault(String body, String field, String message) {
        BadRequest refusal = catchThrowableOfType(
                BadRequest.class, () -> read(body).options(HeaderLookup.NONE, OptionsPolicy.STRICT));
        assertThat(refusal.status()).isEqualTo(400);
        assertThat(refusal.details().param()).isEqualTo(field);
        assertThat(refusal).hasMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"n\":\"two\"",
                "\"n\":1e999999999",
                "\"max_tokens\":-5",
                "\"max_tokens\":\"many\"",
                "\"temperature\":\"hot\"",
                "\"top_p\":1,\"top_p\":2",
                "\"response_format\":\"json\"",
                "\"tools\":{}",
                "\"unheard_of\":{\"x\":[1.10]}"
            })
    void whatTheProviderWillJudgeIsSentOn(String members) throws BadRequest {
        CallerRequest request = read("{\"model\":\"a\",\"messages\":[]," + members + "}");
        assertThat(new String(request.bodyFor("b", List.of()), UTF_8))
                .isEqualTo("{\"model\":\"b\",\"messages\":[]," + members + "}");
    }

    @Test
    void aTargetsBodyDiffersInModelAndOverridesOnly() throws BadRequest {
        CallerRequest request = read("""
                {
                  "model": "a",
                  "fallbacks": ["b"],
                  "messages": [{"role": "user", "content": "é 😀 \\u00e9"}],
                  "temperature": 1.10,
                  "timeout": 3
                }
                """);
        assertThat(new String(
                        request.bodyFor(
                                "org/\"b\"",
                                List.of(
                                        new FallbackOptions.Override("temperature", "0.0"),
                                        new FallbackOptions.Override("seed", "1"))),
                        UTF_8))
                .isEqualTo("""
                {
                  "model": "org/\\"b\\"",
                  "messages": [{"role": "user", "content": "é 😀 \\u00e9"}],
                  "temperature": 0.0,"seed":1
                }
                """);
        assertThat(new String(request.bodyFor("c", List.of()), UTF_8))
                .as("nothing of the one target is left for the next")
                .contains("\"model\": \"c\"", "\"temperature\": 1.10")
                .doesNotContain("seed", "fallbacks", "timeout");
    }

    @Test
    @Timeout(20)
    void aHugePromptIsReadInTime() throws BadRequest {
        String prompt = "prompt é ".repeat(3 << 20);
        byte[] body = ("{\"model\":\"a\",\"messages\":[{\"role\":\"user\",\"content\":\"" + prompt + "\"}],\"user\":\""
                        + prompt + "\",\"fallbacks\":[\"b\"]}")
                .getBytes(UTF_8);
        assertThat(body.length).isGreaterThan(60 << 20);
        long before = System.nanoTime();
        CallerRequest request = CallerRequest.read(new OpenAiDialect(), body);
        Duration took = Duration.ofNanos(System.nanoTime() - before);
        assertThat(request.facts().promptBytes()).isGreaterThan(30 << 20);
        assertThat(took).isLessThan(Duration.ofSeconds(5));
    }

    private static CallerRequest read(String body) throws BadRequest {
        return CallerRequest.read(new OpenAiDialect(), body.getBytes(UTF_8));
    }
}
