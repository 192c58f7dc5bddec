package dev.understudy.protocol.translate;

import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.protocol.HeaderLookup;
import dev.understudy.protocol.answer.AnswerReport;
import dev.understudy.protocol.answer.Usage;
import dev.understudy.protocol.answer.WholeAnswerResult;
import dev.understudy.protocol.failure.Classifier;
import dev.understudy.protocol.json.JsonWalk;
import dev.understudy.protocol.json.MalformedJson;
import java.util.Arrays;
import java.util.Optional;

/**
 * Judges an answer that is no conversation's, by what can be told without understanding it: JSON has to be whole and no
 * error; anything else, such as a recording, has to have something in it.
 */
public final class PassThroughAnswer implements WholeAnswerResult.Reader {
    private static final int SUCCESS = 200;
    private static final int DEEPEST = 1_000;

    private final boolean json;

    /** @param json whether the answer's head calls it JSON */
    public PassThroughAnswer(boolean json) {
        this.json = json;
    }

    @Override
    public WholeAnswerResult read(byte[] array, int offset, int length) {
        if (length == 0) {
            return rejected(Failure.of(FailureKind.MALFORMED, "An empty body instead of an answer"));
        }
        if (json) {
            if (!isWhole(array, offset, length)) {
                return rejected(Failure.of(FailureKind.MALFORMED, "Truncated or invalid JSON instead of an answer"));
            }
            Failure inBand = Classifier.classify(
                    SUCCESS, HeaderLookup.NONE, Arrays.copyOfRange(array, offset, offset + length), 0);
            if (inBand.kind() != FailureKind.MALFORMED) {
                return rejected(inBand);
            }
        }
        return new WholeAnswerResult.Accepted(Usage.NONE, AnswerReport.NONE, Optional.empty());
    }

    /** Whether it is one JSON value and nothing else. */
    static boolean isWhole(byte[] array, int offset, int length) {
        JsonWalk walk = new JsonWalk(DEEPEST);
        try {
            walk.over(array, offset, offset + length);
            walk.skip();
            return walk.isAtEnd();
        } catch (MalformedJson broken) {
            // The result says that it is broken; the offset is of no use to the caller.
            return false;
        }
    }

    private static WholeAnswerResult rejected(Failure failure) {
        return new WholeAnswerResult.Rejected(failure, Optional.empty());
    }
}
