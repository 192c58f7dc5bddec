package dev.understudy.gateway;

import dev.understudy.calls.config.Environment;
import dev.understudy.calls.config.ServerSettings;
import dev.understudy.calls.config.Settings;
import dev.understudy.calls.driver.CallResources;
import dev.understudy.calls.upstream.AnswerMemory;
import dev.understudy.calls.upstream.CloudAuthorizers;
import dev.understudy.calls.upstream.ConnectionSlots;
import dev.understudy.calls.upstream.UpstreamEndpoints;
import dev.understudy.calls.upstream.UpstreamResources;
import dev.understudy.calls.work.WorkPools;
import dev.understudy.gateway.admin.AdminServices;
import dev.understudy.gateway.admin.TryCalls;
import dev.understudy.gateway.call.CallHandler;
import dev.understudy.gateway.call.Observers;
import dev.understudy.gateway.drill.Drills;
import dev.understudy.gateway.http.AdminPages;
import dev.understudy.gateway.http.AdminRouter;
import dev.understudy.gateway.http.BodyResources;
import dev.understudy.gateway.http.ModelPages;
import dev.understudy.gateway.http.PreviousResponses;
import dev.understudy.gateway.http.Readiness;
import dev.understudy.gateway.http.RequestRouter;
import dev.understudy.gateway.http.StoredResponses;
import dev.understudy.gateway.http.TokenCounts;
import dev.understudy.gateway.loop.EventLoop;
import dev.understudy.gateway.metrics.CallMetrics;
import dev.understudy.gateway.upstream.ProviderRequests;
import dev.understudy.gateway.upstream.UpstreamConnections;
import dev.understudy.gateway.upstream.VertxCredentials;
import dev.understudy.gateway.upstream.VertxTransport;
import dev.understudy.protocol.json.BodyLimits;
import dev.understudy.protocol.recovery.ContinuationForms;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The routers of one event loop, and the upstream connections that their calls use.
 *
 * <p>The routers belong to one snapshot of the configuration. They are replaced when a request arrives after a reload, so that a reload
 * waits for no event loop and takes effect in all of them at once.
 */
final class LoopHandlers {
    private static final int LONGEST_HEADERS = 64 * 1024;
    /** Shorter than the idle timeouts of common servers, so that this side closes first. */
    private static final int UPSTREAM_IDLE_SECONDS = 30;

    private final Shared shared;
    private final EventLoop loop;
    private final Deque<CloudAuthorizers> authorizers = new ArrayDeque<>();
    private ConfigurationSnapshot made;
    private int poolSize;
    private HttpClientAgent client;
    private UpstreamConnections connections;
    private Routers routers;

    /**
     * What the event loops of a gateway share.
     *
     * @param environment where the clouds' own clients look for credentials
     * @param forms how each target is made to continue an answer, as far as that is known
     * @param slots the limit of each provider on connections
     */
    record Shared(
            Vertx vertx,
            Environment environment,
            ConfigurationInForce configuration,
            ContinuationForms forms,
            ConnectionSlots slots,
            WorkPools work,
            AnswerMemory answers,
            BodyResources bodies,
            CallMetrics metrics,
            Observers observers,
            Drills drills,
            AdminServices admin,
            Supplier<Readiness> readiness) {}

    /** The routers of the server for calls and of the server of the operator's pages, where that is another one. */
    record Routers(RequestRouter forCalls, AdminRouter forAdmin) {}

    LoopHandlers(Shared shared) {
        this.shared = shared;
        this.loop = new EventLoop(shared.vertx());
        this.made = shared.configuration().snapshot();
        this.poolSize = poolSize(made.settings());
        this.client = client(poolSize);
        this.connections = new UpstreamConnections(shared.vertx(), client);
        this.routers = routers();
    }

    /** The routers of the snapshot that is in force now: the same object, or else it has been replaced. */
    @SuppressWarnings("ReferenceEquality")
    Routers current() {
        ConfigurationSnapshot now = shared.configuration().snapshot();
        if (made != now) {
            made = now;
            int wanted = poolSize(made.settings());
            if (wanted != poolSize) {
                // Running calls keep the former client, which closes its connections when the last of them has
                // ended.
                poolSize = wanted;
                client = client(wanted);
                connections = new UpstreamConnections(shared.vertx(), client);
            }
            routers = routers();
        }
        return routers;
    }

    /** Those of the former configuration are kept, because its calls may still run, and those before them closed. */
    private CloudAuthorizers authorizers() {
        authorizers.addLast(new CloudAuthorizers(
                new VertxCredentials(shared.vertx(), client),
                shared.environment(),
                InstantSource.system(),
                task -> shared.vertx()
                        .executeBlocking(
                                () -> {
                                    task.run();
                                    return null;
                                },
                                false)));
        if (authorizers.size() > 2) {
            authorizers.removeFirst().close();
        }
        return authorizers.getLast();
    }

    private Routers routers() {
        ServerSettings server = made.settings().server();
        ConfigurationInForce configuration = shared.configuration();
        VertxTransport transport = new VertxTransport(connections);
        UpstreamEndpoints endpoints = new UpstreamEndpoints(transport, authorizers());
        UpstreamResources upstream = new UpstreamResources(
                loop,
                endpoints,
                shared.forms(),
                configuration.owners(),
                configuration.conversations(),
                shared.slots(),
                shared.work(),
                shared.answers());
        ProviderRequests requests = new ProviderRequests(connections, endpoints);
        AdminPages pages = AdminPages.of(
                loop,
                server,
                made.keys(),
                made.catalog(),
                made.shared(),
                shared.metrics(),
                shared.admin(),
                new TryCalls.Loop(transport, upstream),
                requests,
                shared.bodies());
        CallHandler calls = new CallHandler(
                new CallResources(made.shared(), upstream),
                shared.drills().onLoop(transport),
                made.planner(),
                made.keys(),
                server,
                shared.metrics(),
                shared.observers());
        PreviousResponses previous = new PreviousResponses(
                made.catalog(),
                configuration.owners(),
                configuration.conversations(),
                BodyLimits.ofSize(server.maxBody()));
        RequestRouter.ClientPages clientPages = new RequestRouter.ClientPages(
                new ModelPages(shared.vertx(), made.catalog(), made.modelLists(), requests),
                new TokenCounts(made.catalog(), previous, requests, server),
                new StoredResponses(
                        made.catalog(),
                        configuration.owners(),
                        configuration.conversations(),
                        previous,
                        requests,
                        server));
        return new Routers(
                new RequestRouter(loop, server, calls, clientPages, pages, shared.bodies(), shared.readiness()),
                new AdminRouter(server, pages, shared.readiness()));
    }

    private HttpClientAgent client(int poolSize) {
        return shared.vertx()
                .httpClientBuilder()
                .with(clientOptions())
                .with(new PoolOptions().setHttp1MaxSize(poolSize))
                .withConnectHandler(UpstreamConnections::connected)
                .build();
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

    private static int poolSize(Settings settings) {
        // The slots enforce the limit of each provider. Providers at one address share a pool, in which no attempt may
        // wait: that would look like a provider that does not accept connections.
        long all = settings.providers().values().stream()
                .mapToLong(provider -> provider.maxConnections())
                .sum();
        return Math.clamp(all, 10_000, 1_000_000);
    }
}
