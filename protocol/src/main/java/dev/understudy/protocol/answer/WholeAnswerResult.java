package dev.understudy.protocol.answer;

import dev.understudy.engine.Failure;
import java.util.Optional;

/** What a body that came with a 2xx turned out to be. */
public sealed interface WholeAnswerResult {

    /**
     * An answer that may be delivered.
     *
     * @param usage the tokens that were counted
     * @param report what else the provider reported
     * @param written the bytes to deliver; empty to deliver what came
     */
    record Accepted(Usage usage, AnswerReport report, Optional<byte[]> written) implements WholeAnswerResult {}

    /** No answer, or one of no use; {@link Failure#hasDeliverableAnswer()} tells whether it could be delivered all the same. */
    record Rejected(Failure failure, Optional<byte[]> written) implements WholeAnswerResult {}

    /** Reads a body without content encoding. */
    @FunctionalInterface
    interface Reader {
        WholeAnswerResult read(byte[] array, int offset, int length);
    }
}
