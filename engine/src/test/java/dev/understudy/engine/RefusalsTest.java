package dev.understudy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A refusal is one target's opinion. */
class RefusalsTest {

    private static Failure refusal(int status, String words) {
        return new Failure(FailureKind.BAD_REQUEST, status, ErrorDetails.of(words), OptionalLong.empty());
    }

    private static CallScript begun(String... targets) {
        CallScript call = CallScript.chain(targets);
        call.begin();
        return call;
    }

    @Nested
    @DisplayName("A 400")
    class BadRequest {
        @Test
        void isFollowedByAnotherModelThatAnswers() {
            CallScript call = begun("a/m", "b/m");
            assertThat(call.failed(1, refusal(400, "max_tokens"))).containsExactly("start 2 b/m");
            assertThat(call.completed(2)).containsExactly("deliver 2");
        }

        @Test
        void isNotFollowedByTheSameModelWithAnotherKey() {
            CallScript call = begun("a/m", "a/m#2", "b/m");
            assertThat(call.failed(1, refusal(400, "max_tokens"))).containsExactly("start 2 b/m");
        }

        @Test
        void isFinalWhenThreeModelsReturnIt() {
            CallScript call = begun("a/m", "b/m", "c/m", "d/m");
            call.failed(1, refusal(400, "one"));
            call.failed(2, refusal(400, "two"));
            assertThat(call.failed(3, refusal(400, "three"))).containsExactly("give up 400 bad_request");
        }

        @Test
        void ofTheFirstModelIsReturned() {
            CallScript call = begun("a/m", "b/m");
            call.failed(1, refusal(422, "the first"));
            assertThat(call.failed(2, refusal(400, "the second"))).containsExactly("give up 422 bad_request");
            assertThat(call.verdict().shown().message()).isEqualTo("the first");
            assertThat(call.verdict().worthRetrying()).isFalse();
        }

        @Test
        void ofAFallbackDoesNotKeepAHealthyThirdFromAnswering() {
            CallScript call = begun("a/m", "b/m", "c/m");
            assertThat(call.failed(1, FailureKind.OVERLOADED)).containsExactly("start 2 b/m");
            assertThat(call.failed(2, refusal(400, "max_tokens must be between 1 and 4096")))
                    .containsExactly("start 3 c/m");
            assertThat(call.completed(3)).containsExactly("deliver 3");
        }

        @Test
        void ofAFallbackDoesNotHideWhatPasses() {
            CallScript call = begun("a/m", "b/m");
            call.failed(1, FailureKind.OVERLOADED);
            assertThat(call.failed(2, refusal(400, "max_tokens"))).containsExactly("give up 503 overloaded");
            assertThat(call.verdict().worthRetrying()).isTrue();
        }

        @Test
        void ofAFallbackLetsATransientFailureBeRetried() {
            CallScript call = CallScript.chain("a/m", "b/m").with(CallScript.persistent());
            call.begin();
            call.failed(1, FailureKind.OVERLOADED);
            assertThat(call.failed(2, refusal(400, "max_tokens"))).isEmpty();
            assertThat(call.untilDue()).containsExactly("start 3 a/m");
        }

        @Test
        void opensNoCircuitHoweverOften() {
            CallScript call = CallScript.chain("a/m");
            for (int i = 0; i < 20; i++) {
                call.begin();
                call.failed(1, refusal(400, "max_tokens"));
            }
            assertThat(call.availability("a/m").isReady()).isTrue();
        }

        @Test
        void besideALateAttemptIsNotTheLastWord() {
            CallScript call = CallScript.chain("a/m", "b/m", "c/m").streaming().hedging();
            call.begin();
            call.connected(1);
            call.untilDue();
            assertThat(call.at(10_100).failed(2, refusal(400, "schema"))).containsExactly("start 3 c/m hedge");
            assertThat(call.at(11_000).failed(1, refusal(400, "schema"))).isEmpty();
            assertThat(call.at(12_000).progress(3)).containsExactly("commit 3");
        }

        @Test
        void ofTheThirdModelWaitsForTheOneThatIsStillRunning() {
            CallScript call =
                    CallScript.chain("a/m", "b/m", "c/m", "d/m").streaming().hedging();
            call.begin();
            call.failed(1, refusal(400, "one"));
            call.connected(2);
            call.untilDue();
            assertThat(call.at(10_100).failed(3, refusal(400, "two"))).containsExactly("start 4 d/m hedge");
            assertThat(call.at(10_200).failed(4, refusal(400, "three"))).isEmpty();
            assertThat(call.at(12_000).progress(2)).containsExactly("commit 2");
        }
    }

