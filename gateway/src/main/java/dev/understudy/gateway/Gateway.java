package dev.understudy.gateway;

import dev.understudy.engine.HealthRegistry;
import dev.understudy.engine.HedgingBudget;
import dev.understudy.engine.LatencyProfile;
import dev.understudy.engine.RetryBudget;
import dev.understudy.engine.SharedState;
import dev.understudy.gateway.call.CallHandler;
import dev.understudy.gateway.call.CallResources;
import dev.understudy.gateway.catalog.Catalog;
import dev.understudy.gateway.catalog.ConversationStore;
import dev.understudy.gateway.catalog.ResponseOwners;
import dev.understudy.gateway.config.Api;
import dev.understudy.gateway.config.Environment;
import dev.understudy.gateway.config.ServerSettings;
import dev.understudy.gateway.config.Settings;
import dev.understudy.gateway.connection.ConnectionLimits;
import dev.understudy.gateway.connection.LimitedTransport;
import dev.understudy.gateway.connection.RequestHeadTimeout;
import dev.understudy.gateway.http.AdminPages;
import dev.understudy.gateway.http.AdminRouter;
import dev.understudy.gateway.http.BodyMemory;
import dev.understudy.gateway.http.BodyResources;
import dev.understudy.gateway.http.InvalidRequests;
import dev.understudy.gateway.http.ModelPages;
import dev.understudy.gateway.http.PreviousResponses;
import dev.understudy.gateway.http.RequestRouter;
import dev.understudy.gateway.http.StoredResponses;
import dev.understudy.gateway.http.TokenCounts;
import dev.understudy.gateway.log.AccessLog;
import dev.understudy.gateway.metrics.CallMetrics;
import dev.understudy.gateway.plan.CallPlanner;
import dev.understudy.gateway.quota.GatewayKeys;
import dev.understudy.gateway.timer.EventLoopTimers;
import dev.understudy.gateway.upstream.ConnectionSlots;
import dev.understudy.gateway.upstream.ModelLists;
import dev.understudy.gateway.upstream.ProviderRequests;
import dev.understudy.gateway.upstream.UpstreamEndpoints;
import dev.understudy.gateway.upstream.UpstreamResources;
import dev.understudy.protocol.failure.SecretsInUse;
import dev.understudy.gateway.work.WorkPools;
import dev.understudy.protocol.json.BodyLimits;
import dev.understudy.protocol.recovery.ContinuationForms;
import dev.understudy.protocol.translate.WarmUp;
import dev.understudy.rehearsal.RehearsalProvider;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running gateway: one server and one set of upstream connections per event loop, and what they share.
 *
 * <p>A call stays on the event loop on which it arrived, upstream connections included, so calls need no locks.
 */
