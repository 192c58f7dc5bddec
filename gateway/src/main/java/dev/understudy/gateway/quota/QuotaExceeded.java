package dev.understudy.gateway.quota;

import dev.understudy.engine.ErrorDetails;
import java.time.Duration;

/** A limit of the caller's key is reached, so that the request is not sent to any provider. The response's status is 429. */
public final class QuotaExceeded extends Exception {
    private static final long serialVersionUID = 1;

    private final transient ErrorDetails details;
    private final Duration retryAfter;

    /**
     * @param code names the limit
     * @param retryAfter when a request may be accepted again
     */
    QuotaExceeded(String code, String message, Duration retryAfter) {
        super(message, null, false, false);
        this.details = new ErrorDetails(message, "rate_limit_error", "", code);
        this.retryAfter = retryAfter;
    }

    /** The error for the caller. */
    public ErrorDetails details() {
        return details;
    }

    /** In how many seconds a request may be accepted again, rounded up. */
    public long retryAfterSeconds() {
        return Math.max(1, retryAfter.plusNanos(999_999_999).toSeconds());
    }

    /** Whether clients should repeat the request by themselves: not if they would have to wait for hours. */
    public boolean isBrief() {
        return retryAfter.compareTo(Duration.ofMinutes(5)) < 0;
    }
}
