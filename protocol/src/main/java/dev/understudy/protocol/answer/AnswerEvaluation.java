package dev.understudy.protocol.answer;

import dev.understudy.engine.ErrorDetails;
import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.protocol.neutral.Finish;
import java.util.Locale;
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
        if (tally.breakdown().isPresent()) {
            return Optional.of(breakdown(tally.breakdown().get()));
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

    /**
     * Ends that are no end: OpenRouter's {@code error}, vLLM's {@code abort}, DeepSeek's lack of resources, and output of the
     * model that Gemini or Bedrock cannot pass on, which says nothing about their health.
     */
    public static Failure breakdown(Finish finish) {
        String code = finish.word().toLowerCase(Locale.ROOT);
        FailureKind kind = switch (code) {
            case "insufficient_system_resource" -> FailureKind.OVERLOADED;
            case "abort" -> FailureKind.TRUNCATED;
            case "malformed_function_call",
                    "malformed_response",
                    "unexpected_tool_call",
                    "too_many_tool_calls",
                    "malformed_model_output",
                    "malformed_tool_use" -> FailureKind.INVALID_OUTPUT;
            // The request's history lacks what Gemini requires; other targets do not.
            case "missing_thought_signature" -> FailureKind.BAD_REQUEST;
            default -> FailureKind.SERVER_ERROR;
        };
        String what = kind == FailureKind.INVALID_OUTPUT || kind == FailureKind.BAD_REQUEST
                ? "The answer ended with " + finish.word()
                : "The provider reported an error in the middle of the answer";
        String explained = finish.message().isEmpty() ? what : what + ": " + finish.message();
        return new Failure(kind, 0, new ErrorDetails(explained, "", "", code), OptionalLong.empty());
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
