package dev.understudy.gateway.http;

import dev.understudy.calls.catalog.Catalog;
import dev.understudy.calls.config.ProviderSettings;
import dev.understudy.calls.work.WorkPool;
import dev.understudy.gateway.admin.AdminApi;
import dev.understudy.gateway.admin.AdminError;
import dev.understudy.gateway.admin.AdminRequest;
import dev.understudy.gateway.admin.AdminResponse;
import dev.understudy.gateway.admin.AdminServices;
import dev.understudy.gateway.admin.PlannedTry;
import dev.understudy.gateway.admin.TryCalls;
import dev.understudy.gateway.loop.EventLoop;
import dev.understudy.gateway.upstream.ProviderRequests;
import dev.understudy.rehearsal.RehearsalProvider;
import dev.understudy.store.StoreUnavailable;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The admin API over HTTP: reads requests, has them handled off the event loop, and writes the responses. */
final class AdminEndpoints {
    private static final Logger LOG = LoggerFactory.getLogger(AdminEndpoints.class);

    /** The paths that {@link AdminApi} leaves to this class, with their methods. */
    static final Map<String, HttpMethod> OWN =
            Map.of("/admin/v1/events", HttpMethod.GET, "/admin/v1/try", HttpMethod.POST);

    /** A third one, with the name of a provider in its path. */
    private static final Pattern TEST = Pattern.compile("/admin/v1/providers/([^/]+)/test");

    private static final int LONGEST_BODY = 1_000_000;
    private static final Duration BODY_PATIENCE = Duration.ofSeconds(30);
    private static final int BODY_RATE = 1_000;
    /** Whose memory the bodies take: no key can have this name. */
    private static final Object OWNER = new Object();

    private final EventLoop loop;
    private final AdminServices services;
    private final TryCalls.Loop upstream;
    private final ProviderAccess providers;
    private final RequestBody.Limits limits;

    /**
     * The providers of the configuration, and the way to them.
     *
     * @param requests the event loop's own
     */
    record ProviderAccess(Catalog catalog, ProviderRequests requests) {}

    /** @param upstream of the event loop, for calls that are tried out */
    AdminEndpoints(
            EventLoop loop,
            AdminServices services,
            TryCalls.Loop upstream,
            ProviderAccess providers,
            BodyResources bodies) {
        this.loop = loop;
        this.services = services;
        this.upstream = upstream;
        this.providers = providers;
        this.limits = new RequestBody.Limits(LONGEST_BODY, BODY_PATIENCE, BODY_RATE, bodies);
    }

    /** What answers the requests for a path below {@code /admin/v1/}; empty if there is nothing. */
    Optional<Handler<HttpServerRequest>> at(String path) {
        if (path.equals("/admin/v1/events")) {
            return Optional.of(new HttpRoute(HttpMethod.GET, this::events)::answer);
        }
        if (path.equals("/admin/v1/try")) {
            return Optional.of(new HttpRoute(HttpMethod.POST, this::tryOut)::answer);
        }
        Matcher test = TEST.matcher(path);
        if (test.matches()) {
            String provider = Endpoint.unescaped(test.group(1));
            return Optional.of(new HttpRoute(HttpMethod.POST, request -> test(request, provider))::answer);
        }
        List<AdminApi.Match> matches = services.api().at(path);
        return matches.isEmpty() ? Optional.empty() : Optional.of(request -> answer(request, matches));
    }

    private void answer(HttpServerRequest request, List<AdminApi.Match> matches) {
        String method = HttpRoute.asGet(request.method()).name();
        Optional<AdminApi.Match> match = matches.stream()
                .filter(each -> each.operation().method().equals(method))
                .findFirst();
        if (match.isEmpty()) {
            String allowed =
                    matches.stream().map(each -> each.operation().method()).collect(Collectors.joining(", "));
            GatewayResponses.refuseMethod(request, allowed);
            return;
        }
        AdminApi.Operation operation = match.get().operation();
        read(
                request,
                match.get().variables(),
                (read, release) ->
                        work(request, () -> operation.handler().handle(read), response -> respond(request, response)));
    }

    private void read(
            HttpServerRequest request, Map<String, String> variables, BiConsumer<AdminRequest, Runnable> whenRead) {
        if (HttpRoute.asGet(request.method()).equals(HttpMethod.GET)) {
            whenRead.accept(adminRequest(request, variables, new byte[0]), () -> {});
        } else {
            RequestBody.read(
                    loop,
                    request,
                    limits,
                    OWNER,
                    (body, release) -> whenRead.accept(adminRequest(request, variables, body), release));
        }
    }

