package dev.understudy.gateway.quota;

import dev.understudy.calls.config.ApiKey;
import dev.understudy.calls.plan.TargetPermissions;
import java.time.Instant;
import java.util.Optional;

/** One of the keys that callers present, and what it may be used for. */
public final class GatewayKey {
    /** The callers of a gateway that needs no key. */
    static final GatewayKey ANYONE = new GatewayKey("", TargetPermissions.ALL, Optional.empty(), Optional.empty());

    private final String name;
    private final TargetPermissions permissions;
    private final Optional<KeyQuota> quota;
    private final Optional<Instant> expires;

    private GatewayKey(
            String name, TargetPermissions permissions, Optional<KeyQuota> quota, Optional<Instant> expires) {
        this.name = name;
        this.permissions = permissions;
        this.quota = quota;
        this.expires = expires;
    }

    /**
     * @param before the use of the key until now
     * @param now by {@link System#nanoTime()}
     */
    static GatewayKey of(ApiKey key, Optional<KeyQuota> before, long now) {
        return new GatewayKey(
                key.name(),
                TargetPermissions.of(key.limits()),
                key.limits().countUse() ? Optional.of(new KeyQuota(key, before, now)) : Optional.empty(),
                key.limits().expires());
    }

    /** The name of its holder; empty if callers need no key. */
    public String name() {
        return name;
    }

    /** Which models and targets it may use. */
    public TargetPermissions permissions() {
        return permissions;
    }

    /** Its use and its limits; empty if nothing has to be counted. */
    public Optional<KeyQuota> quota() {
        return quota;
    }

    /** Whether it is no longer accepted. */
    public boolean isExpired(Instant now) {
        return expires.isPresent() && !now.isBefore(expires.get());
    }

    /** Whether it expires at all. */
    public boolean expires() {
        return expires.isPresent();
    }
}
