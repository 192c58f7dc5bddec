package dev.understudy.client.chain;

import dev.understudy.engine.Concern;
import dev.understudy.engine.ErrorDetails;
import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.protocol.failure.Classifier;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.UndeclaredThrowableException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** Makes failures of what targets throw: the built-in classifier, and the pieces for those of SDKs. */
public final class TargetFailures {
    /** Exceptions can have each other as causes. */
    private static final int DEEPEST_CAUSE = 20;

    private TargetFailures() {}

    /**
     * Classifies an HTTP error of a provider as the gateway does: by its status, its headers and its body.
     *
     * @param status the HTTP status
     * @param headers the response's headers; empty if they are not known
     * @param body the response's body; empty if it is not known
     */
    public static Failure ofHttp(int status, Map<String, List<String>> headers, String body) {
        return Classifier.classify(
                status,
                name -> first(headers, name),
                body.getBytes(StandardCharsets.UTF_8),
                System.currentTimeMillis());
    }

    private static Optional<String> first(Map<String, List<String>> headers, String name) {
        return headers.entrySet().stream()
                .filter(header -> header.getKey().equalsIgnoreCase(name))
                .flatMap(header -> header.getValue().stream())
                .findFirst();
    }

    /**
     * The failure of an answer that a validator rejects; it is delivered to the caller if no other target has a better one.
     *
     * @param why for people
     */
    public static Failure rejected(String why) {
        return new Failure(FailureKind.INVALID_OUTPUT, 0, ErrorDetails.of(why), OptionalLong.empty());
    }

    /** The failure of a blank answer. It reaches the caller if the other targets have none either. */
    static Failure blank() {
        return new Failure(FailureKind.EMPTY, 0, ErrorDetails.of("The answer is blank"), OptionalLong.empty(), true);
    }

    /** The failure of an answer that a content filter emptied. It reaches the caller unless another target may be tried for it. */
    static Failure withheld() {
        ErrorDetails details =
                new ErrorDetails("The provider's content filter withheld the answer", "", "", "content_filter");
        return new Failure(FailureKind.CONTENT_POLICY, 0, details, OptionalLong.empty(), true);
    }

    /** The target returned null. */
    static Failure nothing() {
        return Failure.of(FailureKind.MALFORMED, "the target returned null instead of an answer");
    }

    /** What an exception is about: the first in its chain of causes that is no wrapper of futures or of reflection. */
    public static Throwable unwrapped(Throwable thrown) {
        Throwable inner = thrown;
        for (int depth = 0; depth < DEEPEST_CAUSE; depth++) {
            boolean wraps = inner instanceof CompletionException
                    || inner instanceof ExecutionException
                    || inner instanceof UndeclaredThrowableException
                    || inner instanceof InvocationTargetException;
            Throwable cause = inner.getCause();
            if (!wraps || cause == null) {
                return inner;
            }
            inner = cause;
        }
        return inner;
    }

    /**
     * Classifies exceptions of the JDK, {@link HttpStatusException}, and the failures of another chain.
     *
     * <p>An exception is classified by itself or by the first of its causes that says more. What is left says nothing: an
     * exception of the kinds that mean a wrong argument or a mistake in code concerns this request only, any other is taken for
     * trouble of the target.
     *
     * @param thrown what the target threw
     * @param contentCame whether the attempt had brought content before
     */
    static Failure of(Throwable thrown, boolean contentCame) {
        Throwable unwrapped = unwrapped(thrown);
        for (Throwable each : causes(unwrapped)) {
            Optional<Failure> known = known(each, contentCame);
            if (known.isPresent()) {
                return known.get();
            }
        }
        String message = message(unwrapped);
        return isAboutTheRequest(unwrapped)
                ? Failure.of(FailureKind.BAD_REQUEST, message)
                : Failure.of(FailureKind.SERVER_ERROR, message);
    }

    private static List<Throwable> causes(Throwable thrown) {
        List<Throwable> causes = new ArrayList<>();
        for (Throwable each = thrown; each != null && causes.size() < DEEPEST_CAUSE; each = each.getCause()) {
            causes.add(each);
        }
        return causes;
    }

    private static Optional<Failure> known(Throwable thrown, boolean contentCame) {
        return switch (thrown) {
            case HttpStatusException http -> Optional.of(ofHttp(http.status(), http.headers(), http.body()));
            case FallbackException chain -> Optional.of(chain.verdict().shown());
            case HttpConnectTimeoutException late -> failure(FailureKind.TIMEOUT_CONNECT, late);
            case SocketTimeoutException late when isAboutConnecting(late) -> failure(FailureKind.TIMEOUT_CONNECT, late);
            case HttpTimeoutException late -> failure(silence(contentCame), late);
            case SocketTimeoutException late -> failure(silence(contentCame), late);
            case TimeoutException late -> failure(silence(contentCame), late);
            case ConnectException refused -> failure(FailureKind.CONNECTION, refused);
            case InterruptedIOException interrupted -> stopped(interrupted);
            case IOException broken -> failure(contentCame ? FailureKind.TRUNCATED : FailureKind.CONNECTION, broken);
            case InterruptedException interrupted -> stopped(interrupted);
            case CancellationException cancelled -> stopped(cancelled);
            case UnsupportedOperationException unsupported -> failure(FailureKind.UNSUPPORTED, unsupported);
            default -> Optional.empty();
        };
    }

    private static FailureKind silence(boolean contentCame) {
        return contentCame ? FailureKind.TIMEOUT_IDLE : FailureKind.TIMEOUT_FIRST_TOKEN;
    }

    private static boolean isAboutConnecting(SocketTimeoutException late) {
        return message(late).toLowerCase(Locale.ROOT).contains("connect");
    }

    /** The target itself was interrupted or cancelled, not by us: that says nothing about its provider. */
    private static Optional<Failure> stopped(Throwable thrown) {
        return Optional.of(Failure.of(FailureKind.CONNECTION, message(thrown)).concerning(Concern.REQUEST));
    }

    private static boolean isAboutTheRequest(Throwable thrown) {
        return thrown instanceof IllegalArgumentException
                || thrown instanceof IllegalStateException
                || thrown instanceof NullPointerException
                || thrown instanceof ClassCastException
                || thrown instanceof IndexOutOfBoundsException
                || thrown instanceof ArithmeticException;
    }

    private static Optional<Failure> failure(FailureKind kind, Throwable thrown) {
        return Optional.of(Failure.of(kind, message(thrown)));
    }

    /** What an exception says, or its name if it says nothing. */
    static String message(Throwable thrown) {
        String message = thrown.getMessage();
        return message == null || message.isBlank() ? thrown.getClass().getSimpleName() : message;
    }
}
