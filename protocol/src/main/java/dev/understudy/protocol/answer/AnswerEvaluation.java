package dev.understudy.protocol.answer;

import dev.understudy.engine.ErrorDetails;
import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import java.util.Optional;
import java.util.OptionalLong;

/** Judges an answer that has ended: the same for a stream and for a whole body. */
public final class AnswerEvaluation {

    private AnswerEvaluation() {}

    /**
     * What is wrong with an answer that has come to its end; empty if nothing is.
     *
     * @param something whether anything came that counts as content
     */
    public static Optional<Failure> on(ChoiceTally tally, boolean something, AnswerRules rules) {
        if (!tally.breakdown().isEmpty()) {
            return Optional.of(breakdown(tally.breakdown()));
        }
        if (something) {
            return Optional.empty();
        }
        if (tally.filtered()) {
            return Optional.of(new Failure(
                    FailureKind.CONTENT_POLICY,
                    0,
                    new ErrorDetails("The provider's content filter withheld the answer", "", "", "content_filter"),
                    OptionalLong.empty(),
                    true));
        }
        if (rules.allowBlank(tally.reason())) {
            return Optional.empty();
        }
        return Optional.of(new Failure(
                FailureKind.EMPTY,
                0,
                ErrorDetails.of(tally.none() ? "The answer has no choices" : "The answer is blank"),
                OptionalLong.empty(),
                // A blank answer is an answer, to be delivered if the others have none either.
                !tally.none()));
    }

    /** Ends that are no end: OpenRouter's {@code error}, vLLM's {@code abort}, DeepSeek's lack of resources. */
    public static Failure breakdown(String reason) {
        FailureKind kind = switch (reason) {
            case "insufficient_system_resource" -> FailureKind.OVERLOADED;
            case "abort" -> FailureKind.TRUNCATED;
            default -> FailureKind.SERVER_ERROR;
        };
        return new Failure(
                kind,
                0,
                new ErrorDetails("The provider reported an error in the middle of the answer", "", "", reason),
                OptionalLong.empty());
    }

    /** Describes briefly what came instead of a JSON object, without quoting it. */
    public static Failure malformed(byte[] array, int offset, int length, String due) {
        int at = offset;
        int end = offset + length;
        while (at < end && array[at] <= ' ' && array[at] >= 0) {
            at++;
        }
        String found = at == end
                ? "Nothing"
                : switch (array[at]) {
                    case '<' -> "HTML";
                    case '{' -> "Truncated or invalid JSON";
                    default -> "A body that is not a JSON object";
                };
        return Failure.of(FailureKind.MALFORMED, found + " instead of " + due);
    }
}
