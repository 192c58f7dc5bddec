package dev.understudy.protocol.options;

import dev.understudy.engine.FailureKind;
import java.util.Set;

/** The failure kinds that can be configured to continue the chain: those that end it by default. */
public final class FallbackOnValues {
    /** Portkey's own status for an answer that a guardrail refused; it has no other meaning. */
    static final int GUARDRAIL_REFUSED = 446;

    private static final int BAD_REQUEST = 400;

    private static final FailureKind[] KINDS = {FailureKind.CONTENT_POLICY};

    private FallbackOnValues() {}

    /**
     * Reads one value of {@code fallback-on}, such as {@code content-policy}.
     *
     * @throws IllegalArgumentException with a message that follows the text in a sentence
     */
    public static FailureKind parse(String text) {
        return EnumNames.parse(text, KINDS, FallbackOnValues::text);
    }

    /** As {@link #parse} reads it. */
    public static String text(FailureKind kind) {
        return kind.wireName().replace('_', '-');
    }

    /**
     * The kinds for HTTP statuses. A refusal by a content filter is a 400 at some providers and a 200 at
     * others, so the status stands for both.
     */
    static Set<FailureKind> kindsOf(Set<Integer> statuses) {
        return statuses.contains(BAD_REQUEST) || statuses.contains(GUARDRAIL_REFUSED)
                ? Set.of(FailureKind.CONTENT_POLICY)
                : Set.of();
    }
}
