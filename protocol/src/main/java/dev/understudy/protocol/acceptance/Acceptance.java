package dev.understudy.protocol.acceptance;

import dev.understudy.protocol.json.Members;
import dev.understudy.protocol.options.AnswerPattern;
import dev.understudy.protocol.options.FallbackOptions.AcceptOptions;
import java.util.Optional;

/**
 * The checks that an answer must pass to be accepted, besides not being blank ({@link dev.understudy.protocol.answer.AnswerRules}).
 *
 * <p>All checks are off by default, because they have a price: the whole answer is read again, and a stream cannot be
 * forwarded before its end.
 *
 * @param json whether the content must be JSON where {@code response_format} asks for it, and meet its schema
 * @param tools whether calls must be of the request's tools, with arguments that are JSON objects
 * @param minLength how many characters (code points) the text must have at least
 * @param matches what the text must contain
 */
public record Acceptance(boolean json, boolean tools, int minLength, Optional<AnswerPattern> matches) {

    /** Everything is accepted. */
    public static final Acceptance ANYTHING = new Acceptance(false, false, 0, Optional.empty());

    public Acceptance {
        if (minLength < 0) {
            throw new IllegalArgumentException("minLength must not be negative: " + minLength);
        }
    }

    /** The same for one request: what its caller said, and these where it is silent. */
    public Acceptance or(AcceptOptions wish) {
        return wish.equals(AcceptOptions.NONE)
                ? this
                : new Acceptance(
                        wish.json().orElse(json),
                        wish.tools().orElse(tools),
                        wish.minLength().orElse(minLength),
                        wish.matches().or(() -> matches));
    }

    /** Whether nothing is checked, so that answers need not be held back. */
    public boolean acceptsAnything() {
        return !json && !tools && minLength == 0 && matches.isEmpty();
    }

    /**
     * The checks for the answers to one request.
     *
     * @param request the members of a chat completion request
     */
    public AnswerCheck checkFor(Members request) {
        return new AnswerCheck(this, request);
    }
}
