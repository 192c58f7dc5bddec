package dev.understudy.protocol.dialect.bedrock;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * Makes ids and names of tools such that Bedrock takes them: {@code [a-zA-Z0-9_-]{1,64}}, and nine letters and digits for
 * Mistral's models. The same id becomes the same one always, so that calls and results stay together.
 */
final class ToolIds {
    private static final Pattern TAKEN = Pattern.compile("[a-zA-Z0-9_-]{1,64}");
    private static final Pattern TAKEN_BY_MISTRAL = Pattern.compile("[a-zA-Z0-9]{9}");
    private static final Pattern REFUSED = Pattern.compile("[^a-zA-Z0-9_-]");

    private final ModelFamily family;

    ToolIds(ModelFamily family) {
        this.family = family;
    }

    String of(String id) {
        if (family == ModelFamily.MISTRAL) {
            return TAKEN_BY_MISTRAL.matcher(id).matches() ? id : hash(id, 9);
        }
        return isTaken(id) ? id : shortened(id);
    }

    static boolean isTaken(String name) {
        return TAKEN.matcher(name).matches();
    }

    /** The readable part of a name, and what tells it from others with the same. */
    static String shortened(String name) {
        String readable = REFUSED.matcher(name).replaceAll("_");
        return readable.substring(0, Math.min(47, readable.length())) + "_" + hash(name, 16);
    }

    private static String hash(String text, int digits) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, digits);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible); // Each Java has it.
        }
    }
}
