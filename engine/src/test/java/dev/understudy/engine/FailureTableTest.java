package dev.understudy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One test per row of the failure table: the same target, the next one, and what other calls learn of it. */
class FailureTableTest {

    @Nested
    @DisplayName("is retried at the same target")
    class SameTarget {
        @ParameterizedTest
        @EnumSource(
                value = FailureKind.class,
                names = {"CONNECTION", "SERVER_ERROR", "NOT_READY", "MALFORMED", "TRUNCATED"})
        void onceAndThenOfTheNext(FailureKind kind) {
            CallScript call = CallScript.chain("a/m", "b/m");
            assertThat(call.begin()).containsExactly("start 1 a/m");
            assertThat(call.at(10).failed(1, kind)).containsExactly("start 2 a/m");
            assertThat(call.at(20).failed(2, kind)).containsExactly("start 3 b/m");
        }

        @ParameterizedTest
        @EnumSource(
                value = FailureKind.class,
                names = {"CONNECTION", "MALFORMED", "TRUNCATED"})
        void notIfTheFailureTookLong(FailureKind kind) {
            CallScript call = CallScript.chain("a/m", "b/m");
            call.begin();
            call.connected(1);
            assertThat(call.at(3_001).failed(1, kind)).containsExactly("start 2 b/m");
        }

        @Test
        void serverErrorWithAHintMovesOnWhileAnotherStandsBy() {
            CallScript call = CallScript.chain("a/m", "b/m");
            call.begin();
            assertThat(call.at(10).failed(1, FailureKind.SERVER_ERROR, 1_000)).containsExactly("start 2 b/m");
        }

        @Test
        void serverErrorWithAHintWaitsForItWithoutAnotherTarget() {
            CallScript call = CallScript.chain("a/m");
            call.begin();
            assertThat(call.at(10).failed(1, FailureKind.SERVER_ERROR, 1_000)).isEmpty();
            assertThat(call.untilDue()).containsExactly("start 2 a/m");
            assertThat(call.now()).isEqualTo(1_010);
        }

        @Test
        void rateLimitedWaitsForAHintThatFits() {
            CallScript call = CallScript.chain("a/m", "b/m");
            call.begin();
            assertThat(call.at(10).failed(1, FailureKind.RATE_LIMITED, 2_000)).isEmpty();
            assertThat(call.untilDue()).containsExactly("start 2 a/m");
            assertThat(call.now()).isEqualTo(2_010);
            assertThat(call.completed(2)).containsExactly("deliver 2");
        }

        @Test
        void rateLimitedDoesNotWaitBeyondThePatience() {
            CallScript call = CallScript.chain("a/m", "b/m");
            call.begin();
            assertThat(call.at(10).failed(1, FailureKind.RATE_LIMITED, 3_001)).containsExactly("start 2 b/m");
        }

        @Test
        void rateLimitedDoesNotWaitBeyondTheDeadline() {
            CallScript call = CallScript.chain("a/m", "b/m").deadline(2_000);
            call.begin();
            assertThat(call.at(10).failed(1, FailureKind.RATE_LIMITED, 2_000)).containsExactly("start 2 b/m");
        }

        @Test
        void rateLimitedWithoutAHintMovesOn() {
            CallScript call = CallScript.chain("a/m", "b/m");
            call.begin();
            assertThat(call.at(10).failed(1, FailureKind.RATE_LIMITED)).containsExactly("start 2 b/m");
        }
    }

    @Nested
    @DisplayName("goes straight to the next target")
    class NextTarget {
        @ParameterizedTest
        @EnumSource(
                value = FailureKind.class,
                names = {
                    "OVERLOADED",
                    "QUOTA",
                    "AUTH",
                    "UNKNOWN_MODEL",
                    "TIMEOUT_CONNECT",
                    "TIMEOUT_FIRST_TOKEN",
                    "TIMEOUT_IDLE",
                    "UNSUPPORTED",
                    "CONTEXT_LENGTH",
                    "EMPTY",
                    "INVALID_OUTPUT",
                    "GATEWAY_BUSY"
                })
        void atOnce(FailureKind kind) {
            CallScript call = CallScript.chain("a/m", "b/m");
            call.begin();
            assertThat(call.at(10).failed(1, kind)).containsExactly("start 2 b/m");
        }

        @Test
        void emptyOnlyOnce() {
            CallScript call = CallScript.chain("a/m", "b/m", "c/m");
            call.begin();
            call.at(10).failed(1, FailureKind.EMPTY);
            assertThat(call.at(20).failed(2, FailureKind.EMPTY)).containsExactly("give up 502 empty");
        }

