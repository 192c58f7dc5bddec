package dev.understudy.gateway.call;

import dev.understudy.calls.config.ServerSettings;
import dev.understudy.calls.downstream.TrailHeader;
import dev.understudy.calls.driver.CallDriver;
import dev.understudy.calls.driver.CallResources;
import dev.understudy.calls.inbound.InboundRequest;
import dev.understudy.calls.plan.CallPlanner;
import dev.understudy.calls.plan.NoEligibleTarget;
import dev.understudy.calls.plan.PlannedCall;
import dev.understudy.calls.record.CallTrace;
import dev.understudy.gateway.drill.Drills;
import dev.understudy.gateway.metrics.CallMetrics;
import dev.understudy.gateway.quota.GatewayKey;
import dev.understudy.gateway.quota.GatewayKeys;
import dev.understudy.gateway.quota.KeyQuota;
import dev.understudy.gateway.quota.QuotaExceeded;
import dev.understudy.gateway.quota.Reservation;
import dev.understudy.protocol.HeaderLookup;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.BodyLimits;
import dev.understudy.protocol.model.ModelPrice;
import dev.understudy.protocol.model.PromptTokens;
import dev.understudy.protocol.options.FallbackOptions;
import dev.understudy.protocol.translate.CallerRequest;
import io.vertx.core.http.HttpHeaders;
import java.time.Instant;
import java.util.Optional;

/** Accepts the calls of one event loop: reads the request, plans the call and starts its driver. */
public final class CallHandler {
    private final CallResources resources;
    private final Drills.Loop drills;
    private final CallMetrics metrics;
    private final Observers observers;
    private final CallPlanner planner;
    private final GatewayKeys keys;
    private final int maxConcurrentCalls;
    private final BodyLimits bodyLimits;

    /**
     * @param keys of its callers, shared by all event loops
     * @param observers what gets the records of its calls
     */
    public CallHandler(
            CallResources resources,
            Drills.Loop drills,
            CallPlanner planner,
            GatewayKeys keys,
            ServerSettings settings,
            CallMetrics metrics,
            Observers observers) {
        this.resources = resources;
        this.drills = drills;
        this.metrics = metrics;
        this.observers = observers;
        this.planner = planner;
        this.keys = keys;
        this.maxConcurrentCalls = settings.maxConcurrentCalls();
        this.bodyLimits = BodyLimits.ofSize(settings.maxBody());
    }

    /** The keys of its callers. */
    public GatewayKeys keys() {
        return keys;
    }

    /**
     * Reads a request and plans its call. The time that it takes grows with the request, and it may be done on any thread.
     *
     * @param key that the caller presented
     * @param headers of the request
     * @throws BadRequest if it cannot be read
     */
    public PreparedCall prepare(GatewayKey key, HeaderLookup headers, InboundRequest arrived) throws BadRequest {
        InboundRequest inbound = arrived.withHeadersOfBody(bodyLimits);
        CallerRequest sent = inbound.request(bodyLimits);
        Optional<InboundRequest> completed =
                inbound.withEarlierTurns(sent, resources.upstream().conversations(), key.name());
        CallerRequest request =
                planner.named(completed.isPresent() ? completed.get().request(bodyLimits) : sent);
        FallbackOptions options = request.options(headers, planner.policy());
        boolean counted = key.quota().isPresent() && key.quota().get().countsTokens();
        // The bytes of a form are files.
        long promptTokens = counted && !inbound.isForm() ? PromptTokens.estimate(request.body()) : 0;
        return new PreparedCall(
                completed.orElse(inbound),
                request,
                options,
                planned(inbound, request, options, headers, key),
                promptTokens);
    }

    private PreparedCall.Outcome planned(
            InboundRequest inbound,
            CallerRequest request,
            FallbackOptions options,
            HeaderLookup headers,
            GatewayKey key)
            throws BadRequest {
        try {
            return new PreparedCall.Outcome.Planned(
                    planner.plan(inbound.api(), request, options, key.name(), key.permissions())
                            .ofConversation(request, headers));
        } catch (NoEligibleTarget noTarget) {
            return new PreparedCall.Outcome.NoTarget(noTarget);
        }
    }

    /**
     * Begins a call; its answer is written to the request's response when it is there.
     *
     * @return false if the maximum number of calls is running, in which case nothing was done
     * @throws BadRequest if the call cannot be begun; nothing was sent to a provider
     * @throws QuotaExceeded if a limit of the key is reached; nothing was sent to a provider
     */
    public boolean begin(CallSource source, PreparedCall call) throws BadRequest, QuotaExceeded {
        PlannedCall planned = switch (call.outcome()) {
            case PreparedCall.Outcome.Planned(PlannedCall found) -> found;
            case PreparedCall.Outcome.NoTarget(NoEligibleTarget none) -> {
                String trail = TrailHeader.of(none.skipped(), call.options().vocabulary());
                source.http().response().putHeader(TrailHeader.NAME, trail);
                throw none.reason();
            }
        };
        Optional<Reservation> reservation = Optional.empty();
        if (source.key().quota().isPresent()) {
            reservation = Optional.of(admit(source.key().quota().get(), call.promptTokens(), planned));
        }
        if (metrics.began() > maxConcurrentCalls) {
            metrics.ended();
            reservation.ifPresent(CallHandler::giveBack);
            return false;
        }
        try {
            Optional<Drills.DrilledCall> drilled = drills.isAnyRunning() ? drilled(source) : Optional.empty();
            new CallDriver(
                            drilled.isPresent() ? drilled.get().resources(resources) : resources,
                            new HttpCall(
                                    source,
                                    reservation,
                                    drilled,
                                    trace(source, call),
                                    observers
                                            .records()
                                            .contents()
                                            .begin(
                                                    call.inbound().api(),
                                                    source.body(),
                                                    () -> Optional.ofNullable(
                                                            source.http().getHeader(HttpHeaders.CONTENT_TYPE))),
                                    metrics,
                                    observers),
                            call.inbound(),
                            call.request(),
                            call.options(),
                            planned)
                    .begin();
        } catch (RuntimeException fault) {
            reservation.ifPresent(CallHandler::giveBack);
            throw fault;
        }
        return true;
    }

    private Optional<CallTrace> trace(CallSource source, PreparedCall call) {
        return observers
                .tracing()
                .map(tracing ->
                        tracing.begin(source.http().headers(), call.inbound().api()));
    }

    private Optional<Drills.DrilledCall> drilled(CallSource source) {
        return drills.of(
                Optional.ofNullable(source.http().getHeader(Drills.MARK)),
                source.key().name());
    }

    private static void giveBack(Reservation reserved) {
        reserved.settle(0, 0, System.nanoTime(), Instant.now());
    }

    /** Reserves the prompt, at the price of the first target. */
    private Reservation admit(KeyQuota quota, long promptTokens, PlannedCall planned) throws QuotaExceeded {
        ModelPrice price = planned.targets().getFirst().route().price().orElse(ModelPrice.FREE);
        try {
            return quota.admit(promptTokens, price.of(promptTokens, 0, 0), System.nanoTime(), Instant.now());
        } catch (QuotaExceeded exceeded) {
            metrics.rejected(exceeded.details().code());
            throw exceeded;
        }
    }
}
