package dev.understudy.calls;

import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** The failure behind the exceptions in which futures wrap it. */
public final class FutureCause {
    private FutureCause() {}

    /** The failure itself. */
    public static Throwable of(Throwable thrown) {
        Throwable cause = thrown;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** A text for the failure: its message, or its type if it has none. */
    public static String text(Throwable thrown) {
        Throwable cause = of(thrown);
        return Objects.requireNonNullElse(cause.getMessage(), cause.toString());
    }
}
