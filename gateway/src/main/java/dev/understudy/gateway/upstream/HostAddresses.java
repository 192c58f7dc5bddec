package dev.understudy.gateway.upstream;

import com.github.benmanes.caffeine.cache.Cache;
import dev.understudy.protocol.BoundedCaches;
import io.netty.util.NetUtil;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Connects to hosts that have several addresses, of which some may not accept connections: {@code localhost} where a server listens on
 * one of {@code 127.0.0.1} and {@code ::1} only, or a provider with a dead front end.
 *
 * <p>Vert.x tries one address, as its own resolver orders them. Where that fails or takes long, the addresses that the operating
 * system knows are tried one after another, as other HTTP clients do (RFC 8305); the first that accepts wins and is preferred for a
 * while. Belongs to one event loop.
 */
final class HostAddresses {
    /** After so many milliseconds without a connection the next address is tried beside the ones before. */
    static final long NEXT_AFTER_MS = 1_000;

    /** How long an address is preferred, in nanoseconds: addresses of a host change. */
    private static final long PREFERRED_FOR = TimeUnit.MINUTES.toNanos(1);

    private static final int MOST_PREFERRED = 1_000;
    /** Looking up a name may block for seconds; so many threads do it for all event loops. */
    private static final int LOOKUP_THREADS = 4;

    private final Vertx vertx;
    private final HttpClient client;
    private final Lookup lookup;
    private final long nextAfterMs;
    private final WorkerExecutor lookupThreads;
    private final Cache<String, Preferred> preferred = BoundedCaches.ofSize(MOST_PREFERRED);
    /** Lookups that run, by host. */
    private final Map<String, Future<List<InetAddress>>> lookups = new HashMap<>();

    /** Finds the addresses of a host; may block. */
    @FunctionalInterface
    interface Lookup {
        InetAddress[] addresses(String host) throws UnknownHostException;
    }

    private record Preferred(SocketAddress address, long until) {}

    /** @param nextAfterMs after how many milliseconds without a connection the next address is tried as well */
    HostAddresses(Vertx vertx, HttpClient client, Lookup lookup, long nextAfterMs) {
        this.vertx = vertx;
        this.client = client;
        this.lookup = lookup;
        this.nextAfterMs = nextAfterMs;
        this.lookupThreads = vertx.createSharedWorkerExecutor("host-names", LOOKUP_THREADS);
    }

    /** A request on a connection of the pool, or on a new one to an address of its host that accepts connections. */
    Future<HttpClientRequest> request(RequestOptions options) {
        Optional<SocketAddress> first = preferred(options);
        Future<HttpClientRequest> request =
                client.request(first.map(address -> at(address, options)).orElse(options));
        return request.succeeded() || isAddress(options.getHost())
                ? request
                : new Race(options, first, request).outcome();
    }

    private static boolean isAddress(String host) {
        return NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host);
    }

    /** The address that accepted connections when others did not, and is preferred for now. */
    Optional<SocketAddress> preferred(RequestOptions options) {
        // Most gateways never have any.
        return preferred.estimatedSize() == 0
                ? Optional.empty()
                : Optional.ofNullable(preferred.getIfPresent(key(options)))
                        .filter(found -> found.until() - System.nanoTime() > 0)
                        .map(Preferred::address);
    }

    private static String key(RequestOptions options) {
        return options.getHost() + ":" + options.getPort();
    }

    /** The host remains the one that is named to the server, and whose certificate is expected. */
    private static RequestOptions at(SocketAddress address, RequestOptions options) {
        return new RequestOptions(options).setServer(address);
    }

    private Future<List<InetAddress>> lookUp(String host) {
        Future<List<InetAddress>> running = lookups.get(host);
        if (running != null) {
            return running;
        }
        Future<List<InetAddress>> started = lookupThreads
                .executeBlocking(() -> lookup.addresses(host), false)
                .map(found -> List.of(Objects.requireNonNull(found)));
        lookups.put(host, started);
        return started.onComplete(done -> lookups.remove(host));
    }

    /** Attempts to connect to the addresses of one host, of which the first to succeed wins. */
    private final class Race {
        private final RequestOptions options;
        private final Optional<SocketAddress> first;
        private final Promise<HttpClientRequest> outcome = Promise.promise();
        private Optional<Deque<SocketAddress>> others = Optional.empty();
        private Optional<Throwable> failure = Optional.empty();
        private int running = 1;
        private boolean lookingUp;
        private long timer;

        Race(RequestOptions options, Optional<SocketAddress> first, Future<HttpClientRequest> request) {
            this.options = options;
            this.first = first;
            this.timer = vertx.setTimer(nextAfterMs, late -> next());
            request.onComplete(done -> ended(first, done));
        }

        Future<HttpClientRequest> outcome() {
            return outcome.future();
        }

        private void ended(Optional<SocketAddress> address, AsyncResult<HttpClientRequest> done) {
            running--;
            if (done.failed()) {
                failure = failure.or(() -> Optional.of(done.cause()));
                if (address.equals(first)) {
                    preferred.invalidate(key(options));
                }
                next();
            } else if (outcome.tryComplete(done.result())) {
                vertx.cancelTimer(timer);
                if (!address.equals(first)) {
                    preferred.put(
                            key(options), new Preferred(address.orElseThrow(), System.nanoTime() + PREFERRED_FOR));
                }
            } else {
                // Another address was faster. The connection remains in the pool.
                UpstreamConnections.cancel(done.result());
            }
        }

        /** Tries the next address, which has to be looked up at first. */
        private void next() {
            vertx.cancelTimer(timer);
            if (outcome.future().isComplete() || lookingUp) {
                return;
            }
            if (others.isEmpty()) {
                lookingUp = true;
                // The failure that is known must not wait for a name server that does not answer.
                lookUp(options.getHost())
                        .timeout(nextAfterMs, TimeUnit.MILLISECONDS)
                        .otherwise(List.of())
                        .onSuccess(found -> {
                            lookingUp = false;
                            others = Optional.of(others(found));
                            next();
                        });
                return;
            }
            SocketAddress address = others.get().poll();
            if (address != null) {
                running++;
                timer = vertx.setTimer(nextAfterMs, late -> next());
                client.request(at(address, options)).onComplete(done -> ended(Optional.of(address), done));
            } else if (running == 0) {
                outcome.tryFail(failure.orElseThrow());
            }
        }

        /** The addresses that are left, in the order of the operating system. */
        private Deque<SocketAddress> others(List<InetAddress> all) {
            List<SocketAddress> addresses = new ArrayList<>(all.stream()
                    .map(each -> SocketAddress.inetSocketAddress(options.getPort(), each.getHostAddress()))
                    .toList());
            if (first.isPresent()) {
                addresses.remove(first.get());
            } else if (failure.map(cause -> !(cause instanceof UnknownHostException))
                    .orElse(true)) {
                // Most likely the first one was tried; it is the last one now, since it may have been another.
                Collections.rotate(addresses, -1);
                if (addresses.size() == 1) {
                    addresses.clear();
                }
            }
            return new ArrayDeque<>(addresses);
        }
    }
}
