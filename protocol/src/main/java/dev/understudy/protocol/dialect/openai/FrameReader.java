package dev.understudy.protocol.dialect.openai;

import dev.understudy.protocol.chat.DoneMark;
import dev.understudy.protocol.dialect.Frame;
import dev.understudy.protocol.dialect.StreamPosition;
import dev.understudy.protocol.dialect.StreamReader;
import dev.understudy.protocol.failure.Classifier;
import dev.understudy.protocol.neutral.StreamEvent;
import java.util.function.Consumer;

/** Reads the chunks of a completion. A frame is told only when all of it could be read. */
final class FrameReader implements StreamReader {
    private final ChunkReader chunk = new ChunkReader();
    private boolean begun;

    @Override
    public boolean read(Frame frame, Consumer<StreamEvent> to) {
        boolean namedError = frame.name().equals("error");
        if (frame.length() == 0 && !namedError) {
            return true;
        }
        if (DoneMark.is(frame.array(), frame.offset(), frame.length())) {
            to.accept(new StreamEvent.Done());
            return true;
        }
        boolean readable = chunk.read(frame.array(), frame.offset(), frame.length());
        if (namedError || (readable && chunk.isError())) {
            to.accept(new StreamEvent.Failed(Classifier.inBand(frame.array(), frame.offset(), frame.length())));
            return true;
        }
        if (readable) {
            tell(to);
        }
        return readable;
    }

    /** Azure begins with a chunk that has neither an id nor choices. */
    private void tell(Consumer<StreamEvent> to) {
        if (!begun && (!chunk.id().isEmpty() || !chunk.said().isEmpty())) {
            begun = true;
            to.accept(new StreamEvent.Begin(chunk.id(), chunk.model(), chunk.created()));
        }
        chunk.said().forEach(to);
    }

    @Override
    public StreamPosition position() {
        return StreamPosition.of(begun, chunk.id(), chunk.created());
    }

    @Override
    public boolean isClientCallOpen() {
        return chunk.isCallOpen();
    }
}
