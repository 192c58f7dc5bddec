/**
 * Sends requests to providers over Vert.x: {@link dev.understudy.gateway.upstream.VertxTransport} for the attempts of calls ({@link
 * dev.understudy.calls.upstream.UpstreamAttempt}), and {@link dev.understudy.gateway.upstream.ProviderRequests} for everything else,
 * both over {@link dev.understudy.gateway.upstream.UpstreamConnections}.
 */
@NullMarked
package dev.understudy.gateway.upstream;

import org.jspecify.annotations.NullMarked;
