package dev.understudy.protocol.translate;

import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.protocol.answer.AnswerEvaluation;
import dev.understudy.protocol.answer.AnswerListener;
import dev.understudy.protocol.answer.AnswerListener.EventKind;
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
import dev.understudy.protocol.neutral.StreamEvent;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Optional;

/**
 * Judges a stream of any dialect as it comes, and gives it out: byte for byte to a caller of the same dialect, written
 * anew to every other.
 *
 * <p>The rules are those of {@link dev.understudy.protocol.chat.ChatStream}, which is the same thing for the most frequent
 * case. One is added: where a dialect ends with a frame of its own ({@link Dialect#endsWithDone}), a stream is complete
 * with that frame and not before, and everything from the reason of its end on is held back until then. So a caller never
 * has half of an end. Such a frame without any reason is believed like a {@code [DONE]} without one, and passed on as it is
 * to callers of its dialect, whose clients believe it too.
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
     * @param listener hears of each frame
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
        this.frames = FrameDecoder.of(dialect.framing(), maxFrameBytes, new Heard());
        this.facts = new StreamFacts(options.keepsText());
        this.holdsToolCalls = options.holdsToolCalls();
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
            if (frames.lacksBlankLine() && output.isVerbatim()) {
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
                ? Failure.of(FailureKind.MALFORMED, "A JSON body where an event stream is due")
                : inBand;
    }

    private static Failure truncated() {
        return Failure.of(FailureKind.TRUNCATED, "The stream ended without the mark of its end");
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
        boolean readable = reader.read(frame, this::take);
        Optional<Failure> wrong = readable
                ? facts.failure().or(output::failure).or(this::breakdown)
                : Optional.of(AnswerEvaluation.malformed(
                        frame.array(), frame.offset(), frame.length(), "a frame of an answer"));
        if (wrong.isPresent()) {
            facts.takeBack();
            if (!finished) {
                fail(wrong.get());
            }
            return;
        }
        if (!finished && facts.isDone() && !facts.tally().allEnded()) {
            endUnsaid();
        }
        judge(output.of(raw, offset, length));
    }

    private void endUnsaid() {
        List<StreamEvent.Ended> ends = facts.unsaidEnds();
        if (!ends.isEmpty()) {
            ends.forEach(facts::take);
            output.endUnsaid(ends);
        }
    }

    private void take(StreamEvent event) {
        facts.take(event);
        output.take(event);
    }

    private Optional<Failure> breakdown() {
        String word = finished ? "" : facts.tally().breakdown();
        return word.isEmpty() ? Optional.empty() : Optional.of(AnswerEvaluation.breakdown(word));
    }

    private void judge(byte[] bytes) {
        boolean counts = facts.isSolid() || (facts.isBlank() && (content || rules.emptyAllowed()));
        content |= counts;
        boolean callWasOpen = callOpen;
        callOpen = reader.isClientCallOpen();
        facts.hold(holdsCall());
        if (holdsCall() && !callWasOpen) {
            output.callBegan(reader);
        }
        EventKind event = worth(counts, callWasOpen);
        boolean ended = facts.tally().complete(rules.choices())
                || (facts.isDone() && facts.tally().allEnded());
        if (facts.isPing()) {
            PingEvents.tell(listener, bytes, 0, bytes.length);
        } else if (finished) {
            listener.event(facts.hasCounted() ? EventKind.USAGE : EventKind.NO_CONTENT, bytes, 0, bytes.length);
        } else if (ended && dialect.endsWithDone() && !facts.isDone()) {
            lateEnd.writeBytes(bytes);
            listener.event(event, NOTHING, 0, 0);
        } else if (ended) {
            lateEnd.writeBytes(bytes);
            finish(lateEnd.toByteArray());
        } else if (facts.isDone()) {
            fail(truncated());
            return;
        } else {
            listener.event(event, bytes, 0, bytes.length);
        }
        if (facts.isDone() && !overAndBad()) {
            done = true;
            listener.event(EventKind.DONE, NOTHING, 0, 0);
        }
    }

    /** What a frame of an unfinished answer is worth. Blanks belong to a text that has begun, and to no reasoning. */
    private EventKind worth(boolean counts, boolean callWasOpen) {
        boolean reasoning = facts.isReasoning() || reader.saidReasoning();
        if (holdsCall()) {
            return counts || !callWasOpen ? EventKind.TOOL_CALL : EventKind.NO_CONTENT;
        }
        if (facts.isAnswer()
                || (holdsToolCalls && callWasOpen)
                || (facts.isBlank() && (facts.isAnswered() || rules.emptyAllowed()))) {
            return EventKind.CONTENT;
        }
        return reasoning ? EventKind.REASONING : EventKind.NO_CONTENT;
    }

    private void finish(byte[] bytes) {
        finished = true;
        facts.hold(false);
        Optional<Failure> wrong = AnswerEvaluation.on(facts.tally(), facts.isAnswered(), rules);
        if (wrong.isPresent()) {
            fail(wrong.get(), bytes);
        } else {
            listener.event(EventKind.FINISH, bytes, 0, bytes.length);
        }
    }

    private void fail(Failure failure) {
        fail(failure, NOTHING);
    }

    private void fail(Failure failure, byte[] bytes) {
        if (!failed) {
            failed = true;
            listener.failed(failure, bytes, 0, bytes.length);
        }
    }

    /** Nothing more is of interest: the stream failed, and not just for being of little use. */
    private boolean overAndBad() {
        return failed && !finished;
    }

    @Override
    public long characters() {
        return facts.characters();
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
                && (holdsCall() || !output.isVerbatim() || !reader.isForeignOpen());
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
    public long completionTokens() {
        return facts.completionTokens();
    }

    @Override
    public byte[] ending() {
        ByteArrayOutputStream ending = new ByteArrayOutputStream();
        if (frames.lacksBlankLine() && output.isVerbatim()) {
            ending.writeBytes(BLANK_LINE);
        }
        ending.writeBytes(output.ending());
        return ending.toByteArray();
    }

    /** Keeps the decoder's view of this class out of its public face. */
    private final class Heard implements FrameDecoder.Handler {
        @Override
        public void frame(Frame frame, byte[] raw, int offset, int length) {
            if (!overAndBad()) {
                DialectStream.this.frame(frame, raw, offset, length);
            }
        }

        @Override
        public void ping(byte[] array, int offset, int length) {
            if (!overAndBad()) {
                PingEvents.tell(listener, array, offset, output.isVerbatim() ? length : 0);
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
