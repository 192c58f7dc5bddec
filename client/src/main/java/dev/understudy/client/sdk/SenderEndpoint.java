package dev.understudy.client.sdk;

import dev.understudy.calls.upstream.UpstreamTransport;
import dev.understudy.client.http.LinkedFutures;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;

/**
 * An upstream endpoint whose requests are sent by the HTTP client of an SDK. Such clients return the body as a stream, so each
 * request has a thread that reads it, one piece at a time.
 */
final class SenderEndpoint implements UpstreamTransport.Endpoint {
    private static final System.Logger LOG = System.getLogger(SenderEndpoint.class.getName());
    private static final int PIECE = 16 * 1024;

    private final Executor threads;
    private final SdkSender sender;
    private final SdkRequest request;
    private final String contentType;

    /** @param request all but its body */
    SenderEndpoint(Executor threads, SdkSender sender, SdkRequest request, String contentType) {
        this.threads = threads;
        this.sender = sender;
        this.request = request;
        this.contentType = contentType;
    }

    @Override
    public UpstreamTransport.Transfer send(
            String query, Map<String, String> headers, byte[] body, UpstreamTransport.Receiver receiver) {
        SenderTransfer transfer = new SenderTransfer(receiver);
        SdkRequest whole = request.withQuery(query).withHeaders(headers).withBody(SdkBody.of(contentType, body));
        threads.execute(() -> transfer.begin(whole));
        return transfer;
    }

    private final class SenderTransfer implements UpstreamTransport.Transfer {
        private final UpstreamTransport.Receiver receiver;
        /** Permits the next read. */
        private final Semaphore next = new Semaphore(0);
        // Used on the loop.
        private boolean paused;
        private boolean owesRead;

        private volatile boolean aborted;
        private volatile Optional<CompletableFuture<SdkResponse>> sending = Optional.empty();
        private volatile Optional<SdkResponse> response = Optional.empty();
        /** The thread that reads the body. Guarded by this transfer. */
        private Optional<Thread> reader = Optional.empty();

        private SenderTransfer(UpstreamTransport.Receiver receiver) {
            this.receiver = receiver;
        }

        private void tell(Runnable event) {
            receiver.loop().execute(() -> {
                if (!aborted) {
                    event.run();
                }
            });
        }

        private void begin(SdkRequest whole) {
            if (aborted) {
                return;
            }
            // SDKs do not tell when the connection is there. What they wait for is the answer.
            tell(receiver::connected);
            CompletableFuture<SdkResponse> future;
            try {
                future = sender.send(whole);
            } catch (RuntimeException failed) {
                future = CompletableFuture.failedFuture(failed);
            }
            sending = Optional.of(future);
            var unused = future.whenComplete((head, cause) -> {
                if (cause == null) {
                    threads.execute(() -> read(head));
                } else {
                    tell(() -> receiver.broken(understandable(cause)));
                }
            });
            if (aborted) {
                future.cancel(true);
            }
        }

        private synchronized void reads(Optional<Thread> thread) {
            reader = thread;
        }

        private synchronized void stopReading() {
            reader.ifPresent(Thread::interrupt);
        }

        private void read(SdkResponse head) {
            response = Optional.of(head);
            reads(Optional.of(Thread.currentThread()));
            try {
                if (aborted) {
                    return;
                }
                tell(() -> receiver.head(new SenderHead(head)));
                byte[] piece = new byte[PIECE];
                for (int length = head.body().read(piece);
                        length >= 0;
                        length = head.body().read(piece)) {
                    int count = length;
                    tell(() -> {
                        receiver.bytes(piece, 0, count);
                        readNext();
                    });
                    next.acquire();
                    if (aborted) {
                        return;
                    }
                }
                tell(receiver::end);
            } catch (IOException | RuntimeException broken) {
                tell(() -> receiver.broken(understandable(broken)));
            } catch (InterruptedException stopped) {
                tell(() -> receiver.broken(stopped));
            } finally {
                reads(Optional.empty());
                // An interrupt was for this transfer; the thread may be used again.
                Thread.interrupted();
                close(head);
            }
        }

        private void readNext() {
            if (paused) {
                owesRead = true;
            } else {
                next.release();
            }
        }

        @Override
        public void pause() {
            paused = true;
        }

        @Override
        public void resume() {
            paused = false;
            if (owesRead) {
                owesRead = false;
                next.release();
            }
        }

        @Override
        public void abort() {
            aborted = true;
            next.release();
            sending.ifPresent(future -> future.cancel(true));
            stopReading();
            // Closing may wait for the network.
            response.ifPresent(head -> threads.execute(() -> close(head)));
        }
    }

    private static void close(SdkResponse head) {
        try {
            head.close().run();
        } catch (RuntimeException inUse) {
            // A client that is reading at this moment may refuse; its thread has been interrupted, and closes it.
            LOG.log(System.Logger.Level.DEBUG, "a response could not be closed yet", inUse);
        }
    }

    private static Throwable understandable(Throwable thrown) {
        Throwable cause = LinkedFutures.unwrapped(thrown);
        return JdkSender.ioFailure(cause).<Throwable>map(io -> io).orElse(cause);
    }

    private record SenderHead(SdkResponse response) implements UpstreamTransport.Head {
        @Override
        public int status() {
            return response.status();
        }

        @Override
        public Optional<String> first(String name) {
            for (Map.Entry<String, List<String>> header : response.headers().entrySet()) {
                if (header.getKey().equalsIgnoreCase(name)) {
                    return header.getValue().stream().findFirst();
                }
            }
            return Optional.empty();
        }

        @Override
        public Iterable<Map.Entry<String, String>> all() {
            List<Map.Entry<String, String>> all = new ArrayList<>();
            response.headers().forEach((name, values) -> values.forEach(value -> all.add(Map.entry(name, value))));
            return all;
        }
    }
}
