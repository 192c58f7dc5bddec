package dev.understudy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Health is shared, so one caller's request must not cost other callers a healthy target. */
class BlameTest {
    private static final int FIVE_MINUTES = 300_000;
    private static final int DAY = (int) TimeUnit.DAYS.toMillis(1);

    private static CallScript alone(CallScript any, String target) {
        return any.then(target).with(CallScript.retries(0, Duration.ZERO));
    }

    private static CallScript alone(String target) {
        return CallScript.chain(target).with(CallScript.retries(0, Duration.ZERO));
    }

    private static void fails(CallScript call, Failure failure) {
        call.begin();
        call.failed(1, failure);
    }

    private static void fails(CallScript call, FailureKind kind) {
        fails(call, CallScript.failure(kind, -1));
    }

    private static void answers(CallScript call) {
        call.begin();
        call.completed(1);
    }

    @Nested
    @DisplayName("A key")
    class Keys {
        private final Failure plain = CallScript.failure(FailureKind.AUTH, -1).concerning(Concern.CREDENTIAL);

        @Test
        void isSuspectedByOneModelAndCertainlyUnusableByTwo() {
            CallScript call = alone("a/one");
            fails(call, FailureKind.AUTH);
            assertThat(call.availability("a/one").isReady()).isFalse();
            assertThat(call.availability("a/third").isReady()).isTrue();
            fails(alone(call, "a/two"), FailureKind.AUTH);
            assertThat(call.availability("a/third").isReady()).isFalse();
            assertThat(call.availability("a/third").binding()).isTrue();
        }

        @Test
        void isNotSuspectedByOneModelTwice() {
            CallScript call = alone("a/one");
            fails(call, FailureKind.AUTH);
            fails(call, FailureKind.AUTH);
            assertThat(call.availability("a/third").isReady()).isTrue();
        }

        @Test
        void isClearedByASuccessBetween() {
            CallScript call = alone("a/one");
            fails(call, FailureKind.AUTH);
            answers(alone(call, "a/two"));
            fails(alone(call, "a/three"), FailureKind.AUTH);
            assertThat(call.availability("a/fourth").isReady()).isTrue();
        }

        @Test
        void thatIsPlainlyRefusedIsLeftAloneButItsOtherModelsAreLastResorts() {
            CallScript call = alone("a/one");
            fails(call, plain);
            assertThat(call.availability("a/other").isReady()).isFalse();
            assertThat(call.availability("a/other").binding()).isFalse();
            assertThat(call.availability("a/one").binding()).isTrue();
        }

        @Test
        void thatIsUnusableTakesNoOtherKeyWithIt() {
            CallScript call = alone("a/one");
            fails(call, plain);
            fails(alone(call, "a/two"), plain);
            assertThat(call.availability("a/one#2").isReady()).isTrue();
        }

        @ParameterizedTest
        @EnumSource(
                value = FailureKind.class,
                names = {"QUOTA", "AUTH"})
        void ofAChainsFirstModelDoesNotKeepTheSecondFromAnswering(FailureKind kind) {
            CallScript call = CallScript.chain("a/one", "a/two");
            for (int i = 0; i < 5; i++) {
                call.begin();
                if (i == 0) {
                    assertThat(call.failed(1, kind)).containsExactly("start 2 a/two");
                    assertThat(call.completed(2)).containsExactly("deliver 2");
                } else {
                    assertThat(call.completed(1)).containsExactly("deliver 1");
                    assertThat(call.trail()).endsWith("a/two ok");
                }
            }
        }

        @Test
        void ofAChainsFirstModelThatIsForbiddenDoesNotEither() {
            CallScript call = CallScript.chain("a/one", "a/two").caller("x");
            for (int i = 0; i < 5; i++) {
                call.begin();
                assertThat(call.failed(1, FailureKind.FORBIDDEN)).containsExactly("start 2 a/two");
                assertThat(call.completed(2)).containsExactly("deliver 2");
            }
        }

        @Test
        void whoseQuotaNamesAModelKeepsItsOthers() {
            CallScript call = alone("a/one");
            fails(call, CallScript.failure(FailureKind.QUOTA, -1).concerning(Concern.TARGET));
            assertThat(call.availability("a/one").isReady()).isFalse();
            assertThat(call.availability("a/other").isReady()).isTrue();
        }
    }

