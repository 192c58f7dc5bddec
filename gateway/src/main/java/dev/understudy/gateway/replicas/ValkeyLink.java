package dev.understudy.gateway.replicas;

import dev.understudy.calls.FutureCause;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.Base16;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.Delay;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The connections to Valkey: one for commands, one for the news of other replicas. The client has its own two threads, so that neither
 * its work nor its faults touch an event loop of calls. It connects again by itself; meanwhile commands fail at once, and every command
 * is answered or fails within half a second.
 */
final class ValkeyLink {
    private static final Duration CONNECT = Duration.ofSeconds(1);
    /** Until then a Valkey that has stopped answering is believed to be slow, and replicas live on their shares of limits. */
    private static final Duration ANSWER = Duration.ofMillis(500);

    private static final int MOST_COMMANDS = 10_000;
    /** The fewest that the client accepts. */
    private static final int THREADS = 2;

    private final ClientResources resources;
    private final RedisClient client;
    private final RedisURI address;
    private final String channel;
    private final Consumer<String> onNews;
    private volatile Optional<Open> open = Optional.empty();
    private volatile boolean closed;

    private record Open(
            StatefulRedisConnection<String, String> commands, StatefulRedisPubSubConnection<String, String> news) {
        void close() {
            closeSoon(commands);
            closeSoon(news);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // Nothing depends on its end.
    private static void closeSoon(StatefulConnection<?, ?> connection) {
        connection.closeAsync();
    }

    /** A script, which Valkey runs as one step. */
    static final class Script {
        private final String text;
        private final String digest;

        /** @param name of a file beside this class */
        Script(String name) {
            try (InputStream file = ValkeyLink.class.getResourceAsStream(name)) {
                if (file == null) {
                    throw new IllegalStateException(name + " is missing");
                }
                byte[] bytes = file.readAllBytes();
                this.text = new String(bytes, StandardCharsets.UTF_8);
                this.digest = Base16.digest(bytes);
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
    }

    /**
     * @param url as in the settings
     * @param channel on which replicas tell their news
     * @param onNews receives all news, this replica's included, on a thread of the client
     */
    ValkeyLink(String url, String channel, Consumer<String> onNews) {
        this.channel = channel;
        this.onNews = onNews;
        this.resources = DefaultClientResources.builder()
                .ioThreadPoolSize(THREADS)
                .computationThreadPoolSize(THREADS)
                .reconnectDelay(
                        Delay.fullJitter(Duration.ofMillis(50), Duration.ofSeconds(2), 50, TimeUnit.MILLISECONDS))
                .build();
        this.address = RedisURI.create(url.replaceFirst("^valkey", "redis"));
        address.setTimeout(CONNECT);
        this.client = RedisClient.create(resources, address);
        client.setOptions(ClientOptions.builder()
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .requestQueueSize(MOST_COMMANDS)
                .timeoutOptions(TimeoutOptions.enabled(ANSWER))
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(CONNECT)
                        .keepAlive(true)
                        .tcpNoDelay(true)
                        .build())
                .build());
    }

    /** Where Valkey is, without its password. */
    String where() {
        return address.getHost() + ":" + address.getPort();
    }

    /** Whether there are connections, which may be interrupted. */
    boolean isOpen() {
        return open.isPresent();
    }

    /** Connects. To be called again after a failure. */
    CompletionStage<Void> open() {
        return client.connectAsync(StringCodec.UTF8, address)
                .thenCompose(commands -> client.connectPubSubAsync(StringCodec.UTF8, address)
                        .thenCompose(news -> {
                            news.addListener(new RedisPubSubAdapter<>() {
                                @Override
                                public void message(String from, String text) {
                                    onNews.accept(text);
                                }
                            });
                            Open opened = new Open(commands, news);
                            return news.async()
                                    .subscribe(channel)
                                    .toCompletableFuture()
                                    .<Void>thenApply(done -> {
                                        open = Optional.of(opened);
                                        if (closed) {
                                            opened.close();
                                        }
                                        return null;
                                    })
                                    .whenComplete((done, failed) -> {
                                        if (failed != null) {
                                            opened.close();
                                        }
                                    });
                        })
                        .whenComplete((done, failed) -> {
                            if (failed != null) {
                                closeSoon(commands);
                            }
                        }));
    }

    /** Gives up connections that bring nothing any more. */
    void drop() {
        Optional<Open> dropped = open;
        open = Optional.empty();
        dropped.ifPresent(Open::close);
    }

    CompletionStage<Long> publish(String text) {
        return open.<CompletionStage<Long>>map(links -> links.commands().async().publish(channel, text))
                .orElseGet(ValkeyLink::notConnected);
    }

    /** Runs a script, whose text Valkey is told once. */
    <T> CompletionStage<T> run(Script script, ScriptOutputType output, String[] keys, String... arguments) {
        if (open.isEmpty()) {
            return notConnected();
        }
        RedisAsyncCommands<String, String> commands = open.get().commands().async();
        return commands.<T>evalsha(script.digest, output, keys, arguments).exceptionallyCompose(failed -> {
            Throwable cause = FutureCause.of(failed);
            return cause instanceof RedisNoScriptException
                    ? commands.eval(script.text, output, keys, arguments)
                    : CompletableFuture.failedFuture(cause);
        });
    }

    private static <T> CompletionStage<T> notConnected() {
        return CompletableFuture.failedFuture(new IOException("not connected"));
    }

    /** Closes the connections and ends the threads. */
    CompletionStage<Void> close() {
        closed = true;
        open = Optional.empty();
        return client.shutdownAsync(0, 1, TimeUnit.SECONDS).thenCompose(done -> {
            CompletableFuture<Void> ended = new CompletableFuture<>();
            resources.shutdown(0, 1, TimeUnit.SECONDS).addListener(any -> ended.complete(null));
            return ended;
        });
    }
}
