package dev.understudy.calls.credentials.aws;

import java.util.concurrent.CompletableFuture;

/** A source of keys. */
@FunctionalInterface
public interface AwsCredentialsSource {

    /** A key that is valid now; fails with {@link CredentialsUnavailable}, whose message tells the operator what to do. */
    CompletableFuture<AwsCredentials> current();
}
