package dev.understudy.langchain4j;

import dev.langchain4j.model.chat.response.ChatModelStreamingEvent;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteResponse;
import dev.understudy.client.chain.FallbackException;
import dev.understudy.client.chain.FallbackResult;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

/**
 * Brings a subscriber the events of a stream, and behind them the complete response, which is an event too and waits until it
 * is requested.
 */
final class EventSubscriber implements Flow.Subscriber<HandlerEvent> {
    private final Flow.Subscriber<? super ChatModelStreamingEvent> subscriber;
    private final CompletableFuture<FallbackResult<ChatResponse>> result;

    private long demand;
    private Optional<ChatResponse> last = Optional.empty();
    private boolean over;

    /** @param result known before the stream is complete */
    EventSubscriber(
            Flow.Subscriber<? super ChatModelStreamingEvent> subscriber,
            CompletableFuture<FallbackResult<ChatResponse>> result) {
        this.subscriber = subscriber;
        this.result = result;
    }

    @Override
    public void onSubscribe(Flow.Subscription ofCall) {
        subscriber.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long n) {
                if (n > 0) {
                    requested(n);
                }
                ofCall.request(n);
            }

            @Override
            public void cancel() {
                end();
                ofCall.cancel();
            }
        });
    }

    private void requested(long n) {
        synchronized (this) {
            demand = demand + n < 0 ? Long.MAX_VALUE : demand + n;
        }
        completeIfRequested();
    }

    private synchronized void end() {
        over = true;
    }

    @Override
    public void onNext(HandlerEvent event) {
        synchronized (this) {
            demand--;
        }
        subscriber.onNext(event.event());
    }

    @Override
    public void onComplete() {
        synchronized (this) {
            last = Optional.of(new FallbackChatResponse(result.join()));
        }
        completeIfRequested();
    }

    private void completeIfRequested() {
        ChatResponse response;
        synchronized (this) {
            if (over || demand <= 0 || last.isEmpty()) {
                return;
            }
            over = true;
            response = last.get();
        }
        subscriber.onNext(new CompleteResponse(response));
        subscriber.onComplete();
    }

    @Override
    public void onError(Throwable thrown) {
        subscriber.onError(thrown instanceof FallbackException failed ? LangChain4jFailures.forCaller(failed) : thrown);
    }
}