    @Nested
    @DisplayName("A request that is forbidden")
    class Forbidden {
        private CallScript forbidden(CallScript any, String caller) {
            CallScript call = alone(any, "a/m").caller(caller);
            fails(call, FailureKind.FORBIDDEN);
            return call;
        }

        @Test
        void isOneCallersAffairHoweverOften() {
            CallScript call = alone("a/m");
            for (int i = 0; i < 20; i++) {
                forbidden(call, "x");
            }
            assertThat(call.availability("a/m").isReady()).isTrue();
        }

        @Test
        void countsWhenDifferentCallersMeetIt() {
            CallScript call = alone("a/m");
            forbidden(call, "x");
            forbidden(call, "y");
            forbidden(call, "z");
            assertThat(call.availability("a/m").isReady()).isTrue();
            forbidden(call, "x");
            assertThat(call.availability("a/m").isReady()).isFalse();
        }

        @Test
        void doesNotCountAcrossASuccess() {
            CallScript call = alone("a/m");
            for (int i = 0; i < 10; i++) {
                forbidden(call, "x");
                forbidden(call, "y");
                answers(call);
            }
            assertThat(call.availability("a/m").isReady()).isTrue();
        }

        @Test
        void ofCallersThatAreNotKnownCountsForNothing() {
            CallScript call = alone("a/m");
            for (int i = 0; i < 20; i++) {
                forbidden(call, "");
            }
            assertThat(call.availability("a/m").isReady()).isTrue();
        }

        @Test
        void opensTheTargetAndNotTheKey() {
            CallScript call = alone("a/m");
            for (String caller : new String[] {"x", "y", "z", "x"}) {
                forbidden(call, caller);
            }
            assertThat(call.availability("a/m").isReady()).isFalse();
            assertThat(call.availability("a/other").isReady()).isTrue();
        }
    }

    @Nested
    @DisplayName("A caller's own key")
    class CallersKeys {
        private CallScript withKey(CallScript any, String digest) {
            return alone(any, "a/m").with(CallScript.callersKey(digest));
        }

        @ParameterizedTest
        @EnumSource(
                value = FailureKind.class,
                names = {"AUTH", "QUOTA", "RATE_LIMITED", "UNKNOWN_MODEL", "SERVER_ERROR", "CONNECTION"})
        void thatFailsCostsTheOperatorsTargetNothing(FailureKind kind) {
            CallScript call = alone("a/m");
            for (int i = 0; i < 10; i++) {
                fails(withKey(call, "k" + i), CallScript.failure(kind, 60_000));
            }
            assertThat(call.availability("a/m").isReady()).isTrue();
            assertThat(call.availability("a/other").isReady()).isTrue();
        }

        @Test
        void thatFailsToConnectDoesNotAffectOtherCallersKeys() {
            CallScript call = withKey(alone("a/m"), "k");
            for (int i = 0; i < 3; i++) {
                fails(call, FailureKind.CONNECTION);
            }
            CallScript same = call.then("a/m", "b/m").with(CallScript.callersKey("k"));
            assertThat(same.begin()).containsExactly("start 1 b/m");
            CallScript other = call.then("a/m", "b/m").with(CallScript.callersKey("another"));
            assertThat(other.begin()).containsExactly("start 1 a/m");
        }

        @Test
        void spendsNoRetryBudgetAndAddsNoLatencySample() {
            CallScript call = alone("a/m");
            for (int i = 0; i < 200; i++) {
                fails(withKey(call, "k"), FailureKind.SERVER_ERROR);
                answers(withKey(call, "k"));
            }
            assertThat(call.mayRetry("a/m")).isTrue();
            assertThat(call.usual("a/m").samples()).isZero();
        }

        @Test
        void thatIsRefusedTenThousandTimesDoesNotDriveTheOperatorsHealthOut() {
            CallScript call = alone("a/m");
            fails(call, FailureKind.QUOTA);
            for (int i = 0; i < 10_000; i++) {
                fails(withKey(call, "k" + i), FailureKind.AUTH);
            }
            assertThat(call.availability("a/m").isReady()).isFalse();
            for (int i = 0; i < 3; i++) {
                fails(alone(call, "b/m"), FailureKind.SERVER_ERROR);
            }
            assertThat(call.availability("b/m").isReady()).isFalse();
            assertThat(call.health().triedTargets().stream().filter(target -> !target.callersKey()))
                    .hasSize(2);
        }

