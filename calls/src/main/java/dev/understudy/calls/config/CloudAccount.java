package dev.understudy.calls.config;

import java.util.Optional;

/**
 * The cloud account that is used, if a provider takes that in place of a key.
 *
 * @param region Amazon's region; empty for the one of the environment
 * @param profile of Amazon's configuration files; empty for the usual chain: environment, files, container, instance
 * @param serviceAccount the path of a Google service account's key file
 */
public record CloudAccount(Optional<String> region, Optional<String> profile, Optional<String> serviceAccount) {

    /** Nothing is configured. */
    public static final CloudAccount NONE = new CloudAccount(Optional.empty(), Optional.empty(), Optional.empty());
}
