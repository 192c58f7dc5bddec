package dev.understudy.client.chain;

import dev.understudy.engine.Failure;
import java.util.Optional;

/**
 * Says what an exception of a target means. {@link TargetFailures} knows those of the JDK and {@link HttpStatusException}; an SDK's
 * own exceptions need a classifier.
 */
@FunctionalInterface
public interface FailureClassifier {
    /**
     * Classifies an exception.
     *
     * @param thrown what the target threw, without the wrappers of futures
     * @return empty to leave it to the next classifier, and finally to the built-in one
     */
    Optional<Failure> classify(Throwable thrown);

    /** This one, and the other for what this one does not know. */
    default FailureClassifier or(FailureClassifier other) {
        return thrown -> classify(thrown).or(() -> other.classify(thrown));
    }
}
