package dev.understudy.client.http;

import dev.understudy.calls.bytes.Bytes;
import dev.understudy.calls.catalog.Catalog;
import dev.understudy.calls.catalog.ConversationStore;
import dev.understudy.calls.catalog.ResponseOwners;
import dev.understudy.calls.config.Settings;
import dev.understudy.calls.downstream.AnswerForm;
import dev.understudy.calls.downstream.CallerResponse;
import dev.understudy.calls.driver.CallDriver;
import dev.understudy.calls.driver.CallOrigin;
import dev.understudy.calls.driver.CallResources;
import dev.understudy.calls.driver.ConsumedTokens;
import dev.understudy.calls.inbound.InboundRequest;
import dev.understudy.calls.loop.CallLoop;
import dev.understudy.calls.plan.CallPlanner;
import dev.understudy.calls.plan.NoEligibleTarget;
import dev.understudy.calls.plan.PlannedCall;
import dev.understudy.calls.record.FinishedCall;
import dev.understudy.calls.upstream.AnswerJudge;
import dev.understudy.calls.upstream.AnswerMemory;
import dev.understudy.calls.upstream.Authorizer;
import dev.understudy.calls.upstream.ConnectionSlots;
import dev.understudy.calls.upstream.UpstreamEndpoints;
import dev.understudy.calls.upstream.UpstreamResources;
import dev.understudy.calls.upstream.UpstreamTransport;
import dev.understudy.calls.work.WorkPools;
import dev.understudy.client.chain.CallEvents;
import dev.understudy.client.chain.CallTrail;
import dev.understudy.client.chain.CircuitChanges;
import dev.understudy.client.chain.FallbackState;
import dev.understudy.client.loop.InlineCallLoop;
import dev.understudy.client.loop.Timers;
import dev.understudy.engine.AttemptKind;
import dev.understudy.engine.CommitPoint;
import dev.understudy.engine.FailureKind;
import dev.understudy.engine.FallbackCall;
import dev.understudy.engine.Step;
import dev.understudy.protocol.HeaderLookup;
import dev.understudy.protocol.failure.SecretsInUse;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.BodyLimits;
import dev.understudy.protocol.options.FallbackOptions;
import dev.understudy.protocol.recovery.ContinuationForms;
import dev.understudy.protocol.translate.CallerRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Runs calls inside the process, with the planner, the engine and the recovery of the gateway. Safe for use by many threads.
 *
 * <p>Requests and responses are bytes in the dialect of an API. What reads and writes them is above: the plain client, and the
 * HTTP clients of SDKs.
 */
