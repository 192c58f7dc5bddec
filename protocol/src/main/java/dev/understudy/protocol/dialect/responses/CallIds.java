package dev.understudy.protocol.dialect.responses;

import dev.understudy.protocol.neutral.Part;
import java.util.HashMap;
import java.util.Map;

/**
 * Output.ItemIds of calls in a request: those that came, shortened where they are too long. Where a dialect has none, the first
 * result of a tool answers its first call, and so on.
 */
final class CallIds {
    private final Map<String, Integer> calls = new HashMap<>();
    private final Map<String, Integer> results = new HashMap<>();

    String ofCall(Part.ToolCall call) {
        return call.id().isEmpty() ? counted(calls, call.name()) : Output.ItemIds.call(call.id());
    }

    String ofResult(Part.ToolResult result) {
        return result.id().isEmpty() ? counted(results, result.name()) : Output.ItemIds.call(result.id());
    }

    private static String counted(Map<String, Integer> counts, String name) {
        return Output.ItemIds.item("call", name, counts.merge(name, 1, Integer::sum));
    }
}
