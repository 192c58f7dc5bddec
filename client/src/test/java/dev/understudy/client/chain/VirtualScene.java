package dev.understudy.client.chain;

import dev.understudy.client.loop.VirtualCallLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.Supplier;

/** Chains in virtual time, whose targets do what a test says. Everything runs in the thread of the test. */
final class VirtualScene {
    final VirtualCallLoop loop = new VirtualCallLoop();
    final FallbackState state = FallbackState.create(0.1, 0.1, loop::nanoTime);
    /** What targets were called, in order. */
    final List<String> called = new ArrayList<>();
    /** What targets had to stop, in order. */
    final List<String> cancelled = new ArrayList<>();

    FallbackChain.Builder<String, String> whole() {
        return in(FallbackChain.builder());
    }

    StreamingChain.Builder<String, String, String> streaming() {
        return in(StreamingChain.builder());
    }

    private <B extends ChainBuilder<?, String, String, B>> B in(B builder) {
        return builder.loop(loop).executor(loop).threads(loop).state(state).random(new SplittableRandom(7));
    }

    private CompletableFuture<String> future(String name) {
        called.add(name);
        CompletableFuture<String> future = new CompletableFuture<>();
        future.whenComplete((answer, thrown) -> {
            if (future.isCancelled()) {
                cancelled.add(name);
            }
        });
        return future;
    }

    private void after(Duration time, Runnable action) {
        loop.runAt(loop.nanoTime() + time.toNanos(), action);
    }

    AsyncTarget<String, String> answers(String name, Duration time, String answer) {
        return question -> {
            CompletableFuture<String> future = future(name);
            after(time, () -> future.complete(answer));
            return future;
        };
    }

    AsyncTarget<String, String> fails(String name, Duration time, Supplier<? extends Throwable> thrown) {
        return question -> {
            CompletableFuture<String> future = future(name);
            after(time, () -> future.completeExceptionally(thrown.get()));
            return future;
        };
    }

    AsyncTarget<String, String> stalls(String name) {
        return question -> future(name);
    }

    /** Each call takes the next of these; the last one is repeated. */
    @SafeVarargs
    static AsyncTarget<String, String> inTurn(AsyncTarget<String, String>... targets) {
        return new AsyncTarget<>() {
            private int next;

            @Override
            public CompletionStage<String> call(String request) throws Exception {
                return targets[Math.min(next++, targets.length - 1)].call(request);
            }
        };
    }

    /** One thing that a stream does, and when. */
    record Beat(Duration after, Act act) {}

    /** What a source does with its sink. */
    @FunctionalInterface
    interface Act {
        void on(AttemptSink<String, String> sink);
    }

    static Beat beat(long millis, Act act) {
        return new Beat(Duration.ofMillis(millis), act);
    }

    static Beat says(long millis, String text) {
        return beat(millis, sink -> sink.content(text, text.length()));
    }

    static Beat ends(long millis, String answer) {
        return beat(millis, sink -> sink.complete(answer));
    }

    static Beat breaks(long millis, Throwable thrown) {
        return beat(millis, sink -> sink.failed(thrown));
    }

    /** A stream of these, each so long after the one before. */
    StreamTarget<String, String, String> plays(String name, Beat... beats) {
        return (request, sink) -> {
            called.add(name);
            sink.onCancel(() -> cancelled.add(name));
            Duration at = Duration.ZERO;
            for (Beat beat : beats) {
                at = at.plus(beat.after());
                after(at, () -> beat.act().on(sink));
            }
        };
    }

    /** Collects what a subscriber gets. */
    static final class Collector implements Flow.Subscriber<String> {
        final List<String> items = new ArrayList<>();
        final List<String> ends = new ArrayList<>();
        final List<Throwable> errors = new ArrayList<>();
        private final long demand;
        private Flow.Subscription subscription;

        Collector(long demand) {
            this.demand = demand;
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            if (demand > 0) {
                given.request(demand);
            }
        }

        Flow.Subscription subscription() {
            return subscription;
        }

        @Override
        public void onNext(String item) {
            items.add(item);
        }

        @Override
        public void onError(Throwable thrown) {
            errors.add(thrown);
            ends.add("error");
        }

        @Override
        public void onComplete() {
            ends.add("complete");
        }

        FallbackException error() {
            return (FallbackException) errors.getFirst();
        }
    }

    Collector collect(StreamingCall<String, String> call) {
        Collector collector = new Collector(Long.MAX_VALUE);
        call.subscribe(collector);
        return collector;
    }
}
