package dev.understudy.calls.upstream;

import dev.understudy.protocol.answer.AnswerStream;
import dev.understudy.protocol.dialect.ResumePoint;
import dev.understudy.protocol.dialect.StreamPosition;
import dev.understudy.protocol.recovery.Continuation;
import dev.understudy.protocol.recovery.ContinuationForm;
import dev.understudy.protocol.recovery.DeliveredPart;
import dev.understudy.protocol.recovery.Seam;

/**
 * The part of an answer that the caller has received from a stream that broke.
 *
 * @param text of the answer
 * @param first what else the caller knows of it
 * @param position how far the stream had come beside the text
 */
public record PartialAnswer(String text, DeliveredPart first, StreamPosition position) {
    private static final String ENDS_OF_SENTENCES = ".!?…。！？:;)]}\"'”’»`*";

    /** Only the text counts against the caller's limit, not reasoning and tool calls that it did not receive. */
    Continuation continuation() {
        return new Continuation(text, Math.min(first.completionTokens(), text.length()));
    }

    /** Whether only the terminal event may be missing, so that an empty continuation is accepted. */
    boolean mayBeWhole() {
        String shown = text.stripTrailing();
        return !shown.isEmpty() && ENDS_OF_SENTENCES.indexOf(shown.charAt(shown.length() - 1)) >= 0;
    }

    /** Where the writer of a continued stream resumes. */
    ResumePoint resumePoint() {
        return new ResumePoint(position, text);
    }

    /**
     * What the caller has received after a continuation broke too.
     *
     * @param more the text of that continuation, repetitions included
     * @param stream the continuation's own
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

    /** The id and the time stay those that the caller has received first. */
    private StreamPosition furthest(StreamPosition reached) {
        StreamPosition furthest =
                reached.blocks() >= position.blocks() && reached.sequence() >= position.sequence() ? reached : position;
        return furthest.in(first.id(), first.created());
    }
}
