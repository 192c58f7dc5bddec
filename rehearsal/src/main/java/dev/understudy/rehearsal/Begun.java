package dev.understudy.rehearsal;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An answer that the conversation has the beginning of, and that the model is to go on with.
 *
 * @param text what there is of it
 * @param prefilled whether it is the last message, which the model is to complete; else a user's turn after it asks to go
 *     on
 */
record Begun(String text, boolean prefilled) {

    /** The gateway's own words, and those of people who have a model go on by hand. */
    private static final Pattern ASKS_TO_GO_ON = Pattern.compile("\\b(go on|continue|carry on)\\b");

    /**
     * What a conversation that ends with these two turns asks to go on with; empty if it asks for an answer of its own.
     *
     * <p>Any assistant's message at the end is taken for a beginning. Providers that want to be told so, by {@code prefix}
     * in the message or {@code continue_final_message} beside it, mean the same by it.
     */
    static Optional<Begun> of(Turn lastButOne, Turn last) {
        if (last.isAssistants()) {
            return begun(last.text(), true);
        }
        return lastButOne.isAssistants() && last.isUsers() && asksToGoOn(last.text())
                ? begun(lastButOne.text(), false)
                : Optional.empty();
    }

    private static Optional<Begun> begun(String text, boolean prefilled) {
        return text.isEmpty() ? Optional.empty() : Optional.of(new Begun(text, prefilled));
    }

    private static boolean asksToGoOn(String turn) {
        return ASKS_TO_GO_ON.matcher(turn.toLowerCase(Locale.ROOT)).find();
    }
}
