package dev.understudy.engine;

import java.util.Set;

/**
 * Which failures continue a chain.
 *
 * @param kinds kinds that would end the chain and continue it in this call ({@link FailureKind#CONTENT_POLICY})
 * @param statuses if not empty, the only HTTP statuses that continue the chain (Portkey's {@code on_status_codes}); a
 *     failure that came without a status always does
 */
public record FallbackOn(Set<FailureKind> kinds, Set<Integer> statuses) {

    /** What each kind's {@link Disposition} says, and nothing else. */
    public static final FallbackOn DEFAULT = new FallbackOn(Set.of(), Set.of());

    public FallbackOn {
        kinds = Set.copyOf(kinds);
        statuses = Set.copyOf(statuses);
    }

    /** Whether the request or the configuration says that a failure like this one continues the chain. */
    boolean includes(Failure failure) {
        return kinds.contains(failure.kind()) || (failure.status() > 0 && statuses.contains(failure.status()));
    }

    /** Whether the request says that a failure like this one ends the chain. */
    boolean excludes(Failure failure) {
        return !statuses.isEmpty()
                && failure.status() > 0
                && !statuses.contains(failure.status())
                && !kinds.contains(failure.kind());
    }
}
