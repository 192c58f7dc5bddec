package dev.understudy.protocol.dialect.gemini;

import dev.understudy.protocol.dialect.Frame;
import dev.understudy.protocol.dialect.StreamPosition;
import dev.understudy.protocol.dialect.StreamReader;
import dev.understudy.protocol.failure.Classifier;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.neutral.StreamEvent;
import dev.understudy.protocol.neutral.Tokens;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Reads chunks of {@code streamGenerateContent}: each is a response of its own with what is new in it, and counts all
 * tokens so far. Nothing in the stream says that it is over, so {@link StreamEvent.Done} is never told here.
 */
final class FrameReader implements StreamReader {
    private final ResponseWalk response = new ResponseWalk();
    private final Map<Integer, ChoiceReader> choices = new HashMap<>();

    /** In how many candidates a call is open: asked for after each frame, so it is counted and not looked for. */
    private int openCalls;

    private boolean begun;
    private String id = "";
    private OptionalLong created = OptionalLong.empty();
    private Tokens counted = Tokens.NONE;

    @Override
    public boolean read(Frame frame, Consumer<StreamEvent> to) {
        if (isMark(frame)) {
            return true;
        }
        try {
            response.read(frame.array(), frame.offset(), frame.length());
        } catch (MalformedJson broken) {
            return false;
        }
        if (response.isError || frame.exception()) {
            to.accept(new StreamEvent.Failed(Classifier.inBand(frame.array(), frame.offset(), frame.length())));
            return true;
        }
        if (!response.isResponse) {
            return isObject(frame);
        }
        tell(to);
        return true;
    }

    private void tell(Consumer<StreamEvent> to) {
        if (!begun) {
            begun = true;
            id = response.id;
            created = response.created;
            to.accept(new StreamEvent.Begin(id, response.model, created));
        }
        for (Candidate candidate : response.candidates) {
            ChoiceReader choice = choice(candidate.index);
            boolean wasOpen = choice.isCallOpen();
            choice.tell(candidate, to);
            openCalls += (choice.isCallOpen() ? 1 : 0) - (wasOpen ? 1 : 0);
        }
        if (!response.blockReason.isEmpty() && response.candidates.isEmpty()) {
            choice(0).blocked(response.blockReason, to);
        }
        Tokens now = response.tokens.or(counted);
        if (!now.equals(counted)) {
            counted = now;
            to.accept(new StreamEvent.Counted(now));
        }
    }

    private ChoiceReader choice(int index) {
        return choices.computeIfAbsent(index, first -> new ChoiceReader(index, id));
    }

    /** Nothing at all, or the mark by which proxies end what they take for OpenAI's. */
    private static boolean isMark(Frame frame) {
        String mark = "[DONE]";
        if (frame.length() != mark.length()) {
            return frame.length() == 0;
        }
        for (int i = 0; i < mark.length(); i++) {
            if (frame.array()[frame.offset() + i] != mark.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isObject(Frame frame) {
        int at = frame.offset();
        int end = frame.offset() + frame.length();
        while (at < end && frame.array()[at] <= ' ' && frame.array()[at] >= 0) {
            at++;
        }
        return at < end && frame.array()[at] == '{';
    }

    @Override
    public StreamPosition position() {
        return StreamPosition.of(begun, id, created);
    }

    @Override
    public boolean isClientCallOpen() {
        return openCalls > 0;
    }

    @Override
    public boolean isProviderToolOpen() {
        for (ChoiceReader choice : choices.values()) {
            if (choice.isCodeRunning()) {
                return true;
            }
        }
        return false;
    }
}
