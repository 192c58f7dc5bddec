package dev.understudy.protocol.acceptance;

import dev.understudy.engine.ErrorDetails;
import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.protocol.json.Members;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Checks JSON that two attempts wrote, one after the other: a model that continues another one's JSON may get its nesting
 * or its place in a string wrong, which the second part alone does not show. The end of such a stream is forwarded only
 * after its whole text has passed the checks of {@code response_format}.
 *
 * <p>For answers that are text. What is wrong is {@link FailureKind#INVALID_OUTPUT}; nothing of the text is repeated in it.
 */
public final class ContinuedJson {
    private final RequestedFormat format;
    private final CheckBudget budget;

    private ContinuedJson(RequestedFormat format, CheckBudget budget) {
        this.format = format;
        this.budget = budget;
    }

    /**
     * @param request the members of a chat completion request
     * @throws CheckTooExpensive if its {@code response_format} is too long to be read
     */
    public static ContinuedJson of(Members request) {
        CheckBudget budget = CheckBudget.beginning();
        return new ContinuedJson(RequestedFormat.of(request, budget), budget);
    }

    /** Whether the request asks for JSON; otherwise every text passes. */
    public boolean isWanted() {
        return format.json();
    }

    /**
     * What is wrong with an answer; empty if nothing is.
     *
     * @param text all of it, the parts of all attempts joined: see {@link
     *     dev.understudy.protocol.recovery.Seam#joined}
     * @throws CheckTooExpensive if the text could not be checked within the limits
     */
    public Optional<Failure> check(String text) {
        return format.unmetBy(text, budget)
                .map(why -> new Failure(
                        FailureKind.INVALID_OUTPUT,
                        0,
                        new ErrorDetails(why + " after it was continued", "", "", "continued.json"),
                        OptionalLong.empty()));
    }
}
