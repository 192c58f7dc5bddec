package dev.understudy.protocol.failure;

import dev.understudy.engine.Concern;
import dev.understudy.engine.ErrorDetails;
import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.protocol.HeaderLookup;
import java.net.URI;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Classifies providers' errors: the only place where statuses, headers and bodies become a
 * {@link FailureKind} and a {@link Concern}.
 *
 * <p>Pure: the same input gives the same failure, and no clock is read. It is one classifier for all providers, because
 * bodies pass through proxies and arrive under another's address.
 *
 * <p>Health is shared between callers, so in doubt the narrower concern is chosen.
 * The rules are applied in this order, and the first match counts:
 *
 * <ol>
 *   <li>what concerns this request only: it is larger than any limit, or names an item that does not exist ({@link
 *       QuotaClassifier}, {@link RequestFaultClassifier});
 *   <li>the error's codes ({@link ErrorCodes}), those of a refusal last, because quotas and policies are reported as 401 and 403 too;
 *   <li>its message, where the status is compatible with it ({@link ErrorMessagePatterns}, {@link RefusalClassifier});
 *   <li>the status alone.
 * </ol>
 *
 * <p>413 is a prompt that is too long, whatever the body says; only the limit per minute is distinguished, since a larger
 * context window does not help there. Statuses that are no error of the provider's API: 1xx and 3xx as a final answer are
 * {@code malformed}, because something other than the API has answered; so is a 2xx whose body is no error. 404, 405 and 410
 * are {@code unknown_model} with an HTML body too: a wrong path is as permanent as a wrong name, and other targets can still
 * answer. 409, 423, 424, 425 and 499 are transient states ({@code server_error}), as the official clients see 409. An HTML
 * body is classified by its status only, and is never quoted.
 */
public final class Classifier {

    private Classifier() {}

    /**
     * Classifies a whole response that is not a good answer.
     *
     * @param status the HTTP status; a 2xx is classified by its body, which then also decides the failure's status
     *     (0 if it names none)
     * @param headers its headers
     * @param body its body as far as it came, without content encoding
     * @param nowEpochMillis the time in milliseconds since 1970, to read hints that name a moment
     */
    public static Failure classify(int status, HeaderLookup headers, byte[] body, long nowEpochMillis) {
        ErrorBody error = withHeaders(ErrorBodyReader.read(body, 0, body.length), headers);
        if (isNoAnswer(status) || (isSuccess(status) && !error.isError())) {
            return new Failure(
                    FailureKind.MALFORMED,
                    status,
                    redirect(status, headers).map(ErrorDetails::of).orElse(error.details()),
                    OptionalLong.empty());
        }
        return judge(isSuccess(status) ? error.status() : status, headers, error, nowEpochMillis);
    }

    /**
     * Classifies an error in the place of an answer: in a 200 or in an event of a stream. The failure's status is
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

    /** Whether the provider itself says what failed, and does not merely report an error. */
    public static boolean hasMessage(Failure failure) {
        return !failure.details().message().equals(ErrorFindings.NO_MESSAGE);
    }

    private static boolean isSuccess(int status) {
        return status >= 200 && status <= 299;
    }

    private static boolean isNoAnswer(int status) {
        return status < 200 || (status >= 300 && status <= 399) || status > 599;
    }

    /** What is wrong with a redirect that is not followed. The path and the query of its address may contain secrets. */
    private static Optional<String> redirect(int status, HeaderLookup headers) {
        return status / 100 != 3
                ? Optional.empty()
                : headers.first("location")
                        .map(
                                location -> "redirects to " + ErrorTextSanitizer.clean(origin(location))
                                        + ", which is not followed; set the provider's base-url to the address that it has now");
    }

    private static String origin(String location) {
        try {
            URI address = URI.create(location.strip());
            return address.getHost() == null
                    ? "another path"
                    : address.getScheme() + "://" + address.getHost()
                            + (address.getPort() < 0 ? "" : ":" + address.getPort());
        } catch (IllegalArgumentException invalid) {
            return "an address that is not valid";
        }
    }

    /** Amazon names the error in a header. */
    private static ErrorBody withHeaders(ErrorBody error, HeaderLookup headers) {
        return headers.first("x-amzn-errortype").map(type -> named(error, type)).orElse(error);
    }

    private static ErrorBody named(ErrorBody error, String name) {
        ErrorFindings named = new ErrorFindings();
        named.type(name);
        return error.named(named.toBody().names());
    }

    private static Failure judge(int status, HeaderLookup headers, ErrorBody error, long now) {
        Classification found = find(status, error);
        OptionalLong hint = hint(found, headers, error, now);
        if (hint.isEmpty()) {
            found = QuotaClassifier.withoutAHint(found, error);
        }
        if (error.relayed()) {
            found = found.relayed();
        }
        return new Failure(found.kind(), status, error.details(), hint).concerning(found.concern());
    }

