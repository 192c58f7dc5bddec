package dev.understudy.protocol.translate;

import dev.understudy.protocol.dialect.ToolCallIds;
import dev.understudy.protocol.json.ByteSearch;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Ids for the tool calls of one answer that is written in the caller's dialect: accepted by the vendors of that dialect, and
 * unique in the conversation that the caller continues.
 *
 * <p>Servers number their calls in each turn from 0 ({@code call_0}), repeat an id within one answer, or derive ids from an
 * answer id that repeats. The caller sends calls and results back with these ids, and several vendors refuse a conversation
 * in which an id occurs twice. An id that is accepted, and occurs neither in the caller's request nor earlier in the answer,
 * is unchanged.
 */
final class CallerToolCallIds {
    /** The end of a request differs from turn to turn, and is read quickly also where the request is large. */
    private static final int SEED_BYTES = 1_024;

    private final ToolCallIds.Rule rule;
    private final byte[] request;
    private final Set<String> used = new HashSet<>();
    private final Map<Call, String> known = new HashMap<>();

    private record Call(int choice, int index, String given) {}

    /**
     * @param rule what the caller's dialect accepts
     * @param request the caller's body, which holds the earlier calls of the conversation
     */
    CallerToolCallIds(ToolCallIds.Rule rule, byte[] request) {
        this.rule = rule;
        this.request = request;
    }

    /**
     * The id of a call; the same each time for the same call.
     *
     * @param given by the provider; empty if it gave none
     * @param answer the id of the answer
     * @param choice the index of the choice
     * @param call the index of the call within the choice
     */
    String of(String given, String answer, int choice, int call) {
        return known.computeIfAbsent(new Call(choice, call, given), first -> fresh(given, answer, choice, call));
    }

    private String fresh(String given, String answer, int choice, int call) {
        String id = given.isEmpty() ? ToolCallIds.ofAnswer(answer, choice, call) : given;
        for (int again = 0; !rule.accepts(id) || isInRequest(id) || !used.add(id); again++) {
            id = rule.replacement(seed() + "/" + given + "/" + choice + "/" + call + "/" + again);
        }
        return id;
    }

    private boolean isInRequest(String id) {
        return ByteSearch.mayBeIn(request, "\"" + id + "\"");
    }

    private String seed() {
        int from = Math.max(0, request.length - SEED_BYTES);
        return request.length + "/" + ToolCallIds.hash(Arrays.copyOfRange(request, from, request.length), 32);
    }
}
