package dev.understudy.protocol.translate;

import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.protocol.answer.AnswerEvaluation;
import dev.understudy.protocol.answer.AnswerListener;
import dev.understudy.protocol.answer.AnswerListener.EventKind;
import dev.understudy.protocol.answer.AnswerReport;
import dev.understudy.protocol.answer.AnswerRules;
import dev.understudy.protocol.answer.AnswerStream;
import dev.understudy.protocol.answer.BodyStart;
import dev.understudy.protocol.answer.PingEvents;
import dev.understudy.protocol.answer.StreamOptions;
import dev.understudy.protocol.answer.Usage;
import dev.understudy.protocol.dialect.Dialect;
import dev.understudy.protocol.dialect.Frame;
import dev.understudy.protocol.dialect.StreamPosition;
import dev.understudy.protocol.dialect.StreamReader;
import dev.understudy.protocol.failure.Classifier;
import dev.understudy.protocol.failure.SecretsInUse;
import dev.understudy.protocol.neutral.Finish;
import dev.understudy.protocol.neutral.StreamEvent;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Judges a stream of any dialect as it comes, and passes it on: byte for byte to a caller of the same dialect, translated to
 * every other.
 *
 * <ul>
 *   <li>A stream is complete if all its choices have ended that have begun, by content or by their end; a choice that is only
 *       named has not ({@link dev.understudy.protocol.neutral.AnswerFacts}). A {@code [DONE]} that is missing then is not missed. Where a
 *       dialect ends with a frame of its own ({@link Dialect#endsWithDone}), a stream is complete with that frame and not
 *       before, and everything from the reason of its end on is held back until then, so that a caller never has half of an
 *       end.
 *   <li>{@code [DONE]}, or such a frame, without any reason is believed if something has come that answers and the tool
 *       arguments of all open choices are whole JSON: then the missing ends are added, with a warning. Callers of a dialect that has such a frame
 *       get it as it is, since their clients believe it too. Where fewer choices came than were requested, it is taken for
 *       the end if all that began have ended. The end of the body without either is a truncated answer.
 *   <li>What is complete does not fail any more: broken JSON or a cut after the end is {@link EventKind#IGNORED}. An error
 *       that the provider reports there (OpenRouter) reaches callers of the same dialect as it came, and what follows it is
 *       still read.
 *   <li>Blanks are no content. Until something else has come they are {@link EventKind#NO_CONTENT}, so that a stream of nothing
 *       but blanks commits no attempt; when it ends it has failed as {@code empty}, unless that is valid. Reasoning is {@link
 *       EventKind#REASONING} and no part of the answer.
 *   <li>A stream that holds tool calls back tells {@link EventKind#TOOL_CALL} while one is open.
 * </ul>
 *
 * <p>A body that is no event stream at all (JSON or HTML, as proxies send with a 200) is recognised by its first byte and
 * judged as a whole.
 */
public final class DialectStream implements AnswerStream {
    private static final byte[] NOTHING = {};
    private static final byte[] BLANK_LINE = {'\n', '\n'};

    private final Dialect dialect;
    private final AnswerRules rules;
    private final StreamOutput output;
    private final AnswerListener listener;
    private final StreamReader reader;
    private final FrameDecoder frames;
    private final BodyStart start = new BodyStart();
    private final ByteArrayOutputStream lateEnd = new ByteArrayOutputStream(0);
    private final StreamFacts facts;
    private final boolean holdsToolCalls;
    private final boolean verbatim;
    private final Consumer<StreamEvent> events = this::take;

    private boolean content;
    private boolean callOpen;
    private boolean finished;
    private boolean done;
    private boolean failed;

    /**
     * @param dialect of the stream
     * @param rules what makes an answer to this request good
     * @param output what the caller gets
     * @param options whether the text is kept, and calls are held back
     * @param maxFrameBytes how large one frame may be; a larger one is {@code malformed}
     * @param listener is told of each frame
     */
    public DialectStream(
            Dialect dialect,
            AnswerRules rules,
            StreamOutput output,
            StreamOptions options,
            int maxFrameBytes,
            AnswerListener listener) {
        this.dialect = dialect;
        this.rules = rules;
        this.output = output;
        this.listener = listener;
        this.reader = dialect.streamReader();
        this.frames = FrameDecoder.of(dialect.framing(), maxFrameBytes, new FrameHandler());
        this.facts = new StreamFacts(options.keepsText());
        this.holdsToolCalls = options.holdsToolCalls();
        this.verbatim = output.isVerbatim();
    }

    @Override
    public void feed(byte[] array, int offset, int length) {
        switch (frames.isText() ? start.look(array, offset, length) : BodyStart.Kind.STREAM) {
            case OPEN, STREAM -> frames.feed(array, offset, length);
            case PAGE -> fail(AnswerEvaluation.malformed(array, offset, length, "an event stream"));
            case DOCUMENT -> start.keep(array, offset, length);
        }
    }

    @Override
    public void end() {
        frames.end();
        if (!finished && !failed) {
            if (frames.lacksBlankLine() && verbatim) {
                // What follows, an error or another attempt's frames, must not become a part of the last frame.
                listener.event(EventKind.NO_CONTENT, BLANK_LINE, 0, BLANK_LINE.length);
            }
            fail(start.isDocument() ? documentFailure() : truncated());
        }
    }

    private Failure documentFailure() {
        byte[] body = start.document();
        Failure inBand = Classifier.classify(200, name -> Optional.empty(), body, 0);
        return inBand.kind() == FailureKind.MALFORMED
                ? Failure.of(
                        FailureKind.MALFORMED,
                        (PassThroughAnswer.isWhole(body, 0, body.length) ? "A JSON body" : "Truncated or invalid JSON")
                                + " instead of an event stream")
                : inBand;
    }

    private static Failure truncated() {
        return Failure.of(FailureKind.TRUNCATED, "The stream ended without its terminal event");
    }

    private void frame(Frame frame, byte[] raw, int offset, int length) {
        if (done) {
            listener.event(EventKind.IGNORED, NOTHING, 0, 0);
            return;
        }
        facts.nextFrame(callOpen);
        if (holdsToolCalls && !callOpen) {
            output.mark();
        }
        output.nextFrame();
        // Where nothing is translated, no more is read than decides about the stream.
        boolean readable = verbatim ? reader.readFacts(frame, facts) : reader.read(frame, events);
        Optional<Failure> wrong = wrong(readable, frame);
        if (wrong.isPresent()) {
            facts.takeBack();
            if (finished
                    && verbatim
                    && frame.length() > 0
                    && facts.failure().filter(Classifier::hasMessage).isPresent()) {
                lateError(Arrays.copyOfRange(raw, offset, offset + length));
            } else if (finished) {
                listener.event(EventKind.IGNORED, NOTHING, 0, 0);
            } else if (verbatim) {
                fail(wrong.get(), raw, offset, length);
            } else {
                fail(wrong.get());
            }
            return;
        }
        boolean doneMark = facts.isDoneMark() && !dialect.endsWithDone();
        if (!finished && facts.isDone() && !facts.tally().allEnded() && !reader.isNamelessCallOpen()) {
            endUnsaid();
        }
        if (facts.isPing()) {
            PingEvents.tell(listener, raw, offset, verbatim ? length : 0);
        } else if (doneMark) {
            doneMark(raw, offset, length);
        } else if (verbatim) {
            judge(raw, offset, length);
        } else {
            byte[] written = output.written();
            judge(written, 0, written.length);
        }
    }

    /** An error behind the end of the answer. A frame with a checksum cannot be changed, so one with a key is dropped. */
    private void lateError(byte[] raw) {
        byte[] shown = SecretsInUse.redact(raw);
        boolean broken = !frames.isText() && !Arrays.equals(shown, raw);
        EventKind kind = facts.hasCounted() ? EventKind.USAGE : EventKind.NO_CONTENT;
        listener.event(broken ? EventKind.IGNORED : kind, shown, 0, broken ? 0 : shown.length);
    }

    private Optional<Failure> wrong(boolean readable, Frame frame) {
        if (!readable) {
            return Optional.of(
                    AnswerEvaluation.malformed(frame.array(), frame.offset(), frame.length(), "a frame of an answer"));
        }
        Optional<Failure> wrong = facts.failure();
        if (wrong.isPresent() || finished) {
            return wrong;
        }
        Optional<Finish> breakdown = facts.tally().breakdown();
        return breakdown.isEmpty() ? output.failure() : breakdown.map(AnswerEvaluation::breakdown);
    }

    private void endUnsaid() {
        List<StreamEvent.Ended> ends = facts.unsaidEnds();
        if (!ends.isEmpty()) {
            ends.forEach(facts::take);
            output.endUnsaid(facts.begin(), ends);
        }
    }

    private void take(StreamEvent event) {
        facts.take(event);
        output.take(event);
    }

    /** The mark of the end, which is no part of the answer: it is passed on as it came, behind what had to be added. */
    private void doneMark(byte[] raw, int offset, int length) {
        byte[] added = output.written();
        if (!finished && (!facts.tally().allEnded() || reader.isNamelessCallOpen())) {
            fail(truncated(), raw, offset, verbatim ? length : 0);
            return;
        }
        if (!finished) {
            finish(added, 0, added.length);
        }
        if (!overAndBad()) {
            done = true;
            listener.event(EventKind.DONE, raw, offset, verbatim ? length : 0);
        }
    }

    private void judge(byte[] bytes, int offset, int length) {
        boolean counts =
                facts.isSolid() || ((facts.isBlank() || facts.isBlankReasoning()) && (content || rules.emptyAllowed()));
        if (counts) {
            content = true;
            facts.countContent();
        }
        boolean callWasOpen = callOpen;
        callOpen = reader.isClientCallOpen();
        facts.hold(holdsCall());
        if (holdsCall() && !callWasOpen) {
            output.callBegan(reader);
        }
        boolean ended = (facts.tally().complete(rules.choices())
                        || (facts.isDone() && facts.tally().allEnded()))
                && !reader.isNamelessCallOpen();
        if (finished) {
            listener.event(facts.hasCounted() ? EventKind.USAGE : EventKind.NO_CONTENT, bytes, offset, length);
        } else if (ended && dialect.endsWithDone() && !facts.isDone()) {
            lateEnd.write(bytes, offset, length);
            listener.event(kind(counts, callWasOpen), NOTHING, 0, 0);
        } else if (ended && lateEnd.size() > 0) {
            lateEnd.write(bytes, offset, length);
            finish(lateEnd.toByteArray(), 0, lateEnd.size());
        } else if (ended) {
            finish(bytes, offset, length);
        } else if (facts.isDone()) {
            fail(truncated());
            return;
        } else {
            listener.event(kind(counts, callWasOpen), bytes, offset, length);
        }
        if (facts.isDone() && !overAndBad()) {
            done = true;
            listener.event(EventKind.DONE, NOTHING, 0, 0);
        }
    }

    /** What a frame of an unfinished answer is worth. Blanks belong to a text, or to reasoning, that has begun. */
    private EventKind kind(boolean counts, boolean callWasOpen) {
        if (holdsCall()) {
            return counts || facts.isToolCall() || !callWasOpen ? EventKind.TOOL_CALL : EventKind.NO_CONTENT;
        }
        if (facts.isAnswer()
                || (holdsToolCalls && callWasOpen)
                || (facts.isBlank() && (facts.isAnswered() || rules.emptyAllowed()))) {
            return EventKind.CONTENT;
        }
        boolean reasoning = facts.isReasoning() || (facts.isBlankReasoning() && content) || reader.saidReasoning();
        return reasoning ? EventKind.REASONING : EventKind.NO_CONTENT;
    }

    private void finish(byte[] bytes, int offset, int length) {
        finished = true;
        facts.hold(false);
        Optional<Failure> wrong = AnswerEvaluation.on(facts.tally(), facts.isAnswered(), rules);
        if (wrong.isPresent()) {
            fail(wrong.get(), bytes, offset, length);
        } else {
            listener.event(EventKind.FINISH, bytes, offset, length);
        }
    }

    private void fail(Failure failure) {
        fail(failure, NOTHING, 0, 0);
    }

    private void fail(Failure failure, byte[] bytes, int offset, int length) {
        if (!failed) {
            failed = true;
            listener.failed(failure, bytes, offset, length);
        }
    }

    /** Nothing more is of interest: the stream failed, and not just for being of little use. */
    private boolean overAndBad() {
        return failed && !finished;
    }

    /** What is known of the stream so far. */
    StreamFacts facts() {
        return facts;
    }

    /** Whether the listener was told a failure. */
    boolean isFailed() {
        return failed;
    }

    @Override
    public long characters() {
        return facts.characters();
    }

    @Override
    public int kept() {
        return frames.kept() + start.size();
    }

    @Override
    public void forgetKept() {
        frames.forgetKept();
        start.forget();
    }

    @Override
    public boolean toolCallOpen() {
        return callOpen && !finished;
    }

    @Override
    public boolean toolOpen() {
        return !finished && (callOpen || reader.isProviderToolOpen());
    }

    private boolean holdsCall() {
        return holdsToolCalls && toolCallOpen();
    }

    @Override
    public boolean continuable() {
        return !finished
                && lateEnd.size() == 0
                && facts.isPlainText(rules.choices())
                && (holdsCall() || !verbatim || !reader.isForeignOpen());
    }

    @Override
    public Optional<String> text() {
        return facts.text();
    }

    @Override
    public StreamPosition position() {
        return output.position(reader, holdsCall());
    }

    @Override
    public Usage usage() {
        return facts.usage();
    }

    @Override
    public AnswerReport report() {
        return facts.report();
    }

    @Override
    public long completionTokens() {
        return facts.completionTokens();
    }

    @Override
    public byte[] ending() {
        ByteArrayOutputStream ending = new ByteArrayOutputStream();
        if (frames.lacksBlankLine() && verbatim) {
            ending.writeBytes(BLANK_LINE);
        }
        ending.writeBytes(output.ending());
        return ending.toByteArray();
    }

    /** Keeps the decoder's view of this class out of its public face. */
    private final class FrameHandler implements FrameDecoder.Handler {
        @Override
        public void frame(Frame frame, byte[] raw, int offset, int length) {
            if (!overAndBad()) {
                DialectStream.this.frame(frame, raw, offset, length);
            }
        }

        @Override
        public void ping(byte[] array, int offset, int length) {
            if (!overAndBad()) {
                PingEvents.tell(listener, array, offset, verbatim ? length : 0);
            }
        }

        @Override
        public void cut() {
            // Before the end it is the missing end that tells, after it nothing is missing.
            if (finished) {
                listener.event(EventKind.IGNORED, NOTHING, 0, 0);
            }
        }

        @Override
        public void broken(String why) {
            if (!finished) {
                fail(Failure.of(FailureKind.MALFORMED, why));
            }
        }
    }
}
