package dev.understudy.protocol.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Small trees: what is read from a value, and that it is written as it was read. */
class JsonTreesTest {

    private static JsonNode scanned(String json) throws BadRequest {
        return JsonTrees.scanned("It", json.getBytes(UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1",
                "1.0",
                "1e2",
                "1E+2",
                "-0",
                "-0.0",
                "1e999999999",
                "1e99999999999999999999",
                "0.10",
                "123456789012345678901234567890",
                "\"\"",
                "\"é 😀\"",
                "true",
                "false",
                "null",
                "[]",
                "{}",
                "[1.50,{\"a\":null,\"b\":[-1e-7]}]",
            })
    void aValueIsWrittenAsItWasRead(String json) throws BadRequest {
        assertThat(JsonOut.text(scanned(json))).isEqualTo(json);
    }

    @Test
    void whiteSpaceGoesAndHalvesOfCharactersStayEscaped() throws BadRequest {
        assertThat(JsonOut.text(scanned(" { \"a\" : [ 1 , \"\\ud83d\" ] } "))).isEqualTo("{\"a\":[1,\"\\ud83d\"]}");
    }

    @Test
    void ofARepeatedNameTheLastValueCounts() throws BadRequest {
        assertThat(JsonOut.text(scanned("{\"a\":1,\"b\":2,\"a\":3}"))).isEqualTo("{\"a\":3,\"b\":2}");
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1.0, 1.0", "1e2, 1E+2", "-0.5, -0.5"})
    void aNumberHasItsExactValue(String json, BigDecimal value) throws BadRequest {
        assertThat(SpelledNumber.value(scanned(json))).contains(value);
        assertThat(scanned(json).decimalValue()).isEqualTo(value);
        assertThat(scanned(json).doubleValue()).isEqualTo(value.doubleValue());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"1e999999999", "1e-999999999", "10000000000000000000000000000000000000000", "\"1\"", "null"})
    void aNumberThatCannotBeCalculatedWithHasNoValue(String json) throws BadRequest {
        assertThat(SpelledNumber.value(scanned(json))).isEmpty();
        assertThat(scanned(json).canConvertToLong()).isFalse();
    }

    @Test
    void errorsNameTheValueAndTheFault() {
        assertThatThrownBy(() -> scanned(" ")).hasMessage("It is empty. Send JSON.");
        assertThatThrownBy(() -> scanned("1 2"))
                .hasMessage("It continues after the end of its value. Send one value only.");
        assertThatThrownBy(() -> scanned("[".repeat(65) + "]".repeat(65)))
                .hasMessage("It is nested more than 64 levels deep. Send a flatter one.");
        assertThatThrownBy(() -> scanned("[1,]")).hasMessageStartingWith("It is not well-formed JSON: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "plain", "\"\\/", "\b\f\n\r\t\u0000\u001f\u007f", "é😀\u2028", "\ud83d", "\ude00\ud83d"})
    void aStringIsQuotedAsAGeneratorWritesIt(String text) throws BadRequest {
        String quoted = JsonOut.quote(text);
        assertThat(quoted).isEqualTo(JsonOut.text(json -> json.writeString(text)));
        assertThat(scanned(quoted).textValue()).isEqualTo(text);
    }
}
