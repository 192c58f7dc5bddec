package dev.understudy.protocol.dialect.anthropic;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.regex.Pattern;

/** Ids of calls in the form that Anthropic accepts; the same id becomes the same one, in the call and in its result. */
final class ToolIds {
    private static final Pattern VALID = Pattern.compile("[a-zA-Z0-9_-]+");

    private ToolIds() {}

    static String valid(String id) {
        return VALID.matcher(id).matches()
                ? id
                : "toolu_"
                        + UUID.nameUUIDFromBytes(id.getBytes(StandardCharsets.UTF_8))
                                .toString()
                                .replace("-", "");
    }
}
