package dev.understudy.protocol.chat;

import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.protocol.answer.AnswerEvaluation;
import dev.understudy.protocol.answer.AnswerListener;
import dev.understudy.protocol.answer.AnswerListener.EventKind;
import dev.understudy.protocol.answer.AnswerRules;
import dev.understudy.protocol.answer.AnswerStream;
import dev.understudy.protocol.answer.AnswerText;
import dev.understudy.protocol.answer.BodyStart;
import dev.understudy.protocol.answer.PingEvents;
import dev.understudy.protocol.answer.StreamOptions;
import dev.understudy.protocol.answer.Usage;
import dev.understudy.protocol.dialect.StreamPosition;
import dev.understudy.protocol.failure.Classifier;
import dev.understudy.protocol.sse.SseDecoder;
import dev.understudy.protocol.sse.SseEvent;
import dev.understudy.protocol.sse.SseHandler;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads a stream of chat completion chunks as it comes, and says of each event what it is worth.
 *
 * <p>Three rules shape it.
 *
 * <ul>
 *   <li>A stream is complete if all its choices have a {@code finish_reason}; a {@code [DONE]} that is missing then is not
 *       missed. {@code [DONE]} without one, but after something that answers, is the server's word that the answer is
 *       complete: the chunk that is missing is added before it, with a warning in it ({@link FinishChunk}), for each choice
 *       that began. It is not believed where a tool's arguments are no whole JSON. Where fewer choices came than were asked
 *       for, {@code [DONE]} after all that began have ended is taken for the finish. The end of the body without either is
 *       a truncated answer.
 *   <li>What is complete does not fail any more: an error, broken JSON or a cut after the finish is {@link EventKind#IGNORED}.
 *   <li>Blanks are no content. Until something else has come they are {@link EventKind#NO_CONTENT}, so that a stream of nothing
 *       but blanks commits nobody; when it finishes it has failed as {@code empty}, unless that is valid. A stream with
 *       reasoning and no text finishes, with {@link ChatFacts#blank}; but reasoning is {@link EventKind#REASONING} and no part of
 *       the answer.
 *   <li>A tool call is open until text that is not blank comes in its choice, or the choice finishes; the next call of a
 *       choice begins where the last one ends. A stream that holds calls back tells {@link EventKind#TOOL_CALL} until then.
 * </ul>
 *
 * <p>A body that is no event stream at all (JSON or HTML, as gateways in between send with a 200) is recognised by its
 * first byte and judged as a whole.
 *
 * <p>A stream made by {@link #collecting} also keeps the answer's text, so that another target can go on from it.
 *
 * <p>Not for several threads at a time.
 */
public final class ChatStream implements AnswerStream {
    private static final byte[] NOTHING = {};
    private static final byte[] BLANK_LINE = {'\n', '\n'};
    private static final byte[] ENDING = "data: [DONE]\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ENDING_AFTER_BLANK_LINE = "\n\ndata: [DONE]\n\n".getBytes(StandardCharsets.US_ASCII);

    private final AnswerRules rules;
    private final AnswerListener listener;
    private final SseDecoder decoder;
    private final SseHandler events = new Events();
    private final AnswerText text;
    private final ChatReader reader;
    private final BodyStart start = new BodyStart();
    private final boolean holdsToolCalls;

    private boolean content;
    private boolean answered;
    private boolean callOpen;

    /** What there was before the event at hand, or before the first one of a call that is held back. */
    private int textBefore;

    private long charactersBefore;
    private boolean toolCallBefore;
    private boolean specialBefore;

    private boolean toolCall;
    private boolean thinking;
    private boolean special;
    private long characters;
    private long contentEvents;
    private Usage usage = Usage.NONE;

    private boolean finished;
    private boolean done;
    private boolean failed;
    private boolean unterminated;

    /**
     * @param rules what makes an answer to this request good
     * @param maxEventBytes how large one event may be; a larger one is {@code malformed}
     * @param listener hears of each event
     */
    public ChatStream(AnswerRules rules, int maxEventBytes, AnswerListener listener) {
        this(rules, maxEventBytes, StreamOptions.LIVE, listener);
    }

    /**
     * @param rules what makes an answer to this request good
     * @param maxEventBytes how large one event may be; a larger one is {@code malformed}
     * @param options whether {@link #text()}, {@link #id()} and {@link #created()} are kept, and calls held back
     * @param listener hears of each event
     */
    public ChatStream(AnswerRules rules, int maxEventBytes, StreamOptions options, AnswerListener listener) {
        this.rules = rules;
        this.listener = listener;
        this.decoder = new SseDecoder(maxEventBytes);
        this.text = options.keepsText() ? AnswerText.kept() : AnswerText.ignored();
        this.reader = new ChatReader(text);
        this.holdsToolCalls = options.holdsToolCalls();
    }

    /** One that keeps {@link #text()}, {@link #id()} and {@link #created()} too, and holds no calls back. */
    public static ChatStream collecting(AnswerRules rules, int maxEventBytes, AnswerListener listener) {
        return new ChatStream(rules, maxEventBytes, new StreamOptions(true, false), listener);
    }

    /** Takes in the next bytes of the body, without content encoding. The array is not kept. */
    @Override
    public void feed(byte[] array, int offset, int length) {
        switch (start.look(array, offset, length)) {
            case OPEN, STREAM -> decoder.feed(array, offset, length, events);
            case PAGE -> fail(AnswerEvaluation.malformed(array, offset, length, "an event stream"));
            case DOCUMENT -> start.keep(array, offset, length);
        }
    }

    /** The body is over. */
    @Override
    public void end() {
        decoder.end(events);
        if (!finished && !failed) {
            if (unterminated) {
                // What follows, an error or another attempt's events, must not become a part of the last event.
                unterminated = false;
                listener.event(EventKind.NO_CONTENT, BLANK_LINE, 0, BLANK_LINE.length);
            }
            fail(start.isDocument() ? documentFailure() : truncated());
        }
    }

    private Failure documentFailure() {
        byte[] body = start.document();
        boolean whole = reader.read(body, 0, body.length);
        return reader.chunk().error
                ? Classifier.inBand(body, 0, body.length)
                : Failure.of(
                        FailureKind.MALFORMED,
                        (whole ? "A JSON body" : "Cut or broken JSON") + " where an event stream is due");
    }

    private Failure truncated() {
        return Failure.of(FailureKind.TRUNCATED, "The stream ended without a finish_reason");
    }

    /** Whether the terminal mark was seen: the answer is complete, for good or for nothing. */
    public boolean finished() {
        return finished;
    }

    /** Whether {@code [DONE]} was seen. */
    public boolean done() {
        return done;
    }

    /** Whether {@link AnswerListener#failed} was called. */
    public boolean failed() {
        return failed;
    }

    /** Whether the last event came without its blank line, which has to be written before anything else. */
    public boolean lacksBlankLine() {
        return unterminated;
    }

    /** What is known so far. */
    public ChatFacts facts() {
        return new ChatFacts(
                reader.model(),
                reader.tally().reason(),
                usage,
                characters,
                !answered,
                toolCall,
                toolCall && !finished,
                thinking && !finished);
    }

    @Override
    public boolean toolCallOpen() {
        return callOpen && !finished;
    }

    /** No provider runs tools of its own in this dialect. */
    @Override
    public boolean toolOpen() {
        return toolCallOpen();
    }

    private boolean holdsCall() {
        return holdsToolCalls && toolCallOpen();
    }

    /**
     * The text of the first choice so far, of the events that were passed on and no others. Empty if it is not kept, or
     * was given up because it is longer than 262,144 characters.
     */
    @Override
    public Optional<String> text() {
        return holdsCall() ? text.textTo(textBefore) : text.text();
    }

    /**
     * Whether another target could continue from {@link #text()}: all of the answer is in it, and it is not complete.
     *
     * <p>That is so for plain text of a single choice, and as long as there is no text at all: reasoning is no part of the
     * answer. It is not for tool calls that were passed on, refusals, audio, images and content in parts.
     */
    @Override
    public boolean continuable() {
        boolean held = holdsCall();
        return text.isWhole()
                && !finished
                && !(held ? toolCallBefore || specialBefore : toolCall || special)
                && (characters() == 0 || (rules.choices() == 1 && reader.tally().onlyFirst()));
    }

    /** The {@code id} of the stream's chunks; empty if none came. */
    public String id() {
        return reader.id();
    }

    /** The {@code created} of the stream's chunks, in seconds since 1970; empty if none came. */
    public OptionalLong created() {
        return reader.created();
    }

    /** How many characters (UTF-16 units) of text and refusal have come, in all choices. */
    @Override
    public long characters() {
        return holdsCall() ? charactersBefore : characters;
    }

    /** How many events had content so far: most providers send a token in each. */
    public long contentEvents() {
        return contentEvents;
    }

    /**
     * How many tokens the answer has cost so far: as the provider counted them, or else an estimate, the larger of a
     * token for each content event and one for every four characters.
     */
    @Override
    public long completionTokens() {
        return usage.completionTokens().orElseGet(() -> Math.max(contentEvents, (characters + 3) / 4));
    }

    @Override
    public StreamPosition position() {
        return StreamPosition.of(!reader.tally().none(), reader.id(), reader.created());
    }

    @Override
    public Usage usage() {
        return usage;
    }

    @Override
    public byte[] ending() {
        return unterminated ? ENDING_AFTER_BLANK_LINE : ENDING;
    }

    private void fail(Failure failure) {
        fail(failure, NOTHING, 0, 0);
    }

    private void fail(Failure failure, byte[] array, int offset, int length) {
        if (failed) {
            return;
        }
        failed = true;
        listener.failed(failure, array, offset, length);
    }

    /** Nothing more is of interest: the stream failed, and not just for being of little use. */
    private boolean over() {
        return failed && !finished;
    }

    private void event(SseEvent event) {
        unterminated = !event.terminated();
        byte[] raw = event.raw();
        int offset = event.rawOffset();
        int length = event.rawLength();
        boolean namedError = event.name().equals("error");
        int mark = text.mark();
        if (!callOpen) {
            textBefore = mark;
            charactersBefore = characters;
            toolCallBefore = toolCall;
            specialBefore = special;
        }
        if (done) {
            listener.event(EventKind.IGNORED, raw, offset, length);
        } else if (DoneMark.is(event.data(), event.dataOffset(), event.dataLength())) {
            done(raw, offset, length);
        } else if ((event.dataLength() == 0 && !namedError) || event.name().equals("ping")) {
            PingEvents.tell(listener, raw, offset, length);
        } else if (!reader.read(event.data(), event.dataOffset(), event.dataLength()) && !namedError) {
            text.backTo(mark);
            odd(
                    raw,
                    offset,
                    length,
                    AnswerEvaluation.malformed(
                            event.data(), event.dataOffset(), event.dataLength(), "a chunk of an answer"));
        } else if (namedError || reader.chunk().error) {
            text.backTo(mark);
            odd(raw, offset, length, Classifier.inBand(event.data(), event.dataOffset(), event.dataLength()));
        } else {
            chunk(reader.chunk(), raw, offset, length);
            if (over()) {
                text.backTo(mark);
            }
        }
    }

    /** Something that is not part of an answer: fatal, unless the answer is complete. */
    private void odd(byte[] raw, int offset, int length, Failure failure) {
        if (finished) {
            listener.event(EventKind.IGNORED, raw, offset, length);
        } else {
            fail(failure, raw, offset, length);
        }
    }

    private void chunk(ChatChunk chunk, byte[] raw, int offset, int length) {
        if (!finished && !reader.tally().breakdown().isEmpty()) {
            fail(AnswerEvaluation.breakdown(reader.tally().breakdown()), raw, offset, length);
            return;
        }
        characters += chunk.characters;
        answered |= chunk.answers();
        toolCall |= chunk.toolCall;
        special |= chunk.special;
        if (chunk.usage) {
            usage = chunk.tokens();
        }
        boolean solid = chunk.answers() || chunk.thinking;
        boolean blanksOnly = !solid && (chunk.blanks || chunk.reasoned);
        boolean counts = solid || (blanksOnly && (content || rules.emptyAllowed()));
        content |= counts;
        if (counts) {
            contentEvents++;
        }
        if (solid) {
            thinking = chunk.thinking && !chunk.answers();
        }
        boolean callWasOpen = callOpen;
        callOpen = reader.isCallOpen();
        if (!finished && reader.tally().complete(rules.choices())) {
            finish(raw, offset, length);
        } else if (holdsCall()) {
            listener.event(counts || chunk.toolCall ? EventKind.TOOL_CALL : EventKind.NO_CONTENT, raw, offset, length);
        } else if (holdsToolCalls && callWasOpen && !finished) {
            listener.event(EventKind.CONTENT, raw, offset, length);
        } else {
            listener.event(worth(chunk), raw, offset, length);
        }
    }

    /** Blanks belong to what has begun: a text or reasoning. Before a text they are nothing. */
    private EventKind worth(ChatChunk chunk) {
        if (chunk.answers() || (chunk.blanks && (answered || rules.emptyAllowed()))) {
            return EventKind.CONTENT;
        }
        if (chunk.thinking || (chunk.reasoned && content)) {
            return EventKind.REASONING;
        }
        return finished && chunk.usage ? EventKind.USAGE : EventKind.NO_CONTENT;
    }

    private void finish(byte[] raw, int offset, int length) {
        finished = true;
        Optional<Failure> wrong = AnswerEvaluation.on(reader.tally(), answered, rules);
        if (wrong.isPresent()) {
            fail(wrong.get(), raw, offset, length);
        } else {
            listener.event(EventKind.FINISH, raw, offset, length);
        }
    }

    private void done(byte[] raw, int offset, int length) {
        if (!finished && reader.tally().allEnded()) {
            // Fewer choices than asked for, and the provider says that these are all.
            finish(raw, offset, 0);
        } else if (!finished && answered && reader.arguments().areComplete()) {
            finishUnsaid();
        }
        done = true;
        if (finished) {
            listener.event(EventKind.DONE, raw, offset, length);
        } else {
            fail(truncated(), raw, offset, length);
        }
    }

    /** The provider says that the answer is complete, and forgot to say why it ended. */
    private void finishUnsaid() {
        Map<Integer, String> reasons = new LinkedHashMap<>();
        for (int choice : reader.tally().open()) {
            String reason = reader.arguments().any(choice) ? "tool_calls" : "stop";
            reader.tally().finished(choice, reason);
            reasons.put(choice, reason);
        }
        byte[] chunk = FinishChunk.of(reader.id(), reader.created(), reader.model(), reasons);
        finish(chunk, 0, chunk.length);
    }

    /** Keeps the decoder's view of this class out of its public face. */
    private final class Events implements SseHandler {
        @Override
        public void event(SseEvent event) {
            if (!over()) {
                ChatStream.this.event(event);
            }
        }

        @Override
        public void ping(byte[] array, int offset, int length) {
            if (!over()) {
                unterminated = false;
                PingEvents.tell(listener, array, offset, length);
            }
        }

        @Override
        public void cut(byte[] array, int offset, int length) {
            // Half a line: before the finish the end of the stream tells, after it nobody needs it.
            if (finished) {
                listener.event(EventKind.IGNORED, array, offset, length);
            }
        }

        @Override
        public void overflow(int limit) {
            if (!finished) {
                fail(Failure.of(FailureKind.MALFORMED, "An event of more than " + limit + " bytes"));
            }
        }
    }
}