        @Test
        void isLeftAloneItselfAfterItWasRefused() {
            CallScript first = CallScript.chain("a/m", "b/m").with(CallScript.callersKey("k"));
            first.begin();
            first.failed(1, FailureKind.AUTH);
            CallScript second = first.then("a/m", "b/m").with(CallScript.callersKey("k"));
            assertThat(second.begin()).containsExactly("start 1 b/m");
            CallScript other = first.then("a/m", "b/m").with(CallScript.callersKey("another"));
            assertThat(other.begin()).containsExactly("start 1 a/m");
        }
    }

    @Nested
    @DisplayName("A model that no provider has")
    class UnknownModels {
        @Test
        void spendsNoRetries() {
            CallScript call = alone("a/m");
            for (int i = 0; i < 200; i++) {
                fails(alone(call, "a/made-up-" + i), FailureKind.UNKNOWN_MODEL);
            }
            assertThat(call.mayRetry("a/m")).isTrue();
            assertThat(call.availability("a/m").isReady()).isTrue();
        }

        @Test
        void madeUpAHundredThousandTimesDoesNotKeepTargetsFromCooling() {
            CallScript call = alone("a/m");
            for (int i = 0; i < 100_000; i++) {
                fails(alone(call, "a/made-up-" + i), FailureKind.UNKNOWN_MODEL);
            }
            for (int i = 0; i < 3; i++) {
                fails(call, FailureKind.SERVER_ERROR);
            }
            assertThat(call.availability("a/m").isReady()).isFalse();
        }
    }

    @Nested
    @DisplayName("A target without capacity")
    class Overload {
        @ParameterizedTest
        @EnumSource(
                value = FailureKind.class,
                names = {"OVERLOADED", "RATE_LIMITED", "SERVER_ERROR", "NOT_READY"})
        void oneFailureOpensNoCircuit(FailureKind kind) {
            CallScript call = alone("a/m");
            fails(call, kind);
            assertThat(call.availability("a/m").isReady()).isTrue();
        }

        @Test
        void thatAnswersNinetyEightOfAHundredCallsKeepsThem() {
            CallScript call = alone("a/m");
            for (int i = 0; i < 1_000; i++) {
                if (i % 50 == 0) {
                    fails(call, FailureKind.OVERLOADED);
                } else {
                    answers(call);
                }
                assertThat(call.availability("a/m").isReady()).isTrue();
            }
        }

        @Test
        void theRateOfItsFailuresOpensItsCircuit() {
            CallScript call = alone("a/m");
            int calls = 0;
            while (call.availability("a/m").isReady()) {
                assertThat(calls).isLessThan(200);
                if (calls++ % 3 == 0) {
                    answers(call);
                } else {
                    fails(call, FailureKind.OVERLOADED);
                }
            }
            assertThat(calls).isGreaterThan(20);
        }
    }

    @Nested
    @DisplayName("A provider's hint")
    class Hints {
        @ParameterizedTest
        @EnumSource(
                value = FailureKind.class,
                names = {"RATE_LIMITED", "OVERLOADED", "SERVER_ERROR"})
        void opensAtOnceForTheStatedTime(FailureKind kind) {
            CallScript call = alone("a/m");
            fails(call, CallScript.failure(kind, 30_000));
            assertThat(call.at(29_999).availability("a/m").binding()).isTrue();
            assertThat(call.at(30_000).availability("a/m").isReady()).isTrue();
        }

        @Test
        void ofADayDoesNotBenchForADay() {
            CallScript call = alone("a/m");
            fails(call, CallScript.failure(FailureKind.RATE_LIMITED, DAY));
            assertThat(call.at(FIVE_MINUTES - 1).availability("a/m").isReady()).isFalse();
            assertThat(call.at(FIVE_MINUTES).availability("a/m").isReady()).isTrue();
        }

        @Test
        void aboutTheAccountIsHonouredForLonger() {
            CallScript call = alone("a/m");
            fails(call, CallScript.failure(FailureKind.QUOTA, DAY));
            assertThat(call.at(FIVE_MINUTES).availability("a/m").isReady()).isFalse();
            assertThat(call.at(3_600_000).availability("a/m").isReady()).isTrue();
        }

