package dev.understudy.protocol.dialect.responses;

import dev.understudy.protocol.dialect.RequestContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** Names for answers and their items, in OpenAI's manner; they follow from the answer's own, so that logs can be matched. */
final class Ids {
    private static final String RESPONSE = "resp_";

    /** OpenAI takes ids of up to 64 characters back; prefix and number need room. */
    private static final int LONGEST = 48;

    private static final Pattern ENDS_IN_ITS_PLACE = Pattern.compile("[a-z]+_.+_[0-9]+");

    private Ids() {}

    /** An answer's id: its own if it is one of OpenAI's, and otherwise one that has it inside. */
    static String response(String id, RequestContext context) {
        if (id.startsWith(RESPONSE)) {
            return id;
        }
        return RESPONSE + (id.isEmpty() ? Long.toHexString(context.now()) + hash(context.body()) : plain(id));
    }

    /**
     * An item's id.
     *
     * @param prefix such as {@code msg}
     * @param index of the item in the output
     */
    static String item(String prefix, String response, int index) {
        String own = response.startsWith(RESPONSE) ? response.substring(RESPONSE.length()) : response;
        return prefix + "_" + plain(own) + "_" + index;
    }

    /** Whether {@link #item} made it, and not OpenAI. */
    static boolean isOurs(String item) {
        return ENDS_IN_ITS_PLACE.matcher(item).matches();
    }

    /** A call's id in requests: as it is, or a hash of it where it is longer than OpenAI allows. */
    static String call(String id) {
        return id.length() <= 64 ? id : "call_" + hash(id.getBytes(StandardCharsets.UTF_8));
    }

    private static String plain(String id) {
        String plain = id.replaceAll("[^a-zA-Z0-9_-]", "_");
        return plain.length() <= LONGEST ? plain : hash(id.getBytes(StandardCharsets.UTF_8));
    }

    private static String hash(byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return HexFormat.of().formatHex(Arrays.copyOf(digest, 16));
        } catch (NoSuchAlgorithmException impossible) {
            // Every Java has it.
            throw new IllegalStateException(impossible);
        }
    }
}
