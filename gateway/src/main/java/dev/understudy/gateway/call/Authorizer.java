package dev.understudy.gateway.call;

import io.vertx.core.Future;
import java.util.Map;

/** Shows a provider who asks, where that takes more than a key that is always the same. */
@FunctionalInterface
interface Authorizer {

    /**
     * The headers for one request. A failure's message is told to callers: it names what is missing, and no secret.
     *
     * @param body as it will be sent
     */
    Future<Map<String, String>> headers(byte[] body);
}
