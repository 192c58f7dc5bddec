package dev.understudy.calls.credentials;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a credential, and fetches the next one before it expires.
 *
 * <p>A credential is used until shortly before it ends. Some minutes earlier the next one is fetched, while calls use the old one;
 * so a short outage of the service that issues it affects no call. There is one fetch at a time, for all callers.
 *
 * <p>Safe for use by many threads.
 *
 * @param <T> the credential
 */
public final class ExpiringCredential<T> {
    /** With less than this left, the next one is fetched. */
    private static final Duration EARLY = Duration.ofMinutes(5);
    /** With less than this left it is not used any more: a request takes time to arrive, and clocks differ. */
    private static final Duration USELESS = Duration.ofSeconds(30);
    /** How long a failed fetch is not repeated while the old credential is valid. */
    private static final Duration PAUSE = Duration.ofSeconds(10);

    private final Function<Instant, CompletableFuture<T>> source;
    private final Function<T, Optional<Instant>> expiry;

    private Optional<T> known = Optional.empty();
    private Optional<CompletableFuture<T>> underWay = Optional.empty();
    private Instant notBefore = Instant.MIN;

    /**
     * @param source begins to fetch one at a time; it throws nothing
     * @param expiry when one expires; empty for never
     */
    public ExpiringCredential(Function<Instant, CompletableFuture<T>> source, Function<T, Optional<Instant>> expiry) {
        this.source = source;
        this.expiry = expiry;
    }

    /**
     * A credential that is valid now.
     *
     * @return fails as the fetch does, if there is none to be had
     */
    public CompletableFuture<T> at(Instant now) {
        CompletableFuture<T> fetch = new CompletableFuture<>();
        Optional<T> good;
        synchronized (this) {
            good = known.filter(each -> lasts(each, USELESS, now));
            if (good.isPresent()
                    && (lasts(good.get(), EARLY, now) || underWay.isPresent() || now.isBefore(notBefore))) {
                return CompletableFuture.completedFuture(good.get());
            } else if (underWay.isPresent()) {
                return underWay.get().copy();
            }
            underWay = Optional.of(fetch);
        }
        // Without the lock: what depends on the fetch may run at once.
        var unused = source.apply(now).whenComplete((fresh, cause) -> finish(fetch, fresh, cause, now));
        return good.map(CompletableFuture::completedFuture).orElseGet(fetch::copy);
    }

    private void finish(CompletableFuture<T> fetch, @Nullable T fresh, @Nullable Throwable cause, Instant now) {
        synchronized (this) {
            underWay = Optional.empty();
            if (cause == null) {
                known = Optional.ofNullable(fresh);
            } else {
                // What is known stays: it may be valid for a while yet.
                notBefore = now.plus(PAUSE);
            }
        }
        if (cause == null) {
            fetch.complete(fresh);
        } else {
            fetch.completeExceptionally(cause);
        }
    }

    private boolean lasts(T credential, Duration time, Instant now) {
        return expiry.apply(credential).map(end -> end.minus(time).isAfter(now)).orElse(true);
    }
}
