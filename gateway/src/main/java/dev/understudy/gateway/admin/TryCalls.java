package dev.understudy.gateway.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.calls.catalog.Catalog;
import dev.understudy.calls.catalog.ConversationStore;
import dev.understudy.calls.catalog.ResponseOwners;
import dev.understudy.calls.config.Api;
import dev.understudy.calls.config.ConversationLimits;
import dev.understudy.calls.config.Defaults;
import dev.understudy.calls.config.Problem;
import dev.understudy.calls.config.ProviderDialect;
import dev.understudy.calls.config.ProviderSettings;
import dev.understudy.calls.config.Settings;
import dev.understudy.calls.config.SettingsLayer;
import dev.understudy.calls.driver.CallDriver;
import dev.understudy.calls.driver.CallResources;
import dev.understudy.calls.inbound.InboundRequest;
import dev.understudy.calls.plan.CallPlanner;
import dev.understudy.calls.plan.NoEligibleTarget;
import dev.understudy.calls.plan.PlannedCall;
import dev.understudy.calls.plan.PlannedTarget;
import dev.understudy.calls.upstream.ConnectionSlots;
import dev.understudy.calls.upstream.OwnEndpoint;
import dev.understudy.calls.upstream.UpstreamResources;
import dev.understudy.calls.upstream.UpstreamTransport;
import dev.understudy.engine.HealthRegistry;
import dev.understudy.engine.HedgingBudget;
import dev.understudy.engine.LatencyProfile;
import dev.understudy.engine.RetryBudget;
import dev.understudy.engine.SharedState;
import dev.understudy.engine.Timeouts;
import dev.understudy.protocol.HeaderLookup;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.BodyLimits;
import dev.understudy.protocol.options.FallbackOptions;
import dev.understudy.protocol.recovery.ContinuationForms;
import dev.understudy.protocol.translate.CallerRequest;
import dev.understudy.rehearsal.RehearsalProvider;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/**
 * Calls that try a chain out: with the planner, the engine and the driver of real calls, while the rehearsal provider stands in for
 * every target.
 *
 * <p>No request can reach a provider: each provider of the plan has an endpoint of its own, which sends to the rehearsal provider, and
 * an address that does not exist. Health, latencies and budgets belong to the one call.
 */
public final class TryCalls {
    private static final Set<String> MEMBERS = Set.of("chain", "targets", "fallbacks", "faults", "message", "stream");
    private static final Set<String> FAULTS = Set.of("ok", "down", "slow", "cut", "throttled");
    private static final URI NOWHERE = URI.create("http://rehearsal.invalid/v1");
    private static final String USUAL_NAME = "(try)";
    private static final int MOST_AT_ONCE = 4;
    /** How much longer than its late mark a slow target is silent. */
    private static final Duration BEYOND_THE_MARK = Duration.ofSeconds(1);

    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(25);
    private static final BodyLimits BODY = BodyLimits.ofSize(1_000_000);

    private final RuntimeSettings settings;
    private final Semaphore running = new Semaphore(MOST_AT_ONCE);

    public TryCalls(RuntimeSettings settings) {
        this.settings = settings;
    }

    /**
     * What the calls of one event loop use.
     *
     * @param transport sends upstream requests
     * @param upstream of real calls, of which connections and threads are used
     */
    public record Loop(UpstreamTransport transport, UpstreamResources upstream) {}

    /**
     * A call that can begin.
     *
     * @param acts what the rehearsal provider plays for each target; a target without an act is one of the rehearsal provider itself
     */
    public record Prepared(
            Settings settings,
            InboundRequest inbound,
            CallerRequest request,
            FallbackOptions options,
            PlannedCall planned,
            Map<String, String> acts) {}

    /**
     * Reads a request and plans its call. Reads the configuration file, and so does not belong on an event loop.
     *
     * @throws AdminError if there is no such chain, or anything in the request is impossible
     */
    public Prepared prepare(AdminRequest request) throws AdminError {
        ObjectNode body = request.object(MEMBERS);
        String chain = AdminRequest.text(body, "chain");
        JsonNode targets = body.get("targets");
        ObjectNode edit = body.deepCopy().retain("targets", "fallbacks");
        if (chain.isEmpty() && targets == null) {
            throw AdminError.invalid(List.of(AdminRequest.problem("chain", "name a chain, or targets")));
        }
        String name = chain.isEmpty() ? USUAL_NAME : chain;
        Settings wanted = settings.settings(settings.draft(
                (file, layer) -> edit.isEmpty() ? layer : edited(name, chain.isEmpty(), edit, file, layer)));
        Map<String, String> faults = faults(body);
        boolean stream = AdminRequest.flag(body, "stream").orElse(true);
        try {
            return planned(wanted, name, AdminRequest.text(body, "message"), stream, faults);
        } catch (NoEligibleTarget | BadRequest impossible) {
            throw AdminError.invalid(List.of(AdminRequest.problem("chain", String.valueOf(impossible.getMessage()))));
        }
    }

    /** Targets without a chain are tried alone; targets and fallbacks of a chain in place of its own. */
    private static SettingsLayer edited(
            String name, boolean alone, ObjectNode edit, ObjectNode file, SettingsLayer layer) throws AdminError {
        if (alone && !edit.has("fallbacks")) {
            edit.putArray("fallbacks");
        }
        return ChainDocuments.edit(name, edit).of(file, layer);
    }

