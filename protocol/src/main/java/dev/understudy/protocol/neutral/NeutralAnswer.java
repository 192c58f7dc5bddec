package dev.understudy.protocol.neutral;

import java.util.List;
import java.util.OptionalLong;

/**
 * A whole answer in no vendor's language.
 *
 * @param id the vendor's; empty if it gave none
 * @param model the model that answered, in the vendor's words; empty if it did not say
 * @param created in seconds since 1970, if the vendor said so
 * @param choices the answers, usually one
 * @param tokens as the vendor counted
 * @param serviceTier at what priority it was made, in the vendor's own word; empty if not said
 */
public record NeutralAnswer(
        String id, String model, OptionalLong created, List<Choice> choices, Tokens tokens, String serviceTier) {

    public NeutralAnswer {
        choices = List.copyOf(choices);
    }

    /** The same answer, given by that model if it does not say itself by whom. */
    public NeutralAnswer givenBy(String other) {
        return model.isEmpty() ? new NeutralAnswer(id, other, created, choices, tokens, serviceTier) : this;
    }

    /**
     * One of several answers to the same request.
     *
     * @param index from 0
     * @param parts in order
     * @param finish why it ended
     * @param logprobs the probabilities of its tokens, as OpenAI writes them (JSON); empty if there are none
     */
    public record Choice(int index, List<Part> parts, Finish finish, String logprobs) {
        public Choice {
            parts = List.copyOf(parts);
        }
    }
}
