package dev.understudy.client.http;

import dev.understudy.calls.bytes.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The body of a call's response on its way from the loop to the thread that reads it. The reader holds the provider back: while
 * more than {@link #FULL} bytes wait, no more is read from the connection.
 */
public final class ResponseBody {
    /** In bytes. */
    static final int FULL = 64 * 1024;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Queue<Bytes> waiting = new ArrayDeque<>();
    private final Runnable onLeft;
    private int size;
    private boolean ended;
    private boolean closed;
    private Runnable onDrained = () -> {};
    private Runnable onReadable = () -> {};

    /** @param onLeft called once if the reader closes the body before its end */
    ResponseBody(Runnable onLeft) {
        this.onLeft = onLeft;
    }

    void write(Bytes bytes) {
        change(() -> {
            if (!closed && !bytes.isEmpty()) {
                waiting.add(bytes);
                size += bytes.length();
            }
        });
    }

    void end() {
        change(() -> ended = true);
    }

    private void change(Runnable what) {
        Runnable tell;
        lock.lock();
        try {
            what.run();
            changed.signalAll();
            tell = onReadable;
        } finally {
            lock.unlock();
        }
        tell.run();
    }

    boolean isFull() {
        lock.lock();
        try {
            return !closed && size > FULL;
        } finally {
            lock.unlock();
        }
    }

    void onDrained(Runnable action) {
        lock.lock();
        try {
            onDrained = action;
        } finally {
            lock.unlock();
        }
    }

    /** Calls an action whenever {@link #poll} may have more to return, on the thread that writes; it must not block. */
    public void onReadable(Runnable action) {
        lock.lock();
        try {
            onReadable = action;
        } finally {
            lock.unlock();
        }
        action.run();
    }

    /** The next bytes; empty if there are none now. */
    public Optional<Bytes> poll() {
        Runnable drained;
        Optional<Bytes> next;
        lock.lock();
        try {
            boolean wasFull = size > FULL;
            next = Optional.ofNullable(waiting.poll());
            next.ifPresent(bytes -> size -= bytes.length());
            drained = wasFull && size <= FULL ? onDrained : () -> {};
        } finally {
            lock.unlock();
        }
        drained.run();
        return next;
    }

    /** Whether everything has been read. */
    public boolean isRead() {
        lock.lock();
        try {
            return closed || (ended && waiting.isEmpty());
        } finally {
            lock.unlock();
        }
    }

    /** The reader needs no more: ends the call if it is still running. */
    public void close() {
        boolean left;
        lock.lock();
        try {
            left = !closed && !ended;
            closed = true;
            waiting.clear();
            size = 0;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (left) {
            onLeft.run();
        }
    }

    /** Waits for the next bytes; empty at the end. */
    private Optional<Bytes> take() throws InterruptedException {
        while (true) {
            Optional<Bytes> next = poll();
            if (next.isPresent()) {
                return next;
            }
            lock.lockInterruptibly();
            try {
                if (waiting.isEmpty()) {
                    if (ended || closed) {
                        return Optional.empty();
                    }
                    changed.await();
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /**
     * The body as a stream. Closing it before its end ends the call; an interrupt of the reading thread does the same, and throws
     * {@link InterruptedIOException}.
     */
    public InputStream inputStream() {
        return new InputStream() {
            private Bytes current = Bytes.NONE;

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] to, int offset, int length) throws IOException {
                if (length == 0) {
                    return 0;
                }
                if (current.isEmpty()) {
                    try {
                        current = take().orElse(Bytes.NONE);
                    } catch (InterruptedException interrupted) {
                        ResponseBody.this.close();
                        Thread.currentThread().interrupt();
                        throw new InterruptedIOException("interrupted while waiting for the answer");
                    }
                }
                if (current.isEmpty()) {
                    return -1;
                }
                int count = Math.min(length, current.length());
                System.arraycopy(current.array(), current.offset(), to, offset, count);
                current = new Bytes(current.array(), current.offset() + count, current.length() - count);
                return count;
            }

            @Override
            public int available() {
                return current.length();
            }

            @Override
            public void close() {
                ResponseBody.this.close();
            }
        };
    }
}
