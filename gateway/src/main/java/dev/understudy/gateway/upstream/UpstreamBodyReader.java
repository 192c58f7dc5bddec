package dev.understudy.gateway.upstream;

import dev.understudy.engine.Failure;
import java.util.OptionalLong;

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

    /** As the provider counted them. */
    OptionalLong promptTokens();

    /** As the provider counted them. */
    OptionalLong completionTokens();
}
