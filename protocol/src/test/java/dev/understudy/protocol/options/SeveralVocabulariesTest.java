package dev.understudy.protocol.options;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.protocol.json.BadRequest;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that speak in more than one vocabulary, or in none. */
class SeveralVocabulariesTest {
    private static final String ALL = "\"providerOptions\":{\"gateway\":{\"models\":[\"v\"]}},\"models\":[\"r\"],"
            + "\"fallbacks\":[\"l\"],\"timeout\":7,\"fallback_models\":[\"k\"],"
            + "\"openpipe\":{\"fallback\":{\"model\":\"o\"},\"tags\":{\"t\":1}},";

    @Test
    void ourOwnGoBeforeAllOthers() throws BadRequest {
        Request request = Request.with(ALL + "\"understudy\":{\"fallbacks\":[\"u\"]}");
        assertThat(request.fallbacks()).containsExactly("u");
        assertThat(request.options().vocabulary()).isEqualTo("understudy");
        assertThat(request.sent()).isEqualTo("{\"model\":\"a\",\"messages\":[]}");
    }

    @Test
    void theOthersGoInTheirOrder() throws BadRequest {
        String rest = ALL.substring(0, ALL.length() - 1);
        for (String[] step : new String[][] {
            {"o", "openpipe"}, {"k", "keywordsai"}, {"l", "litellm"}, {"r", "openrouter"}, {"v", "vercel"}
        }) {
            assertThat(Request.with(rest).fallbacks()).as(rest).containsExactly(step[0]);
            assertThat(Request.with(rest).options().vocabulary()).isEqualTo(step[1]);
            rest = switch (step[0]) {
                case "o" -> rest.substring(0, rest.indexOf(",\"openpipe\""));
                case "k" -> rest.replace(",\"fallback_models\":[\"k\"]", "");
                case "l" -> rest.replace("\"fallbacks\":[\"l\"],\"timeout\":7", "\"timeout\":7");
                default -> rest.replace("\"models\":[\"r\"],", "");
            };
        }
    }

    @Test
    void whatTheHigherLacksIsTakenFromTheLower() throws BadRequest {
        FallbackOptions options = Request.with(ALL + "\"num_retries\":4,\"disable_log\":true,"
                        + "\"understudy\":{\"fallbacks\":[\"u\"],\"retry\":{\"attempts\":1}}")
                .options();
        assertThat(options.vocabulary()).isEqualTo("understudy");
        assertThat(options.retries()).isEqualTo(OptionalInt.of(1));
        assertThat(options.limits().attempt()).contains(ofSeconds(7));
        assertThat(options.logging().quiet()).isTrue();
        assertThat(options.logging().tags()).containsExactly("t=1");
    }

    @Test
    void aHigherOneThatNamesNoFallbacksLeavesThemToTheLower() throws BadRequest {
        FallbackOptions options = Request.with("\"understudy\":{\"deadline\":\"9s\"},\"fallback_models\":[\"k\"]")
                .options();
        assertThat(options.vocabulary()).isEqualTo("keywordsai");
        assertThat(options.limits().deadline()).contains(ofSeconds(9));
    }

    @Test
    void aWishForNoneIsNotOverruled() throws BadRequest {
        assertThat(Request.with("\"understudy\":{\"fallbacks\":[]},\"fallback_models\":[\"k\"]")
                        .fallbacks())
                .isEmpty();
    }

    @Test
    void aPlainRequestHasNoOptions() throws BadRequest {
        assertThat(Request.with("\"temperature\":1,\"user\":\"u\",\"metadata\":{\"k\":\"v\"}")
                        .options())
                .isSameAs(FallbackOptions.NONE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"60", "60.0"})
    void theCallersOwnTimeoutIsRead(String seconds) throws BadRequest {
        assertThat(Request.with("")
                        .header("X-Stainless-Timeout", seconds)
                        .options()
                        .limits()
                        .callerWaits())
                .contains(ofMinutes(1));
    }

    @Test
    void pythonSendsItsTimeoutUnderAnotherName() throws BadRequest {
        assertThat(Request.with("")
                        .header("x-stainless-read-timeout", "60.0")
                        .options()
                        .limits()
                        .callerWaits())
                .contains(ofMinutes(1));
    }

    @Test
    void googleSendsItsTimeoutUnderAThirdName() throws BadRequest {
        assertThat(Request.with("")
                        .header("X-Server-Timeout", "60")
                        .options()
                        .limits()
                        .callerWaits())
                .contains(ofMinutes(1));
    }