        @Test
        void ofNoLengthHasNoEffect() {
            CallScript call = alone("a/m");
            fails(call, CallScript.failure(FailureKind.RATE_LIMITED, 0));
            assertThat(call.report("a/m").outage()).isEmpty();
        }

        @Test
        void thatConcernsOneRequestOpensNoCircuit() {
            CallScript call = alone("a/m");
            fails(call, CallScript.failure(FailureKind.RATE_LIMITED, 30_000).concerning(Concern.REQUEST));
            assertThat(call.availability("a/m").isReady()).isTrue();
        }
    }

    @Nested
    @DisplayName("Lateness")
    class Lateness {
        private CallScript lost(CallScript any, int wonAt, boolean alive) {
            CallScript call = any.then("a/m", "b/m")
                    .streaming()
                    .hedging()
                    .with(CallScript.cooldown(1, Duration.ofSeconds(60), Duration.ofSeconds(60)));
            call.at(0).begin();
            call.connected(1);
            if (alive) {
                call.alive(1);
            }
            call.untilDue();
            call.at(wonAt).progress(2);
            return call;
        }

        @Test
        void ofALoserWithoutASignOfLifeCounts() {
            CallScript call = lost(alone("a/m"), 11_000, false);
            assertThat(call.availability("a/m").isReady()).isFalse();
            assertThat(call.report("a/m").outage().orElseThrow().because()).isEqualTo(FailureKind.TIMEOUT_FIRST_TOKEN);
        }

        @Test
        void ofALoserWithASignOfLifeDoesNot() {
            assertThat(lost(alone("a/m"), 11_000, true).availability("a/m").isReady())
                    .isTrue();
        }

        @Test
        void ofThreeTimesTheUsualDoesThough() {
            assertThat(lost(alone("a/m"), 30_000, true).availability("a/m").isReady())
                    .isFalse();
        }

        @Test
        void ofTheWinnerDoesNotCount() {
            CallScript call = CallScript.chain("a/m", "b/m")
                    .streaming()
                    .hedging()
                    .with(CallScript.cooldown(1, Duration.ofSeconds(60), Duration.ofSeconds(60)));
            call.begin();
            call.connected(1);
            call.untilDue();
            call.at(12_000).progress(1);
            assertThat(call.availability("a/m").isReady()).isTrue();
            assertThat(call.availability("b/m").isReady()).isTrue();
        }

        @Test
        void byALimitOfTheCallerDoesNotCountWhereThereWasASignOfLife() {
            CallScript call = CallScript.chain("a/m")
                    .streaming()
                    .with(CallScript.limits(limits -> limits.withTotal(Duration.ofSeconds(12))))
                    .with(CallScript.cooldown(1, Duration.ofSeconds(60), Duration.ofSeconds(60)));
            call.begin();
            call.connected(1);
            call.at(11_000).alive(1);
            assertThat(call.at(12_000).due()).containsExactly("cancel 1", "give up 504 timeout_first_token");
            assertThat(call.availability("a/m").isReady()).isTrue();
        }

        @Test
        void ofAStalledStreamThatWasContinuedCounts() {
            CallScript call = CallScript.chain("a/m", "b/m")
                    .streaming()
                    .hedging()
                    .recovering(Recovery.CONTINUE)
                    .with(CallScript.cooldown(1, Duration.ofSeconds(60), Duration.ofSeconds(60)));
            call.begin();
            call.connected(1);
            call.at(500).progress(1);
            call.untilDue();
            call.at(12_000).progress(2);
            assertThat(call.report("a/m").outage().orElseThrow().because()).isEqualTo(FailureKind.TIMEOUT_IDLE);
        }
    }

    @Nested
    @DisplayName("The usual times of a target")
    class UsualTimes {
        @Test
        void areNotTaughtByCallersThatLeave() {
            CallScript call = CallScript.chain("a/m").streaming();
            for (int i = 0; i < 50; i++) {
                call.begin();
                call.connected(1);
                call.at(call.now() + 100).callerLeft();
            }
            assertThat(call.usual("a/m").samples()).isZero();
        }

        @Test
        void areNotTaughtByTinyLimits() {
            CallScript call = CallScript.chain("a/m")
                    .streaming()
                    .with(CallScript.limits(limits -> limits.withTotal(Duration.ofMillis(100))));
            for (int i = 0; i < 50; i++) {
                call.begin();
                call.connected(1);
                call.untilDue();
            }
            assertThat(call.usual("a/m").samples()).isZero();
        }

