package dev.understudy.protocol.dialect.bedrock;

import dev.understudy.protocol.dialect.OpenParts;
import dev.understudy.protocol.dialect.StreamPosition;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.StreamEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The blocks of a stream: which tool call a block is, and what is emitted only when a block has ended (signatures and
 * citations, which arrive before or within the text that they belong to).
 */
final class OpenBlocks {

    /** The number of a call of a tool that Amazon runs. */
    private static final int NO_CALL = -1;

    private final Map<Integer, Call> calls = new HashMap<>();
    private final List<Part.Citation> citations = new ArrayList<>();
    private String signature = "";
    private String hidden = "";
    private int textBlock = -1;

    /** Whether the block of {@link #textBlock} is reasoning. */
    private boolean reasoning;

    private int count;
    private int nextCall;
    private int openCalls;
    private StreamPosition beforeCall = StreamPosition.START;

    /** Whether a tool that Amazon runs was called, and nothing else has begun since. */
    private boolean providerTool;

    private record Call(int number, boolean empty) {}

    /**
     * How far the stream has come; before the first open call if there is one.
     *
     * @param begun whether anything has arrived
     */
    StreamPosition position(boolean begun) {
        return openCalls > 0 ? beforeCall : reached(begun);
    }

    private StreamPosition reached(boolean begun) {
        OpenParts open = textBlock < 0 || textBlock != count - 1
                ? OpenParts.Block.NOTHING
                : reasoning ? OpenParts.Block.REASONING : OpenParts.Block.TEXT;
        return new StreamPosition(begun, "", OptionalLong.empty(), count, open, -1);
    }

    boolean isClientCallOpen() {
        return openCalls > 0;
    }

    boolean isProviderToolOpen() {
        return providerTool;
    }

    boolean isReasoning(int index) {
        return index == textBlock && reasoning;
    }

    void resultBegan() {
        providerTool = false;
    }

    /** @param begun whether anything arrived before it */
    void toolBegan(boolean begun, int index, String id, String name, String type, Consumer<StreamEvent> to) {
        closeText(to);
        closeCall(calls.remove(index), to);
        providerTool = BedrockDialect.isProviderTool(type);
        if (!providerTool && openCalls++ == 0) {
            beforeCall = reached(begun);
        }
        began(index);
        if (!providerTool) {
            calls.put(index, new Call(nextCall, true));
            to.accept(new StreamEvent.ToolCallBegan(0, nextCall++, id, name, ""));
        } else {
            calls.put(index, new Call(NO_CALL, false));
            to.accept(new StreamEvent.ForeignCame(0, new Part.Foreign(BedrockDialect.NAME, type, "{}")));
        }
    }

    /** False if no such call has begun. */
    boolean input(int index, String json, Consumer<StreamEvent> to) {
        Call call = calls.get(index);
        if (call == null) {
            return false;
        }
        if (call.number() != NO_CALL && !json.isEmpty()) {
            calls.put(index, new Call(call.number(), false));
            to.accept(new StreamEvent.ToolCallDelta(0, call.number(), json));
        }
        return true;
    }

    /** Text or reasoning arrives in this block; the block before it has ended. */
    void text(int index, boolean isReasoning, Consumer<StreamEvent> to) {
        if (textBlock != index) {
            closeText(to);
            textBlock = index;
            began(index);
        }
        reasoning = isReasoning;
        providerTool = false;
    }

    void sealed(String newSignature, String newHidden) {
        signature += newSignature;
        hidden += newHidden;
    }

    void cited(Part.Citation citation) {
        citations.add(citation);
    }

    void stopped(int index, Consumer<StreamEvent> to) {
        if (index == textBlock) {
            closeText(to);
        }
        closeCall(calls.remove(index), to);
    }

    /** Some models do not end their blocks. */
    void closeAll(Consumer<StreamEvent> to) {
        closeText(to);
        providerTool = false;
        calls.values().forEach(call -> closeCall(call, to));
        calls.clear();
    }

    private void began(int index) {
        count = Math.max(count, index + 1);
    }

    private void closeText(Consumer<StreamEvent> to) {
        textBlock = -1;
        citations.forEach(citation -> to.accept(new StreamEvent.Cited(0, citation)));
        citations.clear();
        if (!signature.isEmpty() || !hidden.isEmpty()) {
            to.accept(new StreamEvent.ReasoningSealed(0, signature, hidden, BedrockDialect.NAME));
            signature = "";
            hidden = "";
        }
    }

    /** A tool call without arguments may have no deltas; its arguments are an empty object. */
    private void closeCall(@Nullable Call call, Consumer<StreamEvent> to) {
        if (call == null || call.number() == NO_CALL) {
            return;
        }
        openCalls--;
        if (call.empty()) {
            to.accept(new StreamEvent.ToolCallDelta(0, call.number(), "{}"));
        }
    }
}
