package dev.understudy.client.chain;

import dev.understudy.engine.FailureKind;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Notices when the circuits of a chain's targets open and close, for its listeners. Safe for use by many threads. */
public final class CircuitChanges {
    private final FallbackState state;
    /** The targets of the chain whose circuits were not closed when an attempt there ended last. */
    private final Set<String> open = new HashSet<>();

    /** @param state what the calls know together */
    public CircuitChanges(FallbackState state) {
        this.state = state;
    }

    /** What to tell listeners about a target at which an attempt has ended; empty if nothing has changed. */
    public synchronized Optional<Consumer<ChainListener>> of(String target) {
        TargetHealth health = state.health(target);
        boolean closed = health.circuit() == TargetHealth.Circuit.CLOSED;
        if (closed && open.remove(target)) {
            return Optional.of(listener -> listener.circuitClosed(target));
        }
        if (!closed && open.add(target)) {
            FailureKind because = health.because().orElse(FailureKind.SERVER_ERROR);
            return Optional.of(listener -> listener.circuitOpened(target, because, health.cooldown()));
        }
        return Optional.empty();
    }
}
