package dev.understudy.protocol.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.BodyLimits;
import dev.understudy.protocol.json.JsonOut;
import dev.understudy.protocol.json.Members;
import dev.understudy.protocol.options.AnswerPattern;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerCheckTest {
    private static final Acceptance JSON = new Acceptance(true, false, 0, Optional.empty());
    private static final Acceptance TOOLS = new Acceptance(false, true, 0, Optional.empty());
    private static final String OBJECT = "\"response_format\":{\"type\":\"json_object\"}";

    private static AnswerCheck check(Acceptance acceptance, String members) throws BadRequest {
        String body = "{\"model\":\"m\",\"messages\":[]" + (members.isEmpty() ? "" : "," + members) + "}";
        return acceptance.checkFor(Members.scan(body.getBytes(UTF_8), BodyLimits.ofDefaults()));
    }

    private static String schema(String schema) {
        return "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"n\",\"schema\":" + schema
                + "}}";
    }

    /** What is wrong with an answer of that text, whole and streamed alike. */
    private static String wrong(AnswerCheck check, String text, String finish) {
        String half = text.substring(0, text.length() / 2);
        String whole = "{\"choices\":[{\"message\":{\"content\":" + JsonOut.quote(text) + "},\"finish_reason\":\""
                + finish + "\"}]}";
        String streamed = "data: {\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":" + JsonOut.quote(half)
                + "}}]}\n\n: ping\n\ndata: {\"choices\":[{\"index\":0,\"delta\":{\"content\":"
                + JsonOut.quote(text.substring(half.length())) + "},\"finish_reason\":\"" + finish
                + "\"}]}\n\ndata: {\"choices\":[],\"usage\":null}\n\ndata: [DONE]\n\n";
        return same(check.ofWhole(whole.getBytes(UTF_8)), check.ofStream(streamed.getBytes(UTF_8)));
    }

    private static String same(Optional<Failure> whole, Optional<Failure> streamed) {
        assertThat(streamed).isEqualTo(whole);
        whole.ifPresent(failure -> {
            assertThat(failure.kind()).isEqualTo(FailureKind.INVALID_OUTPUT);
            assertThat(failure.hasDeliverableAnswer()).isFalse();
        });
        return whole.map(failure -> failure.details().code() + ": " + failure.message())
                .orElse("fine");
    }

    private static String wrong(AnswerCheck check, String text) {
        return wrong(check, text, "stop");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {"a":1}              | fine
        ` {"a":[1.10]}\n`    | fine
        {"a":1               | accept.json: The answer is not JSON
        {"a":1} Done!        | accept.json: The answer is not JSON
        ```json {} ```       | accept.json: The answer is not JSON
        Sure! {"a":1}        | accept.json: The answer is not JSON
        [1]                  | accept.json: The answer is not a JSON object
        "text"               | accept.json: The answer is not a JSON object
        """)
    void requestedJsonMustCome(String text, String verdict) throws BadRequest {
        assertThat(wrong(check(JSON, OBJECT), text.replace("`", ""))).isEqualTo(verdict);
    }

    @Test
    void anyTextIsAcceptedWhereJsonIsNotRequested() throws BadRequest {
        assertThat(wrong(check(JSON, ""), "plain")).isEqualTo("fine");
        assertThat(wrong(check(JSON, "\"response_format\":{\"type\":\"text\"}"), "plain"))
                .isEqualTo("fine");
        assertThat(wrong(check(JSON, "\"response_format\":null"), "plain")).isEqualTo("fine");
        assertThat(wrong(check(TOOLS, OBJECT), "plain")).as("another check").isEqualTo("fine");
    }

    @Test
    void jsonThatWasCutOffIsNoAnswer() throws BadRequest {
        assertThat(wrong(check(JSON, OBJECT), "{\"a\":1}", "length"))
                .startsWith("accept.json: The answer reached its token limit");
        assertThat(wrong(check(JSON, ""), "plain", "length")).isEqualTo("fine");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {"a":1}             | fine
        {"a":1,"b":"x"}     | fine
        {"a":"1"}           | accept.json: The answer does not match the schema: type
        {"b":"x"}           | accept.json: The answer does not match the schema: required
        {"a":1,"c":2}       | accept.json: The answer does not match the schema: additionalProperties
        {"a":1,"b":"yy"}    | accept.json: The answer does not match the schema: pattern
        {"a":1              | accept.json: The answer is not JSON
        """)
    void theSchemaOfTheRequestIsHeld(String text, String verdict) throws BadRequest {
        String schema =
                "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\"},\"b\":{\"$ref\":\"#/$defs/b\"}},"
                        + "\"required\":[\"a\"],\"additionalProperties\":false,\"$defs\":{\"b\":{\"pattern\":\"^x$\"}}}";
        assertThat(wrong(check(JSON, schema(schema)), text)).isEqualTo(verdict);
        for (String draft :
                new String[] {"https://json-schema.org/draft/2020-12/schema", "http://json-schema.org/draft-07/schema#"
                }) {
            String named = "{\"$schema\":\"" + draft + "\"," + schema.substring(1);
            assertThat(wrong(check(JSON, schema(named)), text)).as(draft).isEqualTo(verdict);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":7}",
                "{\"type\":\"objekt\"}",
                "{\"$schema\":\"http://json-schema.org/draft-07/schema#\",\"required\":\"b\"}",
                "7",
                "\"x\"",
                "[]",
                "null",
                "{\"$ref\":\"#\"}",
                "{\"$ref\":\"#/$defs/nowhere\"}",
                "{\"$ref\":\"http://127.0.0.1:1/schema\"}",
                "{\"$ref\":\"file:///etc/hostname\"}",
                "{\"$ref\":\"classpath:draft-07\"}",
                "{\"$schema\":\"http://127.0.0.1:1/schema\"}",
                "{\"properties\":{\"a\":{\"pattern\":\"(?=x)\"}}}",
                "{\"properties\":{\"a\":{\"pattern\":\"(\"}}}",
                "{\"properties\":{\"a\":{\"pattern\":\"((x{99}){99}){99}\"}}}"
            })
    void aSchemaThatCannotBeUsedForbidsNothing(String schema) throws BadRequest {
        assertThat(wrong(check(JSON, schema(schema)), "{\"a\":\"y\"}")).isEqualTo("fine");
        assertThat(wrong(check(JSON, schema(schema)), "no JSON")).startsWith("accept.json");
    }

    @Test
    void aSchemaLoadsNothing(@TempDir Path folder) throws Exception {
        Path forbidding = Files.writeString(folder.resolve("schema.json"), "{\"not\":{}}");
        String schema = "{\"$ref\":\"" + forbidding.toUri() + "\"}";

        assertThat(wrong(check(JSON, schema(schema)), "{}")).isEqualTo("fine");
    }

    @Test
    void schemasOfTwoRequestsAreNotMixedUp() throws BadRequest {
        AnswerCheck text = check(JSON, schema("{\"$id\":\"https://a.example/s\",\"type\":\"string\"}"));
        AnswerCheck number = check(JSON, schema("{\"$id\":\"https://a.example/s\",\"type\":\"number\"}"));

        assertThat(wrong(text, "\"x\"")).isEqualTo("fine");
        assertThat(wrong(number, "7")).isEqualTo("fine");
        assertThat(wrong(number, "\"x\"")).endsWith("type");
        assertThat(wrong(text, "7")).endsWith("type");
    }

    private static String called(AnswerCheck check, String name, String arguments) {
        String whole =
                "{\"choices\":[{\"message\":{\"content\":null,\"refusal\":null,\"tool_calls\":[{\"id\":\"1\",\"type\":"
                        + "\"function\",\"function\":{\"name\":\"" + name + "\",\"arguments\":"
                        + JsonOut.quote(arguments)
                        + "}}]},\"finish_reason\":\"tool_calls\"}]}";
        StringBuilder streamed =
                new StringBuilder("data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"1\","
                        + "\"function\":{\"name\":\"" + name + "\",\"arguments\":\"\"}}]}}]}\n\n");
        for (String piece : arguments.split("")) {
            streamed.append("data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":")
                    .append(JsonOut.quote(piece))
                    .append("}}]}}]}\n\n");
        }
        streamed.append("data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"tool_calls\"}]}\n\n");
        return same(
                check.ofWhole(whole.getBytes(UTF_8)),
                check.ofStream(streamed.toString().getBytes(UTF_8)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        f    | {"a":1} | fine
        f    | {}      | fine
        old  | {}      | fine
        f    | {"a":   | accept.tools: The arguments of a tool call are not a JSON object
        f    | ``      | accept.tools: The arguments of a tool call are not a JSON object
        f    | [1]     | accept.tools: The arguments of a tool call are not a JSON object
        g    | {}      | accept.tools: The answer calls a tool that is not in the request
        ``   | {}      | accept.tools: The answer calls a tool that is not in the request
        """)
    void callsAreOfTheRequestsToolsWithProperArguments(String name, String arguments, String verdict)
            throws BadRequest {
        String tools =
                "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}],\"functions\":[{\"name\":\"old\"}]";
        assertThat(called(check(TOOLS, tools), name, arguments)).isEqualTo(verdict);
        assertThat(called(check(JSON, tools + "," + OBJECT), name, arguments))
                .as("not checked")
                .isEqualTo("fine");
    }

    @Test
    void severalCallsAreDistinguished() throws BadRequest {
        AnswerCheck check = check(TOOLS, "\"tools\":[{\"function\":{\"name\":\"f\"}},{\"custom\":{\"name\":\"c\"}}]");
        String noIndex = "{\"choices\":[{\"message\":{\"tool_calls\":[%s,%s]}}]}";
        String good = "{\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}";
        String bad = "{\"function\":{\"name\":\"f\",\"arguments\":\"{\"}}";
        String custom = "{\"type\":\"custom\",\"custom\":{\"name\":\"c\",\"input\":\"free text\"}}";

        assertThat(check.ofWhole(noIndex.formatted(good, good).getBytes(UTF_8))).isEmpty();
        assertThat(check.ofWhole(noIndex.formatted(good, custom).getBytes(UTF_8)))
                .isEmpty();
        assertThat(check.ofWhole(noIndex.formatted(good, bad).getBytes(UTF_8))).isPresent();
        String streamed = "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"id\":\"%s\",%s]}}]}\n\n";
        String two = streamed.formatted("1", good.substring(1)) + streamed.formatted("2", good.substring(1));
        assertThat(check.ofStream(two.getBytes(UTF_8))).as("two ids, no index").isEmpty();
        String one = streamed.formatted("1", "\"function\":{\"name\":\"f\",\"arguments\":\"{\"}}")
                + streamed.formatted("", "\"function\":{\"arguments\":\"}\"}}");
        assertThat(check.ofStream(one.getBytes(UTF_8)))
                .as("one call in two pieces")
                .isEmpty();
    }

    @Test
    void theOldFormOfACallIsCheckedToo() throws BadRequest {
        AnswerCheck check = check(TOOLS, "\"functions\":[{\"name\":\"old\"}]");
        String body = "{\"choices\":[{\"message\":{\"function_call\":{\"name\":\"%s\",\"arguments\":\"{}\"}}}]}";

        assertThat(check.ofWhole(body.formatted("old").getBytes(UTF_8))).isEmpty();
        assertThat(check.ofWhole(body.formatted("new").getBytes(UTF_8))).isPresent();
    }

    @Test
    void textHasItsMeasure() throws BadRequest {
        AnswerCheck check = check(new Acceptance(false, false, 5, Optional.empty()), "");

        assertThat(wrong(check, "12345")).isEqualTo("fine");
        assertThat(wrong(check, "1234")).isEqualTo("accept.min_length: The answer is shorter than 5 characters");
        assertThat(wrong(check, "🎭🎭🎭🎭")).as("characters are code points").startsWith("accept.min_length");
    }

    @Test
    void textContainsWhatItMust() throws BadRequest {
        AnswerCheck check = check(new Acceptance(false, false, 0, Optional.of(AnswerPattern.of("(?i)\\byes\\b"))), "");

        assertThat(wrong(check, "I say YES.")).isEqualTo("fine");
        assertThat(wrong(check, "Yesterday"))
                .isEqualTo("accept.matches: The answer does not match the required pattern");
    }

    @Test
    void aRefusalIsAnAnswerOfItsOwn() throws BadRequest {
        Acceptance strict = new Acceptance(true, true, 100, Optional.of(AnswerPattern.of("x")));
        String refusal = "{\"choices\":[{\"message\":{\"content\":null,\"refusal\":\"No.\"}}]}";

        assertThat(check(strict, OBJECT).ofWhole(refusal.getBytes(UTF_8))).isEmpty();
    }

    @Test
    void eachChoiceHasToPass() throws BadRequest {
        String two = "{\"choices\":[{\"message\":{\"content\":\"{}\"}},{\"message\":{\"content\":\"%s\"}}]}";

        assertThat(check(JSON, OBJECT).ofWhole(two.formatted("{}").getBytes(UTF_8)))
                .isEmpty();
        assertThat(check(JSON, OBJECT).ofWhole(two.formatted("{").getBytes(UTF_8)))
                .isPresent();
    }

    @Test
    void textInPartsIsText() throws BadRequest {
        String parts = "{\"choices\":[{\"message\":{\"content\":[{\"type\":\"thinking\",\"thinking\":[]},"
                + "{\"type\":\"text\",\"text\":\"{}\"}]}}]}";

        assertThat(check(JSON, OBJECT).ofWhole(parts.getBytes(UTF_8))).isEmpty();
    }
}
