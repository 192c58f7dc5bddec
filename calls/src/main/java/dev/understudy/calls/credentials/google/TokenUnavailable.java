package dev.understudy.calls.credentials.google;

/** There is no access token; the message states why, and repeats neither key nor token. */
public final class TokenUnavailable extends Exception {
    private static final long serialVersionUID = 1;

    TokenUnavailable(String message) {
        super(message, null, false, false);
    }
}
