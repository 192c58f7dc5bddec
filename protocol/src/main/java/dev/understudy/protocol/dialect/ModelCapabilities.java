package dev.understudy.protocol.dialect;

import java.util.OptionalInt;

/**
 * What is known of a model. It decides whom to ask before anybody is, and how a request is written for it.
 *
 * @param contextWindow in tokens; empty if it is not known
 * @param maxOutput the longest answer in tokens; empty if it is not known
 * @param images whether it sees
 * @param documents whether it reads PDFs
 * @param audio whether it hears
 * @param tools whether it can ask for tools
 * @param schema whether its vendor can hold its text to a JSON schema
 * @param prefill whether it goes on with an assistant turn that the request ends with
 * @param thinking how it is told to think
 * @param reasons whether it reasons before it answers: {@code YES} unless the request tells it not to, {@code NO} never, and
 *     {@code UNKNOWN} if the request asks for it
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
        Thinking thinking,
        Can reasons) {

    /** The abilities of a model that reasons when it is asked to. */
    public ModelCapabilities(
            OptionalInt contextWindow,
            OptionalInt maxOutput,
            Can images,
            Can documents,
            Can audio,
            Can tools,
            Can schema,
            Can prefill,
            Thinking thinking) {
        this(contextWindow, maxOutput, images, documents, audio, tools, schema, prefill, thinking, Can.UNKNOWN);
    }

    /** Nothing is known: everything is tried. */
    public static final ModelCapabilities UNKNOWN = new ModelCapabilities(
            OptionalInt.empty(),
            OptionalInt.empty(),
            Can.UNKNOWN,
            Can.UNKNOWN,
            Can.UNKNOWN,
            Can.UNKNOWN,
            Can.UNKNOWN,
            Can.UNKNOWN,
            Thinking.UNKNOWN);

    /** The same where {@code stated} is silent, and what that says where it is not. */
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
                stated.thinking == Thinking.UNKNOWN ? thinking : stated.thinking,
                stated.reasons.or(reasons));
    }

    /** The same abilities of a model of which it is known whether it reasons. */
    public ModelCapabilities reasoning(Can it) {
        return new ModelCapabilities(
                contextWindow, maxOutput, images, documents, audio, tools, schema, prefill, thinking, it);
    }

    /** Whether the model reasons before it answers a request that says this about it. */
    public boolean reasonsFor(ReasoningChoice choice) {
        return switch (reasons) {
            case YES -> choice != ReasoningChoice.OFF;
            case NO -> false;
            case UNKNOWN -> choice == ReasoningChoice.ON;
        };
    }

    /** Whether it can, as far as anybody knows. */
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

    /** The ways in which vendors let a caller say how much a model thinks. */
    public enum Thinking {
        /** It does not. */
        NONE,
        /** A number of tokens. */
        BUDGET,
        /** A word. */
        EFFORT,
        /** As it sees fit, within an effort (Claude from Opus 4.6 on). */
        ADAPTIVE,
        UNKNOWN
    }
}
