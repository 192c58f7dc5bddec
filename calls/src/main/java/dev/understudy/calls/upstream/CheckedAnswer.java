package dev.understudy.calls.upstream;

import dev.understudy.calls.loop.CallLoop;
import dev.understudy.calls.work.WorkPool;
import dev.understudy.engine.Failure;
import dev.understudy.engine.Signal;
import dev.understudy.protocol.acceptance.CheckTooExpensive;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes an attempt's signals to the engine where answers are checked: the signal that the answer is complete is held back
 * until the check is done. The check may take long and therefore runs in a pool of its own; that time does not count as the
 * provider's.
 *
 * <p>A check is no verdict if it exceeds its limits ({@link dev.understudy.protocol.acceptance.CheckBudget}), if too many checks wait,
 * or if it fails itself: the answer is then delivered unchecked, and the caller gets a warning.
 */
final class CheckedAnswer implements Consumer<Signal> {
    private static final Logger LOG = LoggerFactory.getLogger(CheckedAnswer.class);

    private enum State {
        ARRIVING,
        CHECKING,
        ACCEPTED,
        REJECTED
    }

    private static final String UNCHECKED = "accept: the answer was delivered unchecked, because ";

    private final WorkPool pool;
    private final CallLoop loop;
    private final Function<UpstreamBodyReader, Supplier<Optional<Failure>>> check;
    private final boolean callerHasIt;
    private final Supplier<UpstreamAttempt> upstreamAttempt;
    private final Consumer<String> warnings;
    private final Consumer<Signal> engine;

    private State state = State.ARRIVING;
    private Optional<Signal> waiting = Optional.empty();

    /**
     * @param check prepares the check of a complete answer, to be run on a worker thread
     * @param callerHasIt whether all of the answer but its end has been sent to the caller
     * @param warnings what the caller is told
     * @param upstreamAttempt the attempt whose answer is checked; called when the answer is complete
     */
    CheckedAnswer(
            WorkPool pool,
            CallLoop loop,
            Function<UpstreamBodyReader, Supplier<Optional<Failure>>> check,
            boolean callerHasIt,
            Supplier<UpstreamAttempt> upstreamAttempt,
            Consumer<String> warnings,
            Consumer<Signal> engine) {
        this.pool = pool;
        this.loop = loop;
        this.warnings = warnings;
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
        UpstreamAttempt attempt = upstreamAttempt.get();
        Supplier<Optional<Failure>> prepared = check.apply(attempt.answer());
        engine.accept(new Signal.Paused(attempt.attempt()));
        WorkPool.Work<Optional<Failure>> work = pool.submit(loop, prepared::get);
        attempt.works(work);
        work.result().whenComplete((wrong, cause) -> {
            if (cause == null) {
                judged(wrong);
            } else {
                undecided(cause);
            }
        });
    }

    private void judged(Optional<Failure> wrong) {
        engine.accept(new Signal.Resumed(upstreamAttempt.get().attempt()));
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

    private void undecided(Throwable cause) {
        switch (cause) {
            case CheckTooExpensive limits ->
                warnings.accept(UNCHECKED + "the check of its schema or pattern takes too long");
            case WorkPool.Full full -> warnings.accept(UNCHECKED + "the gateway is busy with other checks");
            default -> {
                LOG.error("an answer could not be checked and is delivered unchecked", cause);
                warnings.accept(UNCHECKED + "of a fault in the gateway");
            }
        }
        judged(Optional.empty());
    }
}
