package dev.understudy.protocol.options;

/**
 * Which options the operator permits in requests.
 *
 * @param allowsUpstreamUrls whether a request may name the address that is called ({@code api_base},
 *     {@code custom_host}). A caller that may do that can make the gateway send requests to any address that it can reach, so
 *     the default is no.
 */
public record OptionsPolicy(boolean allowsUpstreamUrls) {
    /** No option that could harm other callers or the operator. */
    public static final OptionsPolicy STRICT = new OptionsPolicy(false);
}
