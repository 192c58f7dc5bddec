package dev.understudy.protocol.dialect.completions;

import dev.understudy.protocol.dialect.InvalidAnswer;
import dev.understudy.protocol.failure.Classifier;
import dev.understudy.protocol.neutral.NeutralAnswer;
import dev.understudy.protocol.neutral.Part;
import java.util.List;

/** Reads a whole completion. */
final class AnswerReader {

    private AnswerReader() {}

    static NeutralAnswer read(byte[] array, int offset, int length) throws InvalidAnswer {
        Completion completion = new Completion();
        if (!completion.read(array, offset, length)) {
            throw InvalidAnswer.malformed("Truncated or invalid JSON instead of a completion");
        }
        if (completion.error) {
            throw new InvalidAnswer(Classifier.inBand(array, offset, length));
        }
        if (!completion.hasChoices) {
            throw InvalidAnswer.malformed("A JSON object that is not a completion");
        }
        List<NeutralAnswer.Choice> choices = completion.choices.stream()
                .map(choice -> new NeutralAnswer.Choice(
                        choice.index(),
                        choice.text().isEmpty() ? List.of() : List.of(Part.Text.of(choice.text())),
                        Completion.finish(choice.finish()),
                        ""))
                .toList();
        return new NeutralAnswer(completion.id, completion.model, completion.created, choices, completion.tokens, "");
    }
}
