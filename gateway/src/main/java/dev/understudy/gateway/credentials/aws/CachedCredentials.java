package dev.understudy.gateway.credentials.aws;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Keeps a key until shortly before it expires. There is one fetch at a time, for all callers; while a key is still
 * valid, callers get it and do not wait for the next. Safe for use by many threads.
 */
public final class CachedCredentials implements AwsCredentialsSource {
    /** The next key is fetched that long before the last expires, and waited for that long. */
    private static final Duration EARLY = Duration.ofMinutes(5);

    private static final Duration LATEST = Duration.ofSeconds(30);

    private final AwsCredentialsSource source;
    private final InstantSource clock;
    private final AtomicReference<State> state = new AtomicReference<>(new State(Optional.empty(), Optional.empty()));

    private record State(Optional<AwsCredentials> known, Optional<Future<AwsCredentials>> fetch) {}

    public CachedCredentials(AwsCredentialsSource source, InstantSource clock) {
        this.source = source;
        this.clock = clock;
    }

    @Override
    public Future<AwsCredentials> current() {
        Optional<AwsCredentials> known = state.get().known();
        if (known.isPresent() && isGoodFor(EARLY, known.get())) {
            return Future.succeededFuture(known.get());
        }
        Future<AwsCredentials> fetch = fetch();
        return known.isPresent() && isGoodFor(LATEST, known.get()) ? Future.succeededFuture(known.get()) : fetch;
    }

    private boolean isGoodFor(Duration time, AwsCredentials credentials) {
        return credentials
                .expiry()
                .map(end -> clock.instant().plus(time).isBefore(end))
                .orElse(true);
    }

    private Future<AwsCredentials> fetch() {
        Promise<AwsCredentials> promise = Promise.promise();
        State before = state.get();
        if (before.fetch().isPresent()) {
            return before.fetch().get();
        }
        State fetching = new State(before.known(), Optional.of(promise.future()));
        if (!state.compareAndSet(before, fetching)) {
            return fetch();
        }
        source.current().onComplete(got -> {
            // A failure does not take away what is known: it may be valid for a while yet.
            state.set(new State(got.succeeded() ? Optional.of(got.result()) : before.known(), Optional.empty()));
            if (got.succeeded()) {
                promise.complete(got.result());
            } else {
                promise.fail(got.cause());
            }
        });
        return promise.future();
    }
}
