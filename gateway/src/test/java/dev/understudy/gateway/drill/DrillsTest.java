package dev.understudy.gateway.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.engine.SharedState;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When drills run, and which calls they concern. */
class DrillsTest {
    private static final URI STAGE = URI.create("http://127.0.0.1:1/v1/chat/completions");
    private final AtomicLong now = new AtomicLong(-7);
    private final AtomicBoolean permitted = new AtomicBoolean(true);
    private final AtomicBoolean lucky = new AtomicBoolean(true);
    private final AtomicInteger changes = new AtomicInteger();
    private final SharedState shared = SharedState.ofDefaults();
    private final Drills drills = new Drills(new Drills.Surroundings(
            now::get,
            percent -> percent == 100 || lucky.get(),
            shared::health,
            SharedState::ofDefaults,
            permitted::get));
    private final Drills.Loop calls = drills.onLoop((address, headers) -> {
        throw new AssertionError("nothing is sent");
    });

    private static Drill.Order order(String name, boolean markedOnly, String caller, int percent) {
        return new Drill.Order(
                name, "one/a", DrillFault.parse("down"), markedOnly, caller, percent, Duration.ofMinutes(2), "ann");
    }

    private boolean concerns(String mark, String caller) {
        return calls.of(Optional.of(mark).filter(text -> !text.isEmpty()), caller)
                .isPresent();
    }

    @Test
    void drillEndsByTheClockWithoutAnyTimer() {
        assertThat(drills.start(order("d", false, "", 100), STAGE)).isEmpty();
        now.addAndGet(Duration.ofMinutes(2).toNanos() - 1);
        assertThat(concerns("", "")).isTrue();
        now.incrementAndGet();
        assertThat(concerns("", "")).isFalse();
        assertThat(drills.list())
                .singleElement()
                .satisfies(
                        drill -> assertThat(drill.end().orElseThrow().reason()).isEqualTo("its time was over"));
        assertThat(drills.running()).isZero();
    }

    @Test
    void markedDrillConcernsCallsWithItsNameAndThoseOfItsCaller() {
        drills.start(order("d", true, "staging", 100), STAGE);
        assertThat(concerns("", "")).isFalse();
        assertThat(concerns("", "production")).isFalse();
        assertThat(concerns("other", "production")).isFalse();
        assertThat(concerns("d", "production")).isTrue();
        assertThat(concerns("", "staging")).isTrue();
    }

    @Test
    void drillWithoutACallerDoesNotConcernCallersWithoutAKey() {
        drills.start(order("d", true, "", 100), STAGE);
        assertThat(concerns("", "")).isFalse();
    }

    @Test
    void partOfTheCallsIsDrawnForEachCall() {
        drills.start(order("d", false, "", 10), STAGE);
        assertThat(concerns("", "")).isTrue();
        lucky.set(false);
        assertThat(concerns("", "")).isFalse();
    }

    @Test
    void namesAreUniqueAmongThoseThatRunAndTheirNumberIsLimited() {
        for (int i = 0; i < Drills.MOST_RUNNING; i++) {
            assertThat(drills.start(order("d" + i, true, "", 100), STAGE)).isEmpty();
        }
        assertThat(drills.start(order("d0", true, "", 100), STAGE)).contains(Drills.Refusal.NAME_IN_USE);
        assertThat(drills.start(order("more", true, "", 100), STAGE)).contains(Drills.Refusal.TOO_MANY);
        now.addAndGet(Duration.ofMinutes(2).toNanos());
        assertThat(drills.start(order("d0", true, "", 100), STAGE)).isEmpty();
    }

    @Test
    void drillsAreEndedAndTheLastOnesAreKept() {
        drills.onChange(changes::incrementAndGet);
        for (int i = 0; i < 30; i++) {
            drills.start(order("d" + i, true, "", 100), STAGE);
            assertThat(drills.end("d" + i, "enough")).isPresent();
        }
        assertThat(changes.get()).isEqualTo(60);
        assertThat(drills.end("d1", "again")).isEmpty();
        assertThat(drills.list())
                .hasSize(20)
                .first()
                .satisfies(drill -> assertThat(drill.order().name()).isEqualTo("d29"));
        drills.start(order("last", false, "", 100), STAGE);
        drills.endAll("the gateway is stopping");
        assertThat(drills.running()).isZero();
        assertThat(calls.isAnyRunning()).isFalse();
    }

    @Test
    void configurationCanForbidDrills() {
        permitted.set(false);
        assertThat(drills.start(order("d", true, "", 100), STAGE)).contains(Drills.Refusal.NOT_PERMITTED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"down", "throttled?after=30", "slow?ttft=2s", "cut?at=12", "stall", "silent", "garbled"})
    void faultsAreActsOfTheRehearsalProvider(String text) {
        assertThat(DrillFault.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @CsvSource({
        "nothing, does not exist",
        "ok, no fault of a drill",
        "bad-request, no fault of a drill",
        "down?at=3, has no parameter",
        "cut?text=invented, does not take text",
        "throttled?after=soon, must be a time",
        "down?status=99, from 200",
        "'down\r\nx: y', Name a fault",
        "'', Name a fault"
    })
    void faultsThatThereAreNotAreRefusedWithTheReason(String text, String reason) {
        assertThatThrownBy(() -> DrillFault.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void everyKindIsAFaultAndHasASignature() {
        for (DrillFault.Kind kind : DrillFault.kinds()) {
            assertThat(DrillFault.parse(DrillFault.signature(kind))).hasToString(DrillFault.signature(kind));
        }
    }
}
