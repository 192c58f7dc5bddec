package dev.understudy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A target whose usual time is known stops answering. Hedges rescue the calls long before the time that everybody gets, so their losers
 * say little one by one; several in a row without an answer in between are an outage.
 */
class SilentTargetTest {
    private static final int USUALLY = 3_000;

    private static CallScript known() {
        return CallScript.chain("a/m", "b/m").hedging().knowing("a/m", USUALLY);
    }

    private static CallScript following(CallScript earlier) {
        return earlier.then("a/m", "b/m").hedging();
    }

    /** The first target stays silent, and the second one answers half a second after it was started. */
    private static CallScript rescued(CallScript call) {
        int began = call.now();
        assertThat(call.begin()).containsExactly("start 1 a/m");
        call.connected(1);
        assertThat(call.untilDue()).containsExactly("start 2 b/m hedge");
        assertThat(call.now() - began).isBetween(USUALLY, 2 * USUALLY);
        call.connected(2);
        assertThat(call.at(call.now() + 500).completed(2)).containsExactly("cancel 1", "deliver 2");
        return call;
    }

    private static CallScript answered(CallScript call) {
        assertThat(call.begin()).containsExactly("start 1 a/m");
        call.connected(1);
        assertThat(call.at(call.now() + 1_000).completed(1)).containsExactly("deliver 1");
        return call;
    }

    private static CallScript rescuedTimes(int times, CallScript earlier) {
        CallScript call = earlier;
        for (int i = 0; i < times; i++) {
            call = rescued(following(call));
        }
        return call;
    }

    @Test
    void aTargetThatIsSilentForOneCallAfterTheOtherIsSkipped() {
        CallScript call = rescuedTimes(6, known());
        assertThat(call.availability("a/m").isReady()).isTrue();
        call = rescued(following(call));
        assertThat(call.availability("a/m").isReady()).isFalse();
        assertThat(following(call).begin()).containsExactly("start 1 b/m");
    }

    @Test
    void anAnswerInBetweenShowsThatTheTargetWorks() {
        CallScript call = known();
        for (int i = 0; i < 5; i++) {
            call = answered(following(rescuedTimes(4, call)));
        }
        assertThat(call.availability("a/m").isReady()).isTrue();
    }

    @Test
    void anAnswerClosesTheCircuitAgain() {
        CallScript call = rescuedTimes(7, known());
        CallScript later = following(call).at(call.now() + 60_000);
        call = answered(later);
        call = rescuedTimes(6, call);
        assertThat(call.availability("a/m").isReady()).isTrue();
    }

    @Test
    void signsOfLifeExcuseIt() {
        CallScript call = CallScript.chain("a/m", "b/m").hedging().streaming().knowing("a/m", USUALLY);
        for (int i = 0; i < 20; i++) {
            call = call.then("a/m", "b/m").hedging().streaming();
            call.begin();
            call.connected(1);
            call.at(call.now() + 500).alive(1);
            assertThat(call.untilDue()).containsExactly("start 2 b/m hedge");
            call.connected(2);
            call.at(call.now() + 500).progress(2);
            call.completed(2);
        }
        assertThat(call.availability("a/m").isReady()).isTrue();
    }

    @Test
    void whatIsNotKnownToBeLateSaysNothing() {
        CallScript call = CallScript.chain("a/m", "b/m").hedging().patience(4_000);
        for (int i = 0; i < 20; i++) {
            call = call.then("a/m", "b/m").hedging().patience(4_000);
            call.begin();
            call.connected(1);
            assertThat(call.untilDue()).containsExactly("start 2 b/m hedge");
            call.at(call.now() + 500).completed(2);
        }
        assertThat(call.availability("a/m").isReady()).isTrue();
    }

    /** Of such attempts the engine would know only after a minute that they are hung, which is behind the deadline. */
    @Test
    void callsAreHedgedWithoutBudgetWhereTheTargetIsSilentForOthersToo() {
        CallScript first = known().withoutHedgingBudget();
        List<CallScript> calls = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            CallScript call = following(first).at(i * 1_000);
            call.begin();
            call.connected(1);
            calls.add(call);
        }
        for (CallScript call : calls.subList(0, 4)) {
            assertThat(call.at(call.now() + USUALLY + 500).due()).isEmpty();
        }
        assertThat(calls.getLast().untilDue()).containsExactly("start 2 b/m hedge");
        for (CallScript call : calls.subList(0, 4)) {
            int began = call.now();
            assertThat(call.untilDue()).containsExactly("start 2 b/m hedge");
            assertThat(call.now() - began).isLessThan(2 * USUALLY);
        }
    }

    @Test
    void aLateCallIsLeftAloneWithoutBudgetWhereOthersAreAnswered() {
        CallScript first = known().withoutHedgingBudget();
        CallScript call = following(first);
        for (int i = 0; i < 20; i++) {
            call = following(call);
            call.begin();
            call.connected(1);
            assertThat(call.at(call.now() + 30_000).due()).isEmpty();
            assertThat(call.at(call.now() + 5_000).completed(1)).containsExactly("deliver 1");
            call.withoutHedgingBudget();
        }
        assertThat(call.availability("a/m").isReady()).isTrue();
    }
}
