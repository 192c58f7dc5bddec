package dev.understudy.calls.config;

/**
 * A key that callers of the gateway present as a bearer token.
 *
 * @param name the name of its holder, for logs
 * @param secret the key
 * @param limits what it may be used for
 */
public record ApiKey(String name, Credential secret, KeyLimits limits) {
    /** A key without limits. */
    public ApiKey(String name, Credential secret) {
        this(name, secret, KeyLimits.NONE);
    }
}
