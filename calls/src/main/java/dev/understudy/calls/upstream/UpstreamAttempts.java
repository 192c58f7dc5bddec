package dev.understudy.calls.upstream;

import dev.understudy.calls.bytes.Bytes;
import dev.understudy.calls.config.Api;
import dev.understudy.calls.config.Credential;
import dev.understudy.calls.inbound.InboundRequest;
import dev.understudy.calls.plan.PlannedCall;
import dev.understudy.calls.plan.PlannedTarget;
import dev.understudy.calls.record.CallTrace;
import dev.understudy.calls.work.WorkPool;
import dev.understudy.calls.work.WorkPools;
import dev.understudy.engine.AttemptKind;
import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.engine.Recovery;
import dev.understudy.engine.Signal;
import dev.understudy.engine.TrailEntry;
import dev.understudy.engine.Verdict;
import dev.understudy.protocol.acceptance.ContinuedJson;
import dev.understudy.protocol.answer.AnswerRules;
import dev.understudy.protocol.dialect.UntranslatableRequest;
import dev.understudy.protocol.dialect.WrittenRequest;
import dev.understudy.protocol.dialect.responses.StoredState;
import dev.understudy.protocol.dialect.responses.StoredTurn;
import dev.understudy.protocol.failure.ProviderError;
import dev.understudy.protocol.failure.SecretsInUse;
import dev.understudy.protocol.model.ModelPrice;
import dev.understudy.protocol.recovery.ContinuationForm;
import dev.understudy.protocol.recovery.DeliveredPart;
import dev.understudy.protocol.translate.CallerRequest;
import dev.understudy.protocol.translate.RequestTranslator;
import dev.understudy.protocol.translate.ResponseTranslator;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The attempts of one call on the wire, and how each is started. */
public final class UpstreamAttempts {
    private static final Logger LOG = LoggerFactory.getLogger(UpstreamAttempts.class);

    /** Requests up to this many bytes are written within milliseconds; larger ones are written off the event loop. */
    private static final int QUICKLY_WRITTEN = 256 * 1024;

    /** As long as the usual late mark for a connection ({@code timeouts.connect}). In nanoseconds. */
    private static final OptionalLong WAIT_FOR_CONNECTION = OptionalLong.of(TimeUnit.SECONDS.toNanos(3));

    private static final byte[] NOTHING = {};

    private final UpstreamResources resources;
    private final Api api;
    private final String contentType;
    private final InboundRequest.Forwarded forwarded;
    private final CallerRequest request;
    private final RequestTranslator translator;
    private final PlannedCall planned;
    private final AnswerRules rules;
    private final Optional<AnswerJudge> check;
    /** Whether the text is kept because another target may have to continue it; never for several choices. */
    private final boolean keepsText;

    private final Turn turn;
    private final Optional<CallTrace> trace;
    private final Consumer<Signal> engine;
    private final List<Begun> begun = new ArrayList<>(2);
    private boolean tellsTrailAtTheEnd;
    /** The keys that the caller brought: they are in use as long as the call is running. */
    private Optional<SecretsInUse.Registration> broughtKeys = Optional.empty();

    /** An attempt with its target, and the parts of the caller's request that were not sent there. */
    private static final class Begun {
        final UpstreamAttempt attempt;
        final PlannedTarget target;
        List<String> warnings = List.of();

        Begun(UpstreamAttempt attempt, PlannedTarget target) {
            this.attempt = attempt;
            this.target = target;
        }
    }

    /**
     * What a call adds to a conversation, beside its answer.
     *
     * @param caller the name of the caller's key; empty if none is needed
     * @param body the caller's request as it came, without the turns before it
     */
    @SuppressWarnings("ArrayRecordComponent") // Passed on and never compared.
    public record Turn(String caller, byte[] body) {}

    /**
     * @param callers a judge of the caller's own; of a stream only where the plan commits to complete answers
     * @param trace whose context the upstream requests have; empty for none
     * @param engine receives the signals of all attempts
     */
    public UpstreamAttempts(
            UpstreamResources resources,
            InboundRequest inbound,
            CallerRequest request,
            PlannedCall planned,
            Turn turn,
            Optional<AnswerJudge> callers,
            Optional<CallTrace> trace,
            Consumer<Signal> engine) {
        this.trace = trace;
        this.turn = turn;
        this.resources = resources;
        this.api = inbound.api();
        this.contentType = inbound.forwardedType();
        this.forwarded = inbound.forwarded();
        this.request = request;
        this.translator = new RequestTranslator(request);
        this.planned = planned;
        this.rules = AnswerRules.of(
                planned.delivery().emptyAllowed(),
                request.facts().choices().orElse(1),
                request.facts().maxTokens(),
                request.facts().stopSequences());
        Optional<AnswerJudge> configured = planned.delivery().acceptance().acceptsAnything() || !api.isConversation()
                ? Optional.empty()
                : Optional.of(CallerDialectCheck.of(planned.delivery().acceptance(), request));
        this.check = configured.isEmpty() || callers.isEmpty()
                ? configured.or(() -> callers)
                : Optional.of(configured.get().and(callers.get()));
        this.keepsText = planned.plan().recovery() != Recovery.TERMINATE && request.stream() && rules.choices() == 1;
        this.engine = engine;
    }

