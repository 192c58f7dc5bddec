package dev.understudy.gateway.call;

import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.engine.Signal;
import dev.understudy.protocol.chat.AnswerRules;
import dev.understudy.protocol.chat.ChatListener;
import dev.understudy.protocol.chat.ChatStream;
import dev.understudy.protocol.chat.recovery.ContinuationForm;
import dev.understudy.protocol.chat.recovery.ContinuedChunks;
import dev.understudy.protocol.chat.recovery.FirstPart;
import dev.understudy.protocol.chat.recovery.Seam;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Reads a streamed answer: holds its events back until the engine commits to it, then passes them on as they came.
 *
 * <p>What one network read brought is looked at as a whole before the engine hears of it. So a stream whose first content
 * and whose failure arrive together fails unseen, and the caller is written to once per read, not once per token.
 */
final class StreamedAnswer implements AnswerReader, ChatListener {
    /** Roles, pings and empty deltas are small; who sends this much without content never will send any. */
    private static final int MOST_BEFORE_CONTENT = 1024 * 1024;

    /** What is held back for callers who want all or nothing. */
    private static final int MOST_HELD_BACK = 64 * 1024 * 1024;

    /** Images and audio travel in single events; anything beyond this is no answer that a caller waits for. */
    private static final int LARGEST_EVENT = 16 * 1024 * 1024;

    private static final Buffer DONE = Buffer.buffer("data: [DONE]\n\n");

    private final int attempt;
    private final ChatStream stream;
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
        StreamedAnswer make(int attempt, AnswerRules rules, Consumer<Signal> engine);
    }

    private StreamedAnswer(int attempt, AnswerRules rules, boolean keepsText, Consumer<Signal> engine) {
        this.attempt = attempt;
        this.stream = keepsText
                ? ChatStream.collecting(rules, LARGEST_EVENT, this)
                : new ChatStream(rules, LARGEST_EVENT, this);
        this.engine = engine;
        this.before = Optional.empty();
    }

    private StreamedAnswer(
            int attempt, AnswerRules rules, Before before, Supplier<String> trail, Consumer<Signal> engine) {
        AnswerSoFar answer = before.answer();
        Seam seam = new Seam(answer.text(), before.form());
        this.attempt = attempt;
        this.stream = ChatStream.collecting(
                answer.mayBeWhole() ? rules.allowingEmpty() : rules,
                LARGEST_EVENT,
                new ContinuedChunks(answer.first(), seam, trail, this));
        this.engine = engine;
        this.before = Optional.of(before);
    }

    /** Reads an answer that nobody will be asked to go on with. */
    static Maker plain() {
        return (attempt, rules, engine) -> new StreamedAnswer(attempt, rules, false, engine);
    }

    /** Keeps the text, so that another target can go on from it. */
    static Maker keepingText() {
        return (attempt, rules, engine) -> new StreamedAnswer(attempt, rules, true, engine);
    }

    /**
     * Reads an answer that goes on with the caller's.
     *
     * @param trail the trail of the call, for the last event
     */
    static Maker continuing(AnswerSoFar answer, ContinuationForm form, Supplier<String> trail) {
        return (attempt, rules, engine) -> new StreamedAnswer(attempt, rules, new Before(answer, form), trail, engine);
    }

    /** What the caller has of the answer now, of this attempt and of those before it. */
    AnswerSoFar soFar() {
        String text = stream.text().orElse("");
        return before.isEmpty()
                ? new AnswerSoFar(text, FirstPart.of(stream))
                : before.get().answer().and(text, before.get().form(), stream.completionTokens());
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
            case CONTENT -> {
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
        Buffer last = before.isEmpty() && stream.lacksBlankLine() ? pending.appendString("\n\n") : pending;
        return last.length() == 0 ? DONE : last.appendBuffer(DONE);
    }

    @Override
    public OptionalLong promptTokens() {
        return stream.facts().usage().promptTokens();
    }

    @Override
    public OptionalLong completionTokens() {
        OptionalLong own = stream.facts().usage().completionTokens();
        return before.isPresent() && own.isPresent()
                ? OptionalLong.of(before.get().answer().first().completionTokens() + own.getAsLong())
                : own;
    }
}