    /** The client gives up at the first of its limits, whatever the others say. */
    @Test
    void ofSeveralTimesTheShortestBoundsTheWait() throws BadRequest {
        assertThat(Request.with("")
                        .header("x-stainless-timeout", "600")
                        .header("x-stainless-read-timeout", "60")
                        .options()
                        .limits()
                        .callerWaits())
                .contains(ofMinutes(1));
        assertThat(Request.with("")
                        .header("x-stainless-timeout", "0")
                        .header("x-stainless-read-timeout", "60")
                        .options()
                        .limits()
                        .callerWaits())
                .as("0 is no time at all, and does not hide the other")
                .contains(ofMinutes(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "", "soon", "-1", "NaN", "1e9", "99999999999999999999", "864000"})
    void anUnreadableTimeoutIsIgnored(String seconds) throws BadRequest {
        assertThat(Request.with("")
                        .header("x-stainless-timeout", seconds)
                        .options()
                        .limits()
                        .callerWaits())
                .isEmpty();
    }

    @Test
    void aChainHasAnEnd() throws BadRequest {
        String models = "\"b\",".repeat(63) + "\"b\"";
        assertThat(Request.with("\"fallbacks\":[" + models + "]").fallbacks()).hasSize(64);
        assertThat(Request.with("\"fallbacks\":[" + models + ",\"b\"]").refusal())
                .hasMessage("'fallbacks[64]' is one model too many; name at most 64.");
    }

    @Test
    void chainsOfOtherModelsDoNotCount() throws BadRequest {
        String others = "{\"other\":[" + "\"b\",".repeat(63) + "\"b\"]}";
        assertThat(Request.with("\"fallbacks\":[" + others + ",{\"a\":[\"c\"]}]")
                        .fallbacks())
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"fallbacks", "fallback_models", "models", "understudy", "openpipe", "providerOptions"})
    void anOptionOfMillionsOfValuesIsRefusedBeforeItIsATree(String field) {
        BadRequest many = Request.with("\"" + field + "\":[" + "{},".repeat(50_000) + "{}]")
                .refusal();
        assertThat(many).hasMessage("'" + field + "' has more than 50000 values. Send a shorter one.");
        assertThat(many.details().param()).isEqualTo(field);
        BadRequest large = Request.with("\"" + field + "\":[" + "{},".repeat(2_000_000) + "{}]")
                .refusal();
        assertThat(large)
                .hasMessage("'" + field + "' has 6000004 bytes; at most 1048576 are accepted. Send a shorter one.");
        assertThat(large.details().param()).isEqualTo(field);
        assertThat(large.status()).isEqualTo(400);
    }

    @Test
    void anOverrideKeepsTheSpellingOfItsNumbers() throws BadRequest {
        String members =
                "\"temperature\":1.10,\"seed\":1e2,\"logit_bias\":{\"7\":-0.0,\"8\":123456789012345678901234567890}";
        assertThat(Request.with("\"fallbacks\":[{\"model\":\"b\"," + members + "}]")
                        .options()
                        .fallbacks()
                        .orElseThrow()
                        .getFirst()
                        .overrides())
                .extracting(override -> "\"" + override.name() + "\":" + override.json())
                .isEqualTo(List.of(
                        "\"temperature\":1.10",
                        "\"seed\":1e2",
                        "\"logit_bias\":{\"7\":-0.0,\"8\":123456789012345678901234567890}"));
    }

    @Test
    void aFieldOfAVocabularyMustNotStandTwice() {
        BadRequest refusal =
                Request.with("\"fallbacks\":[\"b\"],\"fallbacks\":[\"c\"]").refusal();
        assertThat(refusal.details().code()).isEqualTo("duplicate_parameter");
        assertThat(refusal.details().param()).isEqualTo("fallbacks");
    }

    @Test
    void whatAnAnswerMustBeLikeIsTakenPointByPoint() {
        FallbackOptions upper = FallbackOptions.builder()
                .accept(new FallbackOptions.AcceptOptions(
                        Optional.of(true), Optional.empty(), OptionalInt.empty(), Optional.empty()))
                .build();
        AnswerPattern pattern = AnswerPattern.of("x");
        FallbackOptions lower = FallbackOptions.builder()
                .accept(new FallbackOptions.AcceptOptions(
                        Optional.of(false), Optional.of(true), OptionalInt.of(5), Optional.of(pattern)))
                .build();

        assertThat(upper.or(lower).accept())
                .isEqualTo(new FallbackOptions.AcceptOptions(
                        Optional.of(true), Optional.of(true), OptionalInt.of(5), Optional.of(pattern)));
    }
}
