package dev.understudy.protocol.failure;

import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.protocol.HeaderLookup;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Says what a provider's error means: the one place where statuses, headers and bodies become a {@link FailureKind}.
 *
 * <p>Pure: the same input gives the same failure, and no clock is read. It is one classifier for all providers, because
 * bodies pass through proxies and arrive under another's address.
 *
 * <p>Asked in this order, the first answer counts:
 *
 * <ol>
 *   <li>413 is a prompt that is too long, whatever the body calls it (Groq calls it a rate limit, but waiting never
 *       helps);
 *   <li>the error's names ({@link KnownNames});
 *   <li>its sentences, where the status leaves room for them ({@link TellingPhrases});
 *   <li>the status alone.
 * </ol>
 *
 * <p>Statuses that are no error of the provider's API: 1xx and 3xx as a final answer are {@code malformed}, for something
 * other than the API has answered; so is a 2xx whose body is no error. 404, 405 and 410 are {@code unknown_model} with an
 * HTML body too: a wrong path is as lasting as a wrong name, and other targets can still answer. 409, 423, 424, 425 and
 * 499 are passing states ({@code server_error}), as the official clients see 409. An HTML body is judged by its status
 * only, and is never repeated.
 */
public final class Classifier {

    private Classifier() {}

    /**
     * Judges a whole answer that is not a good one.
     *
     * @param status the HTTP status; a 2xx is judged by what its body says, which then also decides the failure's status
     *     (0 if it names none)
     * @param headers its headers
     * @param body its body as far as it came, without content encoding
     * @param nowEpochMillis the time in milliseconds since 1970, to read hints that name a moment
     */
    public static Failure classify(int status, HeaderLookup headers, byte[] body, long nowEpochMillis) {
        ErrorBody error = withHeaders(ErrorBodyReader.read(body, 0, body.length), headers);
        if (isNoAnswer(status) || (isSuccess(status) && !error.isError())) {
            return new Failure(FailureKind.MALFORMED, status, error.words(), OptionalLong.empty());
        }
        return judge(isSuccess(status) ? error.status() : status, headers, error, nowEpochMillis);
    }

    /**
     * Judges an error that stands where an answer was due: in a 200 or in an event of a stream. The failure's status is
     * the one that the error names, or 0.
     */
    public static Failure inBand(byte[] array, int offset, int length) {
        ErrorBody error = ErrorBodyReader.read(array, offset, length);
        return judge(error.status(), HeaderLookup.NONE, error, 0);
    }

    /**
     * The same for an error that is named beside its body.
     *
     * @param name as in {@code :exception-type} of a frame; may be empty
     */
    public static Failure inBand(String name, byte[] array, int offset, int length) {
        ErrorBody error = named(ErrorBodyReader.read(array, offset, length), name);
        return judge(error.status(), HeaderLookup.NONE, error, 0);
    }

    private static boolean isSuccess(int status) {
        return status >= 200 && status <= 299;
    }

    private static boolean isNoAnswer(int status) {
        return status < 200 || (status >= 300 && status <= 399) || status > 599;
    }

    /** Amazon names the error in a header. */
    private static ErrorBody withHeaders(ErrorBody error, HeaderLookup headers) {
        return headers.first("x-amzn-errortype").map(type -> named(error, type)).orElse(error);
    }

    private static ErrorBody named(ErrorBody error, String name) {
        ErrorFindings named = new ErrorFindings();
        named.type(name);
        Set<String> names = new HashSet<>(error.names());
        names.addAll(named.toBody().names());
        return new ErrorBody(
                true, error.words(), names, error.text(), error.status(), error.retryDelay(), error.perDay());
    }

    private static Failure judge(int status, HeaderLookup headers, ErrorBody error, long now) {
        FailureKind kind = kind(status, error);
        return new Failure(kind, status, error.words(), hint(kind, headers, error, now));
    }

    private static FailureKind kind(int status, ErrorBody error) {
        if (status == 413) {
            return FailureKind.CONTEXT_LENGTH;
        }
        if (error.names().contains("slow_down")) {
            // OpenAI: at 503 its servers are short, at 429 this account grew too fast.
            return status == 429 ? FailureKind.RATE_LIMITED : FailureKind.OVERLOADED;
        }
        if (error.names().contains("resource_exhausted")) {
            // Gemini says "exceeded your current quota" for a full minute and for a full day; only its details tell.
            return error.perDay() ? FailureKind.QUOTA : FailureKind.RATE_LIMITED;
        }
        if (error.names().contains("rate_limit_error") && TellingPhrases.QUOTA.in(error.text())) {
            // Anthropic calls the limit of what may be spent by the name of the minute's limit.
            return FailureKind.QUOTA;
        }
        Optional<FailureKind> named = KnownNames.kind(error.names());
        // A refused credential is the last of all names: money and policy hide behind 401 and 403.
        if (named.isPresent() && named.get() != FailureKind.AUTH) {
            return named.get();
        }
        return spoken(status, error.text()).or(() -> named).orElseGet(() -> byStatus(status, error));
    }

