package dev.understudy.protocol.neutral;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Sampling parameters and limits. What is empty was not set.
 *
 * @param maxTokens the output limit, reasoning included
 * @param temperature in OpenAI's range, 0 to 2; writers fit it into their vendor's
 * @param seed for a repeatable answer
 * @param stop texts that end the answer
 * @param choices how many answers are wanted ({@code n})
 * @param logprobs whether log probabilities are wanted
 * @param topLogprobs for how many alternatives
 */
public record Sampling(
        OptionalLong maxTokens,
        Optional<BigDecimal> temperature,
        Optional<BigDecimal> topP,
        OptionalLong topK,
        Optional<BigDecimal> frequencyPenalty,
        Optional<BigDecimal> presencePenalty,
        OptionalLong seed,
        List<String> stop,
        OptionalInt choices,
        Optional<Boolean> logprobs,
        OptionalInt topLogprobs) {

    /** Nothing is set. */
    public static final Sampling USUAL = new Builder().build();

    public Sampling {
        stop = List.copyOf(stop);
    }

    /** The same with another limit. */
    public Sampling withMaxTokens(OptionalLong other) {
        return new Sampling(
                other,
                temperature,
                topP,
                topK,
                frequencyPenalty,
                presencePenalty,
                seed,
                stop,
                choices,
                logprobs,
                topLogprobs);
    }

    /** Makes one, piece by piece. */
    public static final class Builder {
        private OptionalLong maxTokens = OptionalLong.empty();
        private Optional<BigDecimal> temperature = Optional.empty();
        private Optional<BigDecimal> topP = Optional.empty();
        private OptionalLong topK = OptionalLong.empty();
        private Optional<BigDecimal> frequencyPenalty = Optional.empty();
        private Optional<BigDecimal> presencePenalty = Optional.empty();
        private OptionalLong seed = OptionalLong.empty();
        private List<String> stop = List.of();
        private OptionalInt choices = OptionalInt.empty();
        private Optional<Boolean> logprobs = Optional.empty();
        private OptionalInt topLogprobs = OptionalInt.empty();

        public Builder maxTokens(OptionalLong value) {
            maxTokens = value;
            return this;
        }

        public Builder temperature(Optional<BigDecimal> value) {
            temperature = value;
            return this;
        }

        public Builder topP(Optional<BigDecimal> value) {
            topP = value;
            return this;
        }

        public Builder topK(OptionalLong value) {
            topK = value;
            return this;
        }

        public Builder frequencyPenalty(Optional<BigDecimal> value) {
            frequencyPenalty = value;
            return this;
        }

        public Builder presencePenalty(Optional<BigDecimal> value) {
            presencePenalty = value;
            return this;
        }

        public Builder seed(OptionalLong value) {
            seed = value;
            return this;
        }

        public Builder stop(List<String> value) {
            stop = value;
            return this;
        }

        public Builder choices(OptionalInt value) {
            choices = value;
            return this;
        }

        public Builder logprobs(Optional<Boolean> value) {
            logprobs = value;
            return this;
        }

        public Builder topLogprobs(OptionalInt value) {
            topLogprobs = value;
            return this;
        }

        public Sampling build() {
            return new Sampling(
                    maxTokens,
                    temperature,
                    topP,
                    topK,
                    frequencyPenalty,
                    presencePenalty,
                    seed,
                    stop,
                    choices,
                    logprobs,
                    topLogprobs);
        }
    }
}
