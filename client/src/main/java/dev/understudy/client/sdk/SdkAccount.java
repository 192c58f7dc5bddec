package dev.understudy.client.sdk;

import java.net.URI;
import java.util.List;
import java.util.Map;

/**
 * Another client of an SDK, which serves fallbacks only.
 *
 * @param name the provider's part of its targets
 * @param baseUrl its own
 * @param isAzure whether its paths name deployments
 * @param query its own parameters
 * @param headers its own
 * @param identity tells its key apart from others; used for nothing else, and never shown
 * @param sender its own HTTP client, which adds the key
 */
public record SdkAccount(
        String name,
        URI baseUrl,
        boolean isAzure,
        Map<String, List<String>> query,
        Map<String, List<String>> headers,
        String identity,
        SdkSender sender) {
    /** Shows neither headers nor identity. */
    @Override
    public String toString() {
        return "SdkAccount[" + name + " at " + baseUrl + "]";
    }
}
