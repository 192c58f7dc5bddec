package dev.understudy.protocol.dialect.openai;

import dev.understudy.protocol.answer.AnswerEvaluation;
import dev.understudy.protocol.dialect.InvalidAnswer;
import dev.understudy.protocol.failure.Classifier;
import dev.understudy.protocol.neutral.AnswerAssembly;
import dev.understudy.protocol.neutral.AnswerFacts;
import dev.understudy.protocol.neutral.Finish;
import dev.understudy.protocol.neutral.NeutralAnswer;
import dev.understudy.protocol.neutral.NeutralAnswer.Choice;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.StreamEvent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a whole completion: what it says is what a stream of a single chunk would. */
final class AnswerReader {
    /** Of a model that had nothing to say: its answer is complete, for the JSON is whole. */
    private static final Finish NO_REASON = FinishReasons.read("", "", false);

    private AnswerReader() {}

    static NeutralAnswer read(byte[] array, int offset, int length) throws InvalidAnswer {
        ChunkReader whole = read(array, offset, length, null);
        AnswerAssembly assembly = new AnswerAssembly();
        whole.said().forEach(assembly::take);
        NeutralAnswer said = assembly.answer();
        if (said.choices().isEmpty() && whole.choiceCount() > 0) {
            assembly.take(new StreamEvent.Ended(0, NO_REASON));
            said = assembly.answer();
        }
        Map<Integer, String> logprobs = logprobs(whole.said());
        List<Choice> choices = said.choices().stream()
                .map(choice -> new Choice(
                        choice.index(),
                        parts(choice.parts()),
                        choice.finish(),
                        logprobs.getOrDefault(choice.index(), "")))
                .toList();
        return new NeutralAnswer(whole.id(), whole.model(), whole.created(), choices, said.tokens(), whole.tier());
    }

    /** Reads no more of it than decides whether it is good. */
    static void readFacts(byte[] array, int offset, int length, AnswerFacts facts) throws InvalidAnswer {
        ChunkReader whole = read(array, offset, length, facts);
        if (!whole.isChoiceBegun() && whole.choiceCount() > 0) {
            facts.ended(0, NO_REASON);
        }
        facts.began(new StreamEvent.Begin(whole.id(), whole.model(), whole.created()));
    }

    private static ChunkReader read(byte[] array, int offset, int length, @Nullable AnswerFacts facts)
            throws InvalidAnswer {
        ChunkReader whole = new ChunkReader();
        if (!whole.read(array, offset, length, facts)) {
            throw new InvalidAnswer(AnswerEvaluation.malformed(array, offset, length, "a chat completion"));
        }
        if (whole.isError()) {
            throw new InvalidAnswer(Classifier.inBand(array, offset, length));
        }
        if (whole.choiceCount() < 0) {
            throw InvalidAnswer.malformed("A JSON object that is not a chat completion");
        }
        return whole;
    }

    /** No arguments are an empty object: the client parses them. */
    private static List<Part> parts(List<Part> parts) {
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
