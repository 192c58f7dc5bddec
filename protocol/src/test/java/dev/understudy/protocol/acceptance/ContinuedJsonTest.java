package dev.understudy.protocol.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.FailureKind;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.BodyLimits;
import dev.understudy.protocol.json.Members;
import dev.understudy.protocol.recovery.ContinuationForm;
import dev.understudy.protocol.recovery.Seam;
import org.junit.jupiter.api.Test;

class ContinuedJsonTest {
    private static final String OBJECT = "{\"type\":\"json_object\"}";
    private static final String SCHEMA = """
            {"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object","required":["a"],
            "properties":{"a":{"type":"integer"}}}}}
            """;

    private static ContinuedJson check(String format) {
        String body =
                "{\"model\":\"m\",\"messages\":[]" + (format.isEmpty() ? "" : ",\"response_format\":" + format) + "}";
        try {
            return ContinuedJson.of(Members.scan(body.getBytes(UTF_8), BodyLimits.ofDefaults()));
        } catch (BadRequest wrong) {
            throw new AssertionError(wrong);
        }
    }

    private static String joined(String sent, String rest) {
        return Seam.joined(sent, ContinuationForm.TURN, rest);
    }

    @Test
    void jsonThatWasContinuedWellPasses() {
        assertThat(check(OBJECT).check(joined("{\"a\": [1,", " 2]}"))).isEmpty();
        assertThat(check(SCHEMA).check(joined("{\"a\"", ": 7}"))).isEmpty();
        assertThat(check(SCHEMA).isWanted()).isTrue();
    }

    @Test
    void jsonThatWasContinuedWronglyFails() {
        assertThat(check(OBJECT).check(joined("{\"a\": [1,", " 2}"))).hasValueSatisfying(failure -> {
            assertThat(failure.kind()).isEqualTo(FailureKind.INVALID_OUTPUT);
            assertThat(failure.message()).contains("not JSON").doesNotContain("[1");
        });
        assertThat(check(OBJECT).check("[1]")).isPresent();
        assertThat(check(SCHEMA).check("{\"a\": \"seven\"}"))
                .hasValueSatisfying(failure -> assertThat(failure.message()).contains("schema: type"));
    }

    @Test
    void otherAnswersAreNotChecked() {
        assertThat(check("").isWanted()).isFalse();
        assertThat(check("").check("{")).isEmpty();
        assertThat(check("{\"type\":\"text\"}").check("{")).isEmpty();
    }
}
