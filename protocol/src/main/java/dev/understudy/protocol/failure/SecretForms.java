package dev.understudy.protocol.failure;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The texts that stand for one key: the key itself, and what is constant of its base64 whatever comes before and after it.
 *
 * <p>Base64 writes three bytes as four characters. Where a key begins at the second or the third of these bytes, as behind
 * {@code user:} in Basic authentication, its first character depends on the byte before it, and likewise at its end. The
 * characters between depend on the key alone, so there are three texts, each in the alphabets of base64 and base64url.
 */
final class SecretForms {
    private static final int BITS_OF_A_BYTE = 8;
    private static final int BITS_OF_A_CHARACTER = 6;
    private static final int ALIGNMENTS = 3;

    private SecretForms() {}

    /** The texts; each has at least as many characters as the key. */
    static Set<String> of(String secret) {
        Set<String> forms = new LinkedHashSet<>();
        forms.add(secret);
        byte[] key = secret.getBytes(StandardCharsets.UTF_8);
        for (int before = 0; before < ALIGNMENTS; before++) {
            byte[] aligned = new byte[before + key.length];
            System.arraycopy(key, 0, aligned, before, key.length);
            int from = (before * BITS_OF_A_BYTE + BITS_OF_A_CHARACTER - 1) / BITS_OF_A_CHARACTER;
            int to = aligned.length * BITS_OF_A_BYTE / BITS_OF_A_CHARACTER;
            forms.add(constant(Base64.getEncoder().encode(aligned), from, to));
            forms.add(constant(Base64.getUrlEncoder().encode(aligned), from, to));
        }
        return forms;
    }

    private static String constant(byte[] base64, int from, int to) {
        return new String(Arrays.copyOfRange(base64, from, to), StandardCharsets.US_ASCII);
    }
}
