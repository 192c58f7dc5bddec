package dev.understudy.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.calls.catalog.Catalog;
import dev.understudy.calls.catalog.ConversationStore;
import dev.understudy.calls.catalog.ResponseOwners;
import dev.understudy.calls.config.ConversationLimits;
import dev.understudy.calls.config.Environment;
import dev.understudy.calls.config.ServerLimits;
import dev.understudy.calls.config.Settings;
import dev.understudy.calls.config.SettingsReader;
import dev.understudy.calls.driver.CallResources;
import dev.understudy.calls.plan.CallPlanner;
import dev.understudy.calls.upstream.AnswerMemory;
import dev.understudy.calls.upstream.ConnectionSlots;
import dev.understudy.calls.upstream.UpstreamEndpoints;
import dev.understudy.calls.upstream.UpstreamResources;
import dev.understudy.calls.work.WorkPools;
import dev.understudy.engine.SharedState;
import dev.understudy.gateway.admin.AdminApi;
import dev.understudy.gateway.admin.AdminEvents;
import dev.understudy.gateway.admin.AdminServices;
import dev.understudy.gateway.admin.CallLog;
import dev.understudy.gateway.admin.ProviderTests;
import dev.understudy.gateway.admin.RuntimeSettings;
import dev.understudy.gateway.admin.TryCalls;
import dev.understudy.gateway.call.CallHandler;
import dev.understudy.gateway.call.Observers;
import dev.understudy.gateway.contents.ContentsLog;
import dev.understudy.gateway.drill.Drills;
import dev.understudy.gateway.log.AccessLog;
import dev.understudy.gateway.loop.EventLoop;
import dev.understudy.gateway.metrics.CallMetrics;
import dev.understudy.gateway.quota.GatewayKeys;
import dev.understudy.gateway.quota.LoginAttempts;
import dev.understudy.gateway.upstream.ModelLists;
import dev.understudy.gateway.upstream.ProviderRequests;
import dev.understudy.gateway.upstream.UpstreamConnections;
import dev.understudy.gateway.upstream.VertxTransport;
import dev.understudy.protocol.json.BodyLimits;
import dev.understudy.protocol.recovery.ContinuationForms;
import dev.understudy.rehearsal.RehearsalProvider;
import dev.understudy.testing.wire.RawCaller;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.OutputStream;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A gateway that is stopping reports so on connections that are still open, and is alive all the same. */
@Timeout(60)
class ReadinessTest {

    @Test
    void drainingGatewayIsAliveAndNotReady() throws Exception {
        AtomicBoolean draining = new AtomicBoolean();
        Vertx vertx = Vertx.vertx();
        try (AccessLog log = AccessLog.to(OutputStream.nullOutputStream());
                RawCaller caller = RawCaller.connect(listen(vertx, log, draining))) {
            assertThat(caller.get("/readyz").readAnswer().status()).isEqualTo(200);
            draining.set(true);
            assertThat(caller.get("/readyz").readAnswer().status()).isEqualTo(503);
            assertThat(caller.get("/healthz").readAnswer().status()).isEqualTo(200);
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        }
    }

    private static int listen(Vertx vertx, AccessLog log, AtomicBoolean draining) throws Exception {
        Settings settings =
                new SettingsReader(Environment.of(Map.of())).read("test.yaml", "providers: {rehearsal: {}}");
        Catalog catalog = Catalog.of(settings);
        CallMetrics metrics = new CallMetrics(Set.of(), Set.of());
        SharedState shared = SharedState.ofDefaults();
        ContinuationForms forms = new ContinuationForms();
        EventLoop clock = new EventLoop(vertx);
        UpstreamConnections connections = new UpstreamConnections(vertx, vertx.createHttpClient());
        UpstreamEndpoints upstreamEndpoints =
                new UpstreamEndpoints(new VertxTransport(connections), (provider, address) -> Optional.empty());
        UpstreamResources upstream = new UpstreamResources(
                clock,
                upstreamEndpoints,
                forms,
                new ResponseOwners(),
                new ConversationStore(ConversationLimits.OFF),
                new ConnectionSlots(),
                WorkPools.ofThisMachine(),
                new AnswerMemory(ServerLimits.BUILT_IN.answerMemory()));
        RuntimeSettings runtime = RuntimeSettings.fixed(settings);
        AdminEvents events = new AdminEvents(() -> "{}");
        CallHandler calls = new CallHandler(
                new CallResources(shared, upstream),
                new Drills(Drills.Surroundings.ofSystem(shared::health, SharedState::ofDefaults, () -> false))
                        .onLoop(new VertxTransport(connections)),
                new CallPlanner(catalog),
                GatewayKeys.of(settings.server().keys()),
                settings.server(),
                metrics,
                new Observers(
                        log, new CallLog(Optional.empty(), () -> false, events, ContentsLog.none()), Optional.empty()));
        ProviderRequests requests = new ProviderRequests(connections, upstreamEndpoints);
        PreviousResponses previous = new PreviousResponses(
                catalog,
                new ResponseOwners(),
                new ConversationStore(ConversationLimits.OFF),
                BodyLimits.ofSize(1_000_000));
        RequestRouter.ClientPages clientPages = new RequestRouter.ClientPages(
                new ModelPages(vertx, catalog, new ModelLists(catalog.providers()), requests),
                new TokenCounts(catalog, previous, requests, settings.server()),
                new StoredResponses(
                        catalog,
                        new ResponseOwners(),
                        new ConversationStore(ConversationLimits.OFF),
                        previous,
                        requests,
                        settings.server()));
        BodyResources bodies = new BodyResources(
                new BodyMemory(1 << 30),
                upstream.work().decompression(),
                upstream.work().requests());
        AdminPages pages = AdminPages.of(
                clock,
                settings.server(),
                GatewayKeys.of(settings.server().keys()),
                catalog,
                shared,
                metrics,
                new AdminServices(
                        vertx,
                        new AdminApi(),
                        events,
                        new TryCalls(runtime, new TryCalls.Reality(() -> false, Map::of, Optional::empty, call -> {})),
                        () -> RehearsalProvider.start(vertx),
                        new ProviderTests(),
                        new LoginAttempts(),
                        upstream.work().checks(),
                        target -> {},
                        Optional::empty),
                new TryCalls.Loop(new VertxTransport(connections), upstream),
                requests,
                bodies);
        HttpServer server = vertx.createHttpServer()
                .requestHandler(new RequestRouter(
                        clock,
                        settings.server(),
                        calls,
                        clientPages,
                        pages,
                        bodies,
                        () -> draining.get() ? Readiness.DRAINING : Readiness.READY));
        return server.listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS)
                .actualPort();
    }
}
