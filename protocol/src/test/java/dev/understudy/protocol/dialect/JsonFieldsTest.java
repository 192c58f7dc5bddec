package dev.understudy.protocol.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.JsonTrees;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonFieldsTest {

    private static JsonFields fields(String json) throws BadRequest {
        return JsonFields.of(JsonTrees.of(json), "a[0]");
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1.0, 1", "1e0, 1", "1e2, 100", "-3, -3", "9223372036854775807, 9223372036854775807"})
    void anIntegerIsKnownByItsValueAndNotByItsSpelling(String number, long value) throws BadRequest {
        assertThat(fields("{\"n\":" + number + "}").integer("n")).hasValue(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.5", "\"1\"", "true", "[]", "{}", "9223372036854775808", "1e999999999", "1e-999999999"})
    void anythingElseIsRefusedByItsPath(String value) throws BadRequest {
        JsonFields fields = fields("{\"n\":" + value + "}");
        assertThatThrownBy(() -> fields.integer("n"))
                .isInstanceOfSatisfying(
                        BadRequest.class,
                        bad -> assertThat(bad.details().param()).isEqualTo("a[0].n"));
    }

    @Test
    void anAbsentMemberAndNullAreTheSame() throws BadRequest {
        JsonFields fields = fields("{\"n\":null}");
        assertThat(fields.integer("n")).isEmpty();
        assertThat(fields.number("m")).isEmpty();
        assertThat(fields.flag("n")).isEmpty();
        assertThat(fields.string("n")).isEmpty();
        assertThat(fields.strings("n")).isEmpty();
        assertThat(fields.has("n")).isFalse();
        assertThat(fields.object("n").has("x")).isFalse();
    }

    @Test
    void protoJsonHasTwoSpellingsAndNumbersInQuotes() throws BadRequest {
        JsonFields fields =
                fields("{\"max_tokens\":\"7\",\"topP\":\"0.5\",\"stop\":\"x\"}").protoJson();
        assertThat(fields.integer("maxTokens")).hasValue(7);
        assertThat(fields.number("topP"))
                .hasValueSatisfying(value -> assertThat(value).isEqualByComparingTo("0.5"));
        assertThat(fields.strings("stop")).containsExactly("x");
        assertThat(fields.path("maxTokens")).isEqualTo("a[0].maxTokens");
    }

    @Test
    void wrongTypesAreRefusedOrIgnored() throws BadRequest {
        JsonFields fields = fields("{\"s\":1,\"b\":\"true\",\"l\":[1],\"o\":[]}");
        assertThat(fields.text("s")).isEmpty();
        assertThat(fields.optionalFlag("b")).isEmpty();
        assertThatThrownBy(() -> fields.string("s")).hasMessage("'a[0].s' must be a string.");
        assertThatThrownBy(() -> fields.flag("b")).hasMessage("'a[0].b' must be true or false.");
        assertThatThrownBy(() -> fields.strings("l")).hasMessage("'a[0].l' must be a list of strings.");
        assertThatThrownBy(() -> fields.object("o")).hasMessage("'a[0].o' must be an object.");
        assertThatThrownBy(() -> fields.requiredString("x")).hasMessageContaining("'a[0].x'");
    }

    @ParameterizedTest
    @CsvSource({"-1, false", "0, true", "5000000000, true"})
    void aCountIsNotNegativeAndASmallOneIsCapped(long number, boolean accepted) throws BadRequest {
        JsonFields fields = fields("{\"n\":" + number + "}");
        if (accepted) {
            assertThat(fields.count("n")).hasValue(number);
            assertThat(fields.smallCount("n")).hasValue((int) Math.min(Integer.MAX_VALUE, number));
        } else {
            assertThatThrownBy(() -> fields.count("n")).hasMessage("'a[0].n' must be 0 or more.");
        }
    }
}
