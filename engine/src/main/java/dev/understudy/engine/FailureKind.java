package dev.understudy.engine;

import dev.understudy.engine.Disposition.Again;
import dev.understudy.engine.Disposition.Effect;
import dev.understudy.engine.Disposition.Next;
import dev.understudy.engine.Disposition.Scope;
import java.util.Locale;

/**
 * What went wrong with an attempt: one closed set for every dialect, streamed or not.
 *
 * <p>Each kind carries its {@link Disposition}, so that the table which people read in the documentation is the table
 * which the engine runs on.
 */
public enum FailureKind {
    /** Refused, reset or closed before any byte of the answer; TLS; name resolution. */
    CONNECTION(Again.IF_QUICK, Next.YES, Effect.COUNTS, Scope.PROVIDER),
    /** 500, 502, 503, 504, 408 without a more telling body. */
    SERVER_ERROR(Again.AFTER_BACKOFF, Next.YES, Effect.COUNTS, Scope.TARGET),
    /** The provider says that it has no capacity for anybody. */
    OVERLOADED(Again.NEVER, Next.YES, Effect.COOLS, Scope.TARGET),
    /** This key has used up its requests or tokens for a while. */
    RATE_LIMITED(Again.IF_HINT_FITS, Next.YES, Effect.COOLS, Scope.TARGET),
    /** This account has no money or allowance left. */
    QUOTA(Again.NEVER, Next.YES, Effect.COOLS_LONG, Scope.CREDENTIAL),
    /** The provider does not accept the credential. */
    AUTH(Again.NEVER, Next.YES, Effect.COOLS_LONG, Scope.CREDENTIAL),
    /** The provider does not know the model. */
    UNKNOWN_MODEL(Again.NEVER, Next.YES, Effect.COOLS, Scope.TARGET),
    /** The model is being loaded. */
    NOT_READY(Again.AFTER_BACKOFF, Next.YES, Effect.COUNTS, Scope.TARGET),
    /** No connection in time. */
    TIMEOUT_CONNECT(Again.NEVER, Next.YES, Effect.COUNTS, Scope.PROVIDER),
    /** A connection, but no content in time. */
    TIMEOUT_FIRST_TOKEN(Again.NEVER, Next.YES, Effect.COUNTS, Scope.TARGET),
    /** Content began and then stopped coming. */
    TIMEOUT_IDLE(Again.NEVER, Next.YES, Effect.COUNTS, Scope.TARGET),
    /** The call's own time ran out while the attempt was at work. */
    DEADLINE(Again.NEVER, Next.NEVER, Effect.COUNTS, Scope.TARGET),
    /** The prompt is longer than the model's context window. */
    CONTEXT_LENGTH(Again.NEVER, Next.LARGER_WINDOW, Effect.NONE, Scope.TARGET),
    /** The provider's content filter refused. */
    CONTENT_POLICY(Again.NEVER, Next.OPT_IN, Effect.NONE, Scope.TARGET),
    /** The target lacks a parameter or modality that the request uses. */
    UNSUPPORTED(Again.NEVER, Next.YES, Effect.NONE, Scope.TARGET),
    /** The request itself is wrong; every target would say so. */
    BAD_REQUEST(Again.NEVER, Next.NEVER, Effect.NONE, Scope.TARGET),
    /** The bytes that came are not an answer: HTML, cut JSON, a body shorter than announced. */
    MALFORMED(Again.IF_QUICK, Next.YES, Effect.COUNTS, Scope.TARGET),
    /** A well-formed answer with nothing in it where content is due. */
    EMPTY(Again.NEVER, Next.ONCE_PER_CALL, Effect.QUALITY, Scope.TARGET),
    /** The answer ended without its terminal mark. */
    TRUNCATED(Again.IF_QUICK, Next.YES, Effect.COUNTS, Scope.TARGET),
    /** An answer that is not what was asked for: no JSON, broken tool arguments, a validator's no. */
    INVALID_OUTPUT(Again.NEVER, Next.YES, Effect.QUALITY, Scope.TARGET),
    /** The target does not take the form in which it was asked to go on with a broken answer; it may take another. */
    CONTINUATION_REFUSED(Again.PUT_DIFFERENTLY, Next.YES, Effect.NONE, Scope.TARGET),
    /** The caller left. */
    CANCELLED(Again.NEVER, Next.NEVER, Effect.NONE, Scope.TARGET);

    private final Disposition disposition;
    private final String wireName = name().toLowerCase(Locale.ROOT);

    FailureKind(Again again, Next next, Effect effect, Scope scope) {
        this.disposition = new Disposition(again, next, effect, scope);
    }

    /** What this kind asks of the call and of the shared health. */
    public Disposition disposition() {
        return disposition;
    }

    /** The name in trails, logs, metrics and error bodies, such as {@code rate_limited}. */
    public String wireName() {
        return wireName;
    }

    /** It befell the key and not the model behind it, so that another key for the same target may fare better. */
    public boolean concernsTheKey() {
        return switch (this) {
            case RATE_LIMITED, QUOTA, AUTH -> true;
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

    /** The caller must change the request; trying elsewhere or later does not help. */
    public boolean isCallersToMend() {
        return switch (this) {
            case BAD_REQUEST, CONTEXT_LENGTH, CONTENT_POLICY, UNSUPPORTED, UNKNOWN_MODEL -> true;
            default -> false;
        };
    }
}
