/**
 * Authentication at Amazon: where keys come from, and how a request is signed with them.
 *
 * <p>Read {@link dev.understudy.gateway.credentials.aws.AwsCredentialsSource}, then {@link
 * dev.understudy.gateway.credentials.aws.AwsSigner}.
 */
@NullMarked
package dev.understudy.gateway.credentials.aws;

import org.jspecify.annotations.NullMarked;
