package dev.understudy.gateway.config;

/**
 * A key that callers of the gateway present as a bearer token.
 *
 * @param name the name of its holder, for logs
 * @param secret the key
 */
public record ApiKey(String name, Credential secret) {}
