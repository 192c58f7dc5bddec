package dev.understudy.gateway.rehearsal;

import java.util.List;
import java.util.Optional;

/**
 * One call of the demo.
 *
 * @param description what goes wrong, as a short sentence for people
 * @param model the primary, as {@code provider/model}
 * @param fallbacks the targets behind it, in order
 * @param stream whether the answer is streamed
 * @param answeredBy the target that is announced to finish the answer; empty if the call is to end in an error
 * @param shows what a person can learn from the result, as a short sentence
 */
public record DemoCall(
        String description,
        String model,
        List<String> fallbacks,
        boolean stream,
        Optional<String> answeredBy,
        String shows) {

    public DemoCall {
        fallbacks = List.copyOf(fallbacks);
    }
}
