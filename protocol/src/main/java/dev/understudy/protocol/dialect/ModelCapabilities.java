package dev.understudy.protocol.dialect;

import java.util.OptionalInt;

/**
 * What is known of a model. It decides which targets a request skips, and how a request is written for the model.
 *
 * @param contextWindow in tokens; empty if unknown
 * @param maxOutput the output limit in tokens; empty if unknown
 * @param images whether it accepts images
 * @param documents whether it accepts PDFs
 * @param audio whether it accepts audio
 * @param tools whether it can call tools
 * @param schema whether its vendor enforces a JSON schema
 * @param prefill whether it continues an assistant turn at the end of the request
 * @param reasoningControl how a request controls its reasoning
 * @param reasons whether it reasons before it answers: {@code YES} unless the request forbids it, {@code NO} never, and
 *     {@code UNKNOWN} if the request asks for it
 * @param traits how requests for it are written; never a reason to skip a target
 */
public record ModelCapabilities(
        OptionalInt contextWindow,
        OptionalInt maxOutput,
        Can images,
        Can documents,
        Can audio,
        Can tools,
        Can schema,
        Can prefill,
        ReasoningControl reasoningControl,
        Can reasons,
        ModelTraits traits) {

    /** Nothing is known: every request is sent. */
    public static final ModelCapabilities UNKNOWN = new ModelCapabilities(
            OptionalInt.empty(),
            OptionalInt.empty(),
            Can.UNKNOWN,
            Can.UNKNOWN,
            Can.UNKNOWN,
            Can.UNKNOWN,
            Can.UNKNOWN,
            Can.UNKNOWN,
            ReasoningControl.UNKNOWN,
            Can.UNKNOWN,
            ModelTraits.UNKNOWN);

    /** These capabilities, with {@code stated} in place of those that it states. */
    public ModelCapabilities correctedBy(ModelCapabilities stated) {
        return new ModelCapabilities(
                stated.contextWindow.isPresent() ? stated.contextWindow : contextWindow,
                stated.maxOutput.isPresent() ? stated.maxOutput : maxOutput,
                stated.images.or(images),
                stated.documents.or(documents),
                stated.audio.or(audio),
                stated.tools.or(tools),
                stated.schema.or(schema),
                stated.prefill.or(prefill),
                stated.reasoningControl == ReasoningControl.UNKNOWN ? reasoningControl : stated.reasoningControl,
                stated.reasons.or(reasons),
                stated.traits.equals(ModelTraits.UNKNOWN) ? traits : stated.traits);
    }

    /** What is known of a model of which nothing is known yet. */
    public static Builder builder() {
        return UNKNOWN.toBuilder();
    }

    /** The same capabilities, to be changed. */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /** The same capabilities of a model with these traits. */
    public ModelCapabilities withTraits(ModelTraits known) {
        return toBuilder().traits(known).build();
    }

    /** Whether the model reasons before it answers a request with that choice. */
    public boolean reasonsFor(ReasoningChoice choice) {
        return switch (reasons) {
            case YES -> choice != ReasoningChoice.OFF;
            case NO -> false;
            case UNKNOWN -> choice == ReasoningChoice.ON;
        };
    }

    /** Whether a model has a capability. */
    public enum Can {
        YES,
        NO,
        UNKNOWN;

        public static Can of(boolean it) {
            return it ? YES : NO;
        }

        private Can or(Can other) {
            return this == UNKNOWN ? other : this;
        }
    }

    /** The forms in which vendors let a request control reasoning. */
    public enum ReasoningControl {
        /** The model does not reason. */
        NONE,
        /** A number of tokens. */
        BUDGET,
        /** An effort, such as {@code low}. */
        EFFORT,
        /** The model decides, within an effort (Claude from Opus 4.6 on). */
        ADAPTIVE,
        UNKNOWN
    }

    /** Makes capabilities from others. */
    public static final class Builder {
        private OptionalInt contextWindow;
        private OptionalInt maxOutput;
        private Can images;
        private Can documents;
        private Can audio;
        private Can tools;
        private Can schema;
        private Can prefill;
        private ReasoningControl reasoningControl;
        private Can reasons;
        private ModelTraits traits;

        private Builder(ModelCapabilities begin) {
            contextWindow = begin.contextWindow;
            maxOutput = begin.maxOutput;
            images = begin.images;
            documents = begin.documents;
            audio = begin.audio;
            tools = begin.tools;
            schema = begin.schema;
            prefill = begin.prefill;
            reasoningControl = begin.reasoningControl;
            reasons = begin.reasons;
            traits = begin.traits;
        }

        public Builder contextWindow(OptionalInt tokens) {
            contextWindow = tokens;
            return this;
        }

        public Builder maxOutput(OptionalInt tokens) {
            maxOutput = tokens;
            return this;
        }

        public Builder images(Can accepted) {
            images = accepted;
            return this;
        }

        public Builder documents(Can accepted) {
            documents = accepted;
            return this;
        }

        public Builder audio(Can accepted) {
            audio = accepted;
            return this;
        }

        public Builder tools(Can called) {
            tools = called;
            return this;
        }

        public Builder schema(Can enforced) {
            schema = enforced;
            return this;
        }

        public Builder prefill(Can continued) {
            prefill = continued;
            return this;
        }

        public Builder reasoningControl(ReasoningControl form) {
            reasoningControl = form;
            return this;
        }

        public Builder reasons(Can before) {
            reasons = before;
            return this;
        }

        public Builder traits(ModelTraits known) {
            traits = known;
            return this;
        }

        public ModelCapabilities build() {
            return new ModelCapabilities(
                    contextWindow,
                    maxOutput,
                    images,
                    documents,
                    audio,
                    tools,
                    schema,
                    prefill,
                    reasoningControl,
                    reasons,
                    traits);
        }
    }
}
