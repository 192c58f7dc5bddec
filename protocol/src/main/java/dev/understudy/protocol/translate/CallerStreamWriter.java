package dev.understudy.protocol.translate;

import dev.understudy.engine.Failure;
import dev.understudy.protocol.dialect.StreamPosition;
import dev.understudy.protocol.dialect.StreamWriter;
import dev.understudy.protocol.neutral.StreamEvent;
import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Fits the events of another dialect to the caller before they are written: ids of tool calls ({@link CallerToolCallIds}),
 * names of tools of which the target was sent shorter ones, and characters that a provider has divided.
 *
 * <p>A character outside of the basic plane is two UTF-16 units. Providers that stream by tokens escape each unit on its own
 * and may send them in two deltas; half of a pair cannot be written as UTF-8, so the first half waits for the second.
 */
final class CallerStreamWriter implements StreamWriter {
    private enum Text {
        ANSWER,
        REFUSAL,
        REASONING,
        ARGUMENTS
    }

    /** @param call the index of the call; 0 for other texts */
    private record Place(Text text, int choice, int call) {}

    private final StreamWriter writer;
    private final CallerToolCallIds ids;
    private final UnaryOperator<String> toolNames;
    private final Map<Place, Character> halves = new HashMap<>(0);
    private String answer = "";

    /** @param toolNames turns the name of a tool in the stream into the caller's name of it */
    CallerStreamWriter(StreamWriter writer, CallerToolCallIds ids, UnaryOperator<String> toolNames) {
        this.writer = writer;
        this.ids = ids;
        this.toolNames = toolNames;
    }

    @Override
    public void write(StreamEvent event, ByteArrayOutputStream to) {
        switch (event) {
            case StreamEvent.Begin begin -> {
                answer = answer.isEmpty() ? begin.id() : answer;
                writer.write(begin, to);
            }
            case StreamEvent.ToolCallBegan call ->
                writer.write(
                        new StreamEvent.ToolCallBegan(
                                call.choice(),
                                call.call(),
                                ids.of(call.id(), answer, call.choice(), call.call()),
                                toolNames.apply(call.name()),
                                call.signature()),
                        to);
            case StreamEvent.TextDelta delta -> {
                String whole = whole(Text.ANSWER, delta.choice(), 0, delta.text());
                if (!whole.isEmpty()
                        || delta.text().isEmpty()
                        || !delta.logprobs().isEmpty()) {
                    writer.write(
                            whole.equals(delta.text())
                                    ? delta
                                    : new StreamEvent.TextDelta(delta.choice(), whole, delta.logprobs()),
                            to);
                }
            }
            case StreamEvent.RefusalDelta delta -> {
                String whole = whole(Text.REFUSAL, delta.choice(), 0, delta.text());
                if (!whole.isEmpty()) {
                    writer.write(new StreamEvent.RefusalDelta(delta.choice(), whole), to);
                }
            }
            case StreamEvent.ReasoningDelta delta -> {
                String whole = whole(Text.REASONING, delta.choice(), 0, delta.text());
                if (!whole.isEmpty()) {
                    writer.write(new StreamEvent.ReasoningDelta(delta.choice(), whole, delta.origin()), to);
                }
            }
            case StreamEvent.ToolCallDelta delta -> {
                String whole = whole(Text.ARGUMENTS, delta.choice(), delta.call(), delta.json());
                if (!whole.isEmpty()) {
                    writer.write(new StreamEvent.ToolCallDelta(delta.choice(), delta.call(), whole), to);
                }
            }
            default -> writer.write(event, to);
        }
    }

    /** The text with the half that waits before it, and without a half at its end. */
    private String whole(Text text, int choice, int call, String piece) {
        boolean splits = !piece.isEmpty() && Character.isHighSurrogate(piece.charAt(piece.length() - 1));
        if (!splits && halves.isEmpty()) {
            return piece;
        }
        Place place = new Place(text, choice, call);
        Character before = piece.isEmpty() ? null : halves.remove(place);
        if (splits) {
            halves.put(place, piece.charAt(piece.length() - 1));
        }
        return (before == null ? "" : before) + (splits ? piece.substring(0, piece.length() - 1) : piece);
    }

    @Override
    public Optional<Failure> failure() {
        return writer.failure();
    }

    @Override
    public StreamPosition position() {
        return writer.position();
    }
}
