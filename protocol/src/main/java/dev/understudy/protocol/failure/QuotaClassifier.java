package dev.understudy.protocol.failure;

import dev.understudy.engine.Concern;
import dev.understudy.engine.FailureKind;
import dev.understudy.protocol.failure.ErrorBody.DayQuota;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Classifies refusals because of money, tokens or requests: whether the account has used them up, one of its models has, or
 * neither, because this request alone is larger than the whole limit.
 */
final class QuotaClassifier {
    private static final Classification OF_THE_ACCOUNT = new Classification(FailureKind.QUOTA, Concern.CREDENTIAL);
    private static final Classification OF_THE_MODEL = new Classification(FailureKind.QUOTA, Concern.TARGET);

    /** OpenAI and Groq: {@code Limit 30000, Used 100, Requested 45000}. */
    private static final Pattern REQUESTED =
            Pattern.compile("\\blimit:? ([0-9]{1,12}),? (?:used:? [0-9]{1,12},? )?requested:? ([0-9]{1,12})");

    private QuotaClassifier() {}

    /** Whether this request alone is larger than its limit. */
    static boolean areTooSmallFor(int status, ErrorBody error) {
        if (status != 0 && status != 413 && status != 429) {
            return false;
        }
        if (ErrorMessagePatterns.OVER_THE_WHOLE_LIMIT.in(error.text())) {
            return true;
        }
        Matcher numbers = REQUESTED.matcher(error.text());
        return numbers.find() && Long.parseLong(numbers.group(2)) > Long.parseLong(numbers.group(1));
    }

    /** OpenRouter's 402 to a request that a shorter answer, or a shorter prompt, would have made affordable. */
    static boolean affordLess(int status, ErrorBody error) {
        return isAbleToBill(status) && ErrorMessagePatterns.AFFORDS_LESS.in(error.text());
    }

    /** Google's code for all of its limits: only the details say which of them it is. */
    static Classification exhausted(ErrorBody error) {
        if (ErrorMessagePatterns.BILLING.in(error.text())) {
            return OF_THE_ACCOUNT;
        }
        return switch (error.day()) {
            case ACCOUNT -> OF_THE_ACCOUNT;
            case MODEL -> OF_THE_MODEL;
            case NONE -> Classification.of(FailureKind.RATE_LIMITED);
        };
    }

    /** What the messages say about money and quotas. */
    static Optional<Classification> spoken(int status, String stated) {
        boolean underAuth = status == 401 || status == 403;
        if (!isAbleToBill(status)) {
            return Optional.empty();
        } else if (ErrorMessagePatterns.BILLING.in(stated)
                || (underAuth && ErrorMessagePatterns.BILLING_UNDER_AUTH.in(stated))) {
            return Optional.of(OF_THE_ACCOUNT);
        } else if (ErrorMessagePatterns.QUOTA.in(stated)) {
            return Optional.of(ErrorMessagePatterns.PER_MODEL.in(stated) ? OF_THE_MODEL : OF_THE_ACCOUNT);
        }
        return Optional.empty();
    }

    /** A daily quota of a model without a hint when it is renewed is used up for long. */
    static Classification withoutAHint(Classification found, ErrorBody error) {
        boolean perDay = error.day() != DayQuota.NONE || ErrorMessagePatterns.PER_DAY.in(error.text());
        return found.equals(Classification.of(FailureKind.RATE_LIMITED)) && perDay ? OF_THE_MODEL : found;
    }

    private static boolean isAbleToBill(int status) {
        return switch (status) {
            case 0, 400, 401, 402, 403, 412, 429 -> true;
            default -> false;
        };
    }
}
