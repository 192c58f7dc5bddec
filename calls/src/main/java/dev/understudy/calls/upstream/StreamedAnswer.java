package dev.understudy.calls.upstream;

import dev.understudy.calls.bytes.Bytes;
import dev.understudy.calls.bytes.BytesBuilder;
import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.engine.Signal;
import dev.understudy.protocol.answer.AnswerListener;
import dev.understudy.protocol.answer.AnswerReport;
import dev.understudy.protocol.answer.AnswerStream;
import dev.understudy.protocol.answer.StreamOptions;
import dev.understudy.protocol.answer.Usage;
import dev.understudy.protocol.recovery.ContinuationForm;
import dev.understudy.protocol.recovery.DeliveredPart;
import dev.understudy.protocol.recovery.Seam;
import dev.understudy.protocol.translate.ResponseTranslator;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Reads a streamed answer: holds its events back until the commit, then forwards them as they arrive.
 *
 * <p>All bytes of one network read are parsed before the engine receives a signal. A stream whose first content and whose
 * failure arrive together therefore fails before the commit, and the caller is written to once per read, not once per token.
 *
 * <p>Two things are held back even after the commit: a tool call until it is complete, since half a call is useless, and the
 * end of an answer that has to be checked first.
 */
public final class StreamedAnswer implements UpstreamBodyReader, AnswerListener {
    /** Roles and empty deltas are small; a stream that is this long without content will not deliver any. */
    private static final int MOST_BEFORE_CONTENT = 1024 * 1024;

    /** What is held back at most for a call that commits only to complete answers. */
    private static final int MOST_HELD_BACK = 64 * 1024 * 1024;

    private static final int NOTHING_IS_HELD = -1;

    private final int attempt;
    private final AnswerStream stream;
    private final Options options;
    private final Consumer<Signal> engine;
    /** What the caller had received before this answer, if it is a continuation, and the form of the continuation. */
    private final Optional<Before> before;

    private final BytesBuilder pending = new BytesBuilder();
    /** The position from which the pending bytes are held back even after the commit. */
    private int heldFrom = NOTHING_IS_HELD;

    private Optional<Consumer<Bytes>> caller = Optional.empty();
    /** Another attempt may take over where the caller's stream stands now. */
    private boolean suspended;

    private Optional<Failure> failure = Optional.empty();
    private boolean hasContent;
    private boolean contentCame;
    private Optional<Signal.Sign> sign = Optional.empty();
    private boolean finished;
    private boolean done;
    private boolean finishTold;

    private record Before(PartialAnswer answer, ContinuationForm form) {}

    /**
     * How a stream reaches the caller.
     *
     * @param holdsToolCalls whether tool calls are held back until they are complete
     * @param holdsEnd whether the end waits until the engine delivers the answer
     * @param commitsAtOnce whether the first event counts as content, because it has the id of a background job
     * @param trailAtTheEnd writes the trail before the last event, given what the caller knows of the stream; no bytes if
     *     the response headers contain the trail
     */
    record Options(
            boolean holdsToolCalls,
            boolean holdsEnd,
            boolean commitsAtOnce,
            Function<Supplier<DeliveredPart>, byte[]> trailAtTheEnd) {}

    /** Makes the reader when the response headers have arrived. */
    interface Maker {
        StreamedAnswer make(int attempt, Consumer<Signal> engine);
    }

    private StreamedAnswer(
            int attempt,
            Function<AnswerListener, AnswerStream> stream,
            Options options,
            Optional<Before> before,
            Consumer<Signal> engine) {
        this.attempt = attempt;
        this.engine = engine;
        this.options = options;
        this.before = before;
        this.stream = stream.apply(this);
    }

    /**
     * Reads an answer from its beginning.
     *
     * @param keepsText whether another target may have to continue it
     */
    static Maker fresh(ResponseTranslator responseTranslator, boolean keepsText, Options options) {
        StreamOptions reading = new StreamOptions(keepsText, options.holdsToolCalls());
        return (attempt, engine) -> new StreamedAnswer(
                attempt, listener -> responseTranslator.stream(reading, listener), options, Optional.empty(), engine);
    }

    /**
     * Reads an answer that continues what the caller has received.
     *
     * @param trail the trail of the call, for the last event
     */
    static Maker continuing(
            ResponseTranslator responseTranslator,
            PartialAnswer answer,
            ContinuationForm form,
            Options options,
            Supplier<String> trail) {
        return (attempt, engine) -> new StreamedAnswer(
                attempt,
                listener -> responseTranslator.continuing(
                        answer.resumePoint(),
                        answer.first(),
                        new Seam(answer.text(), form),
                        new StreamOptions(true, options.holdsToolCalls()),
                        trail,
                        listener),
                options,
                Optional.of(new Before(answer, form)),
                engine);
    }

    /** What the caller has received of the answer, from this attempt and those before it. */
    public PartialAnswer soFar() {
        String text = stream.text().orElse("");
        return before.isEmpty()
                ? new PartialAnswer(text, DeliveredPart.of(stream), stream.position())
                : before.get().answer().and(text, before.get().form(), stream);
    }

    /** Whether it continues what another attempt has delivered. */
    boolean isContinuation() {
        return before.isPresent();
    }

    /** The id of the answer; empty as long as it is unknown. */
    String id() {
        return stream.position().id();
    }

