package dev.understudy.gateway;

import dev.understudy.calls.config.Api;
import dev.understudy.calls.config.Bind;
import dev.understudy.calls.config.Environment;
import dev.understudy.calls.config.InvalidSettings;
import dev.understudy.calls.config.Settings;
import dev.understudy.calls.config.SettingsReader;
import dev.understudy.gateway.log.AccessLog;
import dev.understudy.protocol.translate.WarmUp;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads the classes of the serving path off the event loops of the gateway. Loading them takes a second or more, in which the
 * first call would block its event loop and all other calls on it.
 *
 * <p>A second gateway, with the rehearsal provider behind it and an event loop of its own, serves a few calls and is closed:
 * real calls load what real calls need, whatever that is today. Once per process.
 */
final class ServingWarmUp {
    private static final Logger LOG = LoggerFactory.getLogger(ServingWarmUp.class);

    /** A gateway that listens reports itself ready after this time at the latest; until all is done, calls are only slower. */
    static final long LIMIT_SECONDS = 5;

    /** On a machine that is busy with other things a step may take long. */
    private static final long PATIENCE_SECONDS = 60;

    /** The first of the requests, which are what gateways serve most, are repeated. */
    private static final int REPEATED = 8;

    private static final int ROUNDS = 30;
    private static final Duration REPEATING = Duration.ofSeconds(2);

    private static final String PROMPT = "\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]";

    /** Each loads the classes of a part of the serving path. */
    private static final List<Request> REQUESTS = List.of(
            new Request("/v1/chat/completions", "{\"model\":\"rehearsal/ok\"," + PROMPT + "}"),
            new Request("/v1/chat/completions", "{\"model\":\"rehearsal/ok\",\"stream\":true," + PROMPT + "}"),
            new Request(
                    "/v1/chat/completions",
                    "{\"model\":\"rehearsal/down\",\"fallbacks\":[\"rehearsal/ok\"],\"stream\":true," + PROMPT + "}"),
            new Request(
                    "/v1/chat/completions",
                    "{\"model\":\"rehearsal/cut?at=12\",\"fallbacks\":[\"rehearsal/ok\"],\"stream\":true," + PROMPT
                            + "}"),
            new Request("/v1/messages", "{\"model\":\"rehearsal/ok\",\"max_tokens\":9," + PROMPT + "}"),
            new Request("/v1/messages", "{\"model\":\"rehearsal/ok\",\"max_tokens\":9,\"stream\":true," + PROMPT + "}"),
            new Request("/v1/responses", "{\"model\":\"rehearsal/ok\",\"input\":\"Hello\"}"),
            new Request("/v1/responses", "{\"model\":\"rehearsal/ok\",\"input\":\"Hello\",\"stream\":true}"),
            // A request that cannot be served.
            new Request("/v1/chat/completions", "{\"model\":\"rehearsal/none\"," + PROMPT + "}"),
            new Request("/v1/models", ""),
            new Request("/metrics", ""),
            new Request("/admin/v1/health", ""));

    private static Optional<CompletableFuture<Void>> begun = Optional.empty();

    private ServingWarmUp() {}

    /** @param body empty for a GET */
    private record Request(String path, String body) {}

    /**
     * Begins the warm-up, unless it has begun.
     *
     * @return completes when it is done or has failed
     */
    static synchronized CompletableFuture<Void> ofProcess() {
        if (begun.isEmpty()) {
            CompletableFuture<Void> done = new CompletableFuture<>();
            begun = Optional.of(done);
            // Not on a thread of Vert.x, which might be closed before this is done.
            Thread.ofPlatform().daemon().name("understudy-warm-up").start(() -> {
                try {
                    run();
                } catch (InvalidSettings | ExecutionException | TimeoutException | RuntimeException fault) {
                    LOG.warn("the warm-up failed, so the first calls are slower", fault);
                } catch (InterruptedException stopped) {
                    Thread.currentThread().interrupt();
                } finally {
                    done.complete(null);
                }
            });
        }
        return begun.get();
    }

    /** Returns the statuses of the calls, in their order. */
    static List<Integer> run() throws InvalidSettings, ExecutionException, TimeoutException, InterruptedException {
        List<Integer> statuses = new ArrayList<>();
        Environment nothing = Environment.of(Map.of());
        Settings settings =
                new SettingsReader(nothing, new Bind(Optional.of("127.0.0.1"), Optional.of(0))).forRehearsal();
        Vertx callers = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        try (AccessLog log = AccessLog.to(OutputStream.nullOutputStream())) {
            Gateway gateway = await(Gateway.start(settings, log, nothing, 1));
            try {
                HttpClient client = callers.createHttpClient();
                for (Request request : REQUESTS) {
                    statuses.add(await(send(client, gateway.port(), request)));
                }
                repeat(client, gateway.port());
            } finally {
                await(gateway.stop());
            }
        } finally {
            await(callers.close());
        }
        beginHandshake();
        Arrays.stream(Api.values())
                .filter(Api::isConversation)
                .map(Api::dialect)
                .forEach(WarmUp::of);
        return List.copyOf(statuses);
    }

    /** So often that the JIT compiler takes up the methods of the serving path, which it knows from the AOT cache. */
    private static void repeat(HttpClient client, int port)
            throws ExecutionException, TimeoutException, InterruptedException {
        long end = System.nanoTime() + REPEATING.toNanos();
        for (int round = 0; round < ROUNDS; round++) {
            for (Request request : REQUESTS.subList(0, REPEATED)) {
                if (System.nanoTime() - end >= 0) {
                    return;
                }
                await(send(client, port, request));
            }
        }
    }

    /** By name, so that the classes that resolve names are loaded too. */
    private static Future<Integer> send(HttpClient client, int port, Request request) {
        HttpMethod method = request.body().isEmpty() ? HttpMethod.GET : HttpMethod.POST;
        return client.request(method, port, "localhost", request.path())
                .compose((HttpClientRequest opened) ->
                        opened.putHeader("content-type", "application/json").send(request.body()))
                .compose(response -> response.body().map(body -> response.statusCode()));
    }

    /** As far as a handshake gets without a server, and the check of a certificate: most providers are reached by TLS. */
    private static void beginHandshake() {
        try {
            SSLEngine engine = SSLContext.getDefault().createSSLEngine("localhost", 443);
            engine.setUseClientMode(true);
            engine.wrap(
                    ByteBuffer.allocate(0),
                    ByteBuffer.allocate(engine.getSession().getPacketBufferSize()));
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init((KeyStore) null);
            for (TrustManager manager : trust.getTrustManagers()) {
                if (manager instanceof X509TrustManager x509 && x509.getAcceptedIssuers().length > 0) {
                    x509.checkServerTrusted(new X509Certificate[] {x509.getAcceptedIssuers()[0]}, "ECDHE_RSA");
                }
            }
        } catch (GeneralSecurityException | IOException untrusted) {
            // The certificate of an authority is none of a server: the check has been made, and that is all it is for.
        }
    }

    private static <T> T await(Future<T> future) throws ExecutionException, TimeoutException, InterruptedException {
        return future.toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
}
