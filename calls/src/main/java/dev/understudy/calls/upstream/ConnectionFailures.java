package dev.understudy.calls.upstream;

import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.UnknownHostException;
import java.util.Locale;
import javax.net.ssl.SSLException;

/** Turns the transport's exceptions into failures. Their messages contain no addresses, because callers read them. */
public final class ConnectionFailures {
    private ConnectionFailures() {}

    /** No connection could be made. */
    static Failure connecting(Throwable cause) {
        if (isExhausted(cause)) {
            return Failure.of(FailureKind.GATEWAY_BUSY, "the gateway has no free file descriptor or port");
        }
        return Failure.of(FailureKind.CONNECTION, described(cause, "no connection"));
    }

    /** The connection broke before the response headers arrived. */
    public static Failure beforeAnswer(Throwable cause) {
        return isNotHttp(cause)
                ? Failure.of(FailureKind.MALFORMED, "the response is not HTTP")
                : Failure.of(FailureKind.CONNECTION, described(cause, "connection closed before the answer"));
    }

    /** The connection broke inside the response's body. */
    static Failure insideAnswer(Throwable cause, boolean streaming) {
        if (isNotHttp(cause)) {
            return Failure.of(FailureKind.MALFORMED, "the response body is not HTTP");
        }
        return streaming
                ? Failure.of(FailureKind.TRUNCATED, described(cause, "connection closed inside the stream"))
                : Failure.of(FailureKind.MALFORMED, described(cause, "connection closed inside the answer"));
    }

    private static boolean isNotHttp(Throwable cause) {
        return cause instanceof ProtocolException || cause instanceof IllegalArgumentException;
    }

    private static String described(Throwable cause, String otherwise) {
        return switch (cause) {
            case UnknownHostException unknown -> "host name not found";
            case NoRouteToHostException unreachable -> "no route to the host";
            case ConnectException refused -> "connection refused";
            case SSLException tls -> "TLS failed";
            default -> isReset(cause) ? "connection reset" : otherwise;
        };
    }

    /** This process or machine is at a limit; the provider was not reached and is not at fault. */
    private static boolean isExhausted(Throwable cause) {
        for (Throwable each = cause; each != null; each = each.getCause()) {
            String message = each.getMessage();
            if (message != null
                    && (message.contains("Too many open files")
                            || message.contains("Cannot assign requested address"))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isReset(Throwable cause) {
        String message = cause.getMessage();
        return message != null && message.toLowerCase(Locale.ROOT).contains("reset");
    }
}
