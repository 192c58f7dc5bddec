package dev.understudy.gateway.quota;

import dev.understudy.calls.config.ApiKey;
import dev.understudy.calls.config.KeyLimits;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The keys of {@code server.keys}, and those that were made at run time, with their use: shared by all event loops. Immutable: a change
 * makes other keys of these.
 *
 * <p>A key is found by its digest, so that a request with a wrong key costs the same however many keys there are. Keys that were made at
 * run time are known by their digests alone.
 */
public final class GatewayKeys {
    private static final Optional<GatewayKey> ANYONE = Optional.of(GatewayKey.ANYONE);

    /** A longer text is no key of the gateway, and is not worth a digest. */
    private static final int LONGEST = 8_192;

    private static final int ID_BYTES = 4;

    private final List<ApiKey> configured;
    private final Stored stored;
    private final Optional<SharedLimits> sharing;
    private final Map<Digest, GatewayKey> byDigest;

    /**
     * A key that was made at run time.
     *
     * @param digest SHA-256, in hexadecimal; see {@link #digestOf}
     */
    public record StoredLimits(String name, String digest, KeyLimits limits) {}

    /**
     * The keys that were made at run time.
     *
     * @param isKnown whether they could be read
     * @param mayExist whether there are keys, or may be where they could not be read: callers then need one
     */
    public record Stored(boolean isKnown, boolean mayExist, List<StoredLimits> keys) {
        /** There are none. */
        public static final Stored NONE = new Stored(true, false, List.of());

        public Stored {
            keys = List.copyOf(keys);
        }

        /** Keys that could be read; those that are left out of the list are refused as if there were no such keys. */
        public static Stored of(List<StoredLimits> keys, boolean exist) {
            return new Stored(true, exist, keys);
        }

        /** Keys that could not be read. */
        public static Stored unknown(boolean mayExist) {
            return new Stored(false, mayExist, List.of());
        }
    }

    /** Compared in constant time: how much of a digest is right tells nothing of a key, but then nothing has to be proven. */
    @SuppressWarnings("ArrayRecordComponent") // Compared by contents here.
    private record Digest(byte[] bytes) {
        static Digest of(String key) {
            try {
                return new Digest(MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8)));
            } catch (NoSuchAlgorithmException impossible) {
                throw new IllegalStateException("every Java platform has SHA-256", impossible);
            }
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Digest digest && MessageDigest.isEqual(bytes, digest.bytes);
        }

        @Override
        public int hashCode() {
            return ByteBuffer.wrap(bytes).getInt();
        }
    }

    private GatewayKeys(
            List<ApiKey> configured, Stored stored, Optional<SharedLimits> sharing, Map<Digest, GatewayKey> before) {
        this.configured = List.copyOf(configured);
        this.stored = stored;
        this.sharing = sharing;
        this.byDigest = new HashMap<>();
        long now = System.nanoTime();
        configured.forEach(key -> add(Digest.of(key.secret().reveal()), key.name(), key.limits(), before, now));
        stored.keys().forEach(key -> {
            Digest digest = new Digest(HexFormat.of().parseHex(key.digest()));
            add(digest, key.name(), key.limits(), before, now);
        });
    }

    /** The first of two entries for one key counts. */
    private void add(Digest digest, String name, KeyLimits limits, Map<Digest, GatewayKey> before, long now) {
        if (!byDigest.containsKey(digest)) {
            byDigest.put(
                    digest,
                    GatewayKey.of(
                            name,
                            limits,
                            Optional.ofNullable(before.get(digest)),
                            sharing.map(with -> new KeyQuota.Sharing(idAtReplicas(name, digest), with)),
                            now));
        }
    }

    /** The same for the same key with the same name. A part of the digest, by which a key that is easy to guess cannot be found. */
    private static String idAtReplicas(String name, Digest key) {
        HexFormat hex = HexFormat.of();
        return hex.formatHex(Digest.of("name:" + name).bytes(), 0, ID_BYTES)
                + hex.formatHex(Digest.of("key:" + hex.formatHex(key.bytes())).bytes(), 0, ID_BYTES);
    }

    /**
     * Keys of which nothing has been used yet.
     *
     * @param keys none if anyone may call
     */
    public static GatewayKeys of(List<ApiKey> keys) {
        return of(keys, Optional.empty());
    }

    /**
     * The same, with limits that replicas share.
     *
     * @param sharing empty for limits of this process alone
     */
    public static GatewayKeys of(List<ApiKey> keys, Optional<SharedLimits> sharing) {
        return new GatewayKeys(keys, Stored.NONE, sharing, Map.of());
    }

    /** The keys of another configuration. Those that are in both have been used as much as in this one. */
    public GatewayKeys changedTo(List<ApiKey> others) {
        return new GatewayKeys(others, stored, sharing, byDigest);
    }

    /** The same keys of the configuration with others that were made at run time. */
    public GatewayKeys withStored(Stored others) {
        return new GatewayKeys(configured, others, sharing, byDigest);
    }

    /** By what a key is found that was made at run time: SHA-256, in hexadecimal. */
    public static String digestOf(String key) {
        return HexFormat.of().formatHex(Digest.of(key).bytes());
    }

    /** Whether callers need no key. */
    public boolean areNone() {
        return configured.isEmpty() && !stored.mayExist();
    }

    /** Whether there may be keys that could not be read yet. */
    public boolean mayBecomeKnown() {
        return !stored.isKnown() && stored.mayExist();
    }

    /** The key that a caller presented; empty if it is none of these. */
    public Optional<GatewayKey> find(String presented) {
        if (areNone()) {
            return ANYONE;
        }
        return presented.isEmpty() || presented.length() > LONGEST
                ? Optional.empty()
                : Optional.ofNullable(byDigest.get(Digest.of(presented)));
    }

    /** The key with this digest, in hexadecimal. */
    public Optional<GatewayKey> withDigest(String digest) {
        return Optional.ofNullable(byDigest.get(new Digest(HexFormat.of().parseHex(digest))));
    }
}
