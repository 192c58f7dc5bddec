package dev.understudy.client.http;

import dev.understudy.calls.FutureCause;
import dev.understudy.calls.upstream.UpstreamTransport;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/**
 * Sends upstream requests with the JDK's HTTP client. Nothing here waits: what the client reports on its own threads is passed to
 * the loop of the call.
 */
public final class JdkTransport implements UpstreamTransport {
    /** The client sets these by itself, and refuses others' values. */
    private static final Set<String> SET_BY_THE_CLIENT =
            Set.of("connection", "content-length", "expect", "host", "upgrade", "transfer-encoding");

    /** How the client's message begins; it has no type of its own for it. */
    private static final String INVALID_CHUNK = "Illegal character in chunk size";

    /** Longer requests are not kept to be sent once more, in bytes. */
    private static final int LONGEST_KEPT = 1024 * 1024;

    /** The transport's own limit only frees what the engine has cancelled. */
    private static final Duration CONNECT = Duration.ofSeconds(60);

    private final HttpClient client;
    private final KeptConnections connections = new KeptConnections();

    /** @param client should follow no redirects, because a redirected request would carry the key to another host */
    public JdkTransport(HttpClient client) {
        this.client = client;
    }

    @Override
    public Endpoint endpoint(URI address, Map<String, String> headers) {
        KeptConnections.Origin origin = connections.of(address);
        return (query, further, body, receiver) -> {
            JdkTransfer transfer = new JdkTransfer(client, origin, receiver);
            HttpRequest request = request(withQuery(address, query), headers, further, transfer.upload(body));
            transfer.begin(request, body.length <= LONGEST_KEPT);
            return transfer;
        };
    }

    private static URI withQuery(URI address, String query) {
        return query.isEmpty() ? address : URI.create(address + (address.getRawQuery() == null ? "?" : "&") + query);
    }

