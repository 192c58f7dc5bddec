package dev.understudy.gateway.call;

import io.vertx.core.http.HttpServerRequest;

/**
 * Where a call comes from.
 *
 * @param callerName the name of the key that the caller presented; empty if none is needed
 * @param whenOver called when the call has ended and its request is not needed any more
 */
public record CallOrigin(HttpServerRequest http, String callerName, Runnable whenOver) {}
