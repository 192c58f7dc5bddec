package dev.understudy.calls.credentials.google;

/** A file is no key of a service account; the message states what is wrong and repeats none of the key. */
public final class InvalidServiceAccountKey extends Exception {
    private static final long serialVersionUID = 1;

    /** @param message states what is wrong with the file, and repeats none of the key */
    public InvalidServiceAccountKey(String message) {
        super(message, null, false, false);
    }
}
