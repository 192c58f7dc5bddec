package dev.understudy.gateway.call;

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
 * Stands between an exchange and the engine where answers are checked: what says that the answer is complete waits until
 * the check is done, which may take a while and so happens beside the event loop.
 */
final class CheckedAnswer implements Consumer<Signal> {
    private static final Logger LOG = LoggerFactory.getLogger(CheckedAnswer.class);

    private enum State {
        COMING,
        BEING_CHECKED,
        GOOD,
        BAD
    }

    private final Vertx vertx;
    private final Function<UpstreamBodyReader, Supplier<Optional<Failure>>> check;
    private final boolean callerHasIt;
    private final Supplier<UpstreamAttempt> upstreamAttempt;
    private final Consumer<Signal> engine;

    private State state = State.COMING;
    private Optional<Signal> waiting = Optional.empty();

    /**
     * @param check makes the check of an answer that is there, to be run beside the event loop
     * @param callerHasIt whether all of the answer but its end has reached the caller
     * @param upstreamAttempt whose answer it is; called when the answer is there
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
            case COMING -> {
                if (saysComplete) {
                    state = State.BEING_CHECKED;
                    waiting = Optional.of(signal);
                    begin();
                } else {
                    engine.accept(signal);
                }
            }
            case BEING_CHECKED -> {
                if (saysComplete) {
                    waiting = Optional.of(signal);
                } else {
                    engine.accept(signal);
                }
            }
            case GOOD -> engine.accept(signal);
            case BAD -> {
                // The attempt has failed; what else its connection does concerns nobody.
            }
        }
    }

    private void begin() {
        Supplier<Optional<Failure>> prepared = check.apply(upstreamAttempt.get().answer());
        vertx.executeBlocking(prepared::get, false).onSuccess(this::judged).onFailure(this::broken);
    }

    private void judged(Optional<Failure> wrong) {
        if (wrong.isPresent()) {
            state = State.BAD;
            upstreamAttempt.get().cancel();
            if (callerHasIt) {
                // What is wrong is in the caller's stream already: no other attempt can mend it.
                engine.accept(new Signal.Progress(upstreamAttempt.get().attempt(), 0, false));
            }
            engine.accept(new Signal.Failed(upstreamAttempt.get().attempt(), wrong.get()));
        } else {
            state = State.GOOD;
            waiting.ifPresent(engine);
        }
    }

    /** A check that cannot be made says nothing about the answer. */
    private void broken(Throwable fault) {
        LOG.error("an answer could not be checked and is passed on", fault);
        judged(Optional.empty());
    }
}