    /** @param attempt the engine's number of the attempt, from 1 */
    public UpstreamAttempt of(int attempt) {
        return begun(attempt).attempt;
    }

    private Begun begun(int attempt) {
        return begun.get(attempt - 1);
    }

    /** The answer of an attempt that is streamed. */
    public StreamedAnswer streamOf(int attempt) {
        return (StreamedAnswer) of(attempt).answer();
    }

    /** What the tokens of an attempt's target cost the operator; empty if that is not known. */
    public Optional<ModelPrice> priceOf(int attempt) {
        return begun(attempt).target.route().price();
    }

    /** The name of an attempt's target. */
    public String targetOf(int attempt) {
        return begun(attempt).target.route().target().name();
    }

    /** The trail, in which each attempt names the drill that injected a fault into it. */
    public List<TrailEntry> withDrills(List<TrailEntry> trail) {
        if (!resources.endpoints().injectFaults()) {
            return trail;
        }
        return trail.stream()
                .map(entry -> entry.isAttempt() && entry.attempt() <= begun.size()
                        ? entry.inDrill(of(entry.attempt()).drill())
                        : entry)
                .toList();
    }

    /** The call has ended. */
    public void release() {
        broughtKeys.ifPresent(SecretsInUse.Registration::close);
    }

    /** Whether the memory of an answer is counted, and has to be released when the caller has it. */
    public boolean isMemoryCounted() {
        for (Begun each : begun) {
            if (each.attempt.isMemoryCounted()) {
                return true;
            }
        }
        return false;
    }

    /** No answer is needed any more. */
    public void releaseMemory() {
        begun.forEach(each -> each.attempt.releaseMemory());
    }

    /** The parts of the caller's request that were not sent to an attempt's target. */
    public List<String> warningsOf(int attempt) {
        return begun(attempt).warnings;
    }

    /**
     * Keeps which provider has stored the answer of an attempt, if its API stores answers: later requests refer to it by its
     * id.
     */
    public void keepOwner(int attempt) {
        PlannedTarget target = begun(attempt).target;
        if (api != Api.RESPONSES || target.api() != api) {
            return;
        }
        resources.owners().put(turn.caller(), idOf(attempt), target.route());
    }

    /**
     * Keeps who knows a complete answer: the provider that has stored it, or, where no provider knows its id because the answer
     * was translated or is that of several attempts, the gateway itself.
     *
     * @param last the whole answer, or the last events of a streamed one, as the caller receives them
     */
    public void keepAnswer(int attempt, Bytes last) {
        if (api != Api.RESPONSES) {
            return;
        }
        boolean continues = of(attempt).answer() instanceof StreamedAnswer streamed && streamed.isContinuation();
        if (begun(attempt).target.api() == api && !continues) {
            keepOwner(attempt);
        } else if (resources.conversations().isOn()) {
            StoredTurn.of(turn.body(), last.toArray())
                    .ifPresent(kept -> resources.conversations().put(turn.caller(), kept));
        }
    }

    private String idOf(int attempt) {
        return switch (of(attempt).answer()) {
            case StreamedAnswer streamed -> streamed.id();
            case WholeAnswer whole -> {
                Bytes body = whole.body();
                yield StoredState.idOf(body.array(), body.offset(), body.length());
            }
        };
    }

    /**
     * The verdict as the caller gets it: the status of its own account is the provider's own, which a caller without the gateway's
     * accounts can act on.
     *
     * @param attempt whose failure decided
     */
    public Verdict asSeenBy(int attempt, Verdict verdict) {
        int status = verdict.shown().status();
        return status < 400 || !of(attempt).isAtOwnAccount()
                ? verdict
                : new Verdict(status, verdict.shown(), verdict.retryAfter(), verdict.worthRetrying());
    }

    /**
     * The body of an error response whose cause is an attempt's failure: if the target has the caller's dialect, it is the
     * provider's own.
     *
     * @param status that the caller gets
     * @param written the error as the gateway writes it
     */
    public byte[] errorOf(int attempt, int status, byte[] written) {
        boolean sameDialect = begun(attempt)
                .target
                .api()
                .dialect()
                .name()
                .equals(api.dialect().name());
        Optional<UpstreamBodyReader> answer = of(attempt).startedAnswer();
        return sameDialect && answer.isPresent() && answer.get() instanceof WholeAnswer whole
                ? whole.refusal()
                        .map(body -> whole.status() == status
                                ? ProviderError.completed(written, body)
                                : ProviderError.addedTo(written, body))
                        .orElse(written)
                : written;
    }