        @Test
        void twoBlankAnswersAreBelieved() {
            Failure blank =
                    new Failure(FailureKind.EMPTY, 0, ErrorDetails.of("nothing in it"), OptionalLong.empty(), true);
            CallScript call = CallScript.chain("a/m", "b/m", "c/m");
            call.begin();
            assertThat(call.at(10).failed(1, blank)).containsExactly("start 2 b/m");
            assertThat(call.at(20).failed(2, blank)).containsExactly("deliver 2");
        }

        @Test
        void contextLengthOnlyToALargerWindowWhereItIsKnown() {
            CallScript call = CallScript.chain("a/small", "b/small", "c/large", "d/unknown")
                    .with(CallScript.window("a/small", 8_000))
                    .with(CallScript.window("b/small", 8_000))
                    .with(CallScript.window("c/large", 200_000));
            call.begin();
            assertThat(call.at(10).failed(1, FailureKind.CONTEXT_LENGTH)).containsExactly("start 2 c/large");
            assertThat(call.at(20).failed(2, FailureKind.CONTEXT_LENGTH)).containsExactly("start 3 d/unknown");
            assertThat(call.trail())
                    .isEqualTo("a/small context_length, b/small passed_over context_window, "
                            + "c/large context_length, d/unknown answering");
        }

        @Test
        void contextLengthToItsOwnListWhereThereIsOne() {
            CallScript call =
                    CallScript.chain("a/m", "b/m").instead(FailureKind.CONTEXT_LENGTH, "large/one", "large/two");
            call.begin();
            assertThat(call.at(10).failed(1, FailureKind.CONTEXT_LENGTH)).containsExactly("start 2 large/one");
            assertThat(call.at(20).failed(2, FailureKind.OVERLOADED)).containsExactly("start 3 large/two");
        }

        @Test
        void aListOfItsOwnIsGoneThroughOnce() {
            CallScript call =
                    CallScript.chain("a/m", "b/m").instead(FailureKind.CONTEXT_LENGTH, "large/one", "large/two");
            call.begin();
            assertThat(call.at(10).failed(1, FailureKind.CONTEXT_LENGTH)).containsExactly("start 2 large/one");
            assertThat(call.at(20).failed(2, FailureKind.CONTEXT_LENGTH)).containsExactly("start 3 large/two");
            assertThat(call.at(30).failed(3, FailureKind.CONTEXT_LENGTH)).containsExactly("give up 400 context_length");
        }

        @Test
        void contentPolicyOnlyWhereFallbacksForItAreNamed() {
            CallScript plain = CallScript.chain("a/m", "b/m");
            plain.begin();
            assertThat(plain.at(10).failed(1, FailureKind.CONTENT_POLICY))
                    .containsExactly("give up 400 content_policy");

            CallScript optedIn = CallScript.chain("a/m", "b/m").instead(FailureKind.CONTENT_POLICY, "lenient/m");
            optedIn.begin();
            assertThat(optedIn.at(10).failed(1, FailureKind.CONTENT_POLICY)).containsExactly("start 2 lenient/m");
        }

        @Test
        void contentPolicyWithADeliverableAnswerDeliversIt() {
            CallScript call = CallScript.chain("a/m", "b/m");
            call.begin();
            Failure filtered = new Failure(
                    FailureKind.CONTENT_POLICY, 200, ErrorDetails.of("filtered"), OptionalLong.empty(), true);
            assertThat(call.at(10).failed(1, filtered)).containsExactly("deliver 1");
            assertThat(call.trail()).isEqualTo("a/m content_policy");
        }

        @Test
        void badRequestUpToThreeRefusals() {
            CallScript call = CallScript.chain("a/m", "b/m", "c/m", "d/m");
            call.begin();
            assertThat(call.at(10).failed(1, FailureKind.BAD_REQUEST)).containsExactly("start 2 b/m");
            assertThat(call.at(20).failed(2, FailureKind.BAD_REQUEST)).containsExactly("start 3 c/m");
            assertThat(call.at(30).failed(3, FailureKind.BAD_REQUEST)).containsExactly("give up 400 bad_request");
        }
    }

    @Nested
    @DisplayName("tells other calls")
    class Health {
        @ParameterizedTest
        @EnumSource(
                value = FailureKind.class,
                names = {"SERVER_ERROR", "OVERLOADED", "RATE_LIMITED", "NOT_READY", "MALFORMED", "TRUNCATED"})
        void toPassTheTargetOverAfterThreeInARow(FailureKind kind) {
            CallScript call = CallScript.chain("a/m").with(CallScript.retries(5, java.time.Duration.ZERO));
            call.begin();
            call.failed(1, kind);
            call.failed(2, kind);
            assertThat(call.availability("a/m").isReady()).isTrue();
            call.failed(3, kind);
            assertThat(call.availability("a/m").state()).isEqualTo(Availability.State.COOLING);
            assertThat(call.availability("a/other").isReady()).isTrue();
        }

