package dev.understudy.gateway.quota;

import dev.understudy.calls.config.KeyLimits;
import dev.understudy.calls.plan.TargetPermissions;
import java.time.Instant;
import java.util.Optional;

/** One of the keys that callers present, and what it may be used for. */
public final class GatewayKey {
    /** The callers of a gateway that needs no key. */
    static final GatewayKey ANYONE = new GatewayKey("", KeyLimits.NONE, TargetPermissions.ALL, Optional.empty());

    private final String name;
    private final KeyLimits limits;
    private final TargetPermissions permissions;
    private final Optional<KeyQuota> quota;

    private GatewayKey(String name, KeyLimits limits, TargetPermissions permissions, Optional<KeyQuota> quota) {
        this.name = name;
        this.limits = limits;
        this.permissions = permissions;
        this.quota = quota;
    }

    /**
     * A key; the same object as before if nothing has changed, so that plans that were made for it are found.
     *
     * @param before the key until now, with its use
     * @param sharing with other replicas
     * @param now by {@link System#nanoTime()}
     */
    static GatewayKey of(
            String name, KeyLimits limits, Optional<GatewayKey> before, Optional<KeyQuota.Sharing> sharing, long now) {
        if (before.isPresent()
                && before.get().name.equals(name)
                && before.get().limits.equals(limits)) {
            return before.get();
        }
        return new GatewayKey(
                name,
                limits,
                TargetPermissions.of(limits),
                limits.countUse()
                        ? Optional.of(new KeyQuota(name, limits, before.flatMap(GatewayKey::quota), sharing, now))
                        : Optional.empty());
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
        return limits.expires().isPresent() && !now.isBefore(limits.expires().get());
    }

    /** Whether it expires at all. */
    public boolean expires() {
        return limits.expires().isPresent();
    }
}
