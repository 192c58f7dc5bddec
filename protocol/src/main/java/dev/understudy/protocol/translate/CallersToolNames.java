package dev.understudy.protocol.translate;

import dev.understudy.protocol.dialect.StreamPosition;
import dev.understudy.protocol.dialect.StreamWriter;
import dev.understudy.protocol.neutral.NeutralAnswer;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.StreamEvent;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Puts the caller's names of tools back into answers of targets that were sent shorter ones. */
final class CallersToolNames {
    private CallersToolNames() {}

    /** A whole answer; the same object if it calls no tool under another name. */
    static NeutralAnswer in(NeutralAnswer answer, UnaryOperator<String> names) {
        List<NeutralAnswer.Choice> choices = new ArrayList<>();
        boolean changed = false;
        for (NeutralAnswer.Choice choice : answer.choices()) {
            List<Part> parts = new ArrayList<>(choice.parts().size());
            for (Part part : choice.parts()) {
                if (part instanceof Part.ToolCall call
                        && !names.apply(call.name()).equals(call.name())) {
                    changed = true;
                    parts.add(
                            new Part.ToolCall(call.id(), names.apply(call.name()), call.arguments(), call.signature()));
                } else {
                    parts.add(part);
                }
            }
            choices.add(new NeutralAnswer.Choice(choice.index(), parts, choice.finish(), choice.logprobs()));
        }
        return changed
                ? new NeutralAnswer(
                        answer.id(), answer.model(), answer.created(), choices, answer.tokens(), answer.serviceTier())
                : answer;
    }

    /** A stream. */
    record Stream(StreamWriter writer, UnaryOperator<String> names) implements StreamWriter {
        @Override
        public void write(StreamEvent event, ByteArrayOutputStream to) {
            writer.write(
                    event instanceof StreamEvent.ToolCallBegan began
                            ? new StreamEvent.ToolCallBegan(
                                    began.choice(),
                                    began.call(),
                                    began.id(),
                                    names.apply(began.name()),
                                    began.signature())
                            : event,
                    to);
        }

        @Override
        public StreamPosition position() {
            return writer.position();
        }
    }
}
