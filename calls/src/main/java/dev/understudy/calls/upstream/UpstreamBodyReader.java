package dev.understudy.calls.upstream;

import dev.understudy.engine.Failure;
import dev.understudy.protocol.answer.AnswerReport;
import dev.understudy.protocol.answer.Usage;

/** Reads the body of one upstream response and reports what it means as signals to the engine. */
public sealed interface UpstreamBodyReader permits StreamedAnswer, WholeAnswer {

    /** More of the body; the array is valid until the method returns. */
    void bytes(byte[] array, int offset, int length);

    /** The body has ended as HTTP specifies. */
    void end();

    /** Whether the answer is complete, so that nothing is lost if the connection breaks now. */
    boolean isComplete();

    /** The failure of this answer, which is not complete, when the connection broke. */
    Failure brokenBy(Throwable cause);

    /** The bytes that have not been forwarded. */
    byte[] held();

    /** How many bytes are kept: those that have not been forwarded, and those that could not be read yet. */
    long kept();

    /** Drops these bytes, after the attempt has failed. */
    void forgetKept();

    /** What the provider counted so far. */
    Usage usage();

    /** What else the provider reported so far. */
    AnswerReport providerReport();

    /** How many tokens the answer has cost so far: as the provider counted them, or else an estimate. */
    long estimatedCompletionTokens();
}
