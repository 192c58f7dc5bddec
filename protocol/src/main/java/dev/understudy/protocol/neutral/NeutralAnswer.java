package dev.understudy.protocol.neutral;

import java.util.List;
import java.util.OptionalLong;

/**
 * A whole answer, independent of dialects.
 *
 * @param id the vendor's; empty if it gave none
 * @param model the model that answered, by the vendor's name; empty if unknown
 * @param created in seconds since 1970, if known
 * @param choices the answers, usually one
 * @param tokens the vendor's usage
 * @param serviceTier the vendor's own name of the tier; empty if unknown
 */
public record NeutralAnswer(
        String id, String model, OptionalLong created, List<Choice> choices, Tokens tokens, String serviceTier) {

    public NeutralAnswer {
        choices = List.copyOf(choices);
    }

    /** The same answer, with that model if it names none. */
    public NeutralAnswer givenBy(String other) {
        return model.isEmpty() ? new NeutralAnswer(id, other, created, choices, tokens, serviceTier) : this;
    }

    /**
     * One of several answers to the same request.
     *
     * @param index from 0
     * @param parts in order
     * @param finish why it ended
     * @param logprobs the log probabilities of its tokens in OpenAI's form (JSON); empty if there are none
     */
    public record Choice(int index, List<Part> parts, Finish finish, String logprobs) {
        public Choice {
            parts = List.copyOf(parts);
        }
    }
}
