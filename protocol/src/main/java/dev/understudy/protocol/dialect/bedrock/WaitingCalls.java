package dev.understudy.protocol.dialect.bedrock;

import dev.understudy.protocol.neutral.StreamEvent;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/** The calls of tools that began while another one was being written: they wait for its end. */
final class WaitingCalls {
    private final Map<Integer, Waiting> waiting = new LinkedHashMap<>();
    private int written = -1;

    private record Waiting(StreamEvent.ToolCallBegan call, StringBuilder arguments) {}

    /** Whether it may be written as it comes. */
    boolean began(StreamEvent.ToolCallBegan call, boolean anotherIsOpen) {
        if (anotherIsOpen) {
            waiting.putIfAbsent(call.call(), new Waiting(call, new StringBuilder()));
            return false;
        }
        written = call.call();
        return true;
    }

    /** Whether these arguments belong to the call that is written as it comes; they are kept if to one that waits. */
    boolean isOpen(int call, String json) {
        Waiting its = waiting.get(call);
        if (its != null) {
            its.arguments().append(json);
        }
        return call == written;
    }

    /** Hands over those that waited, with all of their arguments. */
    void each(BiConsumer<StreamEvent.ToolCallBegan, String> to) {
        written = -1;
        Map<Integer, Waiting> all = new LinkedHashMap<>(waiting);
        waiting.clear();
        all.values().forEach(its -> to.accept(its.call(), its.arguments().toString()));
    }
}
