package dev.understudy.protocol.neutral;

import java.util.List;
import java.util.Map;

/**
 * A request, independent of dialects: what every dialect's reader makes of a body, and what every writer makes one
 * from. The model is not in it; each target has its own.
 *
 * @param turns the conversation, in the caller's order, with the instructions as system turns
 * @param tools what the model may call
 * @param output the format of the text
 * @param sampling sampling parameters and limits
 * @param reasoning how much the model reasons
 * @param stream whether the answer is to be streamed
 * @param usageInStream whether the stream has usage, where a request has to ask for it
 * @param user the caller's name of its user; empty if not set
 * @param metadata the caller's labels
 * @param serviceTier the dialect's own name of the tier; empty if not set
 * @param others members that have no place above: only their own dialect has them
 */
public record NeutralRequest(
        List<Turn> turns,
        Tools tools,
        ResponseFormat output,
        Sampling sampling,
        ReasoningSettings reasoning,
        boolean stream,
        boolean usageInStream,
        String user,
        Map<String, String> metadata,
        String serviceTier,
        List<Other> others) {

    public NeutralRequest {
        turns = List.copyOf(turns);
        metadata = Map.copyOf(metadata);
        others = List.copyOf(others);
    }

    /**
     * A top-level member that only its own dialect has.
     *
     * @param dialect that has it
     * @param name its name in warnings
     * @param json its value
     */
    public record Other(String dialect, String name, String json) {}

    /** The same with another conversation. */
    public NeutralRequest withTurns(List<Turn> other) {
        return new NeutralRequest(
                other, tools, output, sampling, reasoning, stream, usageInStream, user, metadata, serviceTier, others);
    }

    /** The same with other sampling. */
    public NeutralRequest withSampling(Sampling other) {
        return new NeutralRequest(
                turns, tools, output, other, reasoning, stream, usageInStream, user, metadata, serviceTier, others);
    }

    /** Makes one, piece by piece. */
    public static final class Builder {
        private final List<Turn> turns;
        private Tools tools = Tools.NONE;
        private ResponseFormat output = new ResponseFormat.Text();
        private Sampling sampling = Sampling.USUAL;
        private ReasoningSettings reasoning = ReasoningSettings.USUAL;
        private boolean stream;
        private boolean usageInStream;
        private String user = "";
        private Map<String, String> metadata = Map.of();
        private String serviceTier = "";
        private List<Other> others = List.of();

        public Builder(List<Turn> turns) {
            this.turns = turns;
        }

        public Builder tools(Tools value) {
            tools = value;
            return this;
        }

        public Builder output(ResponseFormat value) {
            output = value;
            return this;
        }

        public Builder sampling(Sampling value) {
            sampling = value;
            return this;
        }

        public Builder reasoning(ReasoningSettings value) {
            reasoning = value;
            return this;
        }

        public Builder stream(boolean value) {
            stream = value;
            return this;
        }

        public Builder usageInStream(boolean value) {
            usageInStream = value;
            return this;
        }

        public Builder user(String value) {
            user = value;
            return this;
        }

        public Builder metadata(Map<String, String> value) {
            metadata = value;
            return this;
        }

        public Builder serviceTier(String value) {
            serviceTier = value;
            return this;
        }

        public Builder others(List<Other> value) {
            others = value;
            return this;
        }

        public NeutralRequest build() {
            return new NeutralRequest(
                    turns,
                    tools,
                    output,
                    sampling,
                    reasoning,
                    stream,
                    usageInStream,
                    user,
                    metadata,
                    serviceTier,
                    others);
        }
    }
}
