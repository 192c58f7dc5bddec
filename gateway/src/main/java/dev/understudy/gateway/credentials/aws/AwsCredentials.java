package dev.understudy.gateway.credentials.aws;

import java.time.Instant;
import java.util.Optional;

/**
 * A key of Amazon's.
 *
 * @param accessKey its public half
 * @param secretKey its secret half
 * @param sessionToken of a key lent for a while; empty for a lasting one
 * @param expiry when it ceases to be good, if it does
 */
public record AwsCredentials(String accessKey, String secretKey, String sessionToken, Optional<Instant> expiry) {

    /** A lasting key. */
    public static AwsCredentials lasting(String accessKey, String secretKey, String sessionToken) {
        return new AwsCredentials(accessKey, secretKey, sessionToken, Optional.empty());
    }

    /** Never the secrets: records of it end in logs. */
    @Override
    public String toString() {
        return "AwsCredentials[" + accessKey + ", expiry="
                + expiry.map(Instant::toString).orElse("never") + "]";
    }
}
