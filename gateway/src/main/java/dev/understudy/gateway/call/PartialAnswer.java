package dev.understudy.gateway.call;

import dev.understudy.protocol.answer.AnswerStream;
import dev.understudy.protocol.dialect.ResumePoint;
import dev.understudy.protocol.dialect.StreamPosition;
import dev.understudy.protocol.recovery.Continuation;
import dev.understudy.protocol.recovery.ContinuationForm;
import dev.understudy.protocol.recovery.DeliveredPart;
import dev.understudy.protocol.recovery.Seam;

/**
 * What the caller has of an answer whose stream broke.
 *
 * @param text of the answer
 * @param first what else it knows of it
 * @param position how far the stream had come beside the text
 */
record PartialAnswer(String text, DeliveredPart first, StreamPosition position) {
    private static final String ENDS_OF_SENTENCES = ".!?…。！？:;)]}\"'”’»`*";

    /** Reasoning and calls that the caller did not get took their tokens too; only the text counts against its limit. */
    Continuation continuation() {
        return new Continuation(text, Math.min(first.completionTokens(), text.length()));
    }

    /** Whether nothing may be missing but the terminal mark, so that a model with nothing to add is believed. */
    boolean mayBeWhole() {
        String shown = text.stripTrailing();
        return !shown.isEmpty() && ENDS_OF_SENTENCES.indexOf(shown.charAt(shown.length() - 1)) >= 0;
    }

    /** For the writer of a stream that goes on with it. */
    ResumePoint resumePoint() {
        return new ResumePoint(position, text);
    }

    /**
     * What the caller has after a continuation broke too.
     *
     * @param more what that one said, repetitions included
     * @param stream that said it
     */
    PartialAnswer and(String more, ContinuationForm form, AnswerStream stream) {
        String passed = new Seam(text, form).accept(more);
        return new PartialAnswer(
                text + passed,
                new DeliveredPart(
                        first.id(),
                        first.created(),
                        first.promptTokens(),
                        first.completionTokens() + stream.completionTokens()),
                furthest(stream.position()));
    }

    /** The id and the time are those that the caller has, whatever later attempts call their answers. */
    private StreamPosition furthest(StreamPosition reached) {
        StreamPosition furthest =
                reached.blocks() >= position.blocks() && reached.sequence() >= position.sequence() ? reached : position;
        return furthest.in(first.id(), first.created());
    }
}
