package dev.understudy.protocol.translate;

import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.protocol.HeaderLookup;
import dev.understudy.protocol.answer.AnswerListener;
import dev.understudy.protocol.answer.AnswerListener.EventKind;
import dev.understudy.protocol.answer.AnswerReport;
import dev.understudy.protocol.answer.AnswerStream;
import dev.understudy.protocol.answer.BodyStart;
import dev.understudy.protocol.answer.Usage;
import dev.understudy.protocol.dialect.Dialect;
import dev.understudy.protocol.dialect.InvalidAnswer;
import dev.understudy.protocol.dialect.RequestContext;
import dev.understudy.protocol.dialect.StreamPosition;
import dev.understudy.protocol.dialect.StreamWriter;
import dev.understudy.protocol.failure.Classifier;
import dev.understudy.protocol.neutral.AnswerEvents;
import dev.understudy.protocol.neutral.NeutralAnswer;
import java.io.ByteArrayOutputStream;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * Reads the answer to a request for a stream, also where the provider answers with one JSON body: some cannot stream, or
 * not that model, and say so in no other way.
 *
 * <p>Such an answer is written as a stream of its own dialect and read as if it had come so. From there on nothing tells
 * the two apart: judging, translating and continuing are done by the one stream that is behind this. A JSON body that is
 * no answer is a failure, as it is where one body was requested.
 */
final class StreamOfAnyBody implements AnswerStream {
    private static final byte[] NOTHING = {};

    /** One event may be as large as an event gets that repeats all of the largest answer. */
    private static final int LARGEST_WRITTEN = Integer.MAX_VALUE / 2;

    private final Dialect dialect;
    private final Supplier<RequestContext> context;
    private final IntFunction<AnswerStream> streams;
    private final AnswerListener listener;
    private final BodyStart start = new BodyStart();
    private AnswerStream stream;
    private Usage counted = Usage.NONE;
    private boolean failed;

    /**
     * @param dialect of the answer
     * @param context what the dialect's writer has to know of the request
     * @param streams makes a reader of streams for the largest event that it is to take, in bytes
     * @param largestEvent of a stream that came as one
     * @param listener is told of bodies that are no answer; the readers' listener
     */
    StreamOfAnyBody(
            Dialect dialect,
            Supplier<RequestContext> context,
            IntFunction<AnswerStream> streams,
            int largestEvent,
            AnswerListener listener) {
        this.dialect = dialect;
        this.context = context;
        this.streams = streams;
        this.listener = listener;
        this.stream = streams.apply(largestEvent);
    }

    @Override
    public void feed(byte[] array, int offset, int length) {
        switch (start.look(array, offset, length)) {
            case OPEN, DOCUMENT -> keep(array, offset, length);
            case STREAM, PAGE -> {
                feedKept();
                stream.feed(array, offset, length);
            }
        }
    }

    /** The blanks before the first byte that tells what the body is. */
    private void feedKept() {
        if (start.size() > 0) {
            byte[] blanks = start.document();
            start.forget();
            stream.feed(blanks, 0, blanks.length);
        }
    }

    private void keep(byte[] array, int offset, int length) {
        if (failed) {
            return;
        }
        start.keep(array, offset, length);
        if (start.isTooLarge()) {
            fail(Failure.of(FailureKind.MALFORMED, "A body that is not an event stream, and larger than any answer"));
        } else {
            listener.event(EventKind.NO_CONTENT, NOTHING, 0, 0);
        }
    }

    @Override
    public void end() {
        if (start.isDocument()) {
            document(start.document());
        } else if (!failed) {
            feedKept();
            stream.end();
        }
    }

    private void document(byte[] body) {
        if (failed) {
            return;
        }
        try {
            NeutralAnswer answer = dialect.readAnswer(body, 0, body.length);
            if (answer.choices().isEmpty()) {
                fail(Failure.of(FailureKind.EMPTY, "The answer has no choices"));
            } else {
                stream(answer);
            }
        } catch (InvalidAnswer none) {
            fail(failureOf(none, body));
        }
    }

    /** An error in another dialect than its own, as proxies write them, is no answer of that dialect, but an error. */
    private static Failure failureOf(InvalidAnswer none, byte[] body) {
        if (none.failure().kind() != FailureKind.MALFORMED) {
            return none.failure();
        }
        Failure inBand = Classifier.classify(200, HeaderLookup.NONE, body, 0);
        return inBand.kind() == FailureKind.MALFORMED ? none.failure() : inBand;
    }

    private void stream(NeutralAnswer answer) {
        counted = new Usage(
                answer.tokens().prompt(),
                answer.tokens().completion(),
                answer.tokens().total(),
                answer.tokens().cached());
        AnswerStream written = streams.apply(LARGEST_WRITTEN);
        stream = written;
        StreamWriter writer = dialect.streamWriter(context.get(), Optional.empty());
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        AnswerEvents.tell(answer, event -> {
            writer.write(event, frames);
            byte[] bytes = frames.toByteArray();
            frames.reset();
            written.feed(bytes, 0, bytes.length);
        });
        written.end();
    }

    private void fail(Failure failure) {
        failed = true;
        listener.failed(failure, NOTHING, 0, 0);
    }

    @Override
    public int kept() {
        return start.size() + stream.kept();
    }

    @Override
    public void forgetKept() {
        start.forget();
        stream.forgetKept();
    }

    @Override
    public boolean toolCallOpen() {
        return stream.toolCallOpen();
    }

    @Override
    public boolean toolOpen() {
        return stream.toolOpen();
    }

    @Override
    public long characters() {
        return stream.characters();
    }

    @Override
    public boolean continuable() {
        return stream.continuable();
    }

    @Override
    public Optional<String> text() {
        return stream.text();
    }

    @Override
    public StreamPosition position() {
        return stream.position();
    }

    /** Also what its stream does not tell, because the caller did not ask for it. */
    @Override
    public Usage usage() {
        return stream.usage().equals(Usage.NONE) ? counted : stream.usage();
    }

    @Override
    public AnswerReport report() {
        return stream.report();
    }

    @Override
    public long completionTokens() {
        return counted.completionTokens().orElseGet(stream::completionTokens);
    }

    @Override
    public byte[] ending() {
        return stream.ending();
    }
}