    @Nested
    @DisplayName("Other refusals")
    class Others {
        @Test
        void aContextThatIsTooLongIsNotSentToASmallWindowThoughItCameBesideALateAttempt() {
            CallScript call = CallScript.chain("a/m", "b/large", "c/small", "d/huge")
                    .with(CallScript.window("b/large", 100_000))
                    .with(CallScript.window("c/small", 8_000))
                    .with(CallScript.window("d/huge", 1_000_000))
                    .streaming()
                    .hedging();
            call.begin();
            call.connected(1);
            call.untilDue();
            assertThat(call.at(10_100).failed(2, FailureKind.CONTEXT_LENGTH)).containsExactly("start 3 d/huge hedge");
        }

        @Test
        void aSmallWindowIsNoLastResortForAContextThatIsTooLong() {
            CallScript call = CallScript.chain("a/m", "b/small")
                    .with(CallScript.window("a/m", 8_000))
                    .with(CallScript.window("b/small", 8_000));
            CallScript other = call.then("b/small");
            other.begin();
            other.failed(1, FailureKind.UNKNOWN_MODEL);
            call.begin();
            assertThat(call.failed(1, FailureKind.CONTEXT_LENGTH)).containsExactly("give up 400 context_length");
        }

        @Test
        void aListOfItsOwnIsTurnedToThoughTheRefusalCameBesideALateAttempt() {
            CallScript call = CallScript.chain("a/m", "b/m", "c/m")
                    .instead(FailureKind.CONTENT_POLICY, "lenient/m")
                    .streaming()
                    .hedging();
            call.begin();
            call.connected(1);
            call.untilDue();
            assertThat(call.at(10_100).failed(2, FailureKind.CONTENT_POLICY))
                    .containsExactly("start 3 lenient/m hedge");
        }

        @Test
        void twoBlankAnswersAreBelievedThoughTheyCameSideBySide() {
            CallScript call = CallScript.chain("a/m", "b/m", "c/m").streaming().hedging();
            call.begin();
            call.connected(1);
            call.untilDue();
            assertThat(call.at(10_100).failed(1, FailureKind.EMPTY)).isEmpty();
            assertThat(call.at(10_200).failed(2, FailureKind.EMPTY)).containsExactly("give up 502 empty");
        }

        @ParameterizedTest
        @EnumSource(
                value = FailureKind.class,
                names = {"QUOTA", "RATE_LIMITED", "FORBIDDEN"})
        void whatConcernsThisRequestIsNotRetriedAndAffectsNoHealth(FailureKind kind) {
            Failure failure = CallScript.failure(kind, -1).concerning(Concern.REQUEST);
            CallScript call = CallScript.chain("a/m", "b/m").with(CallScript.persistent());
            for (int i = 0; i < 20; i++) {
                call.begin();
                assertThat(call.failed(1, failure)).containsExactly("start 2 b/m");
                assertThat(call.failed(2, failure)).containsExactly("give up 400 " + kind.wireName());
            }
            assertThat(call.availability("a/m").isReady()).isTrue();
            assertThat(call.mayRetry("a/m")).isTrue();
        }
    }

    @Nested
    @DisplayName("Which failures continue the chain, where it is configured")
    class FallbackOnStatuses {
        private static CallScript onlyOn(Integer... statuses) {
            CallScript call = CallScript.chain("a/m", "b/m")
                    .with(CallScript.retries(0, java.time.Duration.ZERO))
                    .fallbackOn(new FallbackOn(Set.of(), Set.of(statuses)));
            call.begin();
            return call;
        }

        private static Failure status(FailureKind kind, int status) {
            return new Failure(kind, status, ErrorDetails.of(kind.wireName()), OptionalLong.empty());
        }

        @Test
        void oneOfTheStatusesDoes() {
            assertThat(onlyOn(429, 503).failed(1, status(FailureKind.RATE_LIMITED, 429)))
                    .containsExactly("start 2 b/m");
        }

