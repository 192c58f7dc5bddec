package dev.understudy.gateway.admin;

import dev.understudy.calls.record.FinishedCall;
import dev.understudy.engine.Failure;
import dev.understudy.engine.TrailEntry;
import dev.understudy.gateway.contents.ContentsLog;
import dev.understudy.store.CallRecord;
import dev.understudy.store.CallRecord.Step;
import dev.understudy.store.Store;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Records calls that have ended, and shows them to those who watch. Never blocks, and costs nothing where neither is wanted. */
public final class CallLog {
    private final Optional<Store> store;
    private final BooleanSupplier isOn;
    private final AdminEvents events;
    private final ContentsLog contents;

    /**
     * @param isOn whether the configuration wants calls to be recorded
     * @param contents what is kept of the contents of calls
     */
    public CallLog(Optional<Store> store, BooleanSupplier isOn, AdminEvents events, ContentsLog contents) {
        this.contents = contents;
        this.store = store;
        this.isOn = isOn;
        this.events = events;
    }

    /** What is kept of the contents of calls. */
    public ContentsLog contents() {
        return contents;
    }

    /** Records a call, unless it opted out of the log. */
    public void add(FinishedCall call) {
        boolean kept = store.isPresent() && isOn.getAsBoolean();
        if (call.request().logging().quiet() || !(kept || events.isWatched())) {
            return;
        }
        Instant endedAt = Instant.now();
        Supplier<CallRecord> record = () -> record(call, endedAt);
        if (kept) {
            store.get().calls().add(record);
        }
        events.call(record);
    }

    /** The record of a call that ended at this time. */
    static CallRecord record(FinishedCall call, Instant endedAt) {
        FinishedCall.Request request = call.request();
        FinishedCall.Outcome outcome = call.outcome();
        FinishedCall.Measurements measured = call.measurements();
        List<Step> trail = new ArrayList<>(outcome.trail().size());
        OptionalLong added = OptionalLong.empty();
        for (TrailEntry entry : outcome.trail()) {
            trail.add(step(entry));
            if (entry.state() == TrailEntry.State.ANSWERED
                    && entry.attempt() > 1
                    && outcome.ending() == FinishedCall.Ending.ANSWERED) {
                added = OptionalLong.of(micros(entry.start()));
            }
        }
        return new CallRecord(
                request.id(),
                endedAt.minus(measured.duration(), ChronoUnit.NANOS),
                request.caller(),
                request.model(),
                request.vocabulary(),
                request.streaming(),
                ending(outcome.ending()),
                outcome.status(),
                outcome.answeredBy(),
                micros(measured.duration()),
                measured.firstContent().isPresent()
                        ? OptionalLong.of(micros(measured.firstContent().getAsLong()))
                        : OptionalLong.empty(),
                measured.usage().promptTokens(),
                measured.usage().completionTokens(),
                measured.cost(),
                added,
                trail);
    }

    private static CallRecord.Ending ending(FinishedCall.Ending ending) {
        return switch (ending) {
            case ANSWERED -> CallRecord.Ending.ANSWERED;
            case FAILED -> CallRecord.Ending.FAILED;
            case BROKEN_OFF -> CallRecord.Ending.BROKEN_OFF;
            case CALLER_LEFT -> CallRecord.Ending.CALLER_LEFT;
        };
    }

    private static Step step(TrailEntry entry) {
        Optional<Failure> failure = entry.failure();
        boolean alone = !entry.isAttempt() || entry.attemptKind().isAlone();
        return new Step(
                entry.target(),
                entry.attempt(),
                state(entry.state()),
                entry.outcome(),
                entry.reason(),
                entry.isAttempt() ? entry.attemptKind().wireName() : "",
                alone ? "" : entry.attemptKind().manner(),
                micros(entry.start()),
                micros(entry.duration()),
                failure.isPresent() && failure.get().status() > 0
                        ? OptionalInt.of(failure.get().status())
                        : OptionalInt.empty(),
                failure.map(why -> why.details().message()).orElse(""),
                entry.drill());
    }

    /** An attempt that still runs when the call ends is cancelled in the same step. */
    private static Step.State state(TrailEntry.State state) {
        return switch (state) {
            case ANSWERED -> Step.State.ANSWERED;
            case FAILED -> Step.State.FAILED;
            case RUNNING, CANCELLED -> Step.State.CANCELLED;
            case SKIPPED -> Step.State.SKIPPED;
        };
    }

    private static long micros(long nanos) {
        return TimeUnit.NANOSECONDS.toMicros(nanos);
    }
}
