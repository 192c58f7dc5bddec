package dev.understudy.client.chain;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;

/**
 * Brings the items of one call to its subscriber: one after the other, as many as it requested. Safe for use by many threads.
 */
final class StreamDelivery<T> implements Flow.Subscription {
    /** How many items may wait for the subscriber before the source should: a few lines of text. */
    static final int FULL = 32;
    /** How few may be left before the source should send again. */
    static final int ALMOST_EMPTY = 8;

    private static final System.Logger LOG = System.getLogger(StreamingCall.class.getName());

    private final Flow.Subscriber<? super T> subscriber;
    private final SerialExecutor serial;

    private final Queue<T> items = new ArrayDeque<>();
    private long demand;
    private boolean full;
    private boolean over;
    private boolean draining;
    private Optional<Runnable> end = Optional.empty();
    private Runnable onCancel = () -> {};
    private SlowReader slowReader = caughtUp -> {};

    /** Learns what a subscriber does that did not keep up. */
    @FunctionalInterface
    interface SlowReader {
        /**
         * It took an item.
         *
         * @param caughtUp whether the source may send again
         */
        void tookAnItem(boolean caughtUp);
    }

    StreamDelivery(Flow.Subscriber<? super T> subscriber, Executor threads) {
        this.subscriber = subscriber;
        this.serial = new SerialExecutor(threads);
    }

    /**
     * Tells the subscriber its subscription.
     *
     * @param cancelled what to do when it cancels
     * @param slow what to do with each item that it takes after {@link #offer} returned false, until it has caught up
     */
    void begin(Runnable cancelled, SlowReader slow) {
        synchronized (this) {
            onCancel = cancelled;
            slowReader = slow;
        }
        serial.execute(() -> call(() -> subscriber.onSubscribe(this)));
    }

    /** @return false if the subscriber does not keep up; the item is delivered all the same */
    synchronized boolean offer(T item) {
        if (!over) {
            items.add(item);
            full = full || items.size() >= FULL;
            drainLater();
        }
        return !full;
    }

    void complete() {
        finish(subscriber::onComplete);
    }

    void fail(Throwable thrown) {
        finish(() -> subscriber.onError(thrown));
    }

    private synchronized void finish(Runnable last) {
        if (end.isEmpty()) {
            end = Optional.of(last);
            drainLater();
        }
    }

    @Override
    public void request(long n) {
        if (n <= 0) {
            Runnable cancelled;
            synchronized (this) {
                items.clear();
                end = Optional.of(() -> subscriber.onError(
                        new IllegalArgumentException("request(" + n + "); request at least one item")));
                cancelled = onCancel;
                drainLater();
            }
            cancelled.run();
            return;
        }
        synchronized (this) {
            demand = demand + n < 0 ? Long.MAX_VALUE : demand + n;
            drainLater();
        }
    }

    @Override
    public void cancel() {
        Runnable cancelled;
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
            items.clear();
            cancelled = onCancel;
        }
        cancelled.run();
    }

    private void drainLater() {
        boolean something = (demand > 0 && !items.isEmpty()) || (items.isEmpty() && end.isPresent());
        if (!over && !draining && something) {
            draining = true;
            serial.execute(this::drain);
        }
    }

    private void drain() {
        for (Optional<Runnable> next = next(); next.isPresent(); next = next()) {
            call(next.get());
        }
    }

    private Optional<Runnable> next() {
        Optional<Boolean> caughtUp = Optional.empty();
        Optional<Runnable> next = Optional.empty();
        synchronized (this) {
            if (over) {
                draining = false;
            } else if (!items.isEmpty() && demand > 0) {
                T item = items.remove();
                demand--;
                next = Optional.of(() -> subscriber.onNext(item));
                if (full) {
                    full = items.size() > ALMOST_EMPTY;
                    caughtUp = Optional.of(!full);
                }
            } else if (items.isEmpty() && end.isPresent()) {
                over = true;
                draining = false;
                next = end;
            } else {
                draining = false;
            }
        }
        caughtUp.ifPresent(slowReader::tookAnItem);
        return next;
    }

    /** A subscriber that throws breaks its contract; nothing more is delivered to it. */
    private void call(Runnable toSubscriber) {
        try {
            toSubscriber.run();
        } catch (RuntimeException failed) {
            LOG.log(System.Logger.Level.WARNING, "the subscriber of a stream failed; the call is cancelled", failed);
            cancel();
        }
    }
}
