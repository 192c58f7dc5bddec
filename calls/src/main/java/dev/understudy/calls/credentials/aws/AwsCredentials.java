package dev.understudy.calls.credentials.aws;

import java.time.Instant;
import java.util.Optional;

/**
 * A key of Amazon's.
 *
 * @param accessKey its public half
 * @param secretKey its secret half
 * @param sessionToken of a temporary key; empty for a permanent one
 * @param expiry when it expires, if it does
 */
public record AwsCredentials(String accessKey, String secretKey, String sessionToken, Optional<Instant> expiry) {

    /** A permanent key. */
    public static AwsCredentials lasting(String accessKey, String secretKey, String sessionToken) {
        return new AwsCredentials(accessKey, secretKey, sessionToken, Optional.empty());
    }

    /** Hides the secrets: the text of this record may reach logs. */
    @Override
    public String toString() {
        return "AwsCredentials[" + accessKey + ", expiry="
                + expiry.map(Instant::toString).orElse("never") + "]";
    }
}
