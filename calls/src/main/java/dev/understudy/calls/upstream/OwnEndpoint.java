package dev.understudy.calls.upstream;

import dev.understudy.calls.config.Api;

/**
 * An endpoint that a caller in the same process brings along: that of its SDK. It knows the address, the headers and the key by
 * itself; nothing of the configuration is added to its requests, and nothing of it is sent to another provider.
 */
@FunctionalInterface
public interface OwnEndpoint {
    /**
     * Where a request goes.
     *
     * @param api the API of the request
     * @param model as the provider calls it
     * @param contentType of the request's body
     */
    UpstreamTransport.Endpoint endpoint(Api api, String model, String contentType);
}
