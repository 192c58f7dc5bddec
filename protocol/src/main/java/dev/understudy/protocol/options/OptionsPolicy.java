package dev.understudy.protocol.options;

/**
 * What the operator lets callers ask for.
 *
 * @param allowsUpstreamUrls whether a request may name the address that is called ({@code api_base},
 *     {@code custom_host}). Whoever may do that can make the gateway fetch anything that it can reach, so the default
 *     is no.
 */
public record OptionsPolicy(boolean allowsUpstreamUrls) {
    /** Nothing that could harm anybody else. */
    public static final OptionsPolicy STRICT = new OptionsPolicy(false);
}
