package dev.understudy.calls.config;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A key that is never shown by accident: only {@code reveal} returns it. */
public final class Credential {
    private static final String HMAC = "HmacSHA256";
    private static final int DIGEST_BYTES = 16;
    private static final SecretKeySpec DIGEST_KEY = new SecretKeySpec(random(), HMAC);

    private final String secret;

    private Credential(String secret) {
        this.secret = secret;
    }

    private static byte[] random() {
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        return key;
    }

    /** The key with this text. */
    public static Credential of(String secret) {
        if (secret.isBlank()) {
            throw new IllegalArgumentException("a key must not be blank");
        }
        return new Credential(secret);
    }

    /** Whether a text can be a key: a key travels in a header, which holds visible ASCII and nothing else safely. */
    public static boolean isPossible(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c > ' ' && c < 127);
    }

    /** The key itself, for the one header that it belongs in. */
    public String reveal() {
        return secret;
    }

    /** Whether a caller presented this very key; takes the same time for every wrong one of the same length. */
    public boolean matches(String presented) {
        return MessageDigest.isEqual(
                secret.getBytes(StandardCharsets.UTF_8), presented.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Identifies the key in this process, and in none after it: a keyed digest, so that the key cannot be found by trying
     * likely ones.
     *
     * @param context what is told apart beside the key, such as an address
     * @return 16 bytes in hexadecimal
     */
    public String digest(String context) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(DIGEST_KEY);
            mac.update(secret.getBytes(StandardCharsets.UTF_8));
            // No key contains this byte, so that what follows cannot be part of the key.
            mac.update((byte) 0);
            return HexFormat.of().formatHex(mac.doFinal(context.getBytes(StandardCharsets.UTF_8)), 0, DIGEST_BYTES);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java platform has HMAC-SHA-256", impossible);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Credential credential && matches(credential.secret);
    }

    @Override
    public int hashCode() {
        return secret.hashCode();
    }

    /** Hides the key: a credential may stand in any log line. */
    @Override
    public String toString() {
        return "(hidden)";
    }
}
