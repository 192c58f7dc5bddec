package dev.understudy.simulator.world;

import dev.understudy.engine.Concern;
import dev.understudy.engine.ErrorDetails;
import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import java.util.Optional;
import java.util.OptionalLong;

/** What a caller does that must cost no other caller anything. */
public enum Hostility {
    /** A prompt that moderation flags. */
    FLAGGED,
    /** A request that a firewall answers with a page of its own, which does not say what it concerns. */
    FORBIDDEN,
    /** A request that is larger than the limit per minute. */
    OVERSIZED,
    /** More {@code max_tokens} than the account has credits for. */
    UNPAYABLE,
    /** The id of an item that is no more. */
    STALE_ID,
    /** A model that does not exist. */
    UNKNOWN_MODEL,
    /** A key of the caller's own, which the provider refuses. */
    REFUSED_KEY,
    /** A limit on attempts in which no target can answer. */
    TINY_LIMIT,
    /** A client that hangs up at once. */
    LEAVES;

    /** How every provider answers it; empty if there is nothing wrong with the request. */
    public Optional<Failure> failure() {
        return switch (this) {
            case FLAGGED -> Optional.of(failure(FailureKind.FORBIDDEN, 403).concerning(Concern.REQUEST));
            case FORBIDDEN -> Optional.of(failure(FailureKind.FORBIDDEN, 403));
            case OVERSIZED -> Optional.of(failure(FailureKind.RATE_LIMITED, 429).concerning(Concern.REQUEST));
            case UNPAYABLE -> Optional.of(failure(FailureKind.QUOTA, 402).concerning(Concern.REQUEST));
            case STALE_ID -> Optional.of(failure(FailureKind.BAD_REQUEST, 404));
            case UNKNOWN_MODEL -> Optional.of(failure(FailureKind.UNKNOWN_MODEL, 404));
            case REFUSED_KEY -> Optional.of(failure(FailureKind.AUTH, 401).concerning(Concern.CREDENTIAL));
            case TINY_LIMIT, LEAVES -> Optional.empty();
        };
    }

    /** The name of the caller: always the same one, whose requests are refused in one way. */
    public String caller() {
        return this == FLAGGED ? FORBIDDEN.name() : name();
    }

    private static Failure failure(FailureKind kind, int status) {
        return new Failure(kind, status, ErrorDetails.of(kind.wireName()), OptionalLong.empty());
    }
}
