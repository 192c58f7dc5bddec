package dev.understudy.client;

import dev.understudy.calls.bytes.Bytes;
import dev.understudy.client.http.CallResponse;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * A streamed answer as a publisher. The call begins with the subscription; each subscription is a call of its own.
 *
 * <p>Bytes are taken from the call only while the subscriber has requested chunks, which holds the provider back.
 */
final class ChunkPublisher implements Flow.Publisher<CompletionChunk> {
    private final Supplier<CompletableFuture<CallResponse>> call;
    private final Executor threads;

    ChunkPublisher(Supplier<CompletableFuture<CallResponse>> call, Executor threads) {
        this.call = call;
        this.threads = threads;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super CompletionChunk> subscriber) {
        Arguments.notNull(subscriber, "subscriber");
        Delivery delivery = new Delivery(subscriber);
        subscriber.onSubscribe(delivery);
        delivery.begin();
    }

    /** To one subscriber. {@link #deliver} runs on one thread at a time. */
    private final class Delivery implements Flow.Subscription {
        private final Flow.Subscriber<? super CompletionChunk> subscriber;
        private final AtomicLong demand = new AtomicLong();
        private final AtomicInteger work = new AtomicInteger();
        private final AtomicBoolean over = new AtomicBoolean();
        private final ChunkParser parser = new ChunkParser();
        private volatile CompletableFuture<CallResponse> response = new CompletableFuture<>();
        private volatile boolean badRequest;

        private Delivery(Flow.Subscriber<? super CompletionChunk> subscriber) {
            this.subscriber = subscriber;
        }

        private void begin() {
            if (over.get()) {
                return;
            }
            try {
                response = call.get();
            } catch (RuntimeException rejected) {
                response = CompletableFuture.failedFuture(rejected);
            }
            if (over.get()) {
                leave();
            }
            var unused = response.whenComplete((head, cause) -> {
                if (head != null && head.isSuccess()) {
                    head.body().onReadable(this::wake);
                } else {
                    wake();
                }
            });
        }

        @Override
        public void request(long count) {
            if (count < 1) {
                badRequest = true;
            } else {
                demand.accumulateAndGet(count, (have, more) -> have + more < 0 ? Long.MAX_VALUE : have + more);
            }
            wake();
        }

        @Override
        public void cancel() {
            if (over.compareAndSet(false, true)) {
                leave();
            }
        }

        private void leave() {
            CompletableFuture<CallResponse> begun = response;
            begun.cancel(false);
            var unused = begun.thenAccept(head -> head.body().close());
        }

        private void wake() {
            if (work.getAndIncrement() == 0) {
                threads.execute(this::work);
            }
        }

        private void work() {
            int seen;
            do {
                seen = work.get();
                try {
                    deliver();
                } catch (RuntimeException failed) {
                    fail(failed);
                }
            } while (work.addAndGet(-seen) != 0);
        }

        private void deliver() {
            if (badRequest) {
                leave();
                fail(new IllegalArgumentException("a subscriber must request at least one chunk"));
                return;
            }
            if (over.get() || !response.isDone()) {
                return;
            }
            if (response.isCompletedExceptionally()) {
                fail(response.exceptionNow());
                return;
            }
            CallResponse head = response.resultNow();
            if (!head.isSuccess()) {
                fail(Outcomes.failure(head, false));
                return;
            }
            while (!over.get()) {
                if (demand.get() > 0) {
                    Optional<CompletionChunk> next = parser.next();
                    if (next.isPresent()) {
                        demand.decrementAndGet();
                        subscriber.onNext(next.get());
                        continue;
                    }
                    Optional<Bytes> bytes = head.body().poll();
                    if (bytes.isPresent()) {
                        parser.feed(bytes.get());
                        continue;
                    }
                }
                // The end needs no demand.
                if (head.body().isRead() && parser.isEmpty()) {
                    end(head);
                }
                return;
            }
        }

        private void end(CallResponse head) {
            if (parser.error().isPresent()) {
                fail(Outcomes.failure(head, true));
            } else if (over.compareAndSet(false, true)) {
                subscriber.onComplete();
            }
        }

        private void fail(Throwable cause) {
            if (over.compareAndSet(false, true)) {
                leave();
                subscriber.onError(cause);
            }
        }
    }
}
