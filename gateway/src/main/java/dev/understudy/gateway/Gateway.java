package dev.understudy.gateway;

import dev.understudy.calls.config.Api;
import dev.understudy.calls.config.Environment;
import dev.understudy.calls.config.InvalidSettings;
import dev.understudy.calls.config.ServerSettings;
import dev.understudy.calls.config.Settings;
import dev.understudy.calls.plan.CallPlanner;
import dev.understudy.calls.record.FinishedCall;
import dev.understudy.calls.upstream.AnswerMemory;
import dev.understudy.calls.upstream.ConnectionSlots;
import dev.understudy.calls.work.WorkPool;
import dev.understudy.calls.work.WorkPools;
import dev.understudy.engine.HealthRegistry;
import dev.understudy.gateway.admin.AdminApi;
import dev.understudy.gateway.admin.AdminEvents;
import dev.understudy.gateway.admin.AdminServices;
import dev.understudy.gateway.admin.CallApi;
import dev.understudy.gateway.admin.CallLog;
import dev.understudy.gateway.admin.ChainApi;
import dev.understudy.gateway.admin.DrillApi;
import dev.understudy.gateway.admin.HealthSampler;
import dev.understudy.gateway.admin.KeyApi;
import dev.understudy.gateway.admin.PriceApi;
import dev.understudy.gateway.admin.ProviderApi;
import dev.understudy.gateway.admin.ProviderTests;
import dev.understudy.gateway.admin.RuntimeKeys;
import dev.understudy.gateway.admin.RuntimeSettings;
import dev.understudy.gateway.admin.SettingsApi;
import dev.understudy.gateway.admin.SimulateApi;
import dev.understudy.gateway.admin.TryCalls;
import dev.understudy.gateway.call.Observers;
import dev.understudy.gateway.connection.ConnectionLimits;
import dev.understudy.gateway.connection.LimitedTransport;
import dev.understudy.gateway.connection.RequestHeadTimeout;
import dev.understudy.gateway.contents.ContentsLog;
import dev.understudy.gateway.drill.Drills;
import dev.understudy.gateway.http.AdminPages;
import dev.understudy.gateway.http.BodyMemory;
import dev.understudy.gateway.http.BodyResources;
import dev.understudy.gateway.http.InvalidRequests;
import dev.understudy.gateway.http.Readiness;
import dev.understudy.gateway.log.AccessLog;
import dev.understudy.gateway.metrics.CallMetrics;
import dev.understudy.gateway.quota.LoginAttempts;
import dev.understudy.gateway.replicas.Replicas;
import dev.understudy.gateway.simulate.Simulations;
import dev.understudy.gateway.trace.ProviderNames;
import dev.understudy.gateway.trace.Tracing;
import dev.understudy.protocol.recovery.ContinuationForms;
import dev.understudy.rehearsal.RehearsalProvider;
import dev.understudy.store.Store;
import dev.understudy.store.StoreChange;
import dev.understudy.store.StoreUnavailable;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
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

    /**
     * How many calls there may be at once on a connection of HTTP/2. An application or a proxy has one connection for all its calls, and
     * the JDK's client fails those beyond the limit.
     */
    private static final int MAX_STREAMS = 1_000;

    /**
     * How many calls may be cancelled on a connection of HTTP/2 in {@link #RESETS_SECONDS}; more are taken for an attack and close it. Vert.x
     * permits 200 in 30 s, which an application with many users, or with hedged requests of its own, reaches.
     */
    private static final int MAX_RESETS = 1_000;

    private static final int RESETS_SECONDS = 10;

    /** With port 0 each event loop's server would get a port of its own; Vert.x shares one among them for a negative number. */
    private static final int FREE_PORT = -1;

    private static final int FREE_ADMIN_PORT = -2;

    /** The admin API has few users. What more of it waits is refused. */
    private static final int ADMIN_THREADS = 2;

    private static final int ADMIN_QUEUE = 64;
    private static final long REFRESH_MILLIS = 5_000;
    private static final long DRILLS_MILLIS = 1_000;

    private final Vertx vertx;
    private final int eventLoops;
    private final WorkPools work = WorkPools.ofThisMachine();
    private final CallMetrics metrics = new CallMetrics(Set.of(), Set.of());
    private final AccessLog log;
    private final RuntimeSettings runtime;
    private final RuntimeKeys keys;
    private final Optional<Replicas> replicas;
    private final ConfigurationInForce configuration;
    private final AdminEvents events;
    private final Drills drills;
    private final Simulations simulations = new Simulations();
    private final HealthSampler healthHistory;
    private final CallLog records;
    private final Optional<Tracing> tracing;
    private final ContentsLog contents;
    private final AdminServices admin;
    private final LoopHandlers.Shared shared;
    private final List<HttpServer> servers = new CopyOnWriteArrayList<>();
    private final List<HttpServer> adminServers = new CopyOnWriteArrayList<>();
    private volatile CompletableFuture<Void> warmUp = ServingWarmUp.ofProcess();
    private volatile boolean draining;
    private volatile Store.Following others = () -> {};
    private Optional<Future<Void>> stopped = Optional.empty();

    private Gateway(
            Vertx vertx,
            int eventLoops,
            Settings settings,
            AccessLog log,
            Optional<RehearsalProvider> rehearsal,
            RuntimeSettings runtime,
            RuntimeKeys keys,
            Environment environment) {
        this.vertx = vertx;
        this.eventLoops = eventLoops;
        this.log = log;
        this.runtime = runtime;
        this.keys = keys;
        this.replicas = Replicas.of(settings.replicas());
        this.configuration = new ConfigurationInForce(
                vertx, settings, runtime, keys.stored(), replicas.map(Replicas::limits), rehearsal, metrics);
        this.events = new AdminEvents(() -> {
            ConfigurationSnapshot now = configuration.snapshot();
            return AdminPages.health(now.catalog(), now.shared(), replicas.map(Replicas::status));
        });
        this.drills = new Drills(Drills.Surroundings.ofSystem(
                () -> configuration.snapshot().shared().health(),
                () -> ConfigurationInForce.nothingKnown(settings()),
                () -> !draining && settings().server().admin().drills()));
        drills.onChange(events::drills);
        this.contents = new ContentsLog(
                runtime.store().map(Store::contents), () -> settings().store().contents());
        this.records = new CallLog(runtime.store(), () -> settings().store().logsCalls(), events, contents);
        this.tracing = settings.tracing()
                .receiver()
                .map(receiver -> Tracing.of(settings.tracing(), name -> ProviderNames.of(name, settings())));
        this.healthHistory = new HealthSampler(runtime.store(), runtime.whyNoStore(), () -> {
            ConfigurationSnapshot now = configuration.snapshot();
            return HealthSampler.skipped(now.catalog(), now.shared().health());
        });
        this.admin = new AdminServices(
                vertx,
                new AdminApi()
                        .and(new ChainApi(runtime).operations())
                        .and(new SettingsApi(runtime).operations())
                        .and(new CallApi(runtime).operations())
                        .and(new KeyApi(runtime, keys, configuration).operations())
                        .and(new ProviderApi(runtime, configuration).operations())
                        .and(new PriceApi(runtime).operations())
                        .and(new DrillApi(
                                        drills, () -> settings().providers().keySet(), configuration::runningRehearsal)
                                .operations())
                        .and(new SimulateApi(simulations, this::known).operations())
                        .and(healthHistory.operations()),
                events,
                new TryCalls(
                        runtime,
                        new TryCalls.Reality(
                                drills::arePermitted,
                                () -> settings().providers(),
                                () -> tracing.map(sender -> sender.begin(MultiMap.caseInsensitiveMultiMap(), Api.CHAT)),
                                this::recordRealTry)),
                configuration::runningRehearsal,
                new ProviderTests(),
                new LoginAttempts(),
                new WorkPool("admin", ADMIN_THREADS, ADMIN_QUEUE, Integer.MAX_VALUE),
                this::tellOfReset,
                () -> replicas.map(Replicas::status));
        this.shared = new LoopHandlers.Shared(
                vertx,
                environment,
                configuration,
                new ContinuationForms(),
                new ConnectionSlots(),
                work,
                new AnswerMemory(settings.server().bounds().answerMemory()),
                new BodyResources(
                        new BodyMemory(settings.server().bounds().bodyMemory()), work.decompression(), work.requests()),
                metrics,
                new Observers(log, records, tracing),
                drills,
                admin,
                this::readiness);
        watch(new Gauges(metrics));
        runtime.attach(configuration, version -> {
            events.settings(version);
            if (!drills.arePermitted()) {
                drills.endAll("the configuration forbids drills by now");
            }
        });
        keys.attach(configuration);
    }

    private void watch(Gauges gauges) {
        gauges.watch(log);
        gauges.watch(drills);
        gauges.watch(contents);
        gauges.watch(shared.bodies().memory());
        gauges.watch(shared.answers());
        runtime.store().ifPresent(gauges::watch);
        tracing.ifPresent(gauges::watch);
        replicas.ifPresent(gauges::watch);
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
        return start(settings, log, environment, Runtime.getRuntime().availableProcessors());
    }

    static Future<Gateway> start(Settings settings, AccessLog log, Environment environment, int eventLoops) {
        return start(RuntimeSettings.fixed(settings), log, environment, eventLoops);
    }

    /**
     * Starts a gateway whose settings can be changed at run time, and whose calls are recorded in the store of its settings.
     *
     * @param runtime whose store the caller closes after the gateway
     * @param environment where the clouds' own clients look for credentials
     */
    public static Future<Gateway> start(RuntimeSettings runtime, AccessLog log, Environment environment) {
        return start(runtime, log, environment, Runtime.getRuntime().availableProcessors());
    }

    private static Future<Gateway> start(
            RuntimeSettings runtime, AccessLog log, Environment environment, int eventLoops) {
        Settings settings = runtime.atStart();
        RuntimeKeys keys = RuntimeKeys.open(runtime);
        ConnectionLimits limits = new ConnectionLimits(settings.server().bounds());
        Vertx vertx = Vertx.builder()
                .with(new VertxOptions().setEventLoopPoolSize(eventLoops))
                .withTransport(LimitedTransport.of(limits))
                .build();
        Future<Gateway> started = settings.usesRehearsal()
                ? RehearsalProvider.start(vertx)
                        .compose(provider -> new Gateway(
                                        vertx,
                                        eventLoops,
                                        settings.rehearsalAt(URI.create(provider.baseUrl())),
                                        log,
                                        Optional.of(provider),
                                        runtime,
                                        keys,
                                        environment)
                                .listen(limits))
                : new Gateway(vertx, eventLoops, settings, log, Optional.empty(), runtime, keys, environment)
                        .listen(limits);
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
        new Gauges(metrics).watch(limits);
        return vertx.deployVerticle(Loop::new, new DeploymentOptions().setInstances(eventLoops))
                .map(listening -> {
                    vertx.setPeriodic(REFRESH_MILLIS, timer -> refreshIfOld());
                    vertx.setPeriodic(DRILLS_MILLIS, timer -> drills.endThoseThatAreOver());
                    healthHistory.start();
                    others = runtime.store()
                            .map(store -> store.follow(this::follow))
                            .orElse(others);
                    replicas.ifPresent(each -> each.start(
                            this::settings, () -> configuration.snapshot().shared(), drills::concernAllCalls));
                    warmUp = warmUp.copy().completeOnTimeout(null, ServingWarmUp.LIMIT_SECONDS, TimeUnit.SECONDS);
                    return this;
                })
                .onFailure(cause -> {
                    configuration.forgetSecrets();
                    // Nothing is queued, but closing waits for the thread, which must not be done here.
                    tracing.ifPresent(sender -> Thread.ofVirtual().start(sender::close));
                    replicas.ifPresent(Replicas::close);
                });
    }

    /**
     * Reads the file and the changes of the console again, and puts them in force: requests that arrive from now on use them, and
     * running calls end as they began. Health, latencies and budgets are kept, except for the circuits of accounts that have changed.
     * One reload at a time. Blocks; for gateways whose settings have a source.
     *
     * @return the names of changed settings that need a restart, which were ignored
     * @throws InvalidSettings if they cannot be used, in which case nothing has changed
     */
    public List<String> reload() throws InvalidSettings {
        return configuration.reload();
    }

    private void refreshIfOld() {
        if (runtime.mayBeOld() || keys.mayBeOld()) {
            admin.work().submit(Runnable::run, () -> {
                runtime.refresh();
                keys.refresh();
                return true;
            });
        }
    }

    /** Puts in force what another gateway has changed. On a thread that may wait for the store. */
    private void follow(StoreChange change) {
        switch (change) {
            case StoreChange.SettingsChanged settings -> runtime.refresh();
            case StoreChange.KeysChanged changed -> keys.refresh();
            case StoreChange.HealthReset(Optional<String> target) -> {
                HealthRegistry health = configuration.snapshot().shared().health();
                target.ifPresentOrElse(health::reset, health::reset);
            }
        }
    }

    /** A call of the console itself to real providers is in the log, the records, the metrics and the traces as other calls are. */
    private void recordRealTry(FinishedCall call) {
        metrics.count(call);
        log.write(call);
        records.add(call);
        tracing.ifPresent(sender -> sender.add(call));
    }

    private void tellOfReset(Optional<String> target) {
        runtime.store()
                .ifPresent(store -> admin.work().submit(Runnable::run, () -> {
                    try {
                        store.tell(new StoreChange.HealthReset(target));
                    } catch (StoreUnavailable failed) {
                        LOG.warn(
                                "other gateways were not told that circuits were closed here: {}", failed.getMessage());
                    }
                    return true;
                }));
    }

    /** The settings that are in force. */
    public Settings settings() {
        return configuration.snapshot().settings();
    }

    /** Makes the plans of calls, as the settings in force require. */
    CallPlanner planner() {
        return configuration.snapshot().planner();
    }

    private Readiness readiness() {
        return draining ? Readiness.DRAINING : warmUp.isDone() ? Readiness.READY : Readiness.STARTING;
    }

    private SimulateApi.Known known() {
        ConfigurationSnapshot now = configuration.snapshot();
        return new SimulateApi.Known(
                now.planner(), now.settings().defaults().budgets(), now.shared().latency());
    }

    /** The port it listens on. */
    public int port() {
        return servers.getFirst().actualPort();
    }

    /** The port of the operator's pages, if they have one of their own. */
    public Optional<Integer> adminPort() {
        return settings()
                .server()
                .admin()
                .port()
                .map(configured -> adminServers.getFirst().actualPort());
    }

    /** The rehearsal provider, if it runs. */
    public Optional<RehearsalProvider> rehearsal() {
        return configuration.rehearsal();
    }

    /**
     * Accepts no more calls, lets running calls finish for as long as the settings allow, and closes everything.
     *
     * @return completes when all is closed; the same future for every call
     */
    public synchronized Future<Void> stop() {
        if (stopped.isEmpty()) {
            draining = true;
            drills.endAll("the gateway is stopping");
            simulations.close();
            healthHistory.close();
            others.close();
            events.close();
            Promise<Void> outcome = Promise.promise();
            drainAndClose().onComplete(outcome);
            stopped = Optional.of(outcome.future());
        }
        return stopped.get();
    }

    private Future<Void> drainAndClose() {
        Duration drain = settings().server().drain();
        Future<Void> drained = Future.all(Stream.concat(servers.stream(), adminServers.stream())
                        .map(server -> server.shutdown(drain))
                        .toList())
                .mapEmpty();
        return drained.eventually(() ->
                        configuration.rehearsal().map(RehearsalProvider::close).orElse(Future.succeededFuture()))
                .eventually(this::sendLastTraces)
                .eventually(() -> Future.fromCompletionStage(contents.close()))
                .eventually(() -> {
                    work.close();
                    admin.work().close();
                    return replicas.map(each -> Future.fromCompletionStage(each.close()))
                            .orElseGet(Future::succeededFuture)
                            .eventually(vertx::close);
                })
                .onComplete(closed -> configuration.forgetSecrets());
    }

    private Future<Void> sendLastTraces() {
        return tracing.map(sender -> vertx.<Void>executeBlocking(() -> {
                    sender.close();
                    return null;
                }))
                .orElse(Future.succeededFuture());
    }

    /** One event loop's servers. */
    private final class Loop extends AbstractVerticle {
        @Override
        public void start(Promise<Void> started) {
            ServerSettings server = settings().server();
            LoopHandlers handlers = new LoopHandlers(shared);
            Future<HttpServer> forCalls = listen(
                    servers,
                    request -> handlers.current().forCalls().handle(request),
                    server.port() == 0 ? FREE_PORT : server.port(),
                    server.host());
            Future<Void> forAdmin = server.admin()
                    .port()
                    .map(port -> forCalls.compose(open -> listen(
                                    adminServers,
                                    request -> handlers.current().forAdmin().handle(request),
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

    private HttpServerOptions serverOptions() {
        HttpServerOptions options = new HttpServerOptions();
        return options.setInitialSettings(options.getInitialSettings()
                        .setMaxHeaderListSize(LONGEST_HEADERS)
                        .setMaxConcurrentStreams(MAX_STREAMS))
                .setHttp2RstFloodMaxRstFramePerWindow(MAX_RESETS)
                .setHttp2RstFloodWindowDuration(RESETS_SECONDS)
                .setTcpNoDelay(true)
                .setMaxHeaderSize(LONGEST_HEADERS)
                .setMaxInitialLineLength(LONGEST_LINE)
                .setHandle100ContinueAutomatically(true)
                // There is no WebSocket here, and its extensions would inspect every request and response.
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setIdleTimeout((int) settings().server().bounds().idleTimeout().toSeconds())
                .setIdleTimeoutUnit(TimeUnit.SECONDS);
    }
}
