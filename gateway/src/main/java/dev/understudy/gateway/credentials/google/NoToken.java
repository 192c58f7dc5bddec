package dev.understudy.gateway.credentials.google;

/** There is no access token to be had; the message says why, and repeats neither key nor token. */
public final class NoToken extends Exception {
    private static final long serialVersionUID = 1;

    NoToken(String message) {
        super(message, null, false, false);
    }
}
