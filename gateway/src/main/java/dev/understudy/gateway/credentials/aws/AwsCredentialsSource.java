package dev.understudy.gateway.credentials.aws;

import io.vertx.core.Future;

/** A source of keys. Not safe for use by several event loops, unless the implementation states it. */
@FunctionalInterface
public interface AwsCredentialsSource {

    /** A key that is valid now; fails with {@link CredentialsUnavailable}, whose message tells the operator what to do. */
    Future<AwsCredentials> current();
}
