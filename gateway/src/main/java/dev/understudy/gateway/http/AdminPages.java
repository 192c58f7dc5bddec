package dev.understudy.gateway.http;

import dev.understudy.calls.catalog.Catalog;
import dev.understudy.calls.config.ServerSettings;
import dev.understudy.engine.SharedState;
import dev.understudy.gateway.admin.AdminServices;
import dev.understudy.gateway.admin.TryCalls;
import dev.understudy.gateway.connection.ConnectionLimits;
import dev.understudy.gateway.loop.EventLoop;
import dev.understudy.gateway.metrics.CallMetrics;
import dev.understudy.gateway.quota.GatewayKeys;
import dev.understudy.gateway.quota.LoginAttempts;
import dev.understudy.gateway.replicas.ReplicaStatus;
import dev.understudy.gateway.upstream.ProviderRequests;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** The gateway's pages for operators: its targets' health, its metrics. */
public final class AdminPages {
    private final ServerSettings settings;
    private final boolean isOpen;
    private final LoginAttempts logins;
    private final SharedState shared;
    private final HealthPage health;
    private final CallMetrics metrics;
    private final AdminEndpoints endpoints;
    private final ConsolePages console;
    private final Consumer<Optional<String>> resets;
    private final Map<String, HttpRoute> routes;

    /**
     * @param settings of the server, with the key that the pages require
     * @param isOpen whether they require none
     * @param endpoints the admin API beyond health
     * @param console the files of the console
     * @param resets tells other gateways whose circuits were closed, empty for all
     * @param health the page of it
     */
    private AdminPages(
            ServerSettings settings,
            boolean isOpen,
            LoginAttempts logins,
            SharedState shared,
            CallMetrics metrics,
            AdminEndpoints endpoints,
            ConsolePages console,
            Consumer<Optional<String>> resets,
            HealthPage health) {
        this.settings = settings;
        this.isOpen = isOpen;
        this.logins = logins;
        this.endpoints = endpoints;
        this.console = console;
        this.resets = resets;
        this.shared = shared;
        this.health = health;
        this.metrics = metrics;
        this.routes = Map.of(
                "/metrics", new HttpRoute(HttpMethod.GET, asAdmin(this::metrics)),
                "/admin/v1/health", new HttpRoute(HttpMethod.GET, asAdmin(this::health)),
                "/admin/v1/health/reset", new HttpRoute(HttpMethod.POST, asAdmin(this::resetHealth)));
    }

    /**
     * The pages of an event loop.
     *
     * @param settings of the server, with the key that the pages require
     * @param keys of callers
     * @param services what the admin API of all event loops shares
     * @param upstream of the event loop, for calls that are tried out
     * @param requests the event loop's own
     */
    public static AdminPages of(
            EventLoop loop,
            ServerSettings settings,
            GatewayKeys keys,
            Catalog catalog,
            SharedState shared,
            CallMetrics metrics,
            AdminServices services,
            TryCalls.Loop upstream,
            ProviderRequests requests,
            BodyResources bodies) {
        return new AdminPages(
                settings,
                settings.adminIsOpen(!keys.areNone()),
                services.logins(),
                shared,
                metrics,
                new AdminEndpoints(
                        loop, services, upstream, new AdminEndpoints.ProviderAccess(catalog, requests), bodies),
                new ConsolePages(loop),
                services.resets(),
                new HealthPage(catalog, shared, services.replicas()));
    }

    /** The document of {@code GET /admin/v1/health}. */
    public static String health(Catalog catalog, SharedState shared, Optional<ReplicaStatus> replicas) {
        return new HealthPage(catalog, shared, () -> replicas).json();
    }

    /** The paths that have no variables. */
    Set<String> paths() {
        return routes.keySet();
    }

    /** What answers the requests for a path, behind the admin key but for the console's files; empty if there is no page. */
    Optional<Handler<HttpServerRequest>> at(String path) {
        HttpRoute route = routes.get(path);
        if (route != null) {
            return Optional.of(route::answer);
        }
        if (path.startsWith("/admin/")) {
            return endpoints.at(path).map(this::asAdmin);
        }
        return ConsolePages.has(path) ? Optional.of(console::answer) : Optional.empty();
    }

    /** Whether the pages require no key. */
    boolean areOpen() {
        return isOpen;
    }

    private Handler<HttpServerRequest> asAdmin(Handler<HttpServerRequest> page) {
        return request -> {
            if (isOpen) {
                page.handle(request);
                return;
            }
            String presented = PresentedKey.of(request);
            if (presented.isEmpty()) {
                refuse(request);
                return;
            }
            Object address = ConnectionLimits.network(request);
            long now = System.nanoTime();
            long wait = logins.secondsToWait(address, now);
            if (wait > 0) {
                refuseForAWhile(request, wait);
            } else if (settings.admin()
                    .key()
                    .filter(key -> key.matches(presented))
                    .isPresent()) {
                page.handle(request);
            } else {
                logins.wrong(address, presented, now);
                refuse(request);
            }
        };
    }

    private static void refuseForAWhile(HttpServerRequest request, long seconds) {
        request.response().putHeader("retry-after", Long.toString(seconds));
        GatewayResponses.error(
                request,
                429,
                "rate_limit_error",
                "too_many_wrong_keys",
                "too many wrong admin keys came from this address; try again in " + seconds + " s");
    }

    private void refuse(HttpServerRequest request) {
        GatewayResponses.error(
                request,
                401,
                "authentication_error",
                "invalid_admin_key",
                settings.admin().key().isPresent()
                        ? "this page needs the admin key (server.admin.key) as a bearer token"
                        : "this page is closed, because callers need keys and no admin key is configured; set server.admin.key"
                                + " (or UNDERSTUDY_ADMIN_KEY), or open the page on purpose with server.admin.open: true");
    }

    /** {@code GET /admin/v1/health}: every target's state, its cause and the outcomes of its last attempts. */
    void health(HttpServerRequest request) {
        GatewayResponses.json(request, 200, health.json());
    }

    /**
     * {@code POST /admin/v1/health/reset}: closes the circuits of all targets, or with {@code ?target=provider/model} those
     * of one.
     */
    void resetHealth(HttpServerRequest request) {
        String target = request.getParam("target");
        if (target == null) {
            shared.health().reset();
            resets.accept(Optional.empty());
            GatewayResponses.json(request, 200, JsonPage.text(json -> {
                json.writeStartObject();
                json.writeStringField("reset", "all");
                json.writeEndObject();
            }));
        } else if (shared.health().reset(target)) {
            resets.accept(Optional.of(target));
            GatewayResponses.json(request, 200, JsonPage.text(json -> {
                json.writeStartObject();
                json.writeStringField("reset", target);
                json.writeEndObject();
            }));
        } else {
            GatewayResponses.error(
                    request,
                    404,
                    "invalid_request_error",
                    "unknown_target",
                    "unknown target '" + target + "'; GET /admin/v1/health lists those that were tried");
        }
    }

    /** {@code GET /metrics}, in Prometheus' text format. */
    void metrics(HttpServerRequest request) {
        GatewayResponses.text(request, 200, metrics.scrape());
    }
}
