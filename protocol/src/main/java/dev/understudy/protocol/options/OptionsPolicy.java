package dev.understudy.protocol.options;

import java.util.Set;

/**
 * Which options the operator permits in requests.
 *
 * @param allowsUpstreamUrls whether a request may name the address that is called ({@code api_base},
 *     {@code custom_host}). A caller that may do that can make the gateway send requests to any address that it can reach, so
 *     the default is no.
 * @param providers the names of the configured providers; empty if they are unknown, so that any name may be one
 * @param openRouters those of them that are OpenRouter, which has names of its own for the providers behind it
 */
public record OptionsPolicy(boolean allowsUpstreamUrls, Set<String> providers, Set<String> openRouters) {
    public OptionsPolicy {
        providers = Set.copyOf(providers);
        openRouters = Set.copyOf(openRouters);
    }

    /** A policy that knows no providers. */
    public OptionsPolicy(boolean allowsUpstreamUrls) {
        this(allowsUpstreamUrls, Set.of(), Set.of());
    }

    /** Whether a name is that of a configured provider, or of a target at one. */
    boolean isConfigured(String name) {
        int slash = name.indexOf('/');
        return providers.isEmpty() || providers.contains(slash < 0 ? name : name.substring(0, slash));
    }

    /** No option that could harm other callers or the operator. */
    public static final OptionsPolicy STRICT = new OptionsPolicy(false);
}
