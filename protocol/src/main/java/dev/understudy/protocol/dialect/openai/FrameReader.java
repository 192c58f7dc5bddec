package dev.understudy.protocol.dialect.openai;

import dev.understudy.engine.Failure;
import dev.understudy.protocol.dialect.Frame;
import dev.understudy.protocol.dialect.StreamPosition;
import dev.understudy.protocol.dialect.StreamReader;
import dev.understudy.protocol.failure.Classifier;
import dev.understudy.protocol.neutral.AnswerFacts;
import dev.understudy.protocol.neutral.StreamEvent;
import dev.understudy.protocol.sse.DoneMark;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads the chunks of a completion. Events of a frame are told only when all of it could be read. */
final class FrameReader implements StreamReader {
    private enum Content {
        NOTHING,
        PING,
        DONE,
        ERROR,
        CHUNK,
        BROKEN
    }

    private final ChunkReader chunk = new ChunkReader();
    private boolean begun;

    @Override
    public boolean read(Frame frame, Consumer<StreamEvent> to) {
        Content content = content(frame, null);
        switch (content) {
            case PING -> to.accept(new StreamEvent.Ping());
            case DONE -> to.accept(new StreamEvent.Done());
            case ERROR -> to.accept(new StreamEvent.Failed(failure(frame)));
            case CHUNK -> {
                if (begins()) {
                    to.accept(begin());
                }
                chunk.said().forEach(to);
            }
            case NOTHING, BROKEN -> {}
        }
        return content != Content.BROKEN;
    }

    @Override
    public boolean readFacts(Frame frame, AnswerFacts facts) {
        Content content = content(frame, facts);
        switch (content) {
            case PING -> facts.ping();
            case DONE -> {
                // Once more, with what the first chunk did not name.
                facts.began(begin());
                facts.done();
            }
            case ERROR -> facts.failed(failure(frame));
            case CHUNK -> {
                if (begins()) {
                    facts.began(begin());
                }
            }
            case NOTHING, BROKEN -> {}
        }
        return content != Content.BROKEN;
    }

    private boolean begins() {
        boolean first = !begun && chunk.isBegun();
        begun |= first;
        return first;
    }

    private Content content(Frame frame, @Nullable AnswerFacts facts) {
        boolean namedError = frame.name().equals("error");
        if (frame.length() == 0 && !namedError) {
            return Content.NOTHING;
        }
        if (DoneMark.is(frame.array(), frame.offset(), frame.length())) {
            return Content.DONE;
        }
        if (frame.name().equals("ping")) {
            return Content.PING;
        }
        boolean readable = chunk.read(frame.array(), frame.offset(), frame.length(), facts);
        if (namedError || (readable && chunk.isError())) {
            return Content.ERROR;
        }
        return readable ? Content.CHUNK : Content.BROKEN;
    }

    private static Failure failure(Frame frame) {
        return Classifier.inBand(frame.array(), frame.offset(), frame.length());
    }

    private StreamEvent.Begin begin() {
        return new StreamEvent.Begin(chunk.id(), chunk.model(), chunk.created());
    }

    @Override
    public StreamPosition position() {
        return StreamPosition.of(begun, chunk.id(), chunk.created());
    }

    @Override
    public boolean isClientCallOpen() {
        return chunk.isCallOpen();
    }

    @Override
    public boolean isNamelessCallOpen() {
        return chunk.isNamelessCallOpen();
    }
}
