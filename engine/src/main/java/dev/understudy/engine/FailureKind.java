package dev.understudy.engine;

import dev.understudy.engine.Disposition.Effect;
import dev.understudy.engine.Disposition.Next;
import dev.understudy.engine.Disposition.Retry;
import java.util.Locale;

/**
 * What went wrong with an attempt: one closed set for every dialect, streamed or not.
 *
 * <p>Each kind carries its {@link Disposition}, so that the table which people read in the documentation is the table
 * which the engine runs on.
 */
public enum FailureKind {
    /** Refused, reset or closed before any byte of the answer; TLS; name resolution. */
    CONNECTION(Retry.IF_QUICK, Next.YES, Effect.COUNTS, Concern.PROVIDER),
    /** 500, 502, 503, 504, 408 without a more telling body. */
    SERVER_ERROR(Retry.AFTER_BACKOFF, Next.YES, Effect.COUNTS, Concern.TARGET),
    /** The provider says that it has no capacity for any caller. */
    OVERLOADED(Retry.IF_ALONE, Next.YES, Effect.COUNTS, Concern.TARGET),
    /** This key has used up its requests or tokens for a while. */
    RATE_LIMITED(Retry.IF_HINT_FITS, Next.YES, Effect.COUNTS, Concern.TARGET),
    /** This account has no money or allowance left. */
    QUOTA(Retry.NEVER, Next.YES, Effect.COOLS_LONG, Concern.CREDENTIAL),
    /** The provider does not accept the credential. */
    AUTH(Retry.NEVER, Next.YES, Effect.COOLS_LONG, Concern.CREDENTIAL_SUSPECTED),
    /**
     * A model, a region, a permission, flagged input, or a firewall's page: a fault of this request, until requests of other callers
     * meet it too.
     */
    FORBIDDEN(Retry.NEVER, Next.YES, Effect.COUNTS_ACROSS_CALLERS, Concern.TARGET),
    /** The provider does not know the model. */
    UNKNOWN_MODEL(Retry.NEVER, Next.YES, Effect.COOLS, Concern.TARGET),
    /** The model is being loaded. */
    NOT_READY(Retry.AFTER_BACKOFF, Next.YES, Effect.COUNTS, Concern.TARGET),
    /** No connection in time. */
    TIMEOUT_CONNECT(Retry.NEVER, Next.YES, Effect.COUNTS, Concern.PROVIDER),
    /** A connection, but no content in time. */
    TIMEOUT_FIRST_TOKEN(Retry.NEVER, Next.YES, Effect.COUNTS, Concern.TARGET),
    /** Content began and then stopped coming. */
    TIMEOUT_IDLE(Retry.NEVER, Next.YES, Effect.COUNTS, Concern.TARGET),
    /** The call's own time ran out while the attempt was at work. */
    DEADLINE(Retry.NEVER, Next.NEVER, Effect.COUNTS, Concern.TARGET),
    /** The prompt is longer than the model's context window. */
    CONTEXT_LENGTH(Retry.NEVER, Next.LARGER_WINDOW, Effect.NONE, Concern.REQUEST),
    /** The provider's content filter refused. */
    CONTENT_POLICY(Retry.NEVER, Next.OPT_IN, Effect.NONE, Concern.REQUEST),
    /** The target lacks a parameter or modality that the request uses. */
    UNSUPPORTED(Retry.NEVER, Next.YES, Effect.NONE, Concern.REQUEST),
    /** The model refuses the request. That is one target's opinion: limits, roles and schemas differ between models. */
    BAD_REQUEST(Retry.NEVER, Next.REFUSAL, Effect.NONE, Concern.REQUEST),
    /** The bytes that came are not an answer: HTML, cut JSON, a body shorter than announced. */
    MALFORMED(Retry.IF_QUICK, Next.YES, Effect.COUNTS, Concern.TARGET),
    /** A well-formed answer with nothing in it where content is due. */
    EMPTY(Retry.NEVER, Next.ONCE_PER_CALL, Effect.QUALITY, Concern.TARGET),
    /** The answer ended without its terminal mark. */
    TRUNCATED(Retry.IF_QUICK, Next.YES, Effect.COUNTS, Concern.TARGET),
    /** An answer that does not meet the request: no JSON, broken tool arguments, rejected by a validator. */
    INVALID_OUTPUT(Retry.NEVER, Next.YES, Effect.QUALITY, Concern.TARGET),
    /** The target refuses this form of continuation request; it may accept another form. */
    CONTINUATION_REFUSED(Retry.REWRITTEN, Next.YES, Effect.NONE, Concern.REQUEST),
    /**
     * A limit of this process kept the attempt from being made: workers, upstream connections or file descriptors. The provider has
     * not seen the request.
     */
    GATEWAY_BUSY(Retry.NEVER, Next.YES, Effect.NONE, Concern.REQUEST),
    /** The caller left. */
    CANCELLED(Retry.NEVER, Next.NEVER, Effect.NONE, Concern.REQUEST);

    private final Disposition disposition;
    private final String wireName = name().toLowerCase(Locale.ROOT);

    FailureKind(Retry retry, Next next, Effect effect, Concern concern) {
        this.disposition = new Disposition(retry, next, effect, concern);
    }

    /** What this kind asks of the call and of the shared health. */
    public Disposition disposition() {
        return disposition;
    }

    /** The name in trails, logs, metrics and error bodies, such as {@code rate_limited}. */
    public String wireName() {
        return wireName;
    }

    /** Whether it concerns the key and not the model behind it, so that another key for the same target may succeed. */
    public boolean concernsTheKey() {
        return switch (this) {
            case RATE_LIMITED, QUOTA, AUTH -> true;
            default -> false;
        };
    }

    /** It passes by itself: a retry may help, and is paid from the retry budget. */
    public boolean isTransient() {
        return switch (this) {
            case CONNECTION,
                    SERVER_ERROR,
                    OVERLOADED,
                    RATE_LIMITED,
                    NOT_READY,
                    TIMEOUT_CONNECT,
                    TIMEOUT_FIRST_TOKEN,
                    TIMEOUT_IDLE,
                    DEADLINE,
                    MALFORMED,
                    TRUNCATED -> true;
            default -> false;
        };
    }

    /** A limit on time ran out. */
    public boolean isTimeout() {
        return switch (this) {
            case TIMEOUT_CONNECT, TIMEOUT_FIRST_TOKEN, TIMEOUT_IDLE, DEADLINE -> true;
            default -> false;
        };
    }

    /** The caller can fix it by changing the request; retrying later does not help. */
    public boolean isFixableByCaller() {
        return switch (this) {
            case BAD_REQUEST, CONTEXT_LENGTH, CONTENT_POLICY, UNSUPPORTED, UNKNOWN_MODEL, FORBIDDEN -> true;
            default -> false;
        };
    }
}
