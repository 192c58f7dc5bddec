package dev.understudy.protocol.dialect.gemini;

import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.StreamEvent;
import java.util.Optional;
import java.util.function.Consumer;

/** One candidate of a stream, from chunk to chunk. */
final class ChoiceReader {
    private final int index;
    private final String answer;
    private int calls;
    private Optional<ArgumentsText> open = Optional.empty();
    private boolean thinking;
    private boolean ended;

    /** Google runs code that the model wrote, and its result has not come. */
    private boolean running;

    /** @param answer the id of the answer, for calls that have none */
    ChoiceReader(int index, String answer) {
        this.index = index;
        this.answer = answer;
    }

    void tell(Candidate candidate, Consumer<StreamEvent> to) {
        String logprobs = candidate.logprobs;
        for (Piece piece : candidate.pieces) {
            running = piece instanceof Piece.Whole(Part.Foreign foreign)
                    && foreign.kind().equals("executableCode");
            switch (piece) {
                case Piece.Words words -> {
                    if (!words.text().isEmpty()) {
                        close(to);
                        thinking = false;
                        to.accept(new StreamEvent.TextDelta(index, words.text(), logprobs));
                        // They are those of the whole chunk, and told once.
                        logprobs = "";
                    }
                }
                case Piece.Thought thought -> thought(thought, to);
                case Piece.Call call -> call(call, to);
                case Piece.Whole whole -> {
                    close(to);
                    whole(whole, to);
                }
            }
        }
        candidate.citations.forEach(citation -> to.accept(new StreamEvent.Cited(index, citation)));
        if (FinishReasons.isFinish(candidate.finishReason) && !ended) {
            close(to);
            ended = true;
            running = false;
            to.accept(new StreamEvent.Ended(index, FinishReasons.read(candidate.finishReason, calls > 0)));
        }
    }

    /** Whether a call has begun whose arguments come in pieces. */
    boolean isCallOpen() {
        return open.isPresent();
    }

    boolean isCodeRunning() {
        return running;
    }

    void blocked(String blockReason, Consumer<StreamEvent> to) {
        if (!ended) {
            ended = true;
            to.accept(new StreamEvent.Ended(index, FinishReasons.blocked(blockReason)));
        }
    }

    private void thought(Piece.Thought thought, Consumer<StreamEvent> to) {
        close(to);
        if (!thought.text().isEmpty()) {
            thinking = true;
            to.accept(new StreamEvent.ReasoningDelta(index, thought.text(), GeminiDialect.NAME));
        }
        if (!thought.signature().isEmpty() && thinking) {
            thinking = false;
            to.accept(new StreamEvent.ReasoningSealed(index, thought.signature(), "", GeminiDialect.NAME));
        }
    }

    private void call(Piece.Call call, Consumer<StreamEvent> to) {
        if (!call.name().isEmpty()) {
            close(to);
            thinking = false;
            String id = call.id().isEmpty() ? CallIds.ofAnswer(answer, index, calls) : call.id();
            to.accept(new StreamEvent.ToolCallBegan(index, calls, id, call.name(), call.signature()));
            calls++;
            if (!call.args().isEmpty()) {
                to.accept(new StreamEvent.ToolCallDelta(index, calls - 1, call.args()));
                return;
            }
            open = Optional.of(new ArgumentsText());
        }
        open.ifPresent(arguments -> {
            StringBuilder more = new StringBuilder();
            call.more().forEach(argument -> more.append(arguments.add(argument)));
            if (!more.isEmpty()) {
                to.accept(new StreamEvent.ToolCallDelta(index, calls - 1, more.toString()));
            }
        });
        if (!call.willContinue()) {
            close(to);
        }
    }

    /** The call that is open, if one is, has all its arguments. */
    private void close(Consumer<StreamEvent> to) {
        open.ifPresent(arguments -> to.accept(new StreamEvent.ToolCallDelta(index, calls - 1, arguments.end())));
        open = Optional.empty();
    }

    private void whole(Piece.Whole whole, Consumer<StreamEvent> to) {
        switch (whole.part()) {
            case Part.Media media -> to.accept(new StreamEvent.MediaCame(index, media));
            case Part.Foreign foreign -> to.accept(new StreamEvent.ForeignCame(index, foreign));
            default -> {}
        }
    }
}
