package dev.understudy.gateway.upstream;

import dev.understudy.engine.Failure;
import dev.understudy.engine.Signal;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes an attempt's signals to the engine where answers are checked: the signal that the answer is complete is held back
 * until the check is done. The check may take long and therefore runs on a worker thread.
 */
final class CheckedAnswer implements Consumer<Signal> {
    private static final Logger LOG = LoggerFactory.getLogger(CheckedAnswer.class);

    private enum State {
        ARRIVING,
        CHECKING,
        ACCEPTED,
        REJECTED
    }

    private final Vertx vertx;
    private final Function<UpstreamBodyReader, Supplier<Optional<Failure>>> check;
    private final boolean callerHasIt;
    private final Supplier<UpstreamAttempt> upstreamAttempt;
    private final Consumer<Signal> engine;

    private State state = State.ARRIVING;
    private Optional<Signal> waiting = Optional.empty();

    /**
     * @param check prepares the check of a complete answer, to be run on a worker thread
     * @param callerHasIt whether all of the answer but its end has been sent to the caller
     * @param upstreamAttempt the attempt whose answer is checked; called when the answer is complete
     */
    CheckedAnswer(
            Vertx vertx,
            Function<UpstreamBodyReader, Supplier<Optional<Failure>>> check,
            boolean callerHasIt,
            Supplier<UpstreamAttempt> upstreamAttempt,
            Consumer<Signal> engine) {
        this.vertx = vertx;
        this.check = check;
        this.callerHasIt = callerHasIt;
        this.upstreamAttempt = upstreamAttempt;
        this.engine = engine;
    }

    @Override
    public void accept(Signal signal) {
        boolean saysComplete = signal instanceof Signal.Completed || signal instanceof Signal.Finishing;
        switch (state) {
            case ARRIVING -> {
                if (saysComplete) {
                    state = State.CHECKING;
                    waiting = Optional.of(signal);
                    begin();
                } else {
                    engine.accept(signal);
                }
            }
            case CHECKING -> {
                if (saysComplete) {
                    waiting = Optional.of(signal);
                } else {
                    engine.accept(signal);
                }
            }
            case ACCEPTED -> engine.accept(signal);
            case REJECTED -> {
                // The attempt has failed already; later signals of its connection are dropped.
            }
        }
    }

    private void begin() {
        Supplier<Optional<Failure>> prepared = check.apply(upstreamAttempt.get().answer());
        vertx.executeBlocking(prepared::get, false).onSuccess(this::judged).onFailure(this::broken);
    }

    private void judged(Optional<Failure> wrong) {
        if (wrong.isPresent()) {
            state = State.REJECTED;
            upstreamAttempt.get().cancel();
            if (callerHasIt) {
                // The rejected text is in the caller's stream already: no other attempt can repair it.
                engine.accept(new Signal.Progress(upstreamAttempt.get().attempt(), 0, false));
            }
            engine.accept(new Signal.Failed(upstreamAttempt.get().attempt(), wrong.get()));
        } else {
            state = State.ACCEPTED;
            waiting.ifPresent(engine);
        }
    }

    /** An error inside the check is no verdict on the answer. */
    private void broken(Throwable fault) {
        LOG.error("an answer could not be checked and is delivered unchecked", fault);
        judged(Optional.empty());
    }
}
