package dev.understudy.gateway.config;

import java.util.Optional;

/**
 * Whose account at a cloud is used, where a provider takes that in place of a key.
 *
 * @param region of Amazon's; empty for what the surroundings say
 * @param profile of Amazon's configuration files; empty for the usual chain: environment, files, container, instance
 * @param serviceAccount the path of a Google service account's key file
 */
public record CloudAccount(Optional<String> region, Optional<String> profile, Optional<String> serviceAccount) {

    /** Nothing was said. */
    public static final CloudAccount NONE = new CloudAccount(Optional.empty(), Optional.empty(), Optional.empty());
}
