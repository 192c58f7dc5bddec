package dev.understudy.gateway.call;

import dev.understudy.gateway.catalog.ConversationStore;
import dev.understudy.gateway.config.ServerSettings;
import dev.understudy.gateway.downstream.TrailHeader;
import dev.understudy.gateway.inbound.InboundRequest;
import dev.understudy.gateway.inbound.OptionHeaders;
import dev.understudy.gateway.plan.CallPlanner;
import dev.understudy.gateway.plan.NoEligibleTarget;
import dev.understudy.gateway.plan.PlannedCall;
import dev.understudy.protocol.HeaderLookup;
import dev.understudy.protocol.dialect.responses.StoredTurn;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.BodyLimits;
import dev.understudy.protocol.options.FallbackOptions;
import dev.understudy.protocol.translate.CallerRequest;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;

/** Accepts the calls of one event loop: reads the request, plans the call and starts its driver. */
public final class CallHandler {
    private final CallResources resources;
    private final CallPlanner planner;
    private final int maxConcurrentCalls;
    private final BodyLimits bodyLimits;

    public CallHandler(CallResources resources, CallPlanner planner, ServerSettings settings) {
        this.resources = resources;
        this.planner = planner;
        this.maxConcurrentCalls = settings.maxConcurrentCalls();
        this.bodyLimits = BodyLimits.ofSize(settings.maxBody());
    }

    /**
     * Begins a call; its answer is written to the request's response when it is there.
     *
     * @return false if the maximum number of calls is running, in which case nothing was done
     * @throws BadRequest if the call cannot be begun; nothing was sent to a provider
     */
    public boolean take(CallOrigin origin, InboundRequest inbound) throws BadRequest {
        HttpServerRequest http = origin.http();
        HeaderLookup headers = OptionHeaders.of(http.headers());
        CallerRequest sent = inbound.request(bodyLimits);
        Optional<InboundRequest> completed = completed(inbound, sent, origin.callerName());
        CallerRequest request =
                planner.named(completed.isPresent() ? completed.get().request(bodyLimits) : sent);
        FallbackOptions options = request.options(headers, planner.policy());
        PlannedCall planned;
        try {
            planned = planner.plan(inbound.api(), request, options, origin.callerName());
        } catch (NoEligibleTarget noTarget) {
            http.response().putHeader(TrailHeader.NAME, TrailHeader.of(noTarget.skipped(), options.vocabulary()));
            throw noTarget.reason();
        }
        if (resources.metrics().began() > maxConcurrentCalls) {
            resources.metrics().ended();
            return false;
        }
        // The turn that is kept is that of the request as it came, without the turns before it.
        new CallDriver(resources, origin, inbound.body(), completed.orElse(inbound), request, options, planned).begin();
        return true;
    }

    /** A request that continues a conversation which no provider knows, with the turns of the conversation in it. */
    private Optional<InboundRequest> completed(InboundRequest inbound, CallerRequest sent, String callerName) {
        ConversationStore conversations = resources.upstream().conversations();
        return sent.storedState()
                .previousResponse()
                .flatMap(id -> conversations.items(callerName, id))
                .flatMap(earlier -> StoredTurn.completed(inbound.body(), earlier))
                .map(inbound::withBody);
    }
}