    /**
     * Starts the next attempt.
     *
     * @param forwarded the attempt whose bytes the caller has received last; empty if it has none
     * @param trail the trail of the call at the time when it is called
     */
    public void begin(
            int attempt, PlannedTarget target, AttemptKind attemptKind, OptionalInt forwarded, Supplier<String> trail) {
        ResponseTranslator responseTranslator = new ResponseTranslator(
                target.api().dialect(),
                api.dialect(),
                target.route().target().model(),
                request::context,
                rules,
                translator.callersToolNames());
        StreamedAnswer.Options options = new StreamedAnswer.Options(
                planned.delivery().toolCallsWhole(),
                false,
                request.storedState().background(),
                first -> trailAtTheEnd(responseTranslator, first, trail));
        switch (attemptKind) {
            case PRIMARY, RETRY, FALLBACK, HEDGE, RESTART -> {
                boolean behindReasoning = attemptKind != AttemptKind.RESTART && forwarded.isPresent();
                if (behindReasoning) {
                    streamOf(forwarded.getAsInt()).suspend();
                }
                begin(
                        attempt,
                        target,
                        () -> translator.to(
                                target.api().dialect(),
                                target.route().target().model(),
                                target.route().capabilities(),
                                target.overrides()),
                        responseTranslator,
                        behindReasoning
                                ? StreamedAnswer.continuing(
                                        responseTranslator,
                                        streamOf(forwarded.getAsInt()).soFar(),
                                        ContinuationForm.TURN,
                                        withoutTrail(options),
                                        trail)
                                : StreamedAnswer.fresh(
                                        responseTranslator, keepsText && isContinuableFrom(target), options),
                        engine);
            }
            case CONTINUATION -> {
                streamOf(forwarded.getAsInt()).suspend();
                PartialAnswer answer = streamOf(forwarded.getAsInt()).soFar();
                ContinuationAttempt continuing = ContinuationAttempt.of(answer, target, resources.forms());
                ResponseTranslator rest = answer.mayBeWhole() ? responseTranslator.allowingEmpty() : responseTranslator;
                StreamedAnswer.Options checked = new StreamedAnswer.Options(
                        options.holdsToolCalls(), request.facts().jsonOutput(), false, first -> NOTHING);
                Consumer<Signal> interpreted = signal -> engine.accept(continuing.interpret(signal));
                begin(
                        attempt,
                        target,
                        () -> continuing.body(translator),
                        rest,
                        StreamedAnswer.continuing(rest, answer, continuing.form(), checked, trail),
                        request.facts().jsonOutput() ? checkedAsJson(attempt, interpreted) : interpreted);
            }
        }
    }

    /** What the request says about the whole answer was not sent to a target of another API. */
    private boolean isContinuableFrom(PlannedTarget target) {
        return !request.facts().notContinuable() || target.api() != api;
    }

    private static StreamedAnswer.Options withoutTrail(StreamedAnswer.Options options) {
        return new StreamedAnswer.Options(
                options.holdsToolCalls(), options.holdsEnd(), options.commitsAtOnce(), first -> NOTHING);
    }

    /** The response headers were sent before it was known which target answers: the trail goes into the last event. */
    public void tellTrailAtTheEnd() {
        tellsTrailAtTheEnd = true;
    }

    private byte[] trailAtTheEnd(
            ResponseTranslator responseTranslator, Supplier<DeliveredPart> first, Supplier<String> trail) {
        return tellsTrailAtTheEnd ? responseTranslator.trail(first.get(), trail.get()) : NOTHING;
    }

    /** Writes the request in the target's dialect. */
    @FunctionalInterface
    private interface RequestWriter {
        WrittenRequest write() throws UntranslatableRequest;
    }

    private void begin(
            int attempt,
            PlannedTarget target,
            RequestWriter writer,
            ResponseTranslator responseTranslator,
            StreamedAnswer.Maker streams,
            Consumer<Signal> receiver) {
        begun.add(new Begun(
                upstreamAttempt(
                        attempt,
                        target,
                        responseTranslator,
                        streams,
                        check.isEmpty() ? receiver : checked(attempt, check.get(), receiver)),
                target));
        if (target.route().callersKey()) {
            registerBroughtKeys();
        }
        if (request.body().length > QUICKLY_WRITTEN) {
            boolean translated = target.api() != api;
            WorkPools pools = resources.work();
            // This time does not count as the provider's.
            engine.accept(new Signal.Paused(attempt));
            WorkPool.Work<WrittenRequest> work = (translated ? pools.translations() : pools.requests())
                    .submit(
                            resources.loop(),
                            translated ? translator.memoryNeeded() : translator.memoryNeededToPass(),
                            () -> {
                                // Two attempts of a call must not read its request at the same time.
                                synchronized (translator) {
                                    return writer.write();
                                }
                            });
            of(attempt).works(work);
            work.result().whenComplete((written, cause) -> {
                if (cause == null) {
                    engine.accept(new Signal.Resumed(attempt));
                    send(attempt, target, written);
                } else {
                    refuse(attempt, cause);
                }
            });
            return;
        }
        try {
            send(attempt, target, writer.write());
        } catch (UntranslatableRequest | RuntimeException cannot) {
            refuse(attempt, cannot);
        }
    }

