package dev.understudy.langchain4j;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import dev.understudy.client.chain.FallbackException;
import dev.understudy.client.chain.FallbackResult;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

/**
 * Brings the caller's handler what the chain delivers, one event after the other. As with LangChain4j's own models, what a
 * handler throws is given to its {@code onError}, and the stream continues.
 */
final class HandlerSubscriber implements Flow.Subscriber<HandlerEvent>, StreamingHandle {
    private static final System.Logger LOG = System.getLogger(FallbackStreamingChatModel.class.getName());

    private final StreamingChatResponseHandler handler;
    private final CompletableFuture<FallbackResult<ChatResponse>> result;
    private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
    private volatile boolean cancelled;

    /** @param result known before the stream is complete */
    HandlerSubscriber(StreamingChatResponseHandler handler, CompletableFuture<FallbackResult<ChatResponse>> result) {
        this.handler = handler;
        this.result = result;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription.complete(given);
        given.request(1);
    }

    @Override
    public void onNext(HandlerEvent event) {
        if (!cancelled) {
            tell(() -> event.tell(handler, this));
            subscription.join().request(1);
        }
    }

    @Override
    public void onComplete() {
        tell(() -> handler.onCompleteResponse(new FallbackChatResponse(result.join())));
    }

    @Override
    public void onError(Throwable thrown) {
        Throwable forCaller =
                thrown instanceof FallbackException failed ? LangChain4jFailures.forCaller(failed) : thrown;
        tellError(forCaller);
    }

    private void tell(Runnable event) {
        try {
            event.run();
        } catch (RuntimeException failed) {
            tellError(failed);
        }
    }

    private void tellError(Throwable thrown) {
        try {
            handler.onError(thrown);
        } catch (RuntimeException failed) {
            LOG.log(System.Logger.Level.WARNING, "the handler of a stream failed in onError", failed);
        }
    }

    /** Nothing more is told, and all models stop. */
    @Override
    public void cancel() {
        cancelled = true;
        var unused = subscription.thenAccept(Flow.Subscription::cancel);
    }

    @Override
    public boolean isCancelled() {
        return cancelled;
    }
}
