package dev.understudy.gateway.drill;

import dev.understudy.calls.record.FinishedCall;
import dev.understudy.engine.SharedState;
import dev.understudy.engine.Target;
import dev.understudy.engine.TrailEntry;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** A drill that runs or has run, and what callers felt of it. */
public final class Drill {
    /** Percentiles are those of the newest calls. */
    private static final int SAMPLES = 1_000;

    /** Callers may name models freely; the circuits of further targets close by themselves. */
    private static final int MOST_TARGETS = 100;

    private final Order order;
    private final Instant started;
    private final long endsAt;
    private final URI rehearsal;
    private final SharedState ownState;
    private final Set<String> targets = new LinkedHashSet<>();
    private final long[] added = new long[SAMPLES];
    private long calls;
    private long rescued;
    private long answered;
    private long failed;
    private long brokenOff;
    private long callersLeft;
    private long samples;
    private Optional<End> end = Optional.empty();

    /**
     * What an operator ordered.
     *
     * @param name by which calls are marked, and which the trail has
     * @param target {@code provider/model}, or the name of a provider for all its models
     * @param markedOnly whether only marked calls are concerned
     * @param caller the name of a key whose calls are all marked; empty for none
     * @param percent of the calls, from 1 to 100
     * @param author who ordered it; empty if that is not known
     */
    public record Order(
            String name,
            String target,
            DrillFault fault,
            boolean markedOnly,
            String caller,
            int percent,
            Duration duration,
            String author) {}

    /** When and why a drill has ended. */
    public record End(Instant at, String reason) {}

    /**
     * What callers felt of a drill.
     *
     * @param calls with an attempt into which the drill injected its fault
     * @param rescued those of them that another attempt answered
     * @param answered those that the attempt with the fault answered all the same, as a slow one does
     * @param brokenOff those whose stream could not be completed
     * @param addedP50 milliseconds from the arrival to the start of the attempt that answered, of rescued calls; likewise the others
     */
    public record Result(
            long calls,
            long rescued,
            long answered,
            long failed,
            long brokenOff,
            long callersLeft,
            OptionalLong addedP50,
            OptionalLong addedP95,
            OptionalLong addedMost) {}

    /**
     * @param endsAt by the clock of {@link Drills}
     * @param rehearsal where the rehearsal provider plays faults
     * @param ownState what the calls of a drill for marked calls know together, instead of what all calls know
     */
    Drill(Order order, Instant started, long endsAt, URI rehearsal, SharedState ownState) {
        this.order = order;
        this.started = started;
        this.endsAt = endsAt;
        this.rehearsal = rehearsal;
        this.ownState = ownState;
    }

    /** What was ordered. */
    public Order order() {
        return order;
    }

    /** When it was started. */
    public Instant started() {
        return started;
    }

    /** When it ends by itself. */
    public Instant ends() {
        return started.plus(order.duration());
    }

    /** When and why it has ended; empty while it runs. */
    public synchronized Optional<End> end() {
        return end;
    }

    synchronized void end(Instant at, String reason) {
        end = Optional.of(new End(at, reason));
    }

    URI rehearsal() {
        return rehearsal;
    }

    SharedState ownState() {
        return ownState;
    }

    boolean isOver(long now) {
        return now - endsAt >= 0;
    }

    boolean concerns(Target target) {
        return order.target().equals(target.provider()) || order.target().equals(target.name());
    }

    /** Whether a call takes part, if it is marked with this name or comes from this caller. */
    boolean concerns(Optional<String> mark, String caller) {
        return !order.markedOnly()
                || mark.filter(order.name()::equals).isPresent()
                || (!order.caller().isEmpty() && order.caller().equals(caller));
    }

    /** The targets that it has hit. */
    synchronized Set<String> targets() {
        return Set.copyOf(targets);
    }

    /** Counts a call that has ended. */
    synchronized void count(FinishedCall call) {
        boolean hit = false;
        Optional<TrailEntry> answer = Optional.empty();
        for (TrailEntry entry : call.outcome().trail()) {
            if (entry.drill().equals(order.name())) {
                hit = true;
                if (targets.size() < MOST_TARGETS) {
                    targets.add(entry.target());
                }
            }
            if (entry.state() == TrailEntry.State.ANSWERED) {
                answer = Optional.of(entry);
            }
        }
        if (!hit) {
            return;
        }
        calls++;
        switch (call.outcome().ending()) {
            case ANSWERED -> {
                if (answer.filter(each -> each.drill().isEmpty()).isPresent()) {
                    rescued++;
                    added[(int) (samples++ % SAMPLES)] =
                            TimeUnit.NANOSECONDS.toMillis(answer.get().start());
                } else {
                    answered++;
                }
            }
            case FAILED -> failed++;
            case BROKEN_OFF -> brokenOff++;
            case CALLER_LEFT -> callersLeft++;
        }
    }

    /** What callers have felt until now. */
    public synchronized Result result() {
        long[] sorted = Arrays.copyOf(added, (int) Math.min(samples, SAMPLES));
        Arrays.sort(sorted);
        return new Result(
                calls,
                rescued,
                answered,
                failed,
                brokenOff,
                callersLeft,
                quantile(sorted, 0.5),
                quantile(sorted, 0.95),
                quantile(sorted, 1));
    }

    private static OptionalLong quantile(long[] sorted, double share) {
        return sorted.length == 0
                ? OptionalLong.empty()
                : OptionalLong.of(sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)]);
    }
}