    private static Classification find(int status, ErrorBody error) {
        Optional<FailureKind> named = ErrorCodes.kind(error.names());
        if (QuotaClassifier.areTooSmallFor(status, error)) {
            return Classification.ofThisRequest(FailureKind.RATE_LIMITED);
        }
        if (status == 413) {
            return Classification.of(FailureKind.CONTEXT_LENGTH);
        }
        if (RequestFaultClassifier.isTheModelsOwn(status, error)) {
            return Classification.of(FailureKind.INVALID_OUTPUT);
        }
        if (QuotaClassifier.affordLess(status, error)) {
            return Classification.ofThisRequest(FailureKind.QUOTA);
        }
        if (RequestFaultClassifier.refersToWhatIsMissing(status, error)) {
            return Classification.of(FailureKind.BAD_REQUEST);
        }
        boolean filtered = named.equals(Optional.of(FailureKind.CONTENT_POLICY));
        if (status == 403 && !filtered && ErrorMessagePatterns.FLAGGED.in(error.text())) {
            return Classification.ofThisRequest(FailureKind.FORBIDDEN);
        }
        if (error.names().contains("slow_down")) {
            // OpenAI: at 503 its servers lack capacity, at 429 this account's traffic grew too fast.
            return Classification.of(status == 429 ? FailureKind.RATE_LIMITED : FailureKind.OVERLOADED);
        }
        if (error.names().contains("resource_exhausted")) {
            return QuotaClassifier.exhausted(error);
        }
        String stated = stated(status, error);
        if (error.names().contains("rate_limit_error") && named.equals(Optional.of(FailureKind.RATE_LIMITED))) {
            // Anthropic uses the code of the limit per minute for the spending limit too.
            return QuotaClassifier.spoken(status, stated).orElse(Classification.of(FailureKind.RATE_LIMITED));
        }
        // A refused credential is checked last: quotas and policies are reported as 401 and 403 too.
        Optional<FailureKind> telling = named.filter(kind -> kind != FailureKind.AUTH && kind != FailureKind.FORBIDDEN);
        if (telling.isPresent()) {
            return telling.get() == FailureKind.UNKNOWN_MODEL
                    ? RequestFaultClassifier.unknownModel(status, error, stated)
                    : Classification.of(telling.get());
        }
        return spoken(status, error, stated)
                .or(() -> named.map(kind -> RefusalClassifier.named(status, kind, error)))
                .orElseGet(() -> byStatus(status, error));
    }

    /**
     * What the provider states itself, without quotations from the request. An error about quotas or the key quotes nothing of
     * the request.
     */
    private static String stated(int status, ErrorBody error) {
        return switch (status) {
            case 401, 402, 429 -> error.text();
            default -> QuotedText.leftOut(error.text());
        };
    }

    private static Optional<Classification> spoken(int status, ErrorBody error, String stated) {
        if (error.text().isEmpty()) {
            return Optional.empty();
        }
        // A message about a rejected request quotes it, so the patterns for such messages come first.
        boolean rejected = status == 400 || status == 415 || status == 422;
        Optional<Classification> ofAccount =
                QuotaClassifier.spoken(status, stated).or(() -> RefusalClassifier.spoken(status, error, stated));
        Optional<Classification> ofRequest = RequestFaultClassifier.spoken(status, error, stated);
        Optional<Classification> strained = ofTheProvider(status, stated).map(Classification::of);
        return rejected
                ? ofRequest.or(() -> ofAccount)
                : ofAccount.or(() -> strained).or(() -> ofRequest);
    }

    private static Optional<FailureKind> ofTheProvider(int status, String stated) {
        boolean unknown = status == 0;
        boolean strained = unknown || status == 429 || status == 498 || status >= 500;
        if (strained && ErrorMessagePatterns.NOT_READY.in(stated)) {
            return Optional.of(FailureKind.NOT_READY);
        } else if (strained && ErrorMessagePatterns.OVERLOADED.in(stated)) {
            return Optional.of(FailureKind.OVERLOADED);
        } else if ((unknown || status == 403) && ErrorMessagePatterns.RATE_LIMITED.in(stated)) {
            return Optional.of(FailureKind.RATE_LIMITED);
        }
        return Optional.empty();
    }

    private static Classification byStatus(int status, ErrorBody error) {
        return switch (status) {
            case 0 ->
                Classification.of(
                        RequestFaultClassifier.areNamed(error) ? FailureKind.BAD_REQUEST : FailureKind.SERVER_ERROR);
            case 401, 407 -> Classification.of(FailureKind.AUTH);
            case 402 -> Classification.of(FailureKind.QUOTA);
            case 403 -> Classification.ofThisRequest(FailureKind.FORBIDDEN);
            case 404, 405, 410 -> Classification.of(FailureKind.UNKNOWN_MODEL);
            case 408, 409, 423, 424, 425, 499 -> Classification.of(FailureKind.SERVER_ERROR);
            case 429 -> Classification.of(FailureKind.RATE_LIMITED);
            // Groq's "flex tier capacity exceeded", Anthropic's "overloaded".
            case 498, 529 -> Classification.of(FailureKind.OVERLOADED);
            case 501 -> Classification.of(FailureKind.UNSUPPORTED);
            default -> Classification.of(status >= 500 ? FailureKind.SERVER_ERROR : FailureKind.BAD_REQUEST);
        };
    }

    private static OptionalLong hint(Classification found, HeaderLookup headers, ErrorBody error, long now) {
        if (found.concern() == Concern.REQUEST) {
            // Waiting changes nothing about the request.
            return OptionalLong.empty();
        }
        return switch (found.kind()) {
            case RATE_LIMITED -> or(TimeHints.fromHeaders(headers, now), error, error.text());
            case OVERLOADED, NOT_READY, SERVER_ERROR ->
                or(TimeHints.retryAfter(headers, now), error, QuotedText.leftOut(error.text()));
            // Delays in bodies are those of the limit per minute, even where a daily or monthly limit is used up.
            case QUOTA -> TimeHints.retryAfter(headers, now);
            default -> OptionalLong.empty();
        };
    }

    private static OptionalLong or(OptionalLong asked, ErrorBody error, String stated) {
        return asked.isPresent() ? asked : TimeHints.fromBody(error, stated);
    }
}