    /** A client for upstream requests. It follows no redirects, because a redirected request would carry the key to another host. */
    public static HttpClient newClient() {
        return HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT)
                .build();
    }

    /** Begins a request. An offer to upgrade to HTTP/2 without TLS confuses some servers, so there is none. */
    public static HttpRequest.Builder newRequest(URI address) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address);
        return "http".equals(address.getScheme()) ? request.version(HttpClient.Version.HTTP_1_1) : request;
    }

    /** Whether a request may have a header of that name: the client sets some by itself. */
    public static boolean mayHave(String header) {
        return !SET_BY_THE_CLIENT.contains(header.toLowerCase(Locale.ROOT));
    }

    private static HttpRequest request(
            URI address, Map<String, String> headers, Map<String, String> further, HttpRequest.BodyPublisher body) {
        HttpRequest.Builder request = newRequest(address).POST(body);
        headers.forEach((name, value) -> set(request, name, value));
        further.forEach((name, value) -> set(request, name, value));
        return request.build();
    }

    private static void set(HttpRequest.Builder request, String name, String value) {
        if (mayHave(name)) {
            request.setHeader(name, value);
        }
    }

    /** Its fields are used on the loop, unless they are volatile. */
    private static final class JdkTransfer implements Transfer {
        private final HttpClient client;
        private final KeptConnections.Origin origin;
        private final Receiver receiver;
        /** Is present as long as it may be sent once more. */
        private Optional<HttpRequest> kept = Optional.empty();

        /** It has been sent once more, and nothing has arrived since. */
        private boolean again;

        private long sentAt;
        private Optional<CompletableFuture<?>> sending = Optional.empty();
        private Optional<Flow.Subscription> subscription = Optional.empty();
        private boolean paused;
        /** A network read was delivered while the transfer was paused, and the next one was not requested. */
        private boolean owesRequest;

        private volatile boolean aborted;

        private JdkTransfer(HttpClient client, KeptConnections.Origin origin, Receiver receiver) {
            this.client = client;
            this.origin = origin;
            this.receiver = receiver;
        }

        /** @param mayBeKept to be sent once more */
        private void begin(HttpRequest request, boolean mayBeKept) {
            sentAt = System.nanoTime();
            kept = mayBeKept && origin.mayHaveIdle(sentAt) ? Optional.of(request) : Optional.empty();
            send(request);
        }

        private void send(HttpRequest request) {
            CompletableFuture<HttpResponse<Void>> response = client.sendAsync(request, head -> {
                tell(() -> {
                    kept = Optional.empty();
                    again = false;
                    receiver.head(new JdkHead(head));
                });
                return new Download();
            });
            sending = Optional.of(response);
            var unused = response.whenComplete((done, cause) -> {
                if (cause != null) {
                    tell(() -> broken(FutureCause.of(cause)));
                }
            });
        }

        private void broken(Throwable cause) {
            Optional<HttpRequest> request = kept;
            kept = Optional.empty();
            if (request.isPresent() && KeptConnections.mayHaveBeenIdle(cause, sentAt, System.nanoTime())) {
                again = true;
                send(request.get());
                return;
            }
            if (again) {
                origin.ended();
            }
            receiver.broken(understandable(cause));
        }

        private void connected() {
            sentAt = System.nanoTime();
            receiver.connected();
        }

        private void tell(Runnable event) {
            receiver.loop().execute(() -> {
                if (!aborted) {
                    event.run();
                }
            });
        }

        /** The client asks for the body as soon as it has a connection. */
        private HttpRequest.BodyPublisher upload(byte[] body) {
            HttpRequest.BodyPublisher bytes = HttpRequest.BodyPublishers.ofByteArray(body);
            return new HttpRequest.BodyPublisher() {
                @Override
                public long contentLength() {
                    return bytes.contentLength();
                }

                @Override
                public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
                    tell(JdkTransfer.this::connected);
                    bytes.subscribe(subscriber);
                }
            };
        }

        /**
         * The client wraps causes, and gives an unknown host as a refused connection, and chunks that are none like a broken connection.
         */
        private static Throwable understandable(Throwable cause) {
            if (cause instanceof ConnectException) {
                for (Throwable each = cause; each != null; each = each.getCause()) {
                    if (each instanceof UnresolvedAddressException) {
                        UnknownHostException unknown = new UnknownHostException("host name not found");
                        unknown.initCause(cause);
                        return unknown;
                    }
                }
            }
            for (Throwable each = cause; each != null; each = each.getCause()) {
                if (each instanceof IOException
                        && String.valueOf(each.getMessage()).startsWith(INVALID_CHUNK)) {
                    ProtocolException notHttp = new ProtocolException("not HTTP");
                    notHttp.initCause(cause);
                    return notHttp;
                }
            }
            return cause;
        }

        @Override
        public void pause() {
            paused = true;
        }

        @Override
        public void resume() {
            paused = false;
            if (owesRequest) {
                owesRequest = false;
                subscription.ifPresent(body -> body.request(1));
            }
        }

        @Override
        public void abort() {
            aborted = true;
            subscription.ifPresent(Flow.Subscription::cancel);
            sending.ifPresent(request -> request.cancel(true));
        }

        /** Reads the response, one network read at a time. */
        private final class Download implements HttpResponse.BodySubscriber<Void> {
            private final CompletableFuture<Void> done = new CompletableFuture<>();

            @Override
            public CompletionStage<Void> getBody() {
                return done;
            }

            @Override
            public void onSubscribe(Flow.Subscription body) {
                receiver.loop().execute(() -> {
                    subscription = Optional.of(body);
                    if (aborted) {
                        body.cancel();
                    } else {
                        requestNext(body);
                    }
                });
            }

            private void requestNext(Flow.Subscription body) {
                if (paused) {
                    owesRequest = true;
                } else {
                    body.request(1);
                }
            }

            @Override
            public void onNext(List<ByteBuffer> buffers) {
                List<byte[]> read = new ArrayList<>(buffers.size());
                for (ByteBuffer buffer : buffers) {
                    byte[] bytes = new byte[buffer.remaining()];
                    buffer.get(bytes);
                    read.add(bytes);
                }
                tell(() -> {
                    for (byte[] bytes : read) {
                        if (!aborted) {
                            receiver.bytes(bytes, 0, bytes.length);
                        }
                    }
                    if (!aborted) {
                        subscription.ifPresent(this::requestNext);
                    }
                });
            }

            @Override
            public void onError(Throwable cause) {
                done.completeExceptionally(cause);
            }

            @Override
            public void onComplete() {
                origin.mayKeepOne(System.nanoTime());
                tell(receiver::end);
                done.complete(null);
            }
        }
    }

    private record JdkHead(HttpResponse.ResponseInfo response) implements Head {
        @Override
        public int status() {
            return response.statusCode();
        }

        @Override
        public Optional<String> first(String name) {
            return response.headers().firstValue(name);
        }

        @Override
        public Iterable<Map.Entry<String, String>> all() {
            List<Map.Entry<String, String>> all = new ArrayList<>();
            response.headers().map().forEach((name, values) -> {
                // Those of HTTP/2 itself.
                if (!name.startsWith(":")) {
                    values.forEach(value -> all.add(Map.entry(name, value)));
                }
            });
            return all;
        }
    }
}
