package dev.understudy.gateway.http;

import dev.understudy.calls.config.Api;
import dev.understudy.calls.config.ServerSettings;
import dev.understudy.calls.driver.CallId;
import dev.understudy.calls.inbound.InboundRequest;
import dev.understudy.calls.inbound.OptionHeaders;
import dev.understudy.engine.ErrorDetails;
import dev.understudy.gateway.call.CallHandler;
import dev.understudy.gateway.call.CallSource;
import dev.understudy.gateway.call.PreparedCall;
import dev.understudy.gateway.connection.ConnectionLimits;
import dev.understudy.gateway.loop.EventLoop;
import dev.understudy.gateway.quota.GatewayKey;
import dev.understudy.gateway.quota.GatewayKeys;
import dev.understudy.gateway.quota.KeyQuota;
import dev.understudy.gateway.quota.QuotaExceeded;
import dev.understudy.gateway.quota.RateLimitHeaders;
import dev.understudy.protocol.HeaderLookup;
import dev.understudy.protocol.json.BadRequest;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The gateway's routes: finds the handler of each path and checks the caller's key. */
public final class RequestRouter implements Handler<HttpServerRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(RequestRouter.class);
    /** A body has this long, and longer if it is long. */
    private static final Duration BODY_PATIENCE = Duration.ofSeconds(60);

    private static final String KEYS_RETRY_SECONDS = "5";

    private final EventLoop clock;
    private final ServerSettings settings;
    private final CallHandler calls;
    private final ClientPages client;
    private final RequestBody.Limits limits;
    private final LargeBodies large;
    private final BrowserAccess browsers;
    private final Map<String, HttpRoute> routes;
    private final Optional<AdminPages> adminPages;

    /** What clients request beside calls: lists of models, counts of tokens, stored responses. */
    public record ClientPages(ModelPages models, TokenCounts counts, StoredResponses stored) {}

    /**
     * @param clock the event loop's own
     * @param calls accepts the calls
     * @param client what clients request beside calls
     * @param pages the operator's pages
     * @param bodies shared by all event loops
     * @param readiness what {@code /readyz} reports
     */
    public RequestRouter(
            EventLoop clock,
            ServerSettings settings,
            CallHandler calls,
            ClientPages client,
            AdminPages pages,
            BodyResources bodies,
            Supplier<Readiness> readiness) {
        this.large = new LargeBodies(clock, bodies.reading());
        this.limits = new RequestBody.Limits(
                settings.maxBody(), BODY_PATIENCE, settings.bounds().bodyRate(), bodies);
        this.clock = clock;
        this.settings = settings;
        this.calls = calls;
        this.client = client;
        this.browsers = new BrowserAccess(settings, settings.host());
        this.adminPages = settings.admin().port().isPresent() ? Optional.empty() : Optional.of(pages);
        HttpRoute models = new HttpRoute(
                HttpMethod.GET, asCaller((request, key) -> client.models().all(request, key.permissions())));
        // OpenPipe's SDKs report what they called elsewhere; the report has nothing that the gateway needs.
        HttpRoute report = new HttpRoute(HttpMethod.POST, this::report);
        Map<String, HttpRoute> all = new HashMap<>(HttpRoute.probes(readiness));
        all.putAll(Map.ofEntries(
                Map.entry("/v1/models", models),
                Map.entry("/models", models),
                Map.entry("/api/models", models),
                Map.entry("/api/v1/models", models),
                Map.entry("/v1beta/models", models),
                Map.entry("/openai/v1/models", models),
                Map.entry(
                        "/api/tags",
                        new HttpRoute(
                                HttpMethod.GET,
                                asCaller((request, key) -> client.models().tags(request, key.permissions())))),
                Map.entry(
                        "/api/ps",
                        new HttpRoute(
                                HttpMethod.GET,
                                asCaller((request, key) -> client.models().running(request)))),
                Map.entry("/api/show", new HttpRoute(HttpMethod.POST, asCaller(this::show))),
                Map.entry("/api/version", new HttpRoute(HttpMethod.GET, client.models()::version)),
                Map.entry("/v1/report", report),
                Map.entry("/report", report),
                Map.entry("/api/report", report),
                Map.entry("/api/v1/report", report)));
        this.routes = Map.copyOf(all);
    }

    @Override
    public void handle(HttpServerRequest request) {
        String path = request.path();
        Optional<Handler<HttpServerRequest>> page = path == null || adminPages.isEmpty()
                ? Optional.empty()
                : adminPages.get().at(path);
        HttpRoute route = page.isEmpty() && path != null ? routes.get(path) : null;
        boolean open = page.isEmpty()
                ? calls.keys().areNone()
                : adminPages.orElseThrow().areOpen();
        try {
            Optional<ErrorDetails> foreign = browsers.refusal(request, open);
            Optional<Endpoint> endpoint = path == null ? Optional.empty() : Endpoint.of(path, request);
            if (foreign.isPresent()) {
                GatewayResponses.error(request, 403, foreign.get());
            } else if (BrowserAccess.isPreflight(request)) {
                BrowserAccess.answerPreflight(request);
            } else if (page.isPresent()) {
                page.get().handle(request);
            } else if (endpoint.isPresent() && request.method().equals(HttpMethod.POST)) {
                call(request, endpoint.get());
            } else if (isWebSocket(request) && endpoint.isPresent()) {
                refuseWebSocket(request);
            } else if (route != null) {
                route.answer(request);
            } else if (endpoint.isPresent()) {
                GatewayResponses.refuseMethod(request, HttpMethod.POST);
            } else {
                otherwise(request, path == null ? "" : path);
            }
        } catch (RuntimeException fault) {
            LOG.error("a request to {} failed inside the gateway", path, fault);
            GatewayResponses.error(
                    request, 500, "server_error", "gateway_fault", "internal error in the gateway; see its log");
        }
    }

    private static boolean isWebSocket(HttpServerRequest request) {
        return "websocket".equalsIgnoreCase(request.getHeader(HttpHeaders.UPGRADE));
    }

    /** Clients that prefer a WebSocket use HTTP at once after this status, and try several times more after others. */
    private static void refuseWebSocket(HttpServerRequest request) {
        GatewayResponses.error(
                request,
                426,
                "invalid_request_error",
                "websocket_not_supported",
                "WebSocket connections are not served; send the same request by POST over HTTP");
    }

    private void otherwise(HttpServerRequest request, String path) {
        Optional<TokenCounts.Count> count = TokenCounts.at(path);
        Optional<StoredResponses.Operation> stored = count.isPresent() ? Optional.empty() : StoredResponses.at(path);
        int prefix = path.indexOf("/models/");
        if (count.isPresent()) {
            withBody(
                    request,
                    List.of(HttpMethod.POST),
                    (body, key, release) -> large.read(
                            request,
                            body,
                            release,
                            () -> client.counts().read(key, count.get(), body),
                            read -> client.counts().answer(request, key, count.get(), read)));
        } else if (stored.isPresent()) {
            withBody(request, stored.get().methods(), (body, key, release) -> {
                if (stored.get().isCompaction()) {
                    large.read(
                            request,
                            body,
                            release,
                            () -> client.stored().read(key, body),
                            read -> client.stored().compact(request, key, stored.get(), read));
                } else {
                    client.stored().answer(request, key, stored.get(), body);
                }
            });
        } else if (prefix >= 0
                && HttpRoute.asGet(request.method()).equals(HttpMethod.GET)
                && routes.containsKey(path.substring(0, prefix + 7))) {
            asCaller((each, key) -> client.models()
                            .one(each, key.permissions(), Endpoint.unescaped(path.substring(prefix + 8))))
                    .handle(request);
        } else if (path.equals("/") && request.method().equals(HttpMethod.HEAD)) {
            // Clients look whether the server is there.
            GatewayResponses.json(request, 200, "{}");
        } else {
            notFound(request, path);
        }
    }

    @FunctionalInterface
    private interface BodyHandler {
        void handle(byte[] body, GatewayKey key, Runnable release);
    }

    private void withBody(HttpServerRequest request, List<HttpMethod> allowed, BodyHandler handler) {
        if (!allowed.contains(request.method())) {
            GatewayResponses.refuseMethod(request, allowed.getFirst());
        } else {
            callerOf(request)
                    .ifPresent(key -> RequestBody.read(
                            clock,
                            request,
                            limits,
                            bodyOwner(request, key),
                            (body, release) -> handler.handle(body, key, release)));
        }
    }

    private static void notFound(HttpServerRequest request, String path) {
        String served = "calls go to POST /v1/chat/completions, /v1/responses, /v1/messages and others";
        Optional<String> unserved = UnservedApis.at(request.method(), path);
        GatewayResponses.error(
                request,
                404,
                "invalid_request_error",
                unserved.isPresent() ? "not_served" : "not_found",
                unserved.map(what -> "this gateway does not serve " + what
                                + ": use the provider's own address for them; " + served)
                        .orElse("unknown path; " + served));
    }

    private void call(HttpServerRequest request, Endpoint endpoint) {
        Optional<GatewayKey> caller = callerOf(request);
        if (caller.isEmpty()) {
            return;
        }
        RequestBody.read(clock, request, limits, bodyOwner(request, caller.get()), (body, release) -> {
            InboundRequest inbound = endpoint.inbound(request, body, settings.forwardHeaders());
            HeaderLookup headers = OptionHeaders.of(request.headers());
            large.read(
                    request,
                    body,
                    release,
                    () -> calls.prepare(caller.get(), headers, inbound),
                    prepared -> begin(new CallSource(request, caller.get(), body, release), prepared));
        });
    }

    private void begin(CallSource origin, LargeBodies.Reader<PreparedCall> prepared) {
        HttpServerRequest request = origin.http();
        try {
            if (!calls.begin(origin, prepared.read())) {
                request.response().putHeader("retry-after", "1");
                GatewayResponses.error(
                        request,
                        503,
                        "server_error",
                        "gateway_overloaded",
                        "the gateway is at its limit of " + settings.maxConcurrentCalls()
                                + " calls at once (server.max-concurrent-calls); try again shortly");
            }
        } catch (BadRequest bad) {
            request.response().putHeader("understudy-call-id", CallId.next()).putHeader("understudy-attempts", "0");
            GatewayResponses.error(request, bad.status(), bad.details());
        } catch (QuotaExceeded exceeded) {
            request.response().putHeader("understudy-call-id", CallId.next()).putHeader("understudy-attempts", "0");
            GatewayResponses.quotaExceeded(request, exceeded);
        } catch (RuntimeException fault) {
            LOG.error("a call failed inside the gateway", fault);
            GatewayResponses.error(
                    request, 500, "server_error", "gateway_fault", "internal error in the gateway; see its log");
        }
    }

    private void report(HttpServerRequest request) {
        callerOf(request)
                .ifPresent(key -> RequestBody.read(
                        clock,
                        request,
                        limits,
                        bodyOwner(request, key),
                        (body, release) -> GatewayResponses.json(request, 200, "{\"status\":\"ok\"}")));
    }

    private void show(HttpServerRequest request, GatewayKey key) {
        RequestBody.read(
                clock,
                request,
                limits,
                bodyOwner(request, key),
                (body, release) -> client.models().show(request, key.permissions(), body));
    }

    // Keys.

    private Handler<HttpServerRequest> asCaller(BiConsumer<HttpServerRequest, GatewayKey> page) {
        return request -> callerOf(request).ifPresent(key -> page.accept(request, key));
    }

    /** Who shares the memory for bodies: the holder of a key, or, where none is needed, a network. */
    private static Object bodyOwner(HttpServerRequest request, GatewayKey key) {
        return key.name().isEmpty() ? ConnectionLimits.network(request) : key.name();
    }

    /** The key that the caller presented; empty if it is not accepted, in which case the request has been answered. */
    private Optional<GatewayKey> callerOf(HttpServerRequest request) {
        GatewayKeys keys = calls.keys();
        Optional<GatewayKey> found = keys.find(keys.areNone() ? "" : PresentedKey.of(request));
        if (found.isEmpty()) {
            if (keys.mayBecomeKnown()) {
                refuseWhileKeysAreUnknown(request);
            } else {
                refuseCaller(request);
            }
            return found;
        }
        GatewayKey key = found.get();
        if (key.expires() && key.isExpired(Instant.now())) {
            refuseExpired(request, key);
            return Optional.empty();
        }
        if (key.quota().isPresent() && key.quota().get().hasRates()) {
            tellLimits(request, key.quota().get());
        }
        return found;
    }

    /** Whatever the answer, its headers tell the limits of the key as they are when it begins. */
    private static void tellLimits(HttpServerRequest request, KeyQuota quota) {
        boolean toAnthropics = Endpoint.apiOf(request) == Api.MESSAGES;
        HttpServerResponse response = request.response();
        response.headersEndHandler(writing ->
                RateLimitHeaders.put(response.headers(), quota, toAnthropics, System.nanoTime(), Instant.now()));
    }

    private static void refuseExpired(HttpServerRequest request, GatewayKey key) {
        GatewayResponses.error(
                request,
                401,
                "authentication_error",
                "key_expired",
                "the key '" + key.name() + "' of this gateway has expired; use a new one");
    }

    /** A 401 would make its holder believe that the key is wrong. */
    private static void refuseWhileKeysAreUnknown(HttpServerRequest request) {
        request.response().putHeader("retry-after", KEYS_RETRY_SECONDS);
        GatewayResponses.error(
                request,
                503,
                "server_error",
                "keys_unavailable",
                "the gateway's store, which may have this caller's key, could not be read since the gateway was started; only keys of"
                        + " the configuration (server.keys) are accepted until it is. The gateway's log names the cause");
    }

    private static void refuseCaller(HttpServerRequest request) {
        GatewayResponses.error(
                request,
                401,
                new ErrorDetails(
                        "this gateway needs one of its own keys (server.keys, or made in the console) as a bearer token",
                        "authentication_error",
                        "",
                        "invalid_api_key"));
    }
}
