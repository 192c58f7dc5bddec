/** Sends requests to providers and reads their responses. Read {@link dev.understudy.calls.upstream.UpstreamAttempts}, then {@link
 * dev.understudy.calls.upstream.UpstreamAttempt}. */
@NullMarked
package dev.understudy.gateway.upstream;

import org.jspecify.annotations.NullMarked;