public final class CallRunner implements AutoCloseable {
    private final Loops loops;
    private final Executor threads;
    private final CallPlanner planner;
    private final Catalog catalog;
    private final FallbackState state;
    private final OwnPlanners ownPlanners;
    private final UpstreamEndpoints endpoints;
    private final ContinuationForms forms = new ContinuationForms();
    private final ResponseOwners owners = new ResponseOwners();
    private final ConnectionSlots slots = new ConnectionSlots();
    private final ConversationStore conversations;
    private final WorkPools work = WorkPools.ofThisMachine();
    private final AnswerMemory answers;
    private final BodyLimits limits;
    private final SecretsInUse.Registration secrets;
    private final CallObservers observers;
    private final CircuitChanges circuits;
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * @param state what calls know together; other runners and chains may share it
     * @param loops on which the calls run: {@link #inline}, or always the same one if the transport needs that
     * @param transport sends upstream requests
     * @param authorizers for the requests to clouds
     * @param threads complete futures; what depends on them must not block the loop of a call
     * @param observers of the calls
     */
    public CallRunner(
            Settings settings,
            FallbackState state,
            Loops loops,
            UpstreamTransport transport,
            Authorizer.Source authorizers,
            Executor threads,
            CallObservers observers) {
        this.loops = loops;
        this.threads = threads;
        this.state = state;
        this.observers = observers;
        this.circuits = new CircuitChanges(state);
        this.catalog = Catalog.of(settings);
        this.answers = new AnswerMemory(settings.server().bounds().answerMemory());
        this.planner =
                new CallPlanner(catalog, owners, settings.server().bounds().deadline());
        this.ownPlanners = new OwnPlanners(settings, owners);
        this.conversations = new ConversationStore(settings.server().conversations());
        this.limits = BodyLimits.ofSize(settings.server().maxBody());
        this.secrets = SecretsInUse.register(settings.secrets());
        this.endpoints = new UpstreamEndpoints(transport, authorizers);
    }

    /** Gives a call its loop. */
    @FunctionalInterface
    public interface Loops {
        /** For the next call. */
        CallLoop next();
    }

    /**
     * A loop for each call, which needs no thread of its own.
     *
     * @param threads run the timers of calls
     */
    public static Loops inline(Executor threads) {
        return () -> new InlineCallLoop(Timers.shared(), threads);
    }

    /** The targets and models of the configuration. */
    public Catalog catalog() {
        return catalog;
    }

    /**
     * Begins a call. If the returned future is cancelled or completed otherwise, the call and its attempts end at once.
     *
     * @param options the headers that may carry fallback options
     * @param judge rejects answers that are not good enough; a stream is then held back until it is complete
     * @param completions complete the futures of the response; {@code Runnable::run} if a thread waits for them and nothing else
     *     depends on them
     * @return completed when the status and the headers are there
     * @throws BadRequest if the call cannot be begun; nothing was sent to a provider
     * @throws NoEligibleTarget if no target can serve it; nothing was sent to a provider
     * @throws IllegalStateException if the runner is closed
     */
    public CompletableFuture<CallResponse> begin(
            InboundRequest inbound, HeaderLookup options, Optional<AnswerJudge> judge, Executor completions)
            throws BadRequest, NoEligibleTarget {
        checkOpen();
        CallerRequest sent = inbound.request(limits);
        Optional<InboundRequest> completed = inbound.withEarlierTurns(sent, conversations, "");
        InboundRequest whole = completed.orElse(inbound);
        CallerRequest request = planner.named(completed.isPresent() ? whole.request(limits) : sent);
        FallbackOptions fallback = request.options(options, planner.policy());
        PlannedCall planned = planner.plan(inbound.api(), request, fallback, "").ofConversation(request, options);
        PlannedCall judged = judge.isPresent() ? planned.committingTo(CommitPoint.COMPLETE) : planned;
        InProcessCall call = new InProcessCall(inbound.body(), judge, completions);
        return run(call, whole, request, fallback, judged, endpoints);
    }

    /**
     * Begins a call whose caller has accounts beside those of the configuration: the call's model is one of its primary account,
     * whatever the name. Otherwise the same.
     *
     * @param sent the request, read
     */
    public CompletableFuture<CallResponse> begin(
            InboundRequest inbound, CallerRequest sent, HeaderLookup options, OwnAccounts own, Executor completions)
            throws BadRequest, NoEligibleTarget {
        checkOpen();
        OwnPlanners.Planner ownPlanner = ownPlanners.of(own.accounts());
        Optional<InboundRequest> completed = inbound.withEarlierTurns(sent, conversations, "");
        InboundRequest whole = completed.orElse(inbound);
        CallerRequest request = own.named(completed.isPresent() ? whole.request(limits) : sent);
        FallbackOptions fallback =
                own.completed(request.options(options, ownPlanner.planner().policy()), request, ownPlanner.catalog());
        PlannedCall planned = own.exact(ownPlanner.planner().plan(inbound.api(), request, fallback, ""), inbound.api())
                .ofConversation(request, options);
        InProcessCall call = new InProcessCall(inbound.body(), Optional.empty(), completions);
        return run(call, whole, request, fallback, planned, endpoints.with(own.endpoints()));
    }

    private void checkOpen() {
        if (closed.get()) {
            throw new IllegalStateException(
                    "the client is closed; create another one, or close it after its last call");
        }
    }

    private CompletableFuture<CallResponse> run(
            InProcessCall call,
            InboundRequest whole,
            CallerRequest request,
            FallbackOptions fallback,
            PlannedCall planned,
            UpstreamEndpoints ofCall) {
        CallResources resources = new CallResources(
                state.shared(),
                new UpstreamResources(call.loop, ofCall, forms, owners, conversations, slots, work, answers));
        call.loop.execute(() -> {
            try {
                new CallDriver(resources, call, whole, request, fallback, planned).begin();
            } catch (RuntimeException fault) {
                // Otherwise its caller would wait for ever.
                call.completions.execute(() -> call.response.completeExceptionally(fault));
            }
        });
        return call.response;
    }

    /** The longest body that is read. In bytes. */
    public int maxBody() {
        return limits.bytes();
    }

    /** Accepts no more calls; those that run continue. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            secrets.close();
        }
    }

    /** One call: where it comes from, and its response. Its fields are used on the loop. */
    private final class InProcessCall implements CallOrigin, CallerResponse {
        private final CallLoop loop = loops.next();
        private final byte[] request;
        private final Optional<AnswerJudge> judge;
        private final Executor completions;
        private final CallEvents events = new CallEvents(observers.listeners(), circuits, threads);
        private final CompletableFuture<CallResponse> response = new CompletableFuture<>();
        private final CompletableFuture<FinishedCall> finished = new CompletableFuture<>();
        private final Map<String, List<String>> headers = new LinkedHashMap<>();
        private final ResponseBody body = new ResponseBody(this::leave);
        private List<String> warnings = List.of();
        private Runnable onLeft = () -> {};
        private boolean streamBegan;
        private boolean left;
        private boolean ended;

        private InProcessCall(byte[] request, Optional<AnswerJudge> judge, Executor completions) {
            this.request = request;
            this.judge = judge;
            this.completions = completions;
            var unused = response.whenComplete((head, cause) -> {
                if (cause != null) {
                    body.close();
                }
            });
        }

        private void leave() {
            loop.execute(() -> {
                if (!left && !ended) {
                    left = true;
                    onLeft.run();
                }
            });
        }

        private void complete(int status) {
            Map<String, List<String>> all = Map.copyOf(headers);
            List<String> told = warnings;
            completions.execute(() -> {
                if (!response.complete(new CallResponse(status, all, told, body, finished))) {
                    // It was cancelled before the headers were there.
                    body.close();
                }
            });
        }

        @Override
        public String callerName() {
            return "";
        }

        @Override
        public byte[] body() {
            return request;
        }

        @Override
        public CallerResponse response(AnswerForm form, Runnable whenLeft) {
            onLeft = whenLeft;
            if (left) {
                // Cancelled before it began.
                loop.execute(whenLeft);
            }
            return this;
        }

        @Override
        public Optional<AnswerJudge> judge() {
            return judge;
        }

        @Override
        public void started(int number, Step step, AttemptKind kind) {
            events.started(number, step, kind);
        }

        @Override
        public void stepIsDone(FallbackCall engine, long now) {
            events.stepIsDone(engine, now);
        }

        @Override
        public void ended(FinishedCall call, Supplier<Optional<ConsumedTokens>> consumed) {
            ended = true;
            CallTrail trail = new CallTrail(call.outcome().trail());
            if (call.outcome().ending() == FinishedCall.Ending.ANSWERED) {
                events.answered(
                        call.outcome().answeredBy(), trail, call.measurements().duration());
            } else {
                FailureKind kind = call.outcome()
                        .verdict()
                        .map(verdict -> verdict.shown().kind())
                        .orElse(FailureKind.CANCELLED);
                events.failed(kind, trail, call.measurements().duration());
            }
            completions.execute(() -> finished.complete(call));
            observers.whenFinished().accept(call);
        }

        @Override
        public void header(String name, String value) {
            headers.put(name, List.of(value));
        }

        @Override
        public void warnings(List<String> texts) {
            warnings = List.copyOf(texts);
            CallerResponse.super.warnings(texts);
        }

        @Override
        public void answer(int status, String contentType, Bytes bytes) {
            header("content-type", contentType);
            body.write(bytes);
            body.end();
            complete(status);
        }

        @Override
        public boolean streamBegan() {
            return streamBegan;
        }

        @Override
        public void beginStream(String contentType) {
            streamBegan = true;
            header("content-type", contentType);
            complete(200);
        }

        @Override
        public void write(Bytes bytes) {
            body.write(bytes);
        }

        @Override
        public void endStream(Bytes last) {
            body.write(last);
            body.end();
        }

        @Override
        public boolean isFull() {
            return body.isFull();
        }

        @Override
        public void onDrained(Runnable action) {
            body.onDrained(() -> loop.execute(action));
        }

        @Override
        public boolean needsKeepAlives() {
            return false;
        }

        @Override
        public void keepAlive(byte[] sign) {
            // Nothing on the way to a caller in the same process closes a silent stream.
        }

        @Override
        public long lastWrite() {
            return System.nanoTime();
        }
    }
}
