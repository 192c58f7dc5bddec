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
 * @param notContinuable whether the rest of such an answer cannot come from another target although it is text, for what the
 *     request says holds for the answer as a whole
 */
public record RequestFacts(
        boolean stream,
        OptionalInt choices,
        OptionalLong maxTokens,
        boolean stopSequences,
        boolean tools,
        boolean jsonOutput,
        int promptBytes,
        ReasoningChoice reasoning,
        boolean notContinuable) {

    private static final RequestFacts NONE = new RequestFacts(
            false, OptionalInt.empty(), OptionalLong.empty(), false, false, false, 0, ReasoningChoice.UNSAID, false);

    /** The facts of a request that says nothing of all this. */
    public static Builder builder() {
        return new Builder(NONE);
    }

    /** The same facts with that choice. */
    public RequestFacts reasoning(ReasoningChoice choice) {
        return choice == reasoning ? this : new Builder(this).reasoning(choice).build();
    }

    /** Makes facts. */
    public static final class Builder {
        private boolean stream;
        private OptionalInt choices;
        private OptionalLong maxTokens;
        private boolean stopSequences;
        private boolean tools;
        private boolean jsonOutput;
        private int promptBytes;
        private ReasoningChoice reasoning;
        private boolean notContinuable;

        private Builder(RequestFacts begin) {
            stream = begin.stream;
            choices = begin.choices;
            maxTokens = begin.maxTokens;
            stopSequences = begin.stopSequences;
            tools = begin.tools;
            jsonOutput = begin.jsonOutput;
            promptBytes = begin.promptBytes;
            reasoning = begin.reasoning;
            notContinuable = begin.notContinuable;
        }

        public Builder stream(boolean wanted) {
            stream = wanted;
            return this;
        }

        public Builder choices(OptionalInt number) {
            choices = number;
            return this;
        }

        public Builder maxTokens(OptionalLong limit) {
            maxTokens = limit;
            return this;
        }

        public Builder stopSequences(boolean set) {
            stopSequences = set;
            return this;
        }

        public Builder tools(boolean defined) {
            tools = defined;
            return this;
        }

        public Builder jsonOutput(boolean wanted) {
            jsonOutput = wanted;
            return this;
        }

        public Builder promptBytes(int size) {
            promptBytes = size;
            return this;
        }

        public Builder reasoning(ReasoningChoice choice) {
            reasoning = choice;
            return this;
        }

        public Builder notContinuable(boolean whole) {
            notContinuable = whole;
            return this;
        }

        public RequestFacts build() {
            return new RequestFacts(
                    stream,
                    choices,
                    maxTokens,
                    stopSequences,
                    tools,
                    jsonOutput,
                    promptBytes,
                    reasoning,
                    notContinuable);
        }
    }
}
