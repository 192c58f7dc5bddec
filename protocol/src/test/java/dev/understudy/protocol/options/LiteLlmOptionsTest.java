package dev.understudy.protocol.options;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.protocol.options.FallbackOptions.Fallback;
import dev.understudy.protocol.options.FallbackOptions.Override;
import dev.understudy.protocol.json.BadRequest;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LiteLlmOptionsTest {

    @Test
    void fallbacksAreNamesAndObjectsThatOverrideTheirOwnAttempt() throws BadRequest {
        FallbackOptions ask = Request.with("\"fallbacks\":[\"b\",{\"model\":\"c\",\"messages\":[{\"role\":\"user\"}],"
                        + "\"timeout\":5,\"num_retries\":9,\"api_key\":\"k\",\"temperature\":1.0}]")
                .ask();
        assertThat(ask.vocabulary()).isEqualTo("litellm");
        assertThat(ask.fallbacks().orElseThrow())
                .containsExactly(
                        Fallback.of("b"),
                        new Fallback(
                                "c",
                                Optional.of(ofSeconds(5)),
                                List.of(
                                        new Override("messages", "[{\"role\":\"user\"}]"),
                                        new Override("temperature", "1.0"))));
        assertThat(ask.credentials()).extracting(FallbackOptions.Credential::name).containsExactly("c");
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
        FallbackOptions ask = Request.with("\"context_window_fallbacks\":[{\"a\":[\"long\"]},{\"x\":[\"no\"]}],"
                        + "\"context_window_fallback_dict\":{\"a\":\"longer\"},"
                        + "\"content_policy_fallbacks\":[\"lenient\"]")
                .ask();
        assertThat(Request.names(ask.onContextLength())).containsExactly("long", "longer");
        assertThat(Request.names(ask.onContentPolicy())).containsExactly("lenient");
        assertThat(ask.fallbacks()).isEmpty();
        assertThat(ask.vocabulary()).isEqualTo("litellm");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.5", "\"2.5\""})
    void timesAreSecondsAlsoInStrings(String number) throws BadRequest {
        FallbackOptions ask = Request.with("\"timeout\":" + number + ",\"stream_timeout\":" + number)
                .ask();
        assertThat(ask.limits().attempt()).contains(ofMillis(2500));
        assertThat(ask.limits().streamAttempt()).contains(ofMillis(2500));
        assertThat(ask.vocabulary()).isEmpty();
    }

    @Test
    void headersGoBeforeFields() throws BadRequest {
        FallbackOptions ask = Request.with("\"timeout\":1,\"stream_timeout\":1,\"num_retries\":1")
                .header("x-litellm-timeout", "30.5")
                .header("x-litellm-stream-timeout", "3")
                .header("x-litellm-num-retries", "0")
                .header("x-litellm-tags", "one, two,")
                .header("x-litellm-customer-id", "u")
                .ask();
        assertThat(ask.limits().attempt()).contains(ofMillis(30_500));
        assertThat(ask.limits().streamAttempt()).contains(ofSeconds(3));
        assertThat(ask.retries()).isEqualTo(OptionalInt.of(0));
        assertThat(ask.logging()).isEqualTo(new FallbackOptions.LogWish(false, "u", List.of("one", "two")));
    }

    @Test
    void headersAloneAreEnough() throws BadRequest {
        assertThat(Request.with("").header("x-litellm-num-retries", "2").ask().retries())
                .isEqualTo(OptionalInt.of(2));
    }

    @Test
    void fallbacksCanBeSwitchedOffAndTriedOut() throws BadRequest {
        assertThat(Request.with("\"fallbacks\":[\"b\"],\"disable_fallbacks\":true")
                        .fallbacks())
                .isEmpty();
        assertThat(Request.with("\"mock_testing_fallbacks\":true").ask().failPrimaryOnPurpose())
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
        assertThat(Request.with(said).refusal().words().code()).isEqualTo("upstream_url_not_allowed");
        assertThat(Request.with(said).allowingUrls().ask().credentials())
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
        assertThat(refusal.words().param()).startsWith(field);
        assertThat(refusal.getMessage()).contains("'" + field);
    }

    @Test
    void nullIsAsGoodAsNotSaid() throws BadRequest {
        assertThat(Request.with("\"fallbacks\":null,\"timeout\":null,\"num_retries\":null")
                        .ask())
                .isEqualTo(FallbackOptions.NONE);
    }
}
