package dev.understudy.gateway.call;

import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import io.netty.handler.codec.DecoderException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;

/** Puts what the transport throws into words. Addresses stay out: callers read these. */
final class ConnectionFailures {
    private ConnectionFailures() {}

    /** No connection could be made. */
    static Failure connecting(Throwable cause) {
        return Failure.of(FailureKind.CONNECTION, said(cause, "no connection"));
    }

    /** The connection broke before the answer's head was there. */
    static Failure beforeAnswer(Throwable cause) {
        return isGibberish(cause)
                ? Failure.of(FailureKind.MALFORMED, "the answer is not HTTP")
                : Failure.of(FailureKind.CONNECTION, said(cause, "connection closed before the answer"));
    }

    /** The connection broke inside the answer's body. */
    static Failure insideAnswer(Throwable cause, boolean streaming) {
        if (isGibberish(cause)) {
            return Failure.of(FailureKind.MALFORMED, "the answer's body is not HTTP");
        }
        return streaming
                ? Failure.of(FailureKind.TRUNCATED, said(cause, "connection closed inside the stream"))
                : Failure.of(FailureKind.MALFORMED, said(cause, "connection closed inside the answer"));
    }

    private static boolean isGibberish(Throwable cause) {
        return cause instanceof DecoderException || cause instanceof IllegalArgumentException;
    }

    private static String said(Throwable cause, String otherwise) {
        return switch (cause) {
            case UnknownHostException unknown -> "host name not found";
            case NoRouteToHostException unreachable -> "no route to the host";
            case ConnectException refused -> "connection refused";
            case SSLException tls -> "TLS failed";
            default -> isReset(cause) ? "connection reset" : otherwise;
        };
    }

    private static boolean isReset(Throwable cause) {
        String message = cause.getMessage();
        return message != null && message.toLowerCase(java.util.Locale.ROOT).contains("reset");
    }
}
