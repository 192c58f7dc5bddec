package dev.understudy.protocol.options;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.options.FallbackOptions.Fallback;
import dev.understudy.protocol.options.FallbackOptions.Override;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LiteLlmOptionsTest {

    @Test
    void fallbacksAreNamesAndObjectsThatOverrideTheirOwnAttempt() throws BadRequest {
        FallbackOptions options = Request.with(
                        "\"fallbacks\":[\"b\",{\"model\":\"c\",\"messages\":[{\"role\":\"user\"}],"
                                + "\"timeout\":5,\"num_retries\":9,\"api_key\":\"k\",\"temperature\":1.0}]")
                .options();
        assertThat(options.vocabulary()).isEqualTo("litellm");
        assertThat(options.fallbacks().orElseThrow())
                .containsExactly(
                        Fallback.of("b"),
                        new Fallback(
                                "c",
                                Optional.of(ofSeconds(5)),
                                List.of(
                                        new Override("messages", "[{\"role\":\"user\"}]"),
                                        new Override("temperature", "1.0"))));
        assertThat(options.credentials())
                .extracting(FallbackOptions.Credential::name)
                .containsExactly("c");
    }

    @Test
    void thePrimaryMayStandAtTheHeadOfTheList() throws BadRequest {
        assertThat(Request.with("\"fallbacks\":[\"a\",\"b\"]").fallbacks()).containsExactly("a", "b");
    }

    @Test
    void aMapHoldsTheFallbacksOfEachModel() throws BadRequest {
        assertThat(Request.with("\"fallbacks\":[{\"z\":[\"no\"]},{\"a\":[\"b\",\"c\"]},{\"*\":[\"d\"]}]")
                        .fallbacks())
                .containsExactly("b", "c", "d");
    }

    @Test
    void thereAreListsByKindOfFailure() throws BadRequest {
        FallbackOptions options = Request.with("\"context_window_fallbacks\":[{\"a\":[\"long\"]},{\"x\":[\"no\"]}],"
                        + "\"context_window_fallback_dict\":{\"a\":\"longer\"},"
                        + "\"content_policy_fallbacks\":[\"lenient\"]")
                .options();
        assertThat(Request.names(options.onContextLength())).containsExactly("long", "longer");
        assertThat(Request.names(options.onContentPolicy())).containsExactly("lenient");
        assertThat(options.fallbacks()).isEmpty();
        assertThat(options.vocabulary()).isEqualTo("litellm");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.5", "\"2.5\""})
    void timesAreSecondsAlsoInStrings(String number) throws BadRequest {
        FallbackOptions options = Request.with("\"timeout\":" + number + ",\"stream_timeout\":" + number)
                .options();
        assertThat(options.limits().attempt()).contains(ofMillis(2500));
        assertThat(options.limits().streamAttempt()).contains(ofMillis(2500));
        assertThat(options.vocabulary()).isEmpty();
    }

    @Test
    void headersGoBeforeFields() throws BadRequest {
        FallbackOptions options = Request.with("\"timeout\":1,\"stream_timeout\":1,\"num_retries\":1")
                .header("x-litellm-timeout", "30.5")
                .header("x-litellm-stream-timeout", "3")
                .header("x-litellm-num-retries", "0")
                .header("x-litellm-tags", "one, two,")
                .header("x-litellm-customer-id", "u")
                .options();
        assertThat(options.limits().attempt()).contains(ofMillis(30_500));
        assertThat(options.limits().streamAttempt()).contains(ofSeconds(3));
        assertThat(options.retries()).isEqualTo(OptionalInt.of(0));
        assertThat(options.logging()).isEqualTo(new FallbackOptions.LogOptions(false, "u", List.of("one", "two")));
    }

    @Test
    void headersAloneAreEnough() throws BadRequest {
        assertThat(Request.with("")
                        .header("x-litellm-num-retries", "2")
                        .options()
                        .retries())
                .isEqualTo(OptionalInt.of(2));
    }

    @Test
    void fallbacksCanBeSwitchedOffAndTriedOut() throws BadRequest {
        assertThat(Request.with("\"fallbacks\":[\"b\"],\"disable_fallbacks\":true")
                        .fallbacks())
                .isEmpty();
        assertThat(Request.with("\"mock_testing_fallbacks\":true").options().failPrimaryOnPurpose())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"api_base\":\"http://x\"",
                "\"base_url\":\"http://x\"",
                "\"fallbacks\":[{\"model\":\"b\",\"api_base\":\"http://x\"}]"
            })
    void anAddressIsRefused(String said) throws BadRequest {
        assertThat(Request.with(said).refusal().details().code()).isEqualTo("upstream_url_not_allowed");
        assertThat(Request.with(said).allowingUrls().options().credentials())
                .singleElement()
                .satisfies(key -> assertThat(key.url()).contains("http://x"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"fallbacks\":\"b\"",
                "\"fallbacks\":[7]",
                "\"fallbacks\":[{}]",
                "\"fallbacks\":[{\"temperature\":1}]",
                "\"fallbacks\":[{\"a\":[7]}]",
                "\"timeout\":0",
                "\"timeout\":-1",
                "\"timeout\":\"soon\"",
                "\"timeout\":{}",
                "\"timeout\":1e400",
                "\"num_retries\":-1",
                "\"num_retries\":\"many\"",
                "\"disable_fallbacks\":1",
                "\"content_policy_fallbacks\":true",
                "\"tags\":{}"
            })
    void whatIsWrongNamesItsField(String said) {
        String field = said.substring(1, said.indexOf('"', 1));
        BadRequest refusal = Request.with(said).refusal();
        assertThat(refusal.details().param()).startsWith(field);
        assertThat(refusal.getMessage()).contains("'" + field);
    }

    @Test
    void nullCountsAsAbsent() throws BadRequest {
        assertThat(Request.with("\"fallbacks\":null,\"timeout\":null,\"num_retries\":null")
                        .options())
                .isEqualTo(FallbackOptions.NONE);
    }
}
