package dev.understudy.protocol.dialect.openai;

import dev.understudy.protocol.dialect.InvalidAnswer;
import dev.understudy.protocol.failure.Classifier;
import dev.understudy.protocol.neutral.AnswerAssembly;
import dev.understudy.protocol.neutral.NeutralAnswer;
import dev.understudy.protocol.neutral.NeutralAnswer.Choice;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.StreamEvent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads a whole completion: what it says is what a stream of a single chunk would. */
final class AnswerReader {
    private AnswerReader() {}

    static NeutralAnswer read(byte[] array, int offset, int length) throws InvalidAnswer {
        ChunkReader whole = new ChunkReader();
        if (!whole.read(array, offset, length)) {
            throw InvalidAnswer.malformed("Broken JSON, or no JSON object, where a completion is due");
        }
        if (whole.isError()) {
            throw new InvalidAnswer(Classifier.inBand(array, offset, length));
        }
        if (whole.choices() < 0) {
            throw InvalidAnswer.malformed("A JSON object that is no completion");
        }
        AnswerAssembly assembly = new AnswerAssembly();
        whole.said().forEach(assembly::take);
        NeutralAnswer said = assembly.answer();
        if (said.choices().isEmpty() && whole.choices() > 0) {
            // Complete, for the JSON is whole, and of a model that had nothing to say.
            assembly.take(new StreamEvent.Ended(0, FinishWord.read("", "", false)));
            said = assembly.answer();
        }
        Map<Integer, String> logprobs = logprobs(whole.said());
        List<Choice> choices = said.choices().stream()
                .map(choice -> new Choice(
                        choice.index(),
                        spoken(choice.parts()),
                        choice.finish(),
                        logprobs.getOrDefault(choice.index(), "")))
                .toList();
        return new NeutralAnswer(whole.id(), whole.model(), whole.created(), choices, said.tokens(), whole.tier());
    }

    /** No arguments are an empty object: they are parsed by whoever gets them. */
    private static List<Part> spoken(List<Part> parts) {
        return parts.stream()
                .map(part ->
                        part instanceof Part.ToolCall call && call.arguments().isBlank()
                                ? new Part.ToolCall(call.id(), call.name(), "{}", call.signature())
                                : part)
                .toList();
    }

    private static Map<Integer, String> logprobs(List<StreamEvent> said) {
        Map<Integer, String> logprobs = new HashMap<>();
        for (StreamEvent event : said) {
            if (event instanceof StreamEvent.TextDelta delta) {
                logprobs.put(delta.choice(), delta.logprobs());
            }
        }
        return logprobs;
    }
}
