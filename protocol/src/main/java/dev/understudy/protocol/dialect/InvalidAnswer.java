package dev.understudy.protocol.dialect;

import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;

/** The body of a 2xx response is no answer; the failure says what it is. */
public final class InvalidAnswer extends Exception {
    private static final long serialVersionUID = 1;

    private final transient Failure failure;

    public InvalidAnswer(Failure failure) {
        super(failure.message(), null, false, false);
        this.failure = failure;
    }

    /** A body that cannot be read. */
    public static InvalidAnswer malformed(String message) {
        return new InvalidAnswer(Failure.of(FailureKind.MALFORMED, message));
    }

    public Failure failure() {
        return failure;
    }
}
