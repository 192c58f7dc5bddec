package dev.understudy.store;

/** The database could not be read, or did not confirm a change. The message describes what is wrong; it contains no password. */
public final class StoreUnavailable extends Exception {
    private static final long serialVersionUID = 1;

    StoreUnavailable(String message) {
        super(message);
    }

    StoreUnavailable(String message, Throwable cause) {
        super(message, cause);
    }
}