        @Test
        void areNotTaughtByShortPatience() {
            CallScript call =
                    CallScript.chain("a/m", "b/m").streaming().hedging().patience(1_000);
            call.begin();
            call.connected(1);
            call.untilDue();
            call.progress(2);
            assertThat(call.usual("a/m").samples()).isZero();
        }

        @Test
        void areNotTaughtByAHedgeThatWasNotNeeded() {
            CallScript call = CallScript.chain("a/m", "b/m").streaming().hedging();
            call.begin();
            call.connected(1);
            call.untilDue();
            call.at(10_050).progress(1);
            assertThat(call.usual("b/m").samples()).isZero();
        }

        @Test
        void areTaughtByWhatWasWaitedForInVain() {
            CallScript call = CallScript.chain("a/m", "b/m").streaming().hedging();
            call.begin();
            call.connected(1);
            call.untilDue();
            call.at(12_000).progress(2);
            assertThat(call.usual("a/m").samples()).isEqualTo(1);
            assertThat(TimeUnit.NANOSECONDS.toMillis(call.usual("a/m").p50())).isBetween(12_000L, 13_100L);
        }

        @Test
        void ofCallsThatReasonAreLearnedSeparately() {
            CallScript reasoning = CallScript.chain("a/m", "b/m").streaming().with(Step::reasoning);
            for (int i = 0; i < 100; i++) {
                reasoning.at(i * 100_000).begin();
                reasoning.at(i * 100_000 + 40_000).progress(1);
                reasoning.completed(1);
            }
            CallScript plain = reasoning.then("a/m", "b/m").streaming().hedging();
            plain.begin();
            plain.connected(1);
            int begun = plain.now();
            plain.untilDue();
            assertThat(plain.now() - begun).isEqualTo(10_000);
        }
    }

    @Nested
    @DisplayName("A reset")
    class Reset {
        @Test
        void ofAllClosesEveryCircuit() {
            CallScript call = alone("a/m");
            fails(call, FailureKind.QUOTA);
            fails(alone(call, "b/m"), FailureKind.UNKNOWN_MODEL);
            call.health().reset();
            assertThat(call.availability("a/m").isReady()).isTrue();
            assertThat(call.availability("b/m").isReady()).isTrue();
        }

        @Test
        void ofOneTargetClosesItsOwnItsKeysAndItsProviders() {
            CallScript call = alone("a/m");
            fails(call, FailureKind.QUOTA);
            fails(alone(call, "b/m"), FailureKind.UNKNOWN_MODEL);
            assertThat(call.health().reset("a/m")).isTrue();
            assertThat(call.availability("a/m").isReady()).isTrue();
            assertThat(call.availability("a/other").isReady()).isTrue();
            assertThat(call.availability("b/m").isReady()).isFalse();
        }

        @Test
        void ofATargetWithSeveralKeysClosesThemAll() {
            CallScript call = alone("a/m");
            fails(call, FailureKind.QUOTA);
            fails(alone(call, "a/m#2"), FailureKind.QUOTA);
            assertThat(call.health().reset("a/m")).isTrue();
            assertThat(call.availability("a/m#2").isReady()).isTrue();
        }

        @Test
        void ofATargetWithoutAttemptsIsReportedAsSuch() {
            assertThat(alone("a/m").health().reset("a/m")).isFalse();
        }

        @Test
        void forgetsWhatWasCountedToo() {
            CallScript call = alone("a/m");
            fails(call, FailureKind.SERVER_ERROR);
            fails(call, FailureKind.SERVER_ERROR);
            call.health().reset("a/m");
            fails(call, FailureKind.SERVER_ERROR);
            assertThat(call.availability("a/m").isReady()).isTrue();
        }
    }

    @Test
    void aWrongStatusProvesThatTheProviderIsReached() {
        CallScript call = alone("a/m");
        fails(call, FailureKind.CONNECTION);
        fails(call, FailureKind.CONNECTION);
        fails(call, new Failure(FailureKind.FORBIDDEN, 403, ErrorDetails.of("no"), OptionalLong.empty()));
        fails(call, FailureKind.CONNECTION);
        assertThat(call.availability("a/m").isReady()).isTrue();
    }
}
