package dev.understudy.client.chain;

import dev.understudy.engine.FailureKind;
import dev.understudy.engine.Verdict;
import java.util.List;
import java.util.Optional;

/**
 * No target could answer, or the stream broke after its beginning had reached the caller.
 *
 * <p>The cause is the exception of the attempt whose failure the {@link #verdict()} reports, if it had one; those of the other
 * attempts are suppressed exceptions.
 */
public final class FallbackException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Verdict verdict;
    private final transient CallTrail trail;
    private final boolean truncated;

    /** @param causes the exceptions of the attempts, that of the verdict first; none where the attempts were HTTP requests */
    public FallbackException(Verdict verdict, CallTrail trail, boolean truncated, List<Throwable> causes) {
        super(message(verdict, trail, truncated), causes.isEmpty() ? null : causes.getFirst());
        this.verdict = verdict;
        this.trail = trail;
        this.truncated = truncated;
        causes.stream().skip(1).forEach(this::addSuppressed);
    }

    private static String message(Verdict verdict, CallTrail trail, boolean truncated) {
        return (truncated ? "The answer is truncated: " : "No target could answer: ")
                + verdict.shown().message() + " [" + trail + "]";
    }

    /** The failure to act on, the HTTP status that stands for it, and whether the same request may succeed later. */
    public Verdict verdict() {
        return verdict;
    }

    /** What went wrong. */
    public FailureKind kind() {
        return verdict.shown().kind();
    }

    /** What the call did. */
    public CallTrail trail() {
        return trail;
    }

    /** Whether the caller already has the beginning of an answer, whose rest is missing. */
    public boolean isTruncated() {
        return truncated;
    }

    /** The same without its causes, to be added to one of them as a suppressed exception. */
    public FallbackException withoutCauses() {
        return new FallbackException(verdict, trail, truncated, List.of());
    }

    /** The one that an exception carries, as its cause or as a suppressed exception. */
    public static Optional<FallbackException> in(Throwable thrown) {
        for (Throwable each = thrown; each != null; each = each.getCause()) {
            if (each instanceof FallbackException found) {
                return Optional.of(found);
            }
            for (Throwable suppressed : each.getSuppressed()) {
                if (suppressed instanceof FallbackException found) {
                    return Optional.of(found);
                }
            }
        }
        return Optional.empty();
    }
}
