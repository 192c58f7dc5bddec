package dev.understudy.protocol.options;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.options.FallbackOptions.Fallback;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OpenPipeOptionsTest {

    @Test
    void aFallbackIsOneModel() throws BadRequest {
        FallbackOptions options = Request.of("{\"model\":\"openpipe:my-ft-model\",\"messages\":[],"
                        + "\"openpipe\":{\"fallback\":{\"model\":\"gpt-4-turbo\"}}}")
                .options();
        assertThat(options.vocabulary()).isEqualTo("openpipe");
        assertThat(options.fallbacks()).contains(List.of(Fallback.of("gpt-4-turbo")));
    }

    @Test
    void pythonCountsInSeconds() throws BadRequest {
        assertThat(timeout("\"timeout\":20", "python")).contains(ofSeconds(20));
        assertThat(timeout("\"timeout\":0.5", "python")).contains(ofMillis(500));
    }

    @Test
    void nodeCountsInMilliseconds() throws BadRequest {
        assertThat(timeout("\"timeout\":20000", "js")).contains(ofSeconds(20));
    }

    @Test
    void timeoutsWithoutAUnitAreInSeconds() throws BadRequest {
        assertThat(timeout("\"timeout\":20", "")).contains(ofSeconds(20));
    }

    @ParameterizedTest
    @ValueSource(strings = {"js", "python", ""})
    void timeoutMsIsInMilliseconds(String language) throws BadRequest {
        assertThat(timeout("\"timeout\":7,\"timeout_ms\":1500", language)).contains(ofMillis(1500));
    }

    private static Optional<Duration> timeout(String said, String language) throws BadRequest {
        return Request.with("\"openpipe\":{\"fallback\":{\"model\":\"b\"," + said + "}}")
                .header("x-stainless-lang", language)
                .options()
                .fallbacks()
                .orElseThrow()
                .getFirst()
                .timeout();
    }

    @Test
    void itsMetadataIsOursAndTheTopLevelOneIsSentOn() throws BadRequest {
        Request request = Request.with("\"metadata\":{\"k\":\"top\"},\"openpipe\":{\"metadata\":{\"k\":\"own\"},"
                + "\"tags\":{\"prompt_id\":\"count\",\"n\":1.0,\"on\":true}},\"store\":true");
        assertThat(request.options().logging().tags()).containsExactly("prompt_id=count", "n=1.0", "on=true", "k=own");
        assertThat(request.sent())
                .isEqualTo("{\"model\":\"a\",\"messages\":[], \"metadata\":{\"k\":\"top\"},\"store\":true}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"logRequest", "log_request"})
    void aCallMayStayOutOfTheLog(String key) throws BadRequest {
        assertThat(Request.with("\"openpipe\":{\"" + key + "\":false}")
                        .options()
                        .logging()
                        .quiet())
                .isTrue();
        assertThat(Request.with("\"openpipe\":{\"" + key + "\":true}")
                        .options()
                        .logging()
                        .quiet())
                .isFalse();
    }

    @Test
    void itsHeadersAreRead() throws BadRequest {
        FallbackOptions options = Request.with("")
                .header("op-log-request", "false")
                .header("op-tags", "{\"prompt_id\":\"x\"}")
                .options();
        assertThat(options.logging()).isEqualTo(new FallbackOptions.LogOptions(true, "", List.of("prompt_id=x")));
        assertThat(Request.with("").header("op-tags", "no json").refusal()).hasMessageContaining("'op-tags'");
        assertThat(Request.with("").header("op-tags", "[]").refusal())
                .hasMessageContaining("'op-tags' must be an object");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"fallback\":\"b\"}",
                "{\"fallback\":{}}",
                "{\"fallback\":{\"model\":\"b\",\"timeout\":0}}",
                "{\"fallback\":{\"model\":\"b\",\"timeout\":-1}}",
                "{\"fallback\":{\"model\":\"b\",\"timeout\":\"soon\"}}",
                "{\"fallback\":{\"model\":\"b\",\"timeout_ms\":1e400}}",
                "{\"tags\":[]}",
                "{\"logRequest\":\"no\"}",
                "\"x\""
            })
    void whatIsWrongNamesItsField(String said) {
        assertThat(Request.with("\"openpipe\":" + said).refusal().details().param())
                .startsWith("openpipe");
    }
}
