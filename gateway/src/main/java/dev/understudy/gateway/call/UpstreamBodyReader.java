package dev.understudy.gateway.call;

import dev.understudy.engine.Failure;
import java.util.OptionalLong;

/** Reads the body of one answer and says what it makes of it, as signals to the engine. */
sealed interface UpstreamBodyReader permits StreamedAnswer, WholeAnswer {

    /** More of the body; the array is good until the method returns. */
    void bytes(byte[] array, int offset, int length);

    /** The body has ended as HTTP says it should. */
    void end();

    /** Whether all of the answer has come that matters: what may still come would not be missed. */
    boolean isComplete();

    /** What it means for this answer, which is not complete, that the connection broke. */
    Failure brokenBy(Throwable cause);

    /** What of the answer has not been passed on. */
    byte[] held();

    OptionalLong promptTokens();

    OptionalLong completionTokens();
}