public final class Gateway {
    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);

    private static final int LONGEST_HEADERS = 64 * 1024;
    private static final int LONGEST_LINE = 16 * 1024;
    /** Shorter than the idle timeouts of common servers, so that this side closes first. */
    private static final int UPSTREAM_IDLE_SECONDS = 30;

    /** With port 0 each event loop's server would get a port of its own; Vert.x shares one among them for a negative number. */
    private static final int FREE_PORT = -1;

    private static final int FREE_ADMIN_PORT = -2;

    private final Vertx vertx;
    private final Settings settings;
    private final Catalog catalog;
    private final SharedState shared;
    private final CallPlanner planner;
    private final ContinuationForms forms = new ContinuationForms();
    private final ResponseOwners owners = new ResponseOwners();
    private final ConnectionSlots slots = new ConnectionSlots();
    private final WorkPools work = WorkPools.ofThisMachine();
    private final BodyResources bodies;
    private final ConversationStore conversations;
    private final ModelLists modelLists;
    private final CallMetrics metrics;
    private final AccessLog log;
    private final GatewayKeys keys;
    private final SecretsInUse.Registration secrets;
    private final Optional<RehearsalProvider> rehearsal;
    private final Environment environment;
    private final List<HttpServer> servers = new CopyOnWriteArrayList<>();
    private final List<HttpServer> adminServers = new CopyOnWriteArrayList<>();
    private volatile boolean draining;
    private Optional<Future<Void>> stopped = Optional.empty();

    private Gateway(
            Vertx vertx,
            Settings settings,
            AccessLog log,
            Optional<RehearsalProvider> rehearsal,
            Environment environment) {
        this.vertx = vertx;
        this.settings = settings;
        this.catalog = Catalog.of(settings);
        this.keys = GatewayKeys.of(settings.server().keys());
        this.secrets = SecretsInUse.register(settings.secrets());
        this.planner =
                new CallPlanner(catalog, owners, settings.server().bounds().deadline());
        this.bodies =
                new BodyResources(new BodyMemory(settings.server().bounds().bodyMemory()), work.decompression());
        this.conversations = new ConversationStore(settings.server().conversations());
        this.modelLists = new ModelLists(catalog.providers());
        this.shared = new SharedState(
                new HealthRegistry(),
                new RetryBudget(settings.defaults().budgets().retries()),
                new LatencyProfile(),
                new HedgingBudget(settings.defaults().budgets().hedges()));
        this.metrics =
                new CallMetrics(knownTargets(catalog), settings.providers().keySet());
        this.log = log;
        this.rehearsal = rehearsal;
        this.environment = environment;
        metrics.watch(
                "understudy.log.dropped",
                "access log lines dropped because the queue was full",
                log,
                AccessLog::dropped);
    }

    /**
     * Starts a gateway, and the rehearsal provider if the settings use it.
     *
     * @param log receives a record of every call
     * @return the gateway, once it accepts connections
     */
    public static Future<Gateway> start(Settings settings, AccessLog log) {
        return start(settings, log, Environment.ofProcess());
    }

    /**
     * The same.
     *
     * @param environment where the clouds' own clients look for credentials
     */
    public static Future<Gateway> start(Settings settings, AccessLog log, Environment environment) {
        ConnectionLimits limits = new ConnectionLimits(settings.server().bounds());
        Vertx vertx = Vertx.builder()
                .with(new VertxOptions()
                        .setEventLoopPoolSize(Runtime.getRuntime().availableProcessors()))
                .withTransport(LimitedTransport.of(limits))
                .build();
        Future<Gateway> started = settings.usesRehearsal()
                ? RehearsalProvider.start(vertx).compose(provider -> {
                    URI address = URI.create("http://127.0.0.1:" + provider.port() + "/v1");
                    return new Gateway(vertx, settings.rehearsalAt(address), log, Optional.of(provider), environment)
                            .listen(limits);
                })
                : new Gateway(vertx, settings, log, Optional.empty(), environment).listen(limits);
        // A gateway that cannot listen leaves nothing running. The promise belongs to no event loop, because none is
        // left
        // to report the failure.
        Promise<Gateway> outcome = Promise.promise();
        started.onSuccess(outcome::complete)
                .onFailure(cause -> vertx.close().onComplete(closed -> outcome.fail(cause)));
        return outcome.future();
    }

    private Future<Gateway> listen(ConnectionLimits limits) {
        limits.begin();
        metrics.watch(
                "understudy.bodies.bytes",
                "memory that request bodies take, of server.body-memory",
                bodies.memory(),
                BodyMemory::used);
        metrics.watch(
                "understudy.connections.refused",
                "connections refused because of server.max-connections or server.max-connections-per-address",
                limits,
                ConnectionLimits::refused);
        warmUp();
        DeploymentOptions oneEach =
                new DeploymentOptions().setInstances(Runtime.getRuntime().availableProcessors());
        return vertx.deployVerticle(Loop::new, oneEach).map(this).onFailure(cause -> secrets.close());
    }

    /** The first call may need a translation, so its classes are loaded beside the event loops. */
    private void warmUp() {
        if (settings.providers().values().stream().anyMatch(provider -> !provider.has(Api.CHAT))) {
            // Not on a thread of Vert.x, which might be closed before this is done.
            Thread.ofPlatform()
                    .daemon()
                    .name("understudy-warm-up")
                    .uncaughtExceptionHandler(
                            (thread, fault) -> LOG.error("translations could not be warmed up", fault))
                    .start(() -> Arrays.stream(Api.values())
                            .filter(Api::isConversation)
                            .map(Api::dialect)
                            .forEach(WarmUp::of));
        }
    }

    /** The port it listens on. */
    public int port() {
        return servers.getFirst().actualPort();
    }

    /** The port of the operator's pages, if they have one of their own. */
    public Optional<Integer> adminPort() {
        return settings.server()
                .admin()
                .port()
                .map(configured -> adminServers.getFirst().actualPort());
    }

    /** The rehearsal provider, if it runs. */
    public Optional<RehearsalProvider> rehearsal() {
        return rehearsal;
    }

    /**
     * Accepts no more calls, lets running calls finish for as long as the settings allow, and closes everything.
     *
     * @return completes when all is closed; the same future for every call
     */
    public synchronized Future<Void> stop() {
        if (stopped.isEmpty()) {
            draining = true;
            Promise<Void> outcome = Promise.promise();
            drainAndClose().onComplete(outcome);
            stopped = Optional.of(outcome.future());
        }
        return stopped.get();
    }

    private Future<Void> drainAndClose() {
        Duration drain = settings.server().drain();
        Future<Void> drained = Future.all(Stream.concat(servers.stream(), adminServers.stream())
                        .map(server -> server.shutdown(drain))
                        .toList())
                .mapEmpty();
        return drained.eventually(() -> rehearsal.map(RehearsalProvider::close).orElse(Future.succeededFuture()))
                .eventually(() -> {
                    work.close();
                    return vertx.close();
                })
                .onComplete(closed -> secrets.close());
    }

    private static Set<String> knownTargets(Catalog catalog) {
        Set<String> names = new LinkedHashSet<>();
        catalog.models()
                .forEach(name -> catalog.resolve(name)
                        .forEach(route -> names.add(route.target().name())));
        return names;
    }

    /** One event loop's server and client. */
    private final class Loop extends AbstractVerticle {
        @Override
        public void start(Promise<Void> started) {
            ServerSettings server = settings.server();
            HttpClient client = vertx.httpClientBuilder()
                    .with(clientOptions())
                    .with(poolOptions())
                    .withConnectHandler(Gateway::leaveFailuresToAttempts)
                    .build();
            EventLoopTimers timers = new EventLoopTimers(vertx);
            UpstreamEndpoints endpoints = UpstreamEndpoints.of(vertx, client, environment);
            UpstreamResources upstream =
                    new UpstreamResources(vertx, client, endpoints, forms, owners, conversations, slots, work);
            CallHandler calls =
                    new CallHandler(new CallResources(timers, shared, upstream, metrics, log), planner, keys, server);
            ProviderRequests requests = new ProviderRequests(client, endpoints);
            PreviousResponses previous =
                    new PreviousResponses(owners, conversations, BodyLimits.ofSize(server.maxBody()));
            RequestRouter.ClientPages clientPages = new RequestRouter.ClientPages(
                    new ModelPages(vertx, catalog, modelLists, requests),
                    new TokenCounts(catalog, previous, requests, server),
                    new StoredResponses(catalog, owners, conversations, previous, requests, server));
            AdminPages pages = new AdminPages(server, catalog, shared, metrics);
            Future<HttpServer> forCalls = listen(
                    servers,
                    new RequestRouter(timers, server, calls, clientPages, pages, bodies, () -> draining),
                    server.port() == 0 ? FREE_PORT : server.port(),
                    server.host());
            Future<Void> forAdmin = server.admin()
                    .port()
                    .map(port -> forCalls.compose(open -> listen(
                                    adminServers,
                                    new AdminRouter(server, pages, () -> draining),
                                    port == 0 ? FREE_ADMIN_PORT : port,
                                    server.adminHost()))
                            .<Void>mapEmpty())
                    .orElseGet(forCalls::mapEmpty);
            forAdmin.onComplete(started);
        }

        private Future<HttpServer> listen(
                List<HttpServer> registry, Handler<HttpServerRequest> router, int port, String host) {
            HttpServer http = vertx.createHttpServer(serverOptions())
                    .requestHandler(request -> {
                        RequestHeadTimeout.headArrived(request);
                        request.response().endHandler(answered -> RequestHeadTimeout.answered(request));
                        router.handle(request);
                    })
                    .invalidRequestHandler(InvalidRequests::answer);
            registry.add(http);
            return http.listen(port, host);
        }
    }

    /** A broken connection is a failure of its attempt, which the trail reports; without a handler Vert.x logs it as an error. */
    private static void leaveFailuresToAttempts(HttpConnection connection) {
        connection.exceptionHandler(reported -> {});
    }

    private HttpServerOptions serverOptions() {
        return new HttpServerOptions()
                .setTcpNoDelay(true)
                .setMaxHeaderSize(LONGEST_HEADERS)
                .setMaxInitialLineLength(LONGEST_LINE)
                .setHandle100ContinueAutomatically(true)
                // There is no WebSocket here, and its extensions would inspect every request and response.
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setIdleTimeout((int) settings.server().bounds().idleTimeout().toSeconds())
                .setIdleTimeoutUnit(TimeUnit.SECONDS);
    }

    private static HttpClientOptions clientOptions() {
        // The engine enforces the times; the transport's own limit only frees what the engine has cancelled.
        return new HttpClientOptions()
                .setTcpNoDelay(true)
                .setKeepAlive(true)
                .setKeepAliveTimeout(UPSTREAM_IDLE_SECONDS)
                .setMaxHeaderSize(LONGEST_HEADERS)
                .setConnectTimeout((int) TimeUnit.SECONDS.toMillis(60))
                .setVerifyHost(true);
    }

    private PoolOptions poolOptions() {
        // The slots enforce the limit of each provider. Providers at one address share a pool, in which no attempt may
        // wait:
        // that would look like a provider that does not accept connections.
        long all = settings.providers().values().stream()
                .mapToLong(provider -> provider.maxConnections())
                .sum();
        return new PoolOptions().setHttp1MaxSize(Math.clamp(all, 10_000, 1_000_000));
    }
}
