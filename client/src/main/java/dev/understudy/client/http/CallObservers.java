package dev.understudy.client.http;

import dev.understudy.calls.record.FinishedCall;
import dev.understudy.client.chain.ChainListener;
import java.util.List;
import java.util.function.Consumer;

/**
 * Who observes calls.
 *
 * @param listeners are told of attempts, fallbacks, circuits and ends of calls
 * @param whenFinished receives the record of every call, on the loop; it must not block
 */
public record CallObservers(List<ChainListener> listeners, Consumer<FinishedCall> whenFinished) {
    public CallObservers {
        listeners = List.copyOf(listeners);
    }

    /** Listeners alone. */
    public static CallObservers of(List<ChainListener> listeners) {
        return new CallObservers(listeners, finished -> {});
    }
}
