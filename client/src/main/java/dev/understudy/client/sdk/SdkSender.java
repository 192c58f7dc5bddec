package dev.understudy.client.sdk;

import java.util.concurrent.CompletableFuture;

/** Sends a request once, as it is: the HTTP client of an SDK, or the JDK's. */
@FunctionalInterface
public interface SdkSender {
    /**
     * Begins a request. If the returned future is cancelled, the request ends.
     *
     * @return completed when the status and the headers are there; never on the thread that calls this method if it can block
     */
    CompletableFuture<SdkResponse> send(SdkRequest request);
}
