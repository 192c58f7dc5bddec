package dev.understudy.protocol.chat;

import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.protocol.answer.AnswerEvaluation;
import dev.understudy.protocol.answer.AnswerRules;
import dev.understudy.protocol.answer.Usage;
import dev.understudy.protocol.failure.Classifier;
import java.util.Optional;

/**
 * Reads a whole chat completion that came with a 2xx: is it an answer?
 *
 * <p>The body must be one well-formed JSON object; blank lines before it (the keep-alive of DeepSeek and others) and
 * after it are allowed. Such an object is complete, so a missing or null {@code finish_reason} is accepted. An
 * {@code error} in it is judged like any other error. A body without {@code choices} is no chat completion and therefore
 * malformed; {@code choices} without content are {@code empty}, unless that is valid: tool calls, a refusal, audio,
 * {@code finish_reason} {@code length} under a limit that the caller set, or a request that allows it ({@link
 * AnswerRules}). Reasoning alone is no answer.
 */
public final class ChatAnswer {

    private ChatAnswer() {}

    /** What the body turned out to be. */
    public sealed interface Reading {}

    /** An answer that may be delivered. */
    public record Accepted(ChatFacts facts) implements Reading {}

    /** No answer, or one of no use; {@link Failure#hasDeliverableAnswer()} tells whether it could be delivered all the same. */
    public record Rejected(Failure failure) implements Reading {}

    /** Reads a body without content encoding. */
    public static Reading read(byte[] body, AnswerRules rules) {
        return read(body, 0, body.length, rules);
    }

    /** The same, of a part of an array. */
    public static Reading read(byte[] array, int offset, int length, AnswerRules rules) {
        ChatReader reader = new ChatReader();
        if (!reader.read(array, offset, length)) {
            return new Rejected(AnswerEvaluation.malformed(array, offset, length, "a chat completion"));
        }
        ChatChunk chunk = reader.chunk();
        if (chunk.error) {
            return new Rejected(Classifier.inBand(array, offset, length));
        }
        if (!chunk.choices) {
            return new Rejected(Failure.of(FailureKind.MALFORMED, "A JSON object that is no chat completion"));
        }
        Optional<Failure> wrong = AnswerEvaluation.on(reader.tally(), chunk.answers(), rules);
        return wrong.isPresent() ? new Rejected(wrong.get()) : new Accepted(facts(reader));
    }

    private static ChatFacts facts(ChatReader reader) {
        ChatChunk chunk = reader.chunk();
        return new ChatFacts(
                reader.model(),
                reader.tally().reason(),
                chunk.usage ? chunk.tokens() : Usage.NONE,
                chunk.characters,
                !chunk.answers(),
                chunk.toolCall,
                false,
                false);
    }
}
