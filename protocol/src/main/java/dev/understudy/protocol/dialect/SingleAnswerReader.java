package dev.understudy.protocol.dialect;

import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.protocol.neutral.AnswerFacts;
import dev.understudy.protocol.neutral.StreamEvent;

/**
 * A reader of a dialect whose streams announce their beginning. A stream that begins again within a tool call is two streams in
 * one, and the call of the first is half a call: a translated stream has failed then. A stream that is passed through is not
 * changed, so its caller reads both.
 */
public abstract class SingleAnswerReader implements StreamReader {
    private boolean passesThrough;

    @Override
    public final boolean readFacts(Frame frame, AnswerFacts facts) {
        passesThrough = true;
        return read(frame, facts::take);
    }

    /** Whether a second beginning is a failure here. */
    protected final boolean failsIfBegunAgain() {
        return isClientCallOpen() && !passesThrough;
    }

    /** The failure of a stream that begins again within a tool call. */
    protected static StreamEvent.Failed beganAgain() {
        return new StreamEvent.Failed(Failure.of(FailureKind.TRUNCATED, "The stream began again within a tool call"));
    }
}
