package dev.understudy.client.chain;

import dev.understudy.client.loop.SerialExecutor;
import dev.understudy.engine.AttemptKind;
import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.engine.FallbackCall;
import dev.understudy.engine.Step;
import dev.understudy.engine.TrailEntry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Tells listeners what happens in one call. Costs nothing where there are none. Runs on the call loop, but for its constructor, which
 * runs on the caller's thread.
 */
public final class CallEvents {
    private static final System.Logger LOG = System.getLogger(ChainListener.class.getName());

    private final List<ChainListener> listeners;
    private final CircuitChanges circuits;
    private final SerialExecutor serial;

    /** Those of the step of the engine that is being carried out. */
    private final List<Started> started = new ArrayList<>(1);

    private Optional<Consumer<ChainListener>> end = Optional.empty();
    /** The attempts whose end was not told yet. */
    private final Set<Integer> running = new HashSet<>(2);

    private final Map<String, Failure> failures = new HashMap<>(2);
    private Optional<String> latest = Optional.empty();

    private record Started(int number, String target, AttemptKind kind) {}

    /**
     * @param circuits those of the chain or client
     * @param threads call the listeners
     */
    public CallEvents(List<ChainListener> listeners, CircuitChanges circuits, Executor threads) {
        this.listeners = listeners.isEmpty()
                ? listeners
                : listeners.stream().map(CallEvents::forCall).toList();
        this.circuits = circuits;
        this.serial = new SerialExecutor(threads);
    }

    private static ChainListener forCall(ChainListener listener) {
        try {
            return listener.forCall();
        } catch (RuntimeException failed) {
            LOG.log(System.Logger.Level.WARNING, "a listener of a fallback chain failed", failed);
            return listener;
        }
    }

    /** An attempt was started in this step. */
    public void started(int number, Step step, AttemptKind kind) {
        if (!listeners.isEmpty()) {
            started.add(new Started(number, TargetNames.of(step.target()), kind));
        }
    }

    /** The call has ended with an answer. */
    public void answered(String target, CallTrail trail, long nanos) {
        end = Optional.of(listener -> listener.callAnswered(target, trail, Duration.ofNanos(nanos)));
    }

    /** The call has ended without an answer. */
    public void failed(FailureKind kind, CallTrail trail, long nanos) {
        end = Optional.of(listener -> listener.callFailed(kind, trail, Duration.ofNanos(nanos)));
    }

    /** A step of the engine was carried out: tells what it changed, the ends of attempts before the starts of others. */
    public void stepIsDone(FallbackCall engine, long now) {
        if (listeners.isEmpty()) {
            return;
        }
        if (!running.isEmpty()) {
            tellEnds(engine.trail(now));
        }
        started.forEach(this::tellStart);
        started.clear();
        end.ifPresent(this::tell);
        end = Optional.empty();
    }

    private void tellEnds(List<TrailEntry> trail) {
        for (TrailEntry entry : trail) {
            if (entry.state() != TrailEntry.State.RUNNING && running.remove(entry.attempt())) {
                TrailEntry ended = TargetNames.shown(entry);
                ended.failure().ifPresent(failure -> failures.put(ended.target(), failure));
                tell(listener -> listener.attemptEnded(ended));
                circuits.of(ended.target()).ifPresent(this::tell);
            }
        }
    }

    private void tellStart(Started attempt) {
        running.add(attempt.number());
        Optional<String> before = latest;
        latest = Optional.of(attempt.target());
        if (before.isPresent() && !before.equals(latest)) {
            Optional<Failure> because = Optional.ofNullable(failures.get(before.get()));
            tell(listener -> listener.fallback(before.get(), attempt.target(), because));
        }
        tell(listener -> listener.attemptStarted(attempt.target(), attempt.number(), attempt.kind()));
    }

    private void tell(Consumer<ChainListener> event) {
        serial.execute(() -> {
            for (ChainListener listener : listeners) {
                try {
                    event.accept(listener);
                } catch (RuntimeException failed) {
                    LOG.log(System.Logger.Level.WARNING, "a listener of a fallback chain failed", failed);
                }
            }
        });
    }
}
