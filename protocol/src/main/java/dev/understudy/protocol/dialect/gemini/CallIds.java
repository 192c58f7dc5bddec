package dev.understudy.protocol.dialect.gemini;

/**
 * Ids for calls that came without one. The same place gives the same id, and each vendor takes it: letters, digits,
 * underscores and dashes, at most 40 of them.
 */
final class CallIds {
    /** What is left of OpenAI's 40 characters for the answer's own id. */
    private static final int LONGEST = 26;

    private CallIds() {}

    /** Of a call in a conversation. */
    static String ofPlace(int turn, int call) {
        return "call_" + turn + "_" + call;
    }

    /** Of a call in an answer, with the answer's id in it: calls of several answers meet in one conversation. */
    static String ofAnswer(String answer, int choice, int call) {
        StringBuilder id = new StringBuilder("call_");
        int from = Math.max(0, answer.length() - LONGEST);
        for (int i = from; i < answer.length(); i++) {
            char c = answer.charAt(i);
            boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
            id.append(plain ? c : '_');
        }
        return id.append('_').append(choice).append('_').append(call).toString();
    }
}
