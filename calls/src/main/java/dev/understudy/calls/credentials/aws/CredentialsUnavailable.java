package dev.understudy.calls.credentials.aws;

/** There is no key. The message names the places that were searched and what went wrong, never a secret. */
public final class CredentialsUnavailable extends Exception {
    private static final long serialVersionUID = 1;

    public CredentialsUnavailable(String message) {
        super(message, null, false, false);
    }
}
