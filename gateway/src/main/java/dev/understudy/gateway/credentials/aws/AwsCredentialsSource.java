package dev.understudy.gateway.credentials.aws;

import io.vertx.core.Future;

/** Where keys come from. Not to be called from several event loops at a time, unless it says so. */
@FunctionalInterface
public interface AwsCredentialsSource {

    /** A key that is good now; fails with {@link CredentialsUnavailable}, whose message says what to do. */
    Future<AwsCredentials> current();
}
