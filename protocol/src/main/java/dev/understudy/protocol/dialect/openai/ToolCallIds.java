package dev.understudy.protocol.dialect.openai;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** Ids of tool calls in the form that a target takes: the same id becomes the same again, in calls and results. */
final class ToolCallIds {
    /** OpenAI refuses longer ones. */
    private static final int LONGEST = 40;

    /** Mistral wants nine letters and digits. */
    private static final int MISTRALS = 9;

    private final ModelFamily family;
    private int nameless;
    private int namelessResults;

    ToolCallIds(ModelFamily family) {
        this.family = family;
    }

    String ofCall(String id) {
        return id.isEmpty() ? fit("call_" + nameless++) : fit(id);
    }

    /** Results without an id answer calls without one, in order. */
    String ofResult(String id) {
        return id.isEmpty() ? fit("call_" + namelessResults++) : fit(id);
    }

    private String fit(String id) {
        if (family == ModelFamily.MISTRAL && !id.matches("[a-zA-Z0-9]{9}")) {
            return hash(id).substring(0, MISTRALS);
        }
        return id.length() <= LONGEST ? id : "call_" + hash(id).substring(0, 24);
    }

    private static String hash(String id) {
        UUID uuid = UUID.nameUUIDFromBytes(id.getBytes(StandardCharsets.UTF_8));
        // Base 36, so that nine characters tell ids apart.
        String digits = new BigInteger(uuid.toString().replace("-", ""), 16).toString(36);
        return "0".repeat(Math.max(0, 25 - digits.length())) + digits;
    }
}