    private static AdminRequest adminRequest(HttpServerRequest request, Map<String, String> variables, byte[] body) {
        Map<String, String> query = new HashMap<>();
        request.params().forEach(parameter -> query.putIfAbsent(parameter.getKey(), parameter.getValue()));
        Map<String, String> decoded = new HashMap<>();
        variables.forEach((name, value) -> decoded.put(name, Endpoint.unescaped(value)));
        String author = request.getHeader("understudy-author");
        return new AdminRequest(
                decoded, query, Optional.ofNullable(request.getHeader("if-match")), author == null ? "" : author, body);
    }

    /** Runs a job off the event loop, and continues on it; answers the request itself if the job fails. */
    private <T> void work(HttpServerRequest request, Callable<T> job, Consumer<T> then) {
        services.work().submit(loop, job).result().whenComplete((value, cause) -> {
            if (cause == null) {
                then.accept(value);
            } else {
                respond(request, failure(request, cause));
            }
        });
    }

    private static AdminResponse failure(HttpServerRequest request, Throwable cause) {
        return switch (cause) {
            case AdminError refused -> refused.response();
            case StoreUnavailable unavailable ->
                AdminError.storeUnavailable(String.valueOf(unavailable.getMessage()))
                        .response();
            case WorkPool.Full full -> AdminError.busy().response();
            default -> {
                LOG.error("the admin API failed at {}", request.path(), cause);
                yield AdminError.fault().response();
            }
        };
    }

    private static void respond(HttpServerRequest request, AdminResponse response) {
        if (request.response().ended() || request.response().closed()) {
            return;
        }
        request.response().putHeader("cache-control", "no-store").putHeader("x-content-type-options", "nosniff");
        response.version().ifPresent(version -> request.response().putHeader("etag", "\"" + version + "\""));
        response.retryAfter().ifPresent(seconds -> request.response().putHeader("retry-after", seconds.toString()));
        GatewayResponses.typed(request, response.status(), response.type(), response.body());
    }

    /** {@code POST /admin/v1/providers/NAME/test}: whether a provider can be reached and accepts its key. */
    private void test(HttpServerRequest request, String name) {
        Optional<ProviderSettings> provider = providers.catalog().providers().stream()
                .filter(each -> each.name().equals(name))
                .findFirst();
        if (provider.isEmpty()) {
            respond(request, AdminError.noSuchProvider().response());
            return;
        }
        read(
                request,
                Map.of(),
                (read, release) -> services.tests()
                        .run(provider.get(), providers.requests())
                        .onComplete(tested -> {
                            if (tested.succeeded()) {
                                respond(request, tested.result());
                            } else {
                                respond(request, failure(request, tested.cause()));
                            }
                        }));
    }

    /** {@code GET /admin/v1/events}: health, calls and settings as they change, until the reader leaves. */
    private void events(HttpServerRequest request) {
        if (request.method().equals(HttpMethod.HEAD)) {
            request.response().putHeader("content-type", "text/event-stream").end();
        } else if (!services.events().begin(services.vertx(), request.response())) {
            respond(request, AdminError.busy().response());
        }
    }

    /** {@code POST /admin/v1/try}: a call that tries a chain out. */
    private void tryOut(HttpServerRequest request) {
        read(
                request,
                Map.of(),
                (read, release) -> work(
                        request,
                        () -> services.tries().plan(read),
                        planned -> services.rehearsal()
                                .get()
                                .onComplete(started -> loop.execute(() -> {
                                    if (started.succeeded()) {
                                        begin(request, planned, started.result(), release);
                                    } else {
                                        respond(request, failure(request, started.cause()));
                                    }
                                }))));
    }

    private void begin(HttpServerRequest request, PlannedTry planned, RehearsalProvider rehearsal, Runnable release) {
        try {
            Runnable leave =
                    services.tries().begin(planned, upstream, rehearsal, response -> respond(request, response));
            if (request.response().closed()) {
                release.run();
                leave.run();
            } else if (!request.response().ended()) {
                request.response().closeHandler(left -> {
                    release.run();
                    leave.run();
                });
            }
        } catch (AdminError | RuntimeException refused) {
            respond(request, failure(request, refused));
        }
    }
}