        @Test
        void toPassTheWholeProviderOverWhenItCannotBeReached() {
            CallScript call = CallScript.chain("a/m").with(CallScript.retries(2, java.time.Duration.ZERO));
            call.begin();
            call.failed(1, FailureKind.CONNECTION);
            call.failed(2, FailureKind.CONNECTION);
            call.failed(3, FailureKind.CONNECTION);
            assertThat(call.availability("a/other").state()).isEqualTo(Availability.State.COOLING);
        }

        @Test
        void toPassOnlyTheTargetOverWhenItsConnectionsAreClosedUnanswered() {
            CallScript call = CallScript.chain("a/m").with(CallScript.retries(2, java.time.Duration.ZERO));
            call.begin();
            for (int attempt = 1; attempt <= 3; attempt++) {
                call.connected(attempt);
                call.failed(attempt, FailureKind.CONNECTION);
            }
            assertThat(call.availability("a/m").state()).isEqualTo(Availability.State.COOLING);
            assertThat(call.availability("a/other").isReady()).isTrue();
        }

        @Test
        void toPassTheTargetOverAtOnceWhereTheModelIsUnknown() {
            CallScript call = CallScript.chain("a/m", "b/m");
            call.begin();
            call.at(10).failed(1, FailureKind.UNKNOWN_MODEL);
            assertThat(call.availability("a/m").state()).isEqualTo(Availability.State.COOLING);
            assertThat(call.availability("a/other").isReady()).isTrue();
        }

        @Test
        void forExactlyTheRetryAfterOfTheProvider() {
            CallScript call = CallScript.chain("a/m", "b/m");
            call.begin();
            call.at(10).failed(1, FailureKind.RATE_LIMITED, 30_000);
            assertThat(call.at(30_009).availability("a/m").isReady()).isFalse();
            assertThat(call.at(30_010).availability("a/m").isReady()).isTrue();
        }

        @Test
        void toSkipEverythingBehindAKeyWithoutCreditForLong() {
            CallScript call = CallScript.chain("a/m", "b/m");
            call.begin();
            call.at(10).failed(1, FailureKind.QUOTA);
            assertThat(call.at(299_000).availability("a/other").isReady()).isFalse();
            assertThat(call.at(300_010).availability("a/other").isReady()).isTrue();
        }

        @Test
        void toPassTheTargetOverForLongWhereItsKeyIsRefusedAndNoOtherModelUntilItIsRefusedToo() {
            CallScript call = CallScript.chain("a/m", "b/m");
            call.begin();
            call.at(10).failed(1, FailureKind.AUTH);
            assertThat(call.at(299_000).availability("a/m").isReady()).isFalse();
            assertThat(call.availability("a/other").isReady()).isTrue();
            CallScript other = call.then("a/second", "b/m");
            other.begin();
            other.at(299_010).failed(1, FailureKind.AUTH);
            assertThat(call.availability("a/other").isReady()).isFalse();
        }

        @ParameterizedTest
        @EnumSource(
                value = FailureKind.class,
                names = {
                    "CONTEXT_LENGTH",
                    "CONTENT_POLICY",
                    "UNSUPPORTED",
                    "BAD_REQUEST",
                    "EMPTY",
                    "INVALID_OUTPUT",
                    "GATEWAY_BUSY"
                })
        void nothingWhenTheTargetIsNotToBlame(FailureKind kind) {
            CallScript call = CallScript.chain("a/m")
                    .with(CallScript.cooldown(1, java.time.Duration.ofSeconds(60), java.time.Duration.ofSeconds(60)));
            call.begin();
            call.at(10).failed(1, kind);
            assertThat(call.availability("a/m").isReady()).isTrue();
        }

        /** Its request was still waiting on this side when the call's time was up. */
        @Test
        void nothingWhenTheRequestWasNotSentInTime() {
            CallScript call = CallScript.chain("a/m")
                    .deadline(90_000)
                    .with(CallScript.cooldown(1, java.time.Duration.ofSeconds(60), java.time.Duration.ofSeconds(60)));
            call.begin();
            call.at(10).paused(1);
            assertThat(call.at(90_000).due()).containsExactly("cancel 1", "give up 503 gateway_busy");
            assertThat(call.availability("a/m").isReady()).isTrue();
        }

        @Test
        void nothingWhenTheCallerLeft() {
            CallScript call = CallScript.chain("a/m")
                    .with(CallScript.cooldown(1, java.time.Duration.ofSeconds(60), java.time.Duration.ofSeconds(60)));
            call.begin();
            assertThat(call.at(10).callerLeft()).containsExactly("cancel 1", "abandon");
            assertThat(call.availability("a/m").isReady()).isTrue();
        }
    }
}