    /** All of the text that a continued answer has once this one is complete. */
    String wholeText() {
        String text = stream.text().orElse("");
        return before.map(had -> Seam.joined(had.answer().text(), had.form(), text))
                .orElse(text);
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
                // The terminal event was there: a missing [DONE] takes nothing from the answer.
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
    public void event(EventKind event, byte[] array, int offset, int length) {
        switch (event) {
            case PING -> {
                show(Signal.Sign.BYTES);
                // Pings from before the commit would only arrive in one burst.
                if (caller.isPresent()) {
                    hold(array, offset, length);
                }
            }
            case NO_CONTENT, USAGE -> {
                contentCame |= options.commitsAtOnce();
                hasContent |= options.commitsAtOnce();
                show(Signal.Sign.BYTES);
                hold(array, offset, length);
            }
            case REASONING -> {
                show(Signal.Sign.REASONING);
                hold(array, offset, length);
            }
            case TOOL_CALL -> {
                show(Signal.Sign.TOOL_CALL);
                holdFromHere();
                hold(array, offset, length);
            }
            case CONTENT -> {
                // A continuation that only repeats what the caller has shows that it is alive, and has no content yet.
                contentCame |= length > 0 || before.isEmpty();
                hasContent = true;
                show(Signal.Sign.BYTES);
                hold(array, offset, length);
            }
            case FINISH -> {
                finished = true;
                endHold();
                if (options.holdsEnd()) {
                    holdFromHere();
                }
                byte[] trail = options.trailAtTheEnd().apply(() -> DeliveredPart.of(stream));
                hold(trail, 0, trail.length);
                hold(array, offset, length);
            }
            case DONE -> done = true;
            case IGNORED -> {}
        }
        if (heldFrom != NOTHING_IS_HELD && !finished && !stream.toolCallOpen()) {
            endHold();
            hasContent = true;
            contentCame = true;
        }
    }

    /** The sign that shows most of the model's work is reported. */
    private void show(Signal.Sign what) {
        if (sign.isEmpty() || what != Signal.Sign.BYTES) {
            sign = Optional.of(what);
        }
    }

    private void holdFromHere() {
        if (heldFrom == NOTHING_IS_HELD) {
            heldFrom = pending.length();
        }
    }

    private void endHold() {
        heldFrom = NOTHING_IS_HELD;
    }

    @Override
    public void failed(Failure what, byte[] array, int offset, int length) {
        failure = Optional.of(what);
        if (what.hasDeliverableAnswer()) {
            endHold();
            hold(array, offset, length);
        }
    }

    private void hold(byte[] array, int offset, int length) {
        pending.append(array, offset, length);
    }

    /** Reports to the engine what the last read contained, and forwards what may be forwarded. */
    private void report() {
        if (failure.isPresent() && caller.isEmpty()) {
            engine.accept(new Signal.Failed(attempt, failure.get()));
            return;
        }
        if (contentCame) {
            contentCame = false;
            sign = heldFrom == NOTHING_IS_HELD ? Optional.empty() : Optional.of(Signal.Sign.TOOL_CALL);
            engine.accept(new Signal.Progress(attempt, stream.characters(), stream.continuable()));
            suspended = false;
        }
        if (sign.isPresent()) {
            Signal.Sign shown = sign.get();
            sign = Optional.empty();
            engine.accept(new Signal.Alive(attempt, shown));
        }
        flush();
        if (failure.isPresent()) {
            engine.accept(new Signal.Failed(attempt, failure.get()));
        } else if (done) {
            engine.accept(new Signal.Completed(attempt));
        } else if (finished && !finishTold) {
            finishTold = true;
            engine.accept(new Signal.Finishing(attempt));
        } else {
            limitWhatIsHeldBack();
        }
    }

    private void limitWhatIsHeldBack() {
        int most = hasContent || heldFrom != NOTHING_IS_HELD ? MOST_HELD_BACK : MOST_BEFORE_CONTENT;
        if (pending.length() > most) {
            String what = hasContent ? " bytes without an end" : " bytes before any content";
            engine.accept(new Signal.Failed(attempt, Failure.of(FailureKind.MALFORMED, "more than " + most + what)));
        }
    }

    private void flush() {
        if (caller.isEmpty() || suspended || pending.length() == 0 || heldFrom == 0) {
            return;
        }
        Bytes ready = pending.take();
        if (heldFrom != NOTHING_IS_HELD) {
            pending.append(ready.array(), ready.offset() + heldFrom, ready.length() - heldFrom);
            ready = ready.first(heldFrom);
            heldFrom = 0;
        }
        caller.get().accept(ready);
    }

    /** The engine has committed to this answer: forwards everything so far and all that arrives. */
    public void releaseTo(Consumer<Bytes> to) {
        caller = Optional.of(to);
        suspended = false;
        flush();
    }

    /**
     * Forwards nothing until content arrives or the engine commits to this answer again: another attempt has started that may
     * continue the caller's stream from where it stands now.
     */
    void suspend() {
        suspended = true;
    }

    @Override
    public byte[] held() {
        return pending.toArray();
    }

    @Override
    public long kept() {
        return (long) pending.length() + stream.kept();
    }

    @Override
    public void forgetKept() {
        done = true;
        pending.take();
        stream.forgetKept();
    }

    /** The last bytes of a complete answer. */
    public Bytes ending() {
        pending.append(Bytes.of(stream.ending()));
        return pending.take();
    }

    @Override
    public Usage usage() {
        Usage own = stream.usage();
        return before.isPresent() && own.completionTokens().isPresent()
                ? new Usage(
                        own.promptTokens(),
                        OptionalLong.of(
                                completionBefore() + own.completionTokens().getAsLong()),
                        OptionalLong.empty(),
                        own.cachedTokens())
                : own;
    }

    @Override
    public AnswerReport providerReport() {
        return stream.report();
    }

    @Override
    public long estimatedCompletionTokens() {
        return completionBefore() + stream.completionTokens();
    }

    private long completionBefore() {
        return before.isPresent() ? before.get().answer().first().completionTokens() : 0;
    }
}
