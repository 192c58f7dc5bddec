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
import dev.understudy.calls.loop.Timer;
import dev.understudy.calls.plan.CallPlanner;
import dev.understudy.calls.plan.NoEligibleTarget;
import dev.understudy.calls.plan.PlannedCall;
import dev.understudy.calls.plan.PlannedTarget;
import dev.understudy.calls.record.CallTrace;
import dev.understudy.calls.record.FinishedCall;
import dev.understudy.calls.upstream.ConnectionSlots;
import dev.understudy.calls.upstream.OwnEndpoint;
import dev.understudy.calls.upstream.UpstreamEndpoints;
import dev.understudy.calls.upstream.UpstreamResources;
import dev.understudy.calls.upstream.UpstreamTransport;
import dev.understudy.engine.HealthRegistry;
import dev.understudy.engine.HedgingBudget;
import dev.understudy.engine.LatencyProfile;
import dev.understudy.engine.RetryBudget;
import dev.understudy.engine.SharedState;
import dev.understudy.engine.Timeouts;
import dev.understudy.gateway.drill.DrillFault;
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
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls that try a chain out: with the planner, the engine and the driver of all calls. Health, latencies and budgets belong to the one
 * call.
 *
 * <p>A rehearsed call reaches no provider: each provider of the plan has an endpoint of its own, which sends to the rehearsal provider,
 * and an address that does not exist. A real call, which has to be requested as such, calls the providers, but for the targets into whose
 * requests the chosen faults are injected as a drill would; it is recorded with a mark.
 */
public final class TryCalls {
    /** The name of the caller in the records of real calls. The name of a key begins with a letter or a digit. */
    public static final String CALLER = "(console)";

    /** In place of a drill's name, in the trail of a real call. The names of drills have small letters only. */
    static final String MARK = "Try-it";

    private static final Logger LOG = LoggerFactory.getLogger(TryCalls.class);

    private static final Set<String> MEMBERS =
            Set.of("chain", "targets", "fallbacks", "faults", "message", "stream", "real", "max_tokens");
    private static final String OK = "ok";
    private static final Set<String> FAULTS = Set.of(OK, "down", "slow", "cut", "throttled");
    private static final URI NOWHERE = URI.create("http://rehearsal.invalid/v1");
    private static final String USUAL_NAME = "(try)";
    private static final int MOST_AT_ONCE = 4;
    /** How much longer than its late mark a slow target is silent. */
    private static final Duration BEYOND_THE_MARK = Duration.ofSeconds(1);

    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(25);
    private static final BodyLimits BODY = BodyLimits.ofSize(1_000_000);

    private static final int USUAL_TOKENS = 256;
    private static final int MOST_TOKENS = 2_048;
    private static final int LONGEST_REAL_MESSAGE = 10_000;
    private static final Duration LONGEST_REAL_CALL = Duration.ofMinutes(3);

    private final RuntimeSettings settings;
    private final Reality reality;
    private final Semaphore running = new Semaphore(MOST_AT_ONCE);
    /** The authors of the real calls that run: no more than there are permits. */
    private final Set<String> authorsOfReal = ConcurrentHashMap.newKeySet();

    /**
     * What real calls need of the gateway.
     *
     * @param arePermitted whether the configuration permits drills, and so calls of the console to providers
     * @param providers those in force by name, with the keys that were set at run time
     * @param trace the trace of a call that begins; empty if calls are not traced
     * @param record receives the record of a call that has ended
     */
    public record Reality(
            BooleanSupplier arePermitted,
            Supplier<Map<String, ProviderSettings>> providers,
            Supplier<Optional<CallTrace>> trace,
            Consumer<FinishedCall> record) {}

    public TryCalls(RuntimeSettings settings, Reality reality) {
        this.settings = settings;
        this.reality = reality;
    }

    /**
     * What the calls of one event loop use.
     *
     * @param transport sends upstream requests
     * @param upstream of real calls, of which connections and threads are used
     */
    public record Loop(UpstreamTransport transport, UpstreamResources upstream) {}

    /** A call that can begin. */
    public record Prepared(
            Settings settings,
            InboundRequest inbound,
            CallerRequest request,
            FallbackOptions options,
            PlannedCall planned,
            Upstreams upstreams) {}

    /** What receives the requests of a call. */
    sealed interface Upstreams {
        /**
         * The rehearsal provider.
         *
         * @param acts what it plays for each target; a target without an act is one of the rehearsal provider itself
         */
        record Rehearsed(Map<String, String> acts) implements Upstreams {}

        /**
         * The providers themselves.
         *
         * @param faults that are injected, by target
         * @param author who called them; empty if that is not known
         */
        record Real(Map<String, DrillFault> faults, String author) implements Upstreams {}
    }

