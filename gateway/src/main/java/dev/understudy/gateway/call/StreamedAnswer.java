package dev.understudy.gateway.call;

import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.engine.Signal;
import dev.understudy.protocol.answer.AnswerListener;
import dev.understudy.protocol.answer.AnswerStream;
import dev.understudy.protocol.answer.StreamOptions;
import dev.understudy.protocol.chat.recovery.ContinuationForm;
import dev.understudy.protocol.chat.recovery.FirstPart;
import dev.understudy.protocol.chat.recovery.Seam;
import dev.understudy.protocol.translate.Rendering;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Reads a streamed answer: holds its events back until the engine commits to it, then passes them on as they came.
 *
 * <p>What one network read brought is looked at as a whole before the engine hears of it. So a stream whose first content
 * and whose failure arrive together fails unseen, and the caller is written to once per read, not once per token.
 */
final class StreamedAnswer implements AnswerReader, AnswerListener {
    /** Roles, pings and empty deltas are small; who sends this much without content never will send any. */
    private static final int MOST_BEFORE_CONTENT = 1024 * 1024;

    /** What is held back for callers who want all or nothing. */
    private static final int MOST_HELD_BACK = 64 * 1024 * 1024;

    private final int attempt;
    private final AnswerStream stream;
    private final Consumer<Signal> engine;
    /** What the caller had before this answer began to go on with it, and how that was asked for. */
    private final Optional<Before> before;

    private Buffer pending = Buffer.buffer();
    private Optional<Consumer<Buffer>> caller = Optional.empty();
    private Optional<Failure> failure = Optional.empty();
    private boolean hasContent;
    private boolean contentCame;
    private boolean finished;
    private boolean done;
    private boolean finishTold;

    private record Before(AnswerSoFar answer, ContinuationForm form) {}

    /** Makes the reader when the answer's head has come. */
    interface Maker {
        StreamedAnswer make(int attempt, Consumer<Signal> engine);
    }

    private StreamedAnswer(
            int attempt,
            Function<AnswerListener, AnswerStream> stream,
            Optional<Before> before,
            Consumer<Signal> engine) {
        this.attempt = attempt;
        this.engine = engine;
        this.before = before;
        this.stream = stream.apply(this);
    }

    /**
     * Reads an answer from its beginning.
     *
     * @param keepsText whether another target may be asked to go on with it
     */
    static Maker fresh(Rendering rendering, boolean keepsText) {
        return (attempt, engine) -> new StreamedAnswer(
                attempt,
                listener -> rendering.stream(new StreamOptions(keepsText, false), listener),
                Optional.empty(),
                engine);
    }

    /**
     * Reads an answer that goes on with the caller's.
     *
     * @param trail the trail of the call, for the last event
     */
    static Maker continuing(Rendering rendering, AnswerSoFar answer, ContinuationForm form, Supplier<String> trail) {
        return (attempt, engine) -> new StreamedAnswer(
                attempt,
                listener -> rendering.continuing(
                        answer.resume(),
                        answer.first(),
                        new Seam(answer.text(), form),
                        new StreamOptions(true, false),
                        trail,
                        listener),
                Optional.of(new Before(answer, form)),
                engine);
    }

    /** What the caller has of the answer now, of this attempt and of those before it. */
    AnswerSoFar soFar() {
        String text = stream.text().orElse("");
        return before.isEmpty()
                ? new AnswerSoFar(text, FirstPart.of(stream), stream.place())
                : before.get().answer().and(text, before.get().form(), stream);
    }

    @Override
    public void bytes(byte[] array, int offset, int length) {
        if (!done) {
            stream.feed(array, offset, length);
            report();
        }
    }

    @Override
    public void end() {
        if (!done) {
            stream.end();
            if (finished) {
                // The terminal mark was there: a missing [DONE] takes nothing from the answer.
                done = true;
            }
            report();
        }
    }

    @Override
    public boolean isComplete() {
        return finished && failure.isEmpty();
    }

    @Override
    public Failure brokenBy(Throwable cause) {
        return ConnectionFailures.insideAnswer(cause, true);
    }

    @Override
    public void piece(Piece piece, byte[] array, int offset, int length) {
        switch (piece) {
            case QUIET, USAGE -> hold(array, offset, length);
            case CONTENT, REASONING, TOOL_CALL -> {
                contentCame = true;
                hasContent = true;
                hold(array, offset, length);
            }
            case FINISH -> {
                finished = true;
                hold(array, offset, length);
            }
            case DONE -> done = true;
            case STRAY -> {}
        }
    }

    @Override
    public void failed(Failure what, byte[] array, int offset, int length) {
        failure = Optional.of(what);
        if (what.answerAtHand()) {
            hold(array, offset, length);
        }
    }

    private void hold(byte[] array, int offset, int length) {
        pending.appendBytes(array, offset, length);
    }

    /** Tells the engine what the last read brought, and the caller what it may have of it. */
    private void report() {
        if (failure.isPresent() && caller.isEmpty()) {
            engine.accept(new Signal.Failed(attempt, failure.get()));
            return;
        }
        if (contentCame) {
            contentCame = false;
            engine.accept(new Signal.Progress(attempt, stream.characters(), stream.continuable()));
        }
        flush();
        if (failure.isPresent()) {
            engine.accept(new Signal.Failed(attempt, failure.get()));
        } else if (done) {
            engine.accept(new Signal.Completed(attempt));
        } else if (finished && !finishTold) {
            finishTold = true;
            engine.accept(new Signal.Finishing(attempt));
        } else if (caller.isEmpty()) {
            limitWhatIsHeldBack();
        }
    }

    private void limitWhatIsHeldBack() {
        int most = hasContent ? MOST_HELD_BACK : MOST_BEFORE_CONTENT;
        if (pending.length() > most) {
            String what = hasContent ? " bytes and no end" : " bytes before any content";
            engine.accept(new Signal.Failed(attempt, Failure.of(FailureKind.MALFORMED, "more than " + most + what)));
        }
    }

    private void flush() {
        if (caller.isPresent() && pending.length() > 0) {
            Buffer ready = pending;
            pending = Buffer.buffer();
            caller.get().accept(ready);
        }
    }

    /** The engine has committed to this answer: everything so far, and all that comes, is the caller's. */
    void releaseTo(Consumer<Buffer> to) {
        caller = Optional.of(to);
        flush();
    }

    @Override
    public byte[] held() {
        return pending.getBytes();
    }

    /** The last bytes of a complete answer. */
    Buffer ending() {
        return pending.appendBytes(stream.ending());
    }

    @Override
    public OptionalLong promptTokens() {
        return stream.usage().promptTokens();
    }

    @Override
    public OptionalLong completionTokens() {
        OptionalLong own = stream.usage().completionTokens();
        return before.isPresent() && own.isPresent()
                ? OptionalLong.of(before.get().answer().first().completionTokens() + own.getAsLong())
                : own;
    }
}
