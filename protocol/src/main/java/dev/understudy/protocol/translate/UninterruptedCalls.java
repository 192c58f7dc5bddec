package dev.understudy.protocol.translate;

import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.protocol.dialect.StreamPosition;
import dev.understudy.protocol.dialect.StreamWriter;
import dev.understudy.protocol.neutral.StreamEvent;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps content that arrives within a tool call back until the arguments of the call are complete, for callers whose dialect has
 * one block after the other (Anthropic, Bedrock, Gemini). Chat Completions number their calls, so that text may come between two
 * pieces of arguments; a block that was closed for such a text cannot be continued, and its arguments would be cut.
 *
 * <p>What waits keeps its order. It is written when all calls before it are complete, at the latest at the end of the choice.
 * Calls that run at the same time with no other content between them are left to the writer.
 */
final class UninterruptedCalls implements StreamWriter {
    /** Characters that wait. A call that is open for longer than that is no tool's. */
    private static final int MOST = 4 * 1024 * 1024;

    private final StreamWriter writer;
    private final Map<Integer, Choice> choices = new HashMap<>(2);
    private long waiting;

    UninterruptedCalls(StreamWriter writer) {
        this.writer = writer;
    }

    private static final class Choice {
        /** Calls whose arguments are written and not complete. */
        private final Map<Integer, Arguments> open = new HashMap<>(2);

        private final Map<Integer, WaitingCall> waitingCalls = new HashMap<>(0);
        private final Deque<Waiting> queue = new ArrayDeque<>(0);

        boolean holds() {
            return !queue.isEmpty() || !open.isEmpty();
        }
    }

    /** Something that is to be written later. */
    private sealed interface Waiting {}

    private record WaitingEvent(StreamEvent event) implements Waiting {}

    private record WaitingCall(StreamEvent.ToolCallBegan began, StringBuilder json, Arguments arguments)
            implements Waiting {}

    /** Whether the pieces of a call's arguments are a whole JSON value: an object, as all arguments are, or a list. */
    private static final class Arguments {
        private int depth;
        private boolean text;
        private boolean escaped;
        private boolean whole;

        boolean areWholeWith(String piece) {
            for (int i = 0; i < piece.length() && !whole; i++) {
                char character = piece.charAt(i);
                if (text) {
                    text = escaped || character != '"';
                    escaped = !escaped && character == '\\';
                } else {
                    switch (character) {
                        case '"' -> text = true;
                        case '{', '[' -> depth++;
                        case '}', ']' -> whole = --depth <= 0;
                        default -> {}
                    }
                }
            }
            return whole;
        }
    }

    @Override
    public void write(StreamEvent event, ByteArrayOutputStream to) {
        switch (event) {
            case StreamEvent.ToolCallBegan began -> began(began, to);
            case StreamEvent.ToolCallDelta delta -> arguments(delta, to);
            case StreamEvent.TextDelta delta ->
                content(delta.choice(), delta, delta.text().length(), to);
            case StreamEvent.RefusalDelta delta ->
                content(delta.choice(), delta, delta.text().length(), to);
            case StreamEvent.ReasoningDelta delta ->
                content(delta.choice(), delta, delta.text().length(), to);
            case StreamEvent.ReasoningSealed seal ->
                content(
                        seal.choice(),
                        seal,
                        seal.signature().length() + seal.hidden().length(),
                        to);
            case StreamEvent.MediaCame came -> content(came.choice(), came, 0, to);
            case StreamEvent.Cited cited ->
                content(cited.choice(), cited, cited.citation().json().length(), to);
            case StreamEvent.ForeignCame came ->
                content(came.choice(), came, came.foreign().json().length(), to);
            case StreamEvent.Ended ended -> {
                release(choice(ended.choice()), true, to);
                writer.write(ended, to);
            }
            case StreamEvent.Done done -> {
                choices.values().forEach(choice -> release(choice, true, to));
                writer.write(done, to);
            }
            case StreamEvent.Begin begin -> writer.write(begin, to);
            case StreamEvent.Counted counted -> writer.write(counted, to);
            case StreamEvent.Failed failed -> writer.write(failed, to);
            case StreamEvent.Ping ping -> writer.write(ping, to);
        }
    }

    private Choice choice(int index) {
        return choices.computeIfAbsent(index, first -> new Choice());
    }

    private void content(int index, StreamEvent event, int length, ByteArrayOutputStream to) {
        Choice choice = choice(index);
        if (choice.holds()) {
            waiting += length;
            choice.queue.add(new WaitingEvent(event));
        } else {
            writer.write(event, to);
        }
    }

    private void began(StreamEvent.ToolCallBegan began, ByteArrayOutputStream to) {
        Choice choice = choice(began.choice());
        if (choice.queue.isEmpty()) {
            choice.open.putIfAbsent(began.call(), new Arguments());
            writer.write(began, to);
        } else if (!choice.open.containsKey(began.call()) && !choice.waitingCalls.containsKey(began.call())) {
            WaitingCall call = new WaitingCall(began, new StringBuilder(), new Arguments());
            choice.waitingCalls.put(began.call(), call);
            choice.queue.add(call);
        }
    }

    private void arguments(StreamEvent.ToolCallDelta delta, ByteArrayOutputStream to) {
        Choice choice = choice(delta.choice());
        WaitingCall call = choice.waitingCalls.get(delta.call());
        if (call != null) {
            waiting += delta.json().length();
            call.json().append(delta.json());
            return;
        }
        writer.write(delta, to);
        Arguments arguments = choice.open.get(delta.call());
        if (arguments != null && arguments.areWholeWith(delta.json())) {
            choice.open.remove(delta.call());
            release(choice, false, to);
        }
    }

    /** @param ended whether calls that are not complete will not become so */
    private void release(Choice choice, boolean ended, ByteArrayOutputStream to) {
        if (ended) {
            choice.open.clear();
        }
        while (choice.open.isEmpty() && !choice.queue.isEmpty()) {
            switch (choice.queue.remove()) {
                case WaitingEvent(StreamEvent event) -> writer.write(event, to);
                case WaitingCall call -> {
                    String json = call.json().toString();
                    int index = call.began().call();
                    choice.waitingCalls.remove(index);
                    writer.write(call.began(), to);
                    if (!json.isEmpty()) {
                        writer.write(new StreamEvent.ToolCallDelta(call.began().choice(), index, json), to);
                    }
                    if (!call.arguments().areWholeWith(json) && !ended) {
                        choice.open.put(index, call.arguments());
                    }
                }
            }
        }
    }

    @Override
    public Optional<Failure> failure() {
        return waiting > MOST
                ? Optional.of(Failure.of(FailureKind.INVALID_OUTPUT, "A tool call was open for too long"))
                : writer.failure();
    }

    @Override
    public StreamPosition position() {
        return writer.position();
    }
}
