package dev.understudy.gateway.admin;

import dev.understudy.calls.catalog.ConversationStore;
import dev.understudy.calls.catalog.ResponseOwners;
import dev.understudy.calls.config.ConversationLimits;
import dev.understudy.calls.config.Defaults;
import dev.understudy.calls.config.ProviderSettings;
import dev.understudy.calls.driver.CallDriver;
import dev.understudy.calls.driver.CallResources;
import dev.understudy.calls.loop.Timer;
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
import dev.understudy.protocol.recovery.ContinuationForms;
import dev.understudy.rehearsal.RehearsalProvider;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Runs calls that try a chain out: with the planner, the engine and the driver of all calls. Health, latencies and budgets belong to the one
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

    private static final int MOST_AT_ONCE = 4;
    private static final Duration LONGEST_REAL_CALL = Duration.ofMinutes(3);

    private final TryPlanner planner;
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
        this.planner = new TryPlanner(settings, reality.arePermitted(), reality.providers());
        this.reality = reality;
    }

    /**
     * What the calls of one event loop use.
     *
     * @param transport sends upstream requests
     * @param upstream of real calls, of which connections and threads are used
     */
    public record Loop(UpstreamTransport transport, UpstreamResources upstream) {}

    /**
     * Reads a request and plans its call. Reads the configuration file, and so does not belong on an event loop.
     *
     * @throws AdminError if there is no such chain, or anything in the request is impossible
     */
    public PlannedTry plan(AdminRequest request) throws AdminError {
        return planner.plan(request);
    }

    /**
     * Begins a call. On the event loop of {@code loop}.
     *
     * @param done receives the response, once
     * @return to be called if the client leaves
     * @throws AdminError if too many calls are tried out
     */
    public Runnable begin(PlannedTry call, Loop loop, RehearsalProvider rehearsal, Consumer<AdminResponse> done)
            throws AdminError {
        if (!running.tryAcquire()) {
            throw AdminError.of(
                    429,
                    "too_many_tries",
                    "only " + MOST_AT_ONCE + " calls can be tried out at once; wait for one to end");
        }
        try {
            return switch (call.upstreams()) {
                case PlannedTry.Upstreams.Rehearsed(Map<String, String> acts) ->
                    beginRehearsed(call, acts, loop, rehearsal, done);
                case PlannedTry.Upstreams.Real real -> beginReal(call, real, loop, rehearsal, done);
            };
        } catch (AdminError | RuntimeException fault) {
            running.release();
            throw fault;
        }
    }

    private Runnable beginRehearsed(
            PlannedTry call,
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
            PlannedTry call,
            PlannedTry.Upstreams.Real real,
            Loop loop,
            RehearsalProvider rehearsal,
            Consumer<AdminResponse> done)
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
                        .flatMap(fault ->
                                fault.injected(MARK, chat, loop.transport()).at(route, api, stream)));
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
            PlannedTry call,
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
            PlannedTry call, Map<String, String> acts, UpstreamTransport transport, RehearsalProvider rehearsal) {
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
