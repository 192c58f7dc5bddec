package dev.understudy.protocol.neutral;

import dev.understudy.protocol.neutral.Turn.Role;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Gives each tool call of a conversation an id of its own, and each result the id of its call.
 *
 * <p>Several vendors refuse a conversation in which an id occurs twice, and others return such ids: {@code call_0} in each
 * turn, the same id twice in an answer, empty ids. The first call keeps its id, the second one gets {@code _2}, and so on:
 * counted from the beginning, so that the ids of earlier turns are the same in each request of a conversation, as prompt
 * caches require. Results of calls with the same id belong to them in order; a result belongs to a call of the last turn of the
 * assistant that has such an id.
 */
public final class UniqueToolCalls {
    private static final String NAMELESS = "call_";

    private final Set<String> ids = new HashSet<>();
    private final Map<String, Integer> counts = new HashMap<>();
    private final Map<String, Deque<Open>> open = new HashMap<>();
    private final Map<String, String> answered = new HashMap<>();
    private int step;
    private boolean changed;

    /** @param step the number of the assistant's turn */
    private record Open(String id, int step) {}

    private UniqueToolCalls() {}

    /** The turns with unique ids; the same list if they are unique already. */
    public static List<Turn> in(List<Turn> turns) {
        return new UniqueToolCalls().unique(turns);
    }

    private List<Turn> unique(List<Turn> turns) {
        for (Turn turn : turns) {
            for (Part part : turn.parts()) {
                if (part instanceof Part.ToolCall call) {
                    ids.add(call.id());
                }
            }
        }
        List<Turn> unique = new ArrayList<>();
        Role last = Role.SYSTEM;
        for (Turn turn : turns) {
            if (turn.role() == Role.ASSISTANT && last != Role.ASSISTANT) {
                step++;
            }
            last = turn.role();
            List<Part> parts = new ArrayList<>(turn.parts().size());
            for (Part part : turn.parts()) {
                parts.add(
                        switch (part) {
                            case Part.ToolCall call -> call(call);
                            case Part.ToolResult result -> result(result);
                            default -> part;
                        });
            }
            unique.add(new Turn(turn.role(), parts, turn.name()));
        }
        return changed ? unique : turns;
    }

    private Part call(Part.ToolCall call) {
        String key = key(call.id(), call.name());
        String wanted = call.id().isEmpty() ? NAMELESS + call.name() : call.id();
        int count = counts.merge(key, 1, Integer::sum);
        String id = count == 1 && !call.id().isEmpty() ? wanted : wanted + "_" + count;
        while ((count > 1 || call.id().isEmpty()) && !ids.add(id)) {
            count = counts.merge(key, 1, Integer::sum);
            id = wanted + "_" + count;
        }
        Deque<Open> calls = open.computeIfAbsent(key, first -> new ArrayDeque<>());
        // Calls of earlier turns that have no result get none any more. They are in front of those of this turn.
        while (!calls.isEmpty() && calls.getFirst().step() != step) {
            calls.removeFirst();
        }
        calls.add(new Open(id, step));
        if (id.equals(call.id())) {
            return call;
        }
        changed = true;
        return new Part.ToolCall(id, call.name(), call.arguments(), call.signature());
    }

    private Part result(Part.ToolResult result) {
        String key = key(result.id(), result.name());
        Deque<Open> calls = open.getOrDefault(key, new ArrayDeque<>());
        String id = calls.isEmpty()
                ? answered.getOrDefault(key, result.id())
                : calls.removeFirst().id();
        answered.put(key, id);
        if (id.equals(result.id())) {
            return result;
        }
        changed = true;
        return new Part.ToolResult(id, result.name(), result.content(), result.failed());
    }

    /** A call without an id is known by its tool. */
    private static String key(String id, String tool) {
        return id.isEmpty() ? "\n" + tool : id;
    }
}
