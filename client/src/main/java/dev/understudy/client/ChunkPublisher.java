package dev.understudy.client;

import dev.understudy.calls.bytes.Bytes;
import dev.understudy.client.http.Arguments;
import dev.understudy.client.http.CallResponse;
import dev.understudy.client.loop.SerialExecutor;
import dev.understudy.client.loop.StreamDelivery;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.function.Supplier;

/**
 * A streamed answer as a publisher. The call begins with the subscription; each subscription is a call of its own.
 *
 * <p>Bytes are taken from the call only while the subscriber keeps up, which holds the provider back.
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
        new Subscribed(Arguments.notNull(subscriber, "subscriber")).begin();
    }

    /** One call and its subscriber. */
    private final class Subscribed {
        private final StreamDelivery<CompletionChunk> delivery;
        private final SerialExecutor serial = new SerialExecutor(threads);
        // Used by tasks of the serial executor.
        private final ChunkParser parser = new ChunkParser();
        private boolean keepsUp = true;

        private volatile boolean left;
        private volatile Optional<CompletableFuture<CallResponse>> response = Optional.empty();

        private Subscribed(Flow.Subscriber<? super CompletionChunk> subscriber) {
            this.delivery = new StreamDelivery<>(subscriber, threads);
        }

        private void begin() {
            delivery.begin(this::leave, this::tookAnItem);
            CompletableFuture<CallResponse> begun;
            try {
                begun = call.get();
            } catch (RuntimeException rejected) {
                delivery.fail(rejected);
                return;
            }
            response = Optional.of(begun);
            if (left) {
                leave();
            }
            var unused = begun.whenComplete((head, cause) -> {
                if (cause != null) {
                    delivery.fail(cause);
                } else if (head.isSuccess()) {
                    head.body().onReadable(() -> serial.execute(() -> forward(head)));
                } else {
                    serial.execute(() -> delivery.fail(Outcomes.failure(head, false)));
                }
            });
        }

        private void tookAnItem(boolean caughtUp) {
            if (caughtUp) {
                response.ifPresent(begun -> serial.execute(() -> {
                    keepsUp = true;
                    forward(begun.resultNow());
                }));
            }
        }

        private void forward(CallResponse head) {
            try {
                while (keepsUp) {
                    Optional<CompletionChunk> next = parser.next();
                    if (next.isPresent()) {
                        keepsUp = delivery.offer(next.get());
                        continue;
                    }
                    Optional<Bytes> bytes = head.body().poll();
                    if (bytes.isPresent()) {
                        parser.feed(bytes.get());
                    } else {
                        endIfRead(head);
                        return;
                    }
                }
            } catch (RuntimeException failed) {
                leave();
                delivery.fail(failed);
            }
        }

        private void endIfRead(CallResponse head) {
            if (!head.body().isRead()) {
                return;
            }
            if (parser.error().isPresent() && !Outcomes.isAnswered(head)) {
                delivery.fail(Outcomes.failure(head, true));
            } else {
                delivery.complete();
            }
        }

        private void leave() {
            left = true;
            response.ifPresent(begun -> {
                begun.cancel(false);
                var unused = begun.thenAccept(head -> head.body().close());
            });
        }
    }
}
