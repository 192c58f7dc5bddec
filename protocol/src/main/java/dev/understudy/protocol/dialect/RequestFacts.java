package dev.understudy.protocol.dialect;

import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What a request says that decides how its call goes, and which answers to it are acceptable.
 *
 * @param stream whether the answer is to be streamed
 * @param choices how many answers are wanted ({@code n}); empty if the caller did not say
 * @param maxTokens the shorter of {@code max_tokens} and {@code max_completion_tokens}; an answer within 0 or 1 tokens
 *     may well be blank
 * @param stopSequences whether the caller set {@code stop}, which may cut an answer down to nothing
 * @param tools whether there are {@code tools} or {@code functions} to call instead of a text answer
 * @param jsonOutput whether {@code response_format} asks for JSON, so that half an answer cannot be continued
 * @param promptBytes the size of {@code messages}, {@code tools} and {@code functions} as they came, in bytes
 * @param reasoning whether it asks for reasoning before the answer
 */
public record RequestFacts(
        boolean stream,
        OptionalInt choices,
        OptionalLong maxTokens,
        boolean stopSequences,
        boolean tools,
        boolean jsonOutput,
        int promptBytes,
        ReasoningChoice reasoning) {

    /** The facts of a request that does not say whether the model is to reason. */
    public RequestFacts(
            boolean stream,
            OptionalInt choices,
            OptionalLong maxTokens,
            boolean stopSequences,
            boolean tools,
            boolean jsonOutput,
            int promptBytes) {
        this(stream, choices, maxTokens, stopSequences, tools, jsonOutput, promptBytes, ReasoningChoice.UNSAID);
    }

    /** The same facts of a request that says so. */
    public RequestFacts reasoning(ReasoningChoice choice) {
        return choice == reasoning
                ? this
                : new RequestFacts(stream, choices, maxTokens, stopSequences, tools, jsonOutput, promptBytes, choice);
    }
}
