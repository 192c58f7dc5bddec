package dev.understudy.protocol.dialect;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Ids of tool calls that a vendor accepts. The same id in always gives the same id out, so that a call and its result stay
 * together, also across requests and attempts.
 *
 * <p>An id that the vendor accepts is unchanged; any other is replaced by a hash of it. A call without an id gets one from
 * its position: in dialects without ids, the first result of a tool answers the first call of it, and so on. One object
 * serves one request.
 */
public final class ToolCallIds {
    /** What is left of OpenAI's limit of 40 characters for the id of the answer. */
    private static final int LONGEST_ANSWER_ID = 26;

    private final Rule rule;
    private final Map<String, Integer> calls = new HashMap<>();
    private final Map<String, Integer> results = new HashMap<>();

    public ToolCallIds(Rule rule) {
        this.rule = rule;
    }

    /**
     * What a vendor accepts.
     *
     * @param accepted matches every id that is accepted
     * @param prefix of the ids that replace others
     * @param digits how many hexadecimal digits of a hash follow the prefix, at most 64
     */
    public record Rule(Pattern accepted, String prefix, int digits) {
        /** Ids that all vendors accept but for Mistral and, beyond 40 characters, OpenAI. */
        public static final Rule PLAIN = new Rule(Pattern.compile("[a-zA-Z0-9_-]{1,64}"), "call_", 32);

        /** Whether an id is accepted as it is. */
        public boolean accepts(String id) {
            return accepted.matcher(id).matches();
        }

        /** The id, or its replacement. */
        public String fit(String id) {
            return accepts(id) ? id : replacement(id);
        }

        /** An accepted id that is the same for the same text. */
        public String replacement(String text) {
            return prefix + hash(text, digits);
        }
    }

    /** The id of a call in a request. */
    public String ofCall(String id, String tool) {
        return id.isEmpty() ? counted(calls, tool) : rule.fit(id);
    }

    /** The id of the call that a result in a request answers. */
    public String ofResult(String id, String tool) {
        return id.isEmpty() ? counted(results, tool) : rule.fit(id);
    }

    private String counted(Map<String, Integer> counts, String tool) {
        return rule.fit("call_" + plain(tool) + "_" + counts.merge(tool, 1, Integer::sum));
    }

    /**
     * An id for the call of an answer whose vendor gave none. The answer's own id is in it, because calls of several answers
     * meet in one conversation. All vendors accept it: letters, digits, underscores and dashes, at most 40 of them.
     *
     * @param choice the index of the choice
     * @param call the index of the call within the choice
     */
    public static String ofAnswer(String answerId, int choice, int call) {
        int from = Math.max(0, answerId.length() - LONGEST_ANSWER_ID);
        return "call_" + plain(answerId.substring(from)) + "_" + choice + "_" + call;
    }

    /** An id for the call of a conversation that has none. */
    public static String ofPosition(int turn, int call) {
        return "call_" + turn + "_" + call;
    }

    /** The text with an underscore for every character that is not an ASCII letter, a digit, an underscore or a dash. */
    public static String plain(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean isPlain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
            plain.append(isPlain ? c : '_');
        }
        return plain.toString();
    }

    /** The first hexadecimal digits of the text's SHA-256. */
    public static String hash(String text, int digits) {
        return hash(text.getBytes(StandardCharsets.UTF_8), digits);
    }

    /** The same of bytes. */
    public static String hash(byte[] bytes, int digits) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return HexFormat.of().formatHex(digest).substring(0, digits);
        } catch (NoSuchAlgorithmException impossible) {
            // Every Java platform has it.
            throw new IllegalStateException(impossible);
        }
    }
}
