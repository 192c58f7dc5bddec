package dev.understudy.protocol.dialect.openai;

import dev.understudy.protocol.dialect.NoAnswer;
import dev.understudy.protocol.failure.Classifier;
import dev.understudy.protocol.neutral.NeutralAnswer;
import dev.understudy.protocol.neutral.Part;
import java.util.ArrayList;
import java.util.List;

/** Reads a whole chat completion. */
final class AnswerReader {
    private final Envelope envelope = new Envelope();

    NeutralAnswer read(byte[] array, int offset, int length) throws NoAnswer {
        if (!envelope.read(array, offset, length)) {
            throw NoAnswer.malformed("Cut or broken JSON where a chat completion is due");
        }
        if (envelope.error) {
            throw new NoAnswer(Classifier.inBand(array, offset, length));
        }
        if (!envelope.hasChoices) {
            throw NoAnswer.malformed("A JSON object that is no chat completion");
        }
        return new NeutralAnswer(
                envelope.id,
                envelope.model,
                envelope.created,
                envelope.choices.stream().map(AnswerReader::choice).toList(),
                envelope.tokens,
                envelope.serviceTier);
    }

    private static NeutralAnswer.Choice choice(MessagePieces pieces) {
        List<Part> parts = new ArrayList<>();
        for (MessagePieces.Block block : pieces.thoughts()) {
            parts.add(new Part.Thinking(block.text(), block.signature(), block.hidden(), OpenAiDialect.NAME));
        }
        if (!pieces.text.isEmpty()) {
            parts.add(new Part.Text(pieces.text.toString(), pieces.citations));
        }
        if (!pieces.refusal.isEmpty()) {
            parts.add(new Part.Refusal(pieces.refusal.toString()));
        }
        parts.addAll(pieces.media);
        for (CallPiece call : pieces.calls) {
            if (call.custom().isEmpty()) {
                String arguments = call.arguments().isBlank() ? "{}" : call.arguments();
                parts.add(new Part.ToolCall(call.id(), call.name(), arguments, call.signature()));
            } else {
                parts.add(new Part.Foreign(OpenAiDialect.NAME, "custom", call.custom()));
            }
        }
        return new NeutralAnswer.Choice(pieces.index, parts, pieces.finish(!pieces.calls.isEmpty()), pieces.logprobs);
    }
}
