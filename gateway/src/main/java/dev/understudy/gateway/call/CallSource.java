package dev.understudy.gateway.call;

import dev.understudy.gateway.quota.GatewayKey;
import io.vertx.core.http.HttpServerRequest;

/**
 * Where a call comes from.
 *
 * @param key that the caller presented
 * @param body the request as it came, without the turns of an earlier conversation
 * @param whenOver called when the call has ended and its request is not needed any more
 */
@SuppressWarnings("ArrayRecordComponent") // Passed on and never compared.
public record CallSource(HttpServerRequest http, GatewayKey key, byte[] body, Runnable whenOver) {}
