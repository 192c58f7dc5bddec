package dev.understudy.calls.credentials.aws;

import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * The key of an EC2 instance's role, by version 2 of the metadata service: first a token for oneself, then the role's
 * name, then its key.
 *
 * @param http with a short timeout: outside of the cloud nothing answers at that address
 * @param base usually {@link #ADDRESS}
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html">Access instance
 *     metadata</a>
 */
record MetadataCredentials(CredentialsHttp http, String base) implements AwsCredentialsSource {
    static final String ADDRESS = "http://169.254.169.254";

    private static final String ROLES = "/latest/meta-data/iam/security-credentials/";

    @Override
    public CompletableFuture<AwsCredentials> current() {
        return http.put(base + "/latest/api/token", Map.of("X-aws-ec2-metadata-token-ttl-seconds", "21600"))
                .thenCompose(token -> {
                    Map<String, String> proof = Map.of("X-aws-ec2-metadata-token", token.strip());
                    return http.get(base + ROLES, proof)
                            .thenCompose(role -> http.get(
                                    base
                                            + ROLES
                                            + role.lines()
                                                    .findFirst()
                                                    .orElse("")
                                                    .strip(),
                                    proof));
                })
                .thenCompose(key -> KeyAnswers.json(key, "the instance metadata service"));
    }
}
