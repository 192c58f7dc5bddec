/**
 * Authentication at Amazon: where keys come from, and how a request is signed with them.
 *
 * <p>Read {@link dev.understudy.calls.credentials.aws.AwsCredentialsSource}, then {@link
 * dev.understudy.calls.credentials.aws.AwsSigner}.
 */
@NullMarked
package dev.understudy.calls.credentials.aws;

import org.jspecify.annotations.NullMarked;
