package dev.understudy.client.loop;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;

/**
 * Brings the items of one call to its subscriber: one after the other, as many as it requested. Safe for use by many threads.
 */
public final class StreamDelivery<T> implements Flow.Subscription {
    /** How many items may wait for the subscriber before the source should: a few lines of text. */
    public static final int FULL = 32;
    /** How few may be left before the source should send again. */
    public static final int ALMOST_EMPTY = 8;

    private static final System.Logger LOG = System.getLogger(StreamDelivery.class.getName());

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
    public interface SlowReader {
        /**
         * It took an item.
         *
         * @param caughtUp whether the source may send again
         */
        void tookAnItem(boolean caughtUp);
    }

    /** @param threads call the subscriber */
    public StreamDelivery(Flow.Subscriber<? super T> subscriber, Executor threads) {
        this.subscriber = subscriber;
        this.serial = new SerialExecutor(threads);
    }

    /**
     * Tells the subscriber its subscription.
     *
     * @param cancelled what to do when it cancels
     * @param slow what to do with each item that it takes after {@link #offer} returned false, until it has caught up
     */
    public void begin(Runnable cancelled, SlowReader slow) {
        synchronized (this) {
            onCancel = cancelled;
            slowReader = slow;
        }
        serial.execute(() -> call(() -> subscriber.onSubscribe(this)));
    }

    /**
     * Delivers an item as soon as it is requested.
     *
     * @return false if the subscriber does not keep up; the item is delivered all the same
     */
    public synchronized boolean offer(T item) {
        if (!over) {
            items.add(item);
            full = full || items.size() >= FULL;
            drainLater();
        }
        return !full;
    }

    /** Tells the subscriber the end, behind all items. */
    public void complete() {
        finish(subscriber::onComplete);
    }

    /** Tells the subscriber the failure, behind all items. */
    public void fail(Throwable thrown) {
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
