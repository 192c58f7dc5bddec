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
 */
public record Abilities(
        OptionalInt contextWindow,
        OptionalInt maxOutput,
        Can images,
        Can documents,
        Can audio,
        Can tools,
        Can schema,
        Can prefill,
        Thinking thinking) {

    /** Nothing is known: everything is tried. */
    public static final Abilities UNKNOWN = new Abilities(
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
    public Abilities correctedBy(Abilities stated) {
        return new Abilities(
                stated.contextWindow.isPresent() ? stated.contextWindow : contextWindow,
                stated.maxOutput.isPresent() ? stated.maxOutput : maxOutput,
                stated.images.or(images),
                stated.documents.or(documents),
                stated.audio.or(audio),
                stated.tools.or(tools),
                stated.schema.or(schema),
                stated.prefill.or(prefill),
                stated.thinking == Thinking.UNKNOWN ? thinking : stated.thinking);
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
