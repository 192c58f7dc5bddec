package dev.understudy.gateway.config;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** A key that is never shown by accident: only {@code reveal} returns it. */
public final class Credential {
    private final String secret;

    private Credential(String secret) {
        this.secret = secret;
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