    /** What a call says, and how. */
    private record Message(String text, boolean stream, OptionalInt maxTokens) {}

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
        boolean real = AdminRequest.flag(body, "real").orElse(false);
        if (real && !reality.arePermitted().getAsBoolean()) {
            throw AdminError.drillsOff();
        }
        Message message = message(body, real);
        Map<String, String> faults = faults(body);
        String name = chain.isEmpty() ? USUAL_NAME : chain;
        Settings wanted = settings.settings(settings.draft(
                (file, layer) -> edit.isEmpty() ? layer : edited(name, chain.isEmpty(), edit, file, layer)));
        try {
            return real
                    ? real(wanted, name, message, faults, request.author())
                    : rehearsed(wanted, name, message, faults);
        } catch (NoEligibleTarget | BadRequest impossible) {
            throw AdminError.invalid(List.of(AdminRequest.problem("chain", String.valueOf(impossible.getMessage()))));
        }
    }

    private static Message message(ObjectNode body, boolean real) throws AdminError {
        List<Problem> problems = new ArrayList<>();
        String text = AdminRequest.text(body, "message");
        int tokens = AdminRequest.number(body, "max_tokens", 1, USUAL_TOKENS, MOST_TOKENS, problems);
        if (!real && body.has("max_tokens")) {
            problems.add(AdminRequest.problem("max_tokens", "limits real calls only"));
        }
        if (real && text.length() > LONGEST_REAL_MESSAGE) {
            problems.add(AdminRequest.problem(
                    "message", "a real call has a message of at most " + LONGEST_REAL_MESSAGE + " characters"));
        }
        if (!problems.isEmpty()) {
            throw AdminError.invalid(problems);
        }
        return new Message(
                text.isBlank() ? "Hello" : text,
                AdminRequest.flag(body, "stream").orElse(true),
                real ? OptionalInt.of(tokens) : OptionalInt.empty());
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

    private static Prepared rehearsed(Settings wanted, String name, Message message, Map<String, String> faults)
            throws NoEligibleTarget, BadRequest {
        // The rehearsal provider has one dialect.
        Settings rehearsed = wanted.withProviders(wanted.providers().keySet().stream()
                .map(provider -> ProviderSettings.ofCaller(provider, ProviderDialect.OPENAI, NOWHERE, false))
                .toList());
        return planned(wanted, rehearsed, name, message, planned -> {
            Map<String, String> acts = new HashMap<>();
            for (PlannedTarget target : planned.targets()) {
                String called = target.route().target().name();
                boolean isRehearsal = target.route().target().provider().equals(Settings.REHEARSAL);
                if (faults.containsKey(called) || !isRehearsal) {
                    acts.put(
                            called,
                            act(faults.getOrDefault(called, OK), target.route().timeouts(), message.stream()));
                }
            }
            return new Upstreams.Rehearsed(acts);
        });
    }

    private Prepared real(Settings wanted, String name, Message message, Map<String, String> faults, String author)
            throws NoEligibleTarget, BadRequest, AdminError {
        Map<String, ProviderSettings> providers = reality.providers().get();
        Prepared prepared = planned(wanted, wanted.withProviders(providers.values()), name, message, planned -> {
            Map<String, DrillFault> injected = new HashMap<>();
            for (PlannedTarget target : planned.targets()) {
                String called = target.route().target().name();
                String fault = faults.getOrDefault(called, OK);
                if (!fault.equals(OK)) {
                    injected.put(
                            called, DrillFault.parse(act(fault, target.route().timeouts(), message.stream())));
                }
            }
            return new Upstreams.Real(injected, author);
        });
        for (PlannedTarget target : prepared.planned().targets()) {
            String provider = target.route().target().provider();
            if (!providers.containsKey(provider)) {
                throw AdminError.invalid(List.of(AdminRequest.problem(
                        "targets", "the provider '" + provider + "' is not in force yet; reload the configuration")));
            }
        }
        LOG.info(
                "a real call of {} was requested in the console by {}",
                name,
                author.isEmpty() ? "an unnamed operator" : author);
        return prepared;
    }

    private static Prepared planned(
            Settings wanted,
            Settings withProviders,
            String name,
            Message message,
            Function<PlannedCall, Upstreams> upstreams)
            throws NoEligibleTarget, BadRequest {
        CallPlanner planner = new CallPlanner(
                Catalog.of(withProviders),
                new ResponseOwners(),
                wanted.server().bounds().deadline());
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("model", name);
        json.put("stream", message.stream());
        message.maxTokens().ifPresent(most -> {
            json.put("max_tokens", most);
            if (message.stream()) {
                // Else providers do not count the tokens of a stream, and the cost is not known.
                json.putObject("stream_options").put("include_usage", true);
            }
        });
        ArrayNode messages = json.putArray("messages");
        messages.addObject().put("role", "user").put("content", message.text());
        InboundRequest inbound = new InboundRequest(
                Api.CHAT,
                Optional.empty(),
                message.stream(),
                InboundRequest.JSON,
                InboundRequest.Forwarded.NOTHING,
                json.toString().getBytes(StandardCharsets.UTF_8));
        CallerRequest request = inbound.request(BODY);
        FallbackOptions options = request.options(HeaderLookup.NONE, planner.policy());
        PlannedCall planned = planner.plan(Api.CHAT, request, options, "");
        return new Prepared(wanted, inbound, request, options, planned, upstreams.apply(planned));
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
        try {
            return switch (call.upstreams()) {
                case Upstreams.Rehearsed(Map<String, String> acts) -> beginRehearsed(call, acts, loop, rehearsal, done);
                case Upstreams.Real real -> beginReal(call, real, loop, rehearsal, done);
            };
        } catch (AdminError | RuntimeException fault) {
            running.release();
            throw fault;
        }
    }

    private Runnable beginRehearsed(
            Prepared call,
            Map<String, String> acts,
            Loop loop,
            RehearsalProvider rehearsal,
            Consumer<AdminResponse> done) {
        TriedCall origin =
                new TriedCall(call.inbound().body(), "", Optional.empty(), finished -> running.release(), done);
        UpstreamEndpoints endpoints =
                loop.upstream().endpoints().with(endpoints(call, acts, loop.transport(), rehearsal));
        drive(call, origin, loop.upstream(), endpoints, new ConnectionSlots());
        return origin::leave;
    }

    private Runnable beginReal(
            Prepared call, Upstreams.Real real, Loop loop, RehearsalProvider rehearsal, Consumer<AdminResponse> done)
            throws AdminError {
        if (!authorsOfReal.add(real.author())) {
            throw AdminError.of(
                    429, "too_many_tries", "a real call of yours is running; wait for it to end, at most 3 minutes");
        }
        UpstreamResources upstream = loop.upstream();
        AtomicReference<Optional<Timer>> limit = new AtomicReference<>(Optional.empty());
        TriedCall origin = new TriedCall(
                call.inbound().body(),
                CALLER,
                reality.trace().get(),
                finished -> {
                    running.release();
                    authorsOfReal.remove(real.author());
                    limit.get().ifPresent(Timer::cancel);
                    reality.record().accept(finished);
                },
                done);
        URI chat = chatOf(rehearsal);
        // The loop's own are cached by target, for providers that are in force.
        UpstreamEndpoints endpoints = new UpstreamEndpoints(
                        loop.transport(), upstream.endpoints().authorizers())
                .with((route, api, stream) -> Optional.ofNullable(
                                real.faults().get(route.target().name()))
                        .flatMap(fault -> fault.at(MARK, route, api, stream, chat, loop.transport())));
        try {
            limit.set(Optional.of(upstream.loop()
                    .runAt(
                            System.nanoTime() + LONGEST_REAL_CALL.toNanos(),
                            () -> origin.cancel("The call was cancelled after 3 minutes, the longest time of a call"
                                    + " that is tried out."))));
            drive(call, origin, upstream, endpoints, upstream.slots());
        } catch (RuntimeException fault) {
            authorsOfReal.remove(real.author());
            limit.get().ifPresent(Timer::cancel);
            throw fault;
        }
        return origin::leave;
    }

    private static void drive(
            Prepared call,
            TriedCall origin,
            UpstreamResources upstream,
            UpstreamEndpoints endpoints,
            ConnectionSlots slots) {
        Defaults.Budgets budgets = call.settings().defaults().budgets();
        new CallDriver(
                        new CallResources(
                                new SharedState(
                                        new HealthRegistry(),
                                        new RetryBudget(budgets.retries()),
                                        new LatencyProfile(),
                                        new HedgingBudget(budgets.hedges())),
                                new UpstreamResources(
                                        upstream.loop(),
                                        endpoints,
                                        new ContinuationForms(),
                                        new ResponseOwners(),
                                        new ConversationStore(ConversationLimits.OFF),
                                        slots,
                                        upstream.work())),
                        origin,
                        call.inbound(),
                        call.request(),
                        call.options(),
                        call.planned())
                .begin();
    }

    private static URI chatOf(RehearsalProvider rehearsal) {
        return URI.create(rehearsal.baseUrl() + "/chat/completions");
    }

    private static Map<String, OwnEndpoint> endpoints(
            Prepared call, Map<String, String> acts, UpstreamTransport transport, RehearsalProvider rehearsal) {
        URI address = chatOf(rehearsal);
        Map<String, OwnEndpoint> endpoints = new HashMap<>();
        call.settings()
                .providers()
                .keySet()
                .forEach(provider -> endpoints.put(provider, (api, model, contentType) -> {
                    Map<String, String> headers = new HashMap<>();
                    headers.put("content-type", contentType);
                    String act = acts.get(provider + "/" + model);
                    if (act != null) {
                        headers.put(RehearsalProvider.ACT_HEADER, act);
                    }
                    return transport.endpoint(address, headers);
                }));
        return endpoints;
    }
}