        @Test
        void anotherStatusDoesNot() {
            assertThat(onlyOn(429).failed(1, status(FailureKind.SERVER_ERROR, 500)))
                    .containsExactly("give up 503 server_error");
            assertThat(onlyOn(429).failed(1, status(FailureKind.BAD_REQUEST, 400)))
                    .containsExactly("give up 400 bad_request");
        }

        @Test
        void aFailureWithoutAStatusAlwaysDoes() {
            assertThat(onlyOn(429).failed(1, FailureKind.CONNECTION)).containsExactly("start 2 b/m");
        }

        @Test
        void aContentFilterDoesWhereItsStatusIsNamed() {
            assertThat(onlyOn(400).failed(1, status(FailureKind.CONTENT_POLICY, 400)))
                    .containsExactly("start 2 b/m");
            assertThat(onlyOn(429).failed(1, status(FailureKind.CONTENT_POLICY, 400)))
                    .containsExactly("give up 400 content_policy");
        }

        @Test
        void aContentFilterDoesWhereItIsNamed() {
            CallScript call = CallScript.chain("a/m", "b/m")
                    .fallbackOn(new FallbackOn(Set.of(FailureKind.CONTENT_POLICY), Set.of()));
            call.begin();
            assertThat(call.failed(1, FailureKind.CONTENT_POLICY)).containsExactly("start 2 b/m");
            assertThat(call.failed(2, FailureKind.CONTENT_POLICY)).containsExactly("give up 400 content_policy");
        }

        @Test
        void aContentFilterDoesNotByDefault() {
            CallScript call = begun("a/m", "b/m");
            assertThat(call.failed(1, FailureKind.CONTENT_POLICY)).containsExactly("give up 400 content_policy");
        }
    }

    @Nested
    @DisplayName("What the caller is told")
    class Verdicts {
        @Test
        void aRefusedKeyIsNotWorthARetry() {
            CallScript call = begun("a/m");
            assertThat(call.failed(1, FailureKind.AUTH)).containsExactly("give up 502 auth");
            assertThat(call.verdict().worthRetrying()).isFalse();

            CallScript quota = begun("a/m");
            assertThat(quota.failed(1, FailureKind.QUOTA)).containsExactly("give up 429 quota");
            assertThat(quota.verdict().worthRetrying()).isFalse();
        }

        @Test
        void aRefusedKeyBesideAFailureThatPassesIs() {
            CallScript call = begun("a/m", "b/m");
            call.failed(1, FailureKind.AUTH);
            call.failed(2, FailureKind.SERVER_ERROR);
            assertThat(call.failed(3, FailureKind.SERVER_ERROR)).containsExactly("give up 503 server_error");
            assertThat(call.verdict().worthRetrying()).isTrue();
        }

        @Test
        void nothingIsMadeUpAboutWhenToComeAgain() {
            CallScript call = CallScript.chain("a/m").with(CallScript.retries(0, java.time.Duration.ZERO));
            for (int i = 0; i < 5; i++) {
                call.begin();
                assertThat(call.failed(1, FailureKind.SERVER_ERROR)).containsExactly("give up 503 server_error");
            }
            assertThat(call.availability("a/m").isReady()).isFalse();
        }

        @Test
        void aRetryHintIsReturnedWhereEveryTargetGaveOne() {
            CallScript call = begun("a/m", "b/m");
            call.failed(1, FailureKind.RATE_LIMITED, 40_000);
            assertThat(call.failed(2, FailureKind.RATE_LIMITED, 30_000))
                    .containsExactly("give up 429 rate_limited after 30000");
        }

        @Test
        void noRetryHintIsReturnedWhereAnotherTargetMayBeTriedAtOnce() {
            CallScript call = CallScript.chain("a/m", "b/m").with(CallScript.retries(0, java.time.Duration.ZERO));
            call.begin();
            call.failed(1, FailureKind.RATE_LIMITED, 40_000);
            assertThat(call.failed(2, FailureKind.SERVER_ERROR)).containsExactly("give up 503 rate_limited");
        }

        @Test
        void theFiveMinutesOfAnotherTargetsKeyAreNotReturned() {
            CallScript call = begun("a/m", "b/m");
            call.failed(1, FailureKind.QUOTA);
            assertThat(call.failed(2, FailureKind.RATE_LIMITED, 20_000))
                    .containsExactly("give up 429 rate_limited after 20000");
        }
    }
}