    private static Optional<FailureKind> spoken(int status, String text) {
        boolean unknown = status == 0;
        boolean refused = status == 401 || status == 403;
        boolean rejected = unknown || status == 400 || status == 415 || status == 422;
        boolean strained = unknown || status == 429 || status == 498 || status >= 500;
        if (text.isEmpty()) {
            return Optional.empty();
        } else if (status < 500 && TellingPhrases.QUOTA.in(text)) {
            return Optional.of(FailureKind.QUOTA);
        } else if (refused && TellingPhrases.QUOTA_UNDER_AUTH.in(text)) {
            return Optional.of(FailureKind.QUOTA);
        } else if (strained && TellingPhrases.NOT_READY.in(text)) {
            return Optional.of(FailureKind.NOT_READY);
        } else if (strained && TellingPhrases.OVERLOADED.in(text)) {
            return Optional.of(FailureKind.OVERLOADED);
        } else if ((unknown || status == 403) && TellingPhrases.RATE_LIMITED.in(text)) {
            return Optional.of(FailureKind.RATE_LIMITED);
        } else if (status == 404 && TellingPhrases.NO_ENDPOINT_SUPPORTS.in(text)) {
            return Optional.of(FailureKind.UNSUPPORTED);
        } else if ((rejected || refused || status == 451) && TellingPhrases.CONTENT_POLICY.in(text)) {
            return Optional.of(FailureKind.CONTENT_POLICY);
        } else if (rejected && TellingPhrases.CONTEXT_LENGTH.in(text)) {
            return Optional.of(FailureKind.CONTEXT_LENGTH);
        } else if (rejected && TellingPhrases.AUTH.in(text)) {
            return Optional.of(FailureKind.AUTH);
        } else if ((rejected || refused) && TellingPhrases.UNKNOWN_MODEL.in(text)) {
            return Optional.of(FailureKind.UNKNOWN_MODEL);
        } else if (rejected && TellingPhrases.UNSUPPORTED.in(text)) {
            return Optional.of(FailureKind.UNSUPPORTED);
        }
        return Optional.empty();
    }

    private static FailureKind byStatus(int status, ErrorBody error) {
        return switch (status) {
            case 0 -> blamesTheRequest(error) ? FailureKind.BAD_REQUEST : FailureKind.SERVER_ERROR;
            case 401, 403, 407 -> FailureKind.AUTH;
            case 402 -> FailureKind.QUOTA;
            case 404, 405, 410 -> FailureKind.UNKNOWN_MODEL;
            case 408, 409, 423, 424, 425, 499 -> FailureKind.SERVER_ERROR;
            case 429 -> FailureKind.RATE_LIMITED;
            // Groq's "flex tier capacity exceeded", Anthropic's "overloaded".
            case 498, 529 -> FailureKind.OVERLOADED;
            case 501 -> FailureKind.UNSUPPORTED;
            default -> status >= 500 ? FailureKind.SERVER_ERROR : FailureKind.BAD_REQUEST;
        };
    }

    /** An error without any status: does its family say that the request was wrong? */
    private static boolean blamesTheRequest(ErrorBody error) {
        return error.names().stream()
                .anyMatch(name -> name.contains("invalid_request")
                        || name.contains("invalid_argument")
                        || name.contains("badrequest")
                        || name.contains("bad_request")
                        || name.contains("validation"));
    }

    private static OptionalLong hint(FailureKind kind, HeaderLookup headers, ErrorBody error, long now) {
        return switch (kind) {
            case RATE_LIMITED -> or(TimeHints.fromHeaders(headers, now), error);
            case OVERLOADED, NOT_READY, SERVER_ERROR -> or(TimeHints.retryAfter(headers, now), error);
            // The delays in bodies are those of the minute's limit, also where a day's or a month's is used up.
            case QUOTA -> TimeHints.retryAfter(headers, now);
            default -> OptionalLong.empty();
        };
    }

    private static OptionalLong or(OptionalLong asked, ErrorBody error) {
        return asked.isPresent() ? asked : TimeHints.fromBody(error);
    }
}
