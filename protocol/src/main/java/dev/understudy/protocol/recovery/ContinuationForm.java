package dev.understudy.protocol.recovery;

import java.util.Locale;

/** The form of a continuation request. */
public enum ContinuationForm {
    /**
     * The answer so far is the last message, which the model completes: older Claude, most open models. In the Completions API it
     * is the end of the prompt.
     */
    PREFILL,
    /** The same, with {@code "prefix": true} in that message: Mistral, and DeepSeek's beta address. */
    PREFIX,
    /** The same, with {@code continue_final_message} beside the messages: vLLM. */
    FINAL_MESSAGE,
    /**
     * The answer so far is a message like any other, and a user message asks for the rest. Every chat model takes it; Claude 4.6 and
     * later, OpenAI, Azure and xAI take nothing else.
     */
    TURN;

    /**
     * The form with a name of the model table.
     *
     * @throws IllegalArgumentException if there is none
     */
    static ContinuationForm named(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    /**
     * Whether white space at the end of the answer so far is left out. Anthropic refuses a last message that ends in it
     * ("final assistant content cannot end with trailing whitespace"), and tokens that begin with a space follow badly
     * after one.
     */
    boolean trimsTheEnd() {
        return switch (this) {
            case PREFILL, PREFIX, FINAL_MESSAGE -> true;
            case TURN -> false;
        };
    }
}