    private static Map<String, String> faults(ObjectNode body) throws AdminError {
        Map<String, String> faults = new LinkedHashMap<>();
        List<Problem> problems = new ArrayList<>();
        body.path("faults").properties().forEach(each -> {
            if (FAULTS.contains(each.getValue().asText())) {
                faults.put(each.getKey(), each.getValue().asText());
            } else {
                problems.add(AdminRequest.problem(
                        "faults." + each.getKey(), "must be one of " + String.join(", ", new TreeSet<>(FAULTS))));
            }
        });
        if (!problems.isEmpty()) {
            throw AdminError.invalid(problems);
        }
        return faults;
    }

    private static Prepared planned(
            Settings wanted, String name, String message, boolean stream, Map<String, String> faults)
            throws NoEligibleTarget, BadRequest {
        // The rehearsal provider has one dialect.
        Settings rehearsed = wanted.withProviders(wanted.providers().keySet().stream()
                .map(provider -> ProviderSettings.ofCaller(provider, ProviderDialect.OPENAI, NOWHERE, false))
                .toList());
        CallPlanner planner = new CallPlanner(
                Catalog.of(rehearsed),
                new ResponseOwners(),
                wanted.server().bounds().deadline());
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("model", name);
        json.put("stream", stream);
        ArrayNode messages = json.putArray("messages");
        messages.addObject().put("role", "user").put("content", message.isBlank() ? "Hello" : message);
        InboundRequest inbound = new InboundRequest(
                Api.CHAT,
                Optional.empty(),
                stream,
                InboundRequest.JSON,
                InboundRequest.Forwarded.NOTHING,
                json.toString().getBytes(StandardCharsets.UTF_8));
        CallerRequest request = inbound.request(BODY);
        FallbackOptions options = request.options(HeaderLookup.NONE, planner.policy());
        PlannedCall planned = planner.plan(Api.CHAT, request, options, "");
        Map<String, String> acts = new HashMap<>();
        for (PlannedTarget target : planned.targets()) {
            String called = target.route().target().name();
            boolean isRehearsal = target.route().target().provider().equals(Settings.REHEARSAL);
            if (faults.containsKey(called) || !isRehearsal) {
                acts.put(
                        called,
                        act(faults.getOrDefault(called, "ok"), target.route().timeouts(), stream));
            }
        }
        return new Prepared(wanted, inbound, request, options, planned, acts);
    }

    private static String act(String fault, Timeouts limits, boolean stream) {
        return switch (fault) {
            case "slow" -> {
                Duration silence = (stream ? limits.firstToken() : limits.answer()).plus(BEYOND_THE_MARK);
                long millis = Math.min(silence.toMillis(), LONGEST_SILENCE.toMillis());
                yield "slow?ttft=" + millis + "ms";
            }
            case "cut" -> "cut?at=12";
            default -> fault;
        };
    }

    /**
     * Begins a call. On the event loop of {@code loop}.
     *
     * @param done receives the response, once
     * @return to be called if the client leaves
     * @throws AdminError if too many calls are tried out
     */
    public Runnable begin(Prepared call, Loop loop, RehearsalProvider rehearsal, Consumer<AdminResponse> done)
            throws AdminError {
        if (!running.tryAcquire()) {
            throw AdminError.of(
                    429,
                    "too_many_tries",
                    "only " + MOST_AT_ONCE + " calls can be tried out at once; wait for one to end");
        }
        TriedCall origin = new TriedCall(call.inbound().body(), response -> {
            running.release();
            done.accept(response);
        });
        UpstreamResources upstream = loop.upstream();
        Defaults.Budgets budgets = call.settings().defaults().budgets();
        try {
            new CallDriver(
                            new CallResources(
                                    new SharedState(
                                            new HealthRegistry(),
                                            new RetryBudget(budgets.retries()),
                                            new LatencyProfile(),
                                            new HedgingBudget(budgets.hedges())),
                                    new UpstreamResources(
                                            upstream.loop(),
                                            upstream.endpoints().with(endpoints(call, loop.transport(), rehearsal)),
                                            new ContinuationForms(),
                                            new ResponseOwners(),
                                            new ConversationStore(ConversationLimits.OFF),
                                            new ConnectionSlots(),
                                            upstream.work())),
                            origin,
                            call.inbound(),
                            call.request(),
                            call.options(),
                            call.planned())
                    .begin();
        } catch (RuntimeException fault) {
            running.release();
            throw fault;
        }
        return origin::leave;
    }

    private static Map<String, OwnEndpoint> endpoints(
            Prepared call, UpstreamTransport transport, RehearsalProvider rehearsal) {
        URI address = URI.create(rehearsal.baseUrl() + "/chat/completions");
        Map<String, OwnEndpoint> endpoints = new HashMap<>();
        call.settings()
                .providers()
                .keySet()
                .forEach(provider -> endpoints.put(provider, (api, model, contentType) -> {
                    Map<String, String> headers = new HashMap<>();
                    headers.put("content-type", contentType);
                    String act = call.acts().get(provider + "/" + model);
                    if (act != null) {
                        headers.put(RehearsalProvider.ACT_HEADER, act);
                    }
                    return transport.endpoint(address, headers);
                }));
        return endpoints;
    }
}
