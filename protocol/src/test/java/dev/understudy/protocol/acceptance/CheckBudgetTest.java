package dev.understudy.protocol.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.BodyLimits;
import dev.understudy.protocol.json.JsonOut;
import dev.understudy.protocol.json.Members;
import dev.understudy.protocol.options.AnswerPattern;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Schemas and patterns that would run for years, or take all memory, end with an exception of their own. */
@Timeout(60)
class CheckBudgetTest {
    private static final Acceptance JSON = new Acceptance(true, false, 0, Optional.empty());

    private static Members request(String schema) throws BadRequest {
        String body = "{\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"n\",\"schema\":"
                + schema + "}}}";
        return Members.scan(body.getBytes(UTF_8), BodyLimits.ofDefaults());
    }

    private static byte[] answer(String content) {
        return ("{\"choices\":[{\"message\":{\"content\":" + JsonOut.quote(content) + "},\"finish_reason\":\"stop\"}]}")
                .getBytes(UTF_8);
    }

    private static Optional<String> wrong(String schema, String content) throws BadRequest {
        return JSON.checkFor(request(schema)).ofWhole(answer(content)).map(failure -> failure.message());
    }

    private static void assertTooExpensive(String schema, String content) {
        assertThatThrownBy(() -> wrong(schema, content)).isInstanceOf(CheckTooExpensive.class);
    }

    @Test
    void alternativesThatMultiplyAreGivenUp() {
        assertTooExpensive(
                "{\"$ref\":\"#/$defs/n\",\"$defs\":{\"n\":{\"anyOf\":[{\"type\":\"array\",\"items\":{\"$ref\":\"#/$defs/n\"},"
                        + "\"minItems\":0},{\"type\":\"array\",\"items\":{\"$ref\":\"#/$defs/n\"},\"maxItems\":99}]}}}",
                "[".repeat(22) + "1" + "]".repeat(22));
    }

    @Test
    void definitionsThatDoubleAreGivenUp() {
        assertTooExpensive(doubling("\"allOf\":[{\"$ref\":\"%1$s\"},{\"$ref\":\"%1$s\"}]"), "{}");
    }

    /** Without any keyword that has schemas in a list. */
    @Test
    void siblingReferencesThatDoubleAreGivenUp() {
        assertTooExpensive(doubling("\"$ref\":\"%1$s\",\"$dynamicRef\":\"%1$s\""), "{}");
    }

    @Test
    void anOlderDraftInsideOfANewerOneIsCountedToo() {
        String old = doubling("\"allOf\":[{\"$ref\":\"%1$s\"},{\"$ref\":\"%1$s\"}]")
                .replaceFirst(
                        "\\{",
                        "{\"\\$schema\":\"http://json-schema.org/draft-07/schema#\",\"\\$id\":\"https://a.example/b\",");
        assertTooExpensive(old, "{}");
    }

    private static String doubling(String next) {
        String definitions = IntStream.range(0, 40)
                .mapToObj(i -> "\"a" + i + "\":{" + String.format(next, "#/$defs/a" + (i + 1)) + "}")
                .collect(Collectors.joining(","));
        return "{\"$ref\":\"#/$defs/a0\",\"$defs\":{" + definitions + ",\"a40\":{\"type\":\"object\"}}}";
    }

    @Test
    void patternsThatFillTheMemoryAreGivenUp() {
        String patterns = IntStream.range(0, 8_000)
                .mapToObj(i -> "\"p" + i + "\":{\"pattern\":\"^a{1,900}" + i + "$\"}")
                .collect(Collectors.joining(","));
        assertTooExpensive("{\"properties\":{" + patterns + "}}", "{\"p0\":\"a\"}");
    }

    @Test
    void aPatternIsCountedByTheCharactersThatItReads() {
        Acceptance acceptance = new Acceptance(false, false, 0, Optional.of(AnswerPattern.of("(?:x{100}){10}y")));
        assertThatThrownBy(() -> acceptance.checkFor(request("{}")).ofWhole(answer("x".repeat(20_000_000))))
                .isInstanceOf(CheckTooExpensive.class);
    }

    @Test
    void anAnswerOfMillionsOfValuesIsNotRead() {
        assertTooExpensive("{}", "[" + "1,".repeat(3_000_000) + "1]");
    }

    @Test
    void aSchemaOfMoreThanAMegabyteIsNotRead() {
        assertTooExpensive("{\"description\":\"" + "x".repeat(1_100_000) + "\"}", "1");
    }

    @Test
    void aLargeSchemaOfARealApiIsChecked() throws BadRequest {
        String properties = IntStream.range(0, 1_000)
                .mapToObj(
                        i -> "\"p" + i
                                + "\":{\"type\":\"string\",\"description\":\"what it is\",\"pattern\":\"^[a-z]+$\",\"minLength\":1}")
                .collect(Collectors.joining(","));
        String schema = "{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{" + properties + "}}";
        String values = IntStream.range(0, 1_000)
                .mapToObj(i -> "\"p" + i + "\":\"abc\"")
                .collect(Collectors.joining(","));
        assertThat(wrong(schema, "{" + values + "}")).isEmpty();
        assertThat(wrong(schema, "{" + values + ",\"p7\":\"ABC\"}"))
                .contains("The answer does not match the schema: pattern");
    }

    @Test
    void aTreeOfThousandNodesInARecursiveSchemaIsChecked() throws BadRequest {
        String schema =
                "{\"$ref\":\"#/$defs/node\",\"$defs\":{\"node\":{\"type\":\"object\",\"required\":[\"name\",\"children\"],"
                        + "\"properties\":{\"name\":{\"type\":\"string\"},\"children\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/$defs/node\"}}}}}}";
        String leaf = "{\"name\":\"n\",\"children\":[]}";
        String branch = "{\"name\":\"n\",\"children\":[" + (leaf + ",").repeat(99) + leaf + "]}";
        String tree = "{\"name\":\"n\",\"children\":[" + (branch + ",").repeat(9) + branch + "]}";
        assertThat(wrong(schema, tree)).isEmpty();
        assertThat(wrong(schema, tree.replaceFirst("\"name\":\"n\",\"children\":\\[\\]", "\"children\":[]")))
                .contains("The answer does not match the schema: required");
    }

    /** A check ends with its call: its thread is interrupted. */
    @Test
    void anInterruptEndsACheck() {
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> CheckBudget.beginning().spend(1_000)).isInstanceOf(CheckTooExpensive.class);
        } finally {
            Thread.interrupted();
        }
    }

    /** JSON that two attempts wrote is still refused if it is broken, however expensive its schema is. */
    @Test
    void brokenJsonIsFoundBeforeTheSchemaIsRead() throws BadRequest {
        Members request = request(doubling("\"allOf\":[{\"$ref\":\"%1$s\"},{\"$ref\":\"%1$s\"}]"));
        assertThat(ContinuedJson.of(request).check("{\"a\":")).isPresent();
        assertThatThrownBy(() -> ContinuedJson.of(request).check("{\"a\":1}")).isInstanceOf(CheckTooExpensive.class);
    }
}
