package dev.understudy.protocol.translate;

import dev.understudy.protocol.dialect.Dialect;
import dev.understudy.protocol.dialect.Frame;
import dev.understudy.protocol.dialect.StreamReader;
import dev.understudy.protocol.neutral.AnswerAssembly;
import dev.understudy.protocol.neutral.NeutralAnswer;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.StreamEvent;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;

/**
 * What a stream says, as one text for people to read: the deltas put together, in the order of the answer. A stream has a key or an
 * address in several deltas, where no search would find it.
 */
public final class StreamText implements FrameDecoder.Handler {
    private final StreamReader reader;
    private final AnswerAssembly assembly = new AnswerAssembly();
    private String error = "";

    private StreamText(StreamReader reader) {
        this.reader = reader;
    }

    /**
     * The text of a stream.
     *
     * @param stream in which a stream of this dialect begins, and perhaps ends; what cannot be read is left out
     */
    public static String of(Dialect dialect, byte[] stream, int offset, int length) {
        StreamText text = new StreamText(dialect.streamReader());
        FrameDecoder decoder = FrameDecoder.of(dialect.framing(), Math.max(1, length), text);
        decoder.feed(stream, offset, length);
        decoder.end();
        return text.written();
    }

    @Override
    public void frame(Frame frame, byte[] raw, int offset, int length) {
        reader.read(frame, event -> {
            assembly.take(event);
            if (event instanceof StreamEvent.Failed failed) {
                error = failed.failure().details().message();
            }
        });
    }

    @Override
    public void ping(byte[] array, int offset, int length) {
        // Says nothing.
    }

    @Override
    public void cut() {
        // What came before is the text.
    }

    @Override
    public void broken(String why) {
        // Likewise.
    }

    private String written() {
        List<NeutralAnswer.Choice> choices = assembly.answer().choices();
        StringJoiner paragraphs = new StringJoiner("\n\n");
        for (NeutralAnswer.Choice choice : choices) {
            if (choices.size() > 1) {
                paragraphs.add("[choice " + (choice.index() + 1) + "]");
            }
            choice.parts().stream()
                    .map(StreamText::text)
                    .filter(part -> !part.isEmpty())
                    .forEach(paragraphs::add);
        }
        if (!error.isEmpty()) {
            paragraphs.add("[error] " + error);
        }
        return paragraphs.toString();
    }

    private static String text(Part part) {
        return switch (part) {
            case Part.Text text -> text.text();
            case Part.Refusal refusal -> "[refusal] " + refusal.text();
            case Part.Reasoning reasoning -> reasoning.text().isEmpty() ? "" : "[reasoning] " + reasoning.text();
            case Part.ToolCall call -> "[tool call] " + call.name() + " " + call.arguments();
            case Part.Media media -> "[" + media.kind().name().toLowerCase(Locale.ROOT) + "]";
            case Part.Foreign foreign -> "[" + foreign.kind() + "] " + foreign.json();
            case Part.ToolResult result -> "[tool result] " + result.name();
            case Part.CachePoint point -> "";
        };
    }
}
