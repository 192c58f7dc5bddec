package dev.understudy.protocol.dialect.openai;

import dev.understudy.protocol.chat.DoneMark;
import dev.understudy.protocol.dialect.Frame;
import dev.understudy.protocol.dialect.Place;
import dev.understudy.protocol.dialect.StreamReader;
import dev.understudy.protocol.failure.Classifier;
import dev.understudy.protocol.neutral.StreamEvent;
import dev.understudy.protocol.neutral.Tokens;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** Reads a stream of chat completion chunks. A frame is told only when all of it could be read. */
final class FrameReader implements StreamReader {
    private final Envelope chunk = new Envelope();
    private final Map<Integer, ChoiceEvents> choices = new HashMap<>();
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
        boolean whole = chunk.read(frame.array(), frame.offset(), frame.length());
        if (namedError || (whole && chunk.error)) {
            to.accept(new StreamEvent.Failed(Classifier.inBand(frame.array(), frame.offset(), frame.length())));
            return true;
        }
        if (whole) {
            tell(to);
        }
        return whole;
    }

    private void tell(Consumer<StreamEvent> to) {
        id = id.isEmpty() ? chunk.id : id;
        created = created.isPresent() ? created : chunk.created;
        // Azure begins with a chunk that has neither an id nor choices.
        boolean counted = !chunk.tokens.equals(Tokens.NONE);
        if (!begun && (!chunk.id.isEmpty() || !chunk.choices.isEmpty() || counted)) {
            begun = true;
            to.accept(new StreamEvent.Begin(chunk.id, chunk.model, chunk.created));
        }
        for (MessagePieces pieces : chunk.choices) {
            choices.computeIfAbsent(pieces.index, ChoiceEvents::new).tell(pieces, to);
        }
        if (counted) {
            to.accept(new StreamEvent.Counted(chunk.tokens));
        }
    }

    @Override
    public Place place() {
        return new Place(id, created, 0, "", -1);
    }
}
