package dev.understudy.protocol.dialect.anthropic;

import dev.understudy.protocol.neutral.StreamEvent;
import java.io.ByteArrayOutputStream;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes calls of tools, of which OpenAI may stream several at a time and Anthropic one: the first is written as it
 * comes, the others wait for the end of the message, when nothing can follow of any.
 */
final class CallFrames {
    private static final int NONE = -1;

    private final BlockFrames blocks;
    private final Map<Integer, Waiting> waiting = new TreeMap<>();
    private int live = NONE;
    private boolean any;

    private record Waiting(String id, String name, StringBuilder arguments) {}

    CallFrames(BlockFrames blocks) {
        this.blocks = blocks;
    }

    /** Whether there was one. */
    boolean any() {
        return any;
    }

    /** @param message the id of the message, from which those of calls are made that have none */
    void begin(StreamEvent.ToolCallBegan call, String message, ByteArrayOutputStream to) {
        String id = Wire.callId(call.id(), message, call.call());
        if (call.call() == live) {
            return;
        }
        if (any) {
            waiting.putIfAbsent(call.call(), new Waiting(id, call.name(), new StringBuilder()));
        } else {
            any = true;
            live = call.call();
            blocks.call(id, call.name(), to);
        }
    }

    void arguments(int call, String piece, ByteArrayOutputStream to) {
        if (piece.isEmpty()) {
            return;
        }
        Waiting waits = waiting.get(call);
        if (waits != null) {
            waits.arguments().append(piece);
        } else if (call == live && blocks.isCallOpen()) {
            blocks.arguments(piece, to);
        }
    }

    /** Writes those that waited. */
    void finish(ByteArrayOutputStream to) {
        for (Waiting call : waiting.values()) {
            blocks.call(call.id(), call.name(), to);
            if (!call.arguments().isEmpty()) {
                blocks.arguments(call.arguments().toString(), to);
            }
        }
        waiting.clear();
    }
}
