package dev.understudy.gateway.call;

import dev.understudy.gateway.quota.GatewayKey;
import dev.understudy.gateway.quota.Reservation;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;

/**
 * Where a call comes from.
 *
 * @param key the key that the caller presented
 * @param reservation what the call has reserved of the key's limits; empty if the key has none
 * @param whenOver called when the call has ended and its request is not needed any more
 */
public record CallOrigin(
        HttpServerRequest http, GatewayKey key, Optional<Reservation> reservation, Runnable whenOver) {
    /** A call that has reserved nothing yet. */
    public CallOrigin(HttpServerRequest http, GatewayKey key, Runnable whenOver) {
        this(http, key, Optional.empty(), whenOver);
    }

    /** The name of the key; empty if none is needed. */
    String callerName() {
        return key.name();
    }

    CallOrigin with(Reservation reserved) {
        return new CallOrigin(http, key, Optional.of(reserved), whenOver);
    }
}
