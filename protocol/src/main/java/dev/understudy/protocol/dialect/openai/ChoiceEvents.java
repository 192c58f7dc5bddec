package dev.understudy.protocol.dialect.openai;

import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.StreamEvent;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Makes events of what one choice says from chunk to chunk. */
final class ChoiceEvents {
    private final int choice;
    private final Map<Integer, OpenCall> open = new HashMap<>();
    private int calls;
    private int lastKey = -1;
    private int thought;
    private boolean called;
    private boolean ended;

    /** A call that has begun on the wire; it is told when its name is known. */
    private static final class OpenCall {
        private int number = -1;
        private String id = "";
        private String name = "";
        private String signature = "";
        private final StringBuilder waiting = new StringBuilder(0);
    }

    ChoiceEvents(int choice) {
        this.choice = choice;
    }

    void tell(MessagePieces pieces, Consumer<StreamEvent> to) {
        for (MessagePieces.Block block : pieces.thoughts()) {
            thoughts(block, to);
        }
        if (!pieces.text.isEmpty()) {
            to.accept(new StreamEvent.TextDelta(choice, pieces.text.toString(), pieces.logprobs));
        }
        pieces.citations.forEach(citation -> to.accept(new StreamEvent.Cited(choice, citation)));
        if (!pieces.refusal.isEmpty()) {
            to.accept(new StreamEvent.RefusalDelta(choice, pieces.refusal.toString()));
        }
        pieces.media.forEach(media -> to.accept(new StreamEvent.MediaCame(choice, media)));
        for (CallPiece call : pieces.calls) {
            called = true;
            if (call.custom().isEmpty()) {
                call(call, to);
            } else {
                to.accept(new StreamEvent.ForeignCame(
                        choice, new Part.Foreign(OpenAiDialect.NAME, "custom", call.custom())));
            }
        }
        if (!pieces.finish.isEmpty() && !ended) {
            ended = true;
            to.accept(new StreamEvent.Ended(choice, pieces.finish(called)));
        }
    }

    /** A seal comes alone, with the last words, or (as we write it ourselves) with all words once more. */
    private void thoughts(MessagePieces.Block block, Consumer<StreamEvent> to) {
        boolean seal = !block.signature().isEmpty() || !block.hidden().isEmpty();
        boolean again = seal && thought > 0 && block.text().length() == thought;
        if (!block.text().isEmpty() && !again) {
            thought += block.text().length();
            to.accept(new StreamEvent.ThinkingDelta(choice, block.text(), OpenAiDialect.NAME));
        }
        if (seal) {
            thought = 0;
            to.accept(new StreamEvent.ThinkingSealed(choice, block.signature(), block.hidden(), OpenAiDialect.NAME));
        }
    }

    /**
     * Pieces of a call have its index. Some servers number all calls 0, and some none: another id with a name begins
     * another call, and a piece without either belongs to the last one.
     */
    private void call(CallPiece piece, Consumer<StreamEvent> to) {
        int key = piece.index() >= 0 ? piece.index() : lastKey;
        OpenCall call = open.get(key);
        boolean other = call != null && isOther(piece, call);
        if (call == null || other) {
            if (call == null && piece.index() < 0) {
                key = 0;
            }
            call = new OpenCall();
            open.put(key, call);
        }
        lastKey = key;
        call.id = call.id.isEmpty() ? piece.id() : call.id;
        call.name = call.name.isEmpty() ? piece.name() : call.name;
        call.signature = call.signature.isEmpty() ? piece.signature() : call.signature;
        if (call.number < 0 && call.name.isEmpty()) {
            call.waiting.append(piece.arguments());
            return;
        }
        if (call.number < 0) {
            call.number = calls++;
            to.accept(new StreamEvent.ToolCallBegan(choice, call.number, call.id, call.name, call.signature));
            arguments(call, call.waiting.toString(), to);
            call.waiting.setLength(0);
        }
        arguments(call, piece.arguments(), to);
    }

    private static boolean isOther(CallPiece piece, OpenCall call) {
        if (piece.name().isEmpty() || call.name.isEmpty()) {
            return false;
        }
        return piece.id().isEmpty()
                ? piece.index() < 0
                : !call.id.isEmpty() && !piece.id().equals(call.id);
    }

    private void arguments(OpenCall call, String json, Consumer<StreamEvent> to) {
        if (!json.isEmpty()) {
            to.accept(new StreamEvent.ToolCallDelta(choice, call.number, json));
        }
    }
}
