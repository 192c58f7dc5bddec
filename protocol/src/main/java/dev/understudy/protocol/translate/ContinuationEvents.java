package dev.understudy.protocol.translate;

import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.protocol.neutral.StreamEvent;
import dev.understudy.protocol.neutral.Tokens;
import dev.understudy.protocol.recovery.DeliveredPart;
import dev.understudy.protocol.recovery.Seam;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Turns the events of a continuation into events that follow the ones which the caller has; what {@link
 * dev.understudy.protocol.recovery.ContinuationChunks} does for bytes that stay chunks of chat completions.
 *
 * <p>The answer keeps its id and its time, and tells the model that now answers. The first choice's text passes through the
 * {@link Seam}. Reasoning has no place inside a text and is left out; if the caller has no text yet, it passes. Tokens of
 * both parts are counted.
 */
public final class ContinuationEvents {
    private final DeliveredPart first;
    private final Seam seam;

    /**
     * @param first what the caller knows of the answer
     * @param seam made with the text that the caller has
     */
    public ContinuationEvents(DeliveredPart first, Seam seam) {
        this.first = first;
        this.seam = seam;
    }

    void pass(StreamEvent event, Consumer<StreamEvent> to) {
        switch (event) {
            case StreamEvent.Begin begin ->
                to.accept(new StreamEvent.Begin(
                        first.id().isEmpty() ? begin.id() : first.id(),
                        begin.model(),
                        first.created().isPresent() ? first.created() : begin.created()));
            case StreamEvent.TextDelta delta -> text(delta, to);
            case StreamEvent.ReasoningDelta delta -> reasoning(delta, to);
            case StreamEvent.ReasoningSealed seal -> reasoning(seal, to);
            case StreamEvent.Counted counted -> to.accept(new StreamEvent.Counted(both(counted.tokens())));
            case StreamEvent.ToolCallBegan call -> afterText(call.choice(), call, to);
            case StreamEvent.RefusalDelta delta -> afterText(delta.choice(), delta, to);
            case StreamEvent.MediaCame came -> afterText(came.choice(), came, to);
            case StreamEvent.ForeignCame came -> afterText(came.choice(), came, to);
            case StreamEvent.Ended ended -> afterText(ended.choice(), ended, to);
            case StreamEvent.ToolCallDelta delta -> to.accept(delta);
            case StreamEvent.Cited cited -> to.accept(cited);
            case StreamEvent.Failed failed -> to.accept(failed);
            case StreamEvent.Ping ping -> to.accept(ping);
            case StreamEvent.Done done -> to.accept(done);
        }
    }

    private void text(StreamEvent.TextDelta delta, Consumer<StreamEvent> to) {
        if (delta.choice() != 0) {
            to.accept(delta);
            return;
        }
        String passed = seam.accept(delta.text());
        if (passed.equals(delta.text())) {
            to.accept(delta);
        } else if (!passed.isEmpty()) {
            // The probabilities belong to the tokens that came, which are no longer the ones that go out.
            to.accept(StreamEvent.TextDelta.of(0, passed));
        }
    }

    private void reasoning(StreamEvent event, Consumer<StreamEvent> to) {
        if (!seam.isInsideText()) {
            to.accept(event);
        }
    }

    private void afterText(int choice, StreamEvent event, Consumer<StreamEvent> to) {
        String rest = choice == 0 ? seam.end() : "";
        if (!rest.isEmpty()) {
            to.accept(StreamEvent.TextDelta.of(0, rest));
        }
        to.accept(event);
    }

    private Tokens both(Tokens second) {
        return new Tokens(
                plus(second.prompt(), first.promptTokens().orElse(0)),
                plus(second.completion(), first.completionTokens()),
                second.cached(),
                second.cacheWritten(),
                second.reasoning());
    }

    private static OptionalLong plus(OptionalLong count, long more) {
        return count.isPresent() ? OptionalLong.of(count.getAsLong() + more) : count;
    }

    /** The continuation is another answer from its start, of no use to a caller who has the beginning of this one. */
    Optional<Failure> failure() {
        return seam.state() == Seam.State.REWRITE
                ? Optional.of(Failure.of(
                        FailureKind.INVALID_OUTPUT,
                        "The continuation started the answer over instead of continuing it"))
                : Optional.empty();
    }
}
