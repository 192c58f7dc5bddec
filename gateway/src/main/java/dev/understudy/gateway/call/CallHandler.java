package dev.understudy.gateway.call;

import dev.understudy.engine.SharedState;
import dev.understudy.gateway.log.AccessLog;
import dev.understudy.gateway.metrics.CallMetrics;
import dev.understudy.gateway.timer.EventLoopTimers;
import dev.understudy.protocol.HeaderLookup;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.options.FallbackOptions;
import dev.understudy.protocol.recovery.ContinuationForms;
import dev.understudy.protocol.translate.CallerRequest;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpServerRequest;

/** Takes in the calls of one event loop: reads what is asked, plans, and sets a driver to work. */
public final class CallHandler {
    private final CallDriver.Surroundings around;
    private final CallPlanner planner;
    private final int mostAtOnce;

    /**
     * @param clock the event loop's own
     * @param client the event loop's own connections
     * @param upstreamEndpoints the event loop's own
     * @param mostAtOnce how many calls may be at work in the whole gateway
     */
    public CallHandler(
            Vertx vertx,
            EventLoopTimers clock,
            HttpClient client,
            UpstreamEndpoints upstreamEndpoints,
            SharedState shared,
            ContinuationForms forms,
            CallPlanner planner,
            CallMetrics metrics,
            AccessLog log,
            int mostAtOnce) {
        this.around = new CallDriver.Surroundings(vertx, clock, client, shared, upstreamEndpoints, forms, metrics, log);
        this.planner = planner;
        this.mostAtOnce = mostAtOnce;
    }

    /**
     * Begins a call; its answer is written to the request's response when it is there.
     *
     * @param inbound what is asked, and in which language
     * @param callerName the name of the key that the caller presented; empty if none is needed
     * @return false if as many calls as are allowed are at work already, and nothing was done
     * @throws BadRequest if the call cannot be begun; nothing was sent to anybody
     */
    public boolean take(HttpServerRequest http, InboundRequest inbound, String callerName) throws BadRequest {
        HeaderLookup headers = OptionHeaders.of(http.headers());
        CallerRequest request = inbound.request();
        FallbackOptions options = request.options(headers, planner.policy());
        PlannedCall planned;
        try {
            planned = planner.plan(inbound.api(), request, options, callerName);
        } catch (NoEligibleTarget noTarget) {
            http.response().putHeader(TrailHeader.NAME, TrailHeader.of(noTarget.skipped(), options.vocabulary()));
            throw noTarget.reason();
        }
        if (around.metrics().began() > mostAtOnce) {
            around.metrics().ended();
            return false;
        }
        new CallDriver(around, http, callerName, inbound, request, options, planned).begin();
        return true;
    }
}
