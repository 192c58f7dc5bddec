package dev.understudy.protocol.dialect.completions;

import dev.understudy.protocol.dialect.Frame;
import dev.understudy.protocol.dialect.StreamPosition;
import dev.understudy.protocol.dialect.StreamReader;
import dev.understudy.protocol.failure.Classifier;
import dev.understudy.protocol.neutral.StreamEvent;
import dev.understudy.protocol.neutral.Tokens;
import dev.understudy.protocol.sse.DoneMark;
import java.util.BitSet;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** Reads a stream of completions. */
final class FrameReader implements StreamReader {
    private final BitSet ended = new BitSet();
    private boolean begun;
    private String id = "";
    private OptionalLong created = OptionalLong.empty();

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
        Completion chunk = new Completion();
        boolean whole = chunk.read(frame.array(), frame.offset(), frame.length());
        if (namedError || (whole && chunk.error)) {
            to.accept(new StreamEvent.Failed(Classifier.inBand(frame.array(), frame.offset(), frame.length())));
            return true;
        }
        if (whole) {
            tell(chunk, to);
        }
        return whole;
    }

    private void tell(Completion chunk, Consumer<StreamEvent> to) {
        if (!begun && (chunk.hasChoices || !chunk.id.isEmpty())) {
            begun = true;
            id = chunk.id;
            created = chunk.created;
            to.accept(new StreamEvent.Begin(chunk.id, chunk.model, chunk.created));
        }
        for (Completion.Choice choice : chunk.choices) {
            if (!choice.text().isEmpty()) {
                to.accept(StreamEvent.TextDelta.of(choice.index(), choice.text()));
            }
            if (!choice.finish().isEmpty() && !ended.get(choice.index())) {
                ended.set(choice.index());
                to.accept(new StreamEvent.Ended(choice.index(), Completion.finish(choice.finish())));
            }
        }
        if (!chunk.tokens.equals(Tokens.NONE)) {
            to.accept(new StreamEvent.Counted(chunk.tokens));
        }
    }

    @Override
    public StreamPosition position() {
        return StreamPosition.of(begun, id, created);
    }
}