    /** All of the call's at once, since an error of one target may quote a request that had the key of another. */
    private void registerBroughtKeys() {
        if (broughtKeys.isEmpty()) {
            broughtKeys = Optional.of(SecretsInUse.register(planned.targets().stream()
                    .filter(each -> each.route().callersKey())
                    .flatMap(each -> each.route().provider().apiKey().stream())
                    .map(Credential::reveal)
                    .distinct()
                    .toList()));
        }
    }

    private void send(int attempt, PlannedTarget target, WrittenRequest written) {
        begun(attempt).warnings = written.warnings();
        InboundRequest.Forwarded ofCaller = target.api() == api ? forwarded : InboundRequest.Forwarded.NOTHING;
        of(attempt)
                .start(
                        written.body(),
                        trace.isEmpty() ? ofCaller : ofCaller.with(trace.get().upstreamHeaders(attempt)));
    }

    /** Reports at once that the request cannot be sent to this target; a fault of the translation costs this target only. */
    private void refuse(int attempt, Throwable cause) {
        if (of(attempt).isOver()) {
            return;
        }
        of(attempt).cancel();
        if (cause instanceof UntranslatableRequest cannot) {
            engine.accept(new Signal.Failed(attempt, cannot.failure()));
        } else if (cause instanceof WorkPool.Full) {
            engine.accept(new Signal.Failed(
                    attempt,
                    Failure.of(
                            FailureKind.GATEWAY_BUSY, "too many requests wait for their translation in the gateway")));
        } else {
            LOG.error("a request could not be translated to a target's dialect", cause);
            engine.accept(new Signal.Failed(
                    attempt,
                    Failure.of(FailureKind.UNSUPPORTED, "the request could not be translated to its dialect")));
        }
    }

    private UpstreamAttempt upstreamAttempt(
            int attempt,
            PlannedTarget target,
            ResponseTranslator responseTranslator,
            StreamedAnswer.Maker streams,
            Consumer<Signal> receiver) {
        UpstreamEndpoint endpoint =
                resources.endpoints().of(target.route(), target.api(), request.stream(), contentType);
        boolean elsewhere = endpoint.injected()
                .filter(InjectedFaults.Fault::replacesProvider)
                .isPresent();
        return new UpstreamAttempt(
                resources,
                attempt,
                endpoint,
                new UpstreamAttempt.Connections(
                        elsewhere ? new ConnectionSlots() : resources.slots(),
                        target.route().provider().name(),
                        target.route().provider().maxConnections(),
                        planned.targets().size() > 1 ? WAIT_FOR_CONNECTION : OptionalLong.empty()),
                request.stream(),
                responseTranslator,
                streams,
                receiver);
    }

    private Consumer<Signal> checked(int attempt, AnswerJudge each, Consumer<Signal> receiver) {
        return new CheckedAnswer(
                resources.work().checks(),
                resources.loop(),
                answer -> {
                    byte[] held = answer.held();
                    return () -> request.stream() ? each.ofStream(held) : each.ofWhole(held);
                },
                false,
                () -> of(attempt),
                warning -> warn(attempt, warning),
                receiver);
    }

    /** JSON that two attempts wrote is accepted only if it can be parsed. */
    private Consumer<Signal> checkedAsJson(int attempt, Consumer<Signal> receiver) {
        return new CheckedAnswer(
                resources.work().checks(),
                resources.loop(),
                answer -> {
                    String joined = ((StreamedAnswer) answer).wholeText();
                    return () -> wrongJson(joined);
                },
                true,
                () -> of(attempt),
                // Its headers have been sent.
                warning -> {},
                receiver);
    }

    private void warn(int attempt, String warning) {
        List<String> all = new ArrayList<>(begun(attempt).warnings);
        all.add(warning);
        begun(attempt).warnings = List.copyOf(all);
    }

    private Optional<Failure> wrongJson(String joined) {
        try {
            return ContinuedJson.of(new RequestTranslator(request).asChat()).check(joined);
        } catch (UntranslatableRequest unknownFormat) {
            return Optional.of(Failure.of(FailureKind.INVALID_OUTPUT, "continued JSON that cannot be checked"));
        }
    }
}
