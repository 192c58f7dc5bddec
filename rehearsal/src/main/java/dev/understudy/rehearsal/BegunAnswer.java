package dev.understudy.rehearsal;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An answer that the conversation has the beginning of, and that the model is to continue.
 *
 * @param text what there is of it
 * @param prefilled whether it is the last message, which the model is to complete; else a user's turn after it requests the
 *     rest
 */
record BegunAnswer(String text, boolean prefilled) {

    /** The gateway's own prompt, and what people write to have a model continue. */
    private static final Pattern REQUESTS_THE_REST = Pattern.compile("\\b(go on|continue|carry on)\\b");

    /**
     * The answer that a conversation with these last two turns is to continue; empty if it requests a new answer.
     *
     * <p>Any assistant's message at the end counts as a beginning. Providers that need a marker for it, {@code prefix}
     * in the message or {@code continue_final_message} beside it, mean the same by it.
     */
    static Optional<BegunAnswer> of(Turn lastButOne, Turn last) {
        if (last.isAssistants()) {
            return begun(last.text(), true);
        }
        return lastButOne.isAssistants() && last.isUsers() && requestsTheRest(last.text())
                ? begun(lastButOne.text(), false)
                : Optional.empty();
    }

    private static Optional<BegunAnswer> begun(String text, boolean prefilled) {
        return text.isEmpty() ? Optional.empty() : Optional.of(new BegunAnswer(text, prefilled));
    }

    private static boolean requestsTheRest(String turn) {
        return REQUESTS_THE_REST.matcher(turn.toLowerCase(Locale.ROOT)).find();
    }
}
