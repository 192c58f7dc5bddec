package dev.understudy.client.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.calls.downstream.TrailHeader;
import dev.understudy.engine.AttemptKind;
import dev.understudy.engine.Concern;
import dev.understudy.engine.ErrorDetails;
import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.engine.Group;
import dev.understudy.engine.TrailEntry;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A trail that was written into a header is read from it. */
class CallTrailsTest {
    private static TrailEntry entry(
            String target, int attempt, AttemptKind kind, TrailEntry.State state, Optional<Failure> failure) {
        return new TrailEntry(target, attempt, kind, state, failure, "", TimeUnit.MILLISECONDS.toNanos(12));
    }

    @Test
    void whatIsWrittenIsRead() {
        Failure limited = new Failure(
                FailureKind.RATE_LIMITED,
                Concern.TARGET,
                429,
                ErrorDetails.of("rate_limited"),
                OptionalLong.empty(),
                false);
        List<TrailEntry> trail = List.of(
                TrailEntry.skipped("odd \"name\\, with;marks=", "excluded"),
                entry("a/m", 1, AttemptKind.PRIMARY, TrailEntry.State.FAILED, Optional.of(limited)),
                entry("a/m", 2, AttemptKind.RETRY, TrailEntry.State.CANCELLED, Optional.empty()),
                entry("b/m", 3, AttemptKind.HEDGE, TrailEntry.State.RUNNING, Optional.empty()),
                entry("c/m, x", 4, AttemptKind.FALLBACK, TrailEntry.State.ANSWERED, Optional.empty())
                        .in(Optional.of(new Group.Choice("odd; \"group\", [1]", ""))),
                TrailEntry.skipped("d/m", "cooling").in(Optional.of(new Group.Choice("pool", "round-robin"))));
        assertThat(CallTrails.of(TrailHeader.of(trail, "openpipe")).entries()).isEqualTo(trail);
    }

    @Test
    void aKindOfFailureThatIsNotKnownIsNoAnswer() {
        TrailEntry only = CallTrails.of("\"a/m\";outcome=of_the_future;ms=99999999999")
                .entries()
                .getFirst();
        assertThat(only.state()).isEqualTo(TrailEntry.State.CANCELLED);
        assertThat(only.duration()).isZero();
    }

    @Test
    void whatIsNoTrailHasNoEntries() {
        assertThat(CallTrails.of("").entries()).isEmpty();
        assertThat(CallTrails.of("no trail; at all").entries()).isEmpty();
    }
}
