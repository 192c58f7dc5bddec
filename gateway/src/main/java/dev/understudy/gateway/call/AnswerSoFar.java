package dev.understudy.gateway.call;

import dev.understudy.protocol.chat.recovery.Continuation;
import dev.understudy.protocol.chat.recovery.ContinuationForm;
import dev.understudy.protocol.chat.recovery.FirstPart;
import dev.understudy.protocol.chat.recovery.Seam;

/**
 * What the caller has of an answer whose stream broke.
 *
 * @param text of the answer
 * @param first what else it knows of it
 */
record AnswerSoFar(String text, FirstPart first) {
    private static final String ENDS_OF_SENTENCES = ".!?…。！？:;)]}\"'”’»`*";

    Continuation continuation() {
        return new Continuation(text, first.completionTokens());
    }

    /** Whether nothing may be missing but the terminal mark, so that a model with nothing to add is believed. */
    boolean mayBeWhole() {
        String shown = text.stripTrailing();
        return !shown.isEmpty() && ENDS_OF_SENTENCES.indexOf(shown.charAt(shown.length() - 1)) >= 0;
    }

    /**
     * What the caller has after a continuation broke too.
     *
     * @param more what that one said, repetitions included
     * @param tokens how many tokens that was
     */
    AnswerSoFar and(String more, ContinuationForm form, long tokens) {
        String passed = new Seam(text, form).accept(more);
        return new AnswerSoFar(
                text + passed,
                new FirstPart(first.id(), first.created(), first.promptTokens(), first.completionTokens() + tokens));
    }
}
