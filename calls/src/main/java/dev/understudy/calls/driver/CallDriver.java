package dev.understudy.calls.driver;

import dev.understudy.calls.bytes.Bytes;
import dev.understudy.calls.config.Api;
import dev.understudy.calls.downstream.AnswerForm;
import dev.understudy.calls.downstream.CallErrors;
import dev.understudy.calls.downstream.CallHeaders;
import dev.understudy.calls.downstream.CallerResponse;
import dev.understudy.calls.downstream.KeepAlive;
import dev.understudy.calls.inbound.InboundRequest;
import dev.understudy.calls.loop.Timer;
import dev.understudy.calls.plan.PlannedCall;
import dev.understudy.calls.record.FinishedCall;
import dev.understudy.calls.upstream.UpstreamAttempt;
import dev.understudy.calls.upstream.UpstreamAttempts;
import dev.understudy.calls.upstream.UpstreamBodyReader;
import dev.understudy.calls.upstream.WholeAnswer;
import dev.understudy.engine.AttemptKind;
import dev.understudy.engine.Command;
import dev.understudy.engine.FallbackCall;
import dev.understudy.engine.Recovery;
import dev.understudy.engine.SharedState;
import dev.understudy.engine.Signal;
import dev.understudy.engine.TrailEntry;
import dev.understudy.engine.Verdict;
import dev.understudy.protocol.answer.AnswerReport;
import dev.understudy.protocol.answer.Usage;
import dev.understudy.protocol.dialect.ErrorResponse;
import dev.understudy.protocol.dialect.StreamPosition;
import dev.understudy.protocol.options.FallbackOptions;
import dev.understudy.protocol.recovery.DeliveredPart;
import dev.understudy.protocol.recovery.RecoveryMark;
import dev.understudy.protocol.translate.CallerRequest;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Drives one call: reports what happens on the wire to the engine as signals and carries out the commands that the engine
 * returns.
 *
 * <p>The engine decides; there is no rule about failures in this class. Everything in it runs on the loop of the call.
 */
public final class CallDriver {
    /** A timer that fires later than this was delayed by a busy loop. */
    private static final long LATE_TIMER = TimeUnit.MILLISECONDS.toNanos(50);

    private final CallResources resources;
    private final String id = CallId.next();
    private final CallOrigin origin;
    private final Api api;
    private final AnswerForm answerForm;
    private final CallerRequest request;
    private final FallbackOptions options;
    private final PlannedCall planned;
    private final CallHeaders headers;
    private final UpstreamAttempts upstreamAttempts;
    private final CallerResponse caller;
    private final long arrivedAt = System.nanoTime();
    private final FallbackCall engine;

    private final Queue<Signal> inbox = new ArrayDeque<>(4);
    private boolean working;
    private Optional<Timer> timer = Optional.empty();
    private Optional<KeepAlive> keepAlive = Optional.empty();
    /** The attempt whose bytes are forwarded to the caller, or were last. */
    private OptionalInt forwarded = OptionalInt.empty();

    private boolean callerIsSlow;
    private OptionalInt delivered = OptionalInt.empty();
    private Optional<Verdict> verdict = Optional.empty();
    private OptionalLong firstContent = OptionalLong.empty();

    /**
     * @param inbound the request, with the turns of an earlier conversation if it continues one
     * @param request the same, read
     */
    public CallDriver(
            CallResources resources,
            CallOrigin origin,
            InboundRequest inbound,
            CallerRequest request,
            FallbackOptions options,
            PlannedCall planned) {
        this.resources = resources;
        this.origin = origin;
        this.api = inbound.api();
        this.answerForm = new AnswerForm(inbound);
        this.request = request;
        this.options = options;
        this.planned = planned;
        this.headers = new CallHeaders(id, planned, options);
        this.upstreamAttempts = new UpstreamAttempts(
                resources.upstream(),
                inbound,
                request,
                planned,
                new UpstreamAttempts.Turn(origin.callerName(), origin.body()),
                origin.judge(),
                origin.trace(),
                this::tell);
        this.caller = origin.response(answerForm, () -> tell(new Signal.CallerLeft()));
        SharedState shared = resources.shared();
        long promptBytes = request.facts().promptBytes();
        RandomGenerator random = ThreadLocalRandom.current();
        this.engine = new FallbackCall(
                planned.plan().ordered(promptBytes, shared, random, arrivedAt), promptBytes, shared, random, arrivedAt);
    }

    /** Begins the call. To be called once, on the loop. */
    public void begin() {
        if (request.stream() && api.isConversation() && caller.needsKeepAlives()) {
            keepAlive = planned.delivery()
                    .keepAlive()
                    .map(interval -> new KeepAlive(
                            resources.upstream().loop(),
                            caller,
                            api.dialect().keepAlive(),
                            interval,
                            this::beginStreamEarly));
            keepAlive.ifPresent(KeepAlive::start);
        }
        tell(new Signal.Begin());
    }

    /** A signal that arises while commands are carried out is queued until they are done. */
    private void tell(Signal signal) {
        inbox.add(signal);
        if (working) {
            return;
        }
        working = true;
        for (Signal next = inbox.poll(); next != null; next = inbox.poll()) {
            long now = System.nanoTime();
            for (Command command : engine.on(next, now)) {
                carryOut(command);
            }
            origin.stepIsDone(engine, now);
        }
        working = false;
    }

    private void carryOut(Command command) {
        switch (command) {
            case Command.Start(int attempt, var step, AttemptKind attemptKind) -> {
                origin.started(attempt, step, attemptKind);
                upstreamAttempts.begin(
                        attempt, planned.targets().get(step.id()), attemptKind, forwarded, this::trailText);
            }
            case Command.Cancel(int attempt) -> upstreamAttempts.of(attempt).cancel();
            case Command.Preview(int attempt) -> preview(attempt);
            case Command.Commit(int attempt) -> commit(attempt);
            case Command.Continue(int attempt) -> continueStream(attempt);
            case Command.WakeAt(long at) -> wakeAt(at);
            case Command.Deliver(int attempt) -> deliver(attempt);
            case Command.GiveUp(Verdict verdict) -> giveUp(verdict);
            case Command.Abandon() -> finish(FinishedCall.Ending.CALLER_LEFT, 0, trail(System.nanoTime()));
        }
    }

    private List<TrailEntry> trail(long now) {
        return headers.whole(upstreamAttempts.withDrills(engine.trail(now)));
    }

    private String trailText() {
        return headers.trailText(trail(System.nanoTime()));
    }

    private void wakeAt(long at) {
        timer.ifPresent(Timer::cancel);
        timer = Optional.of(resources.upstream().loop().runAt(at, () -> fire(at)));
    }

    /**
     * A timer that fires late shows that the loop was busy, not that a provider is silent. Bytes that have arrived
     * meanwhile are read before the engine looks for late attempts.
     */
    private void fire(long at) {
        long now = System.nanoTime();
        if (now - at < LATE_TIMER) {
            tell(new Signal.Due());
        } else {
            timer = Optional.of(resources.upstream().loop().runAt(now, () -> tell(new Signal.Due())));
        }
    }

    // Downstream: what the caller receives.

    /** The keep-alive sends the response headers before any target has delivered content; this commits the status only. */
    private void beginStreamEarly() {
        headers.write(caller, engine.attempts(), trail(System.nanoTime()), OptionalInt.empty(), List.of());
        caller.beginStream(api.streamType());
        upstreamAttempts.tellTrailAtTheEnd();
        tell(new Signal.HeadSent());
    }

    /** Reasoning is forwarded as it arrives; the engine may still let another attempt answer. */
    private void preview(int attempt) {
        beginStream(attempt);
        forward(attempt);
        tell(new Signal.HeadSent());
    }

    private void commit(int attempt) {
        firstContent = OptionalLong.of(System.nanoTime() - arrivedAt);
        beginStream(attempt);
        forward(attempt);
        committed(attempt);
    }

    private void committed(int attempt) {
        origin.trace().ifPresent(trace -> trace.committed(attempt, System.nanoTime() - arrivedAt));
    }

    private void beginStream(int attempt) {
        if (!caller.streamBegan()) {
            headers.write(
                    caller,
                    engine.attempts(),
                    trail(System.nanoTime()),
                    OptionalInt.of(attempt),
                    upstreamAttempts.warningsOf(attempt));
            forwardHeaders(attempt);
            upstreamAttempts.keepOwner(attempt);
            caller.beginStream(api.streamType());
        }
    }

    /** The caller learns the rate limits and the request id of the target that answers. */
    private void forwardHeaders(int attempt) {
        upstreamAttempts
                .of(attempt)
                .forwardedHeaders()
                .forEach(header -> caller.header(header.getKey(), header.getValue()));
    }

    /** Another attempt takes over the caller's stream: it continues the answer, or restarts it if the plan requires that. */
    private void continueStream(int attempt) {
        if (planned.plan().recovery() == Recovery.RESTART) {
            DeliveredPart first =
                    upstreamAttempts.streamOf(forwarded.getAsInt()).soFar().first();
            String target = CallHeaders.targetOf(trail(System.nanoTime()), attempt);
            caller.write(Bytes.of(RecoveryMark.restart(first.id(), first.created(), target, trailText())));
        }
        forward(attempt);
        committed(attempt);
        if (callerIsSlow) {
            upstreamAttempts.of(attempt).pause();
            tell(new Signal.Paused(attempt));
        }
    }

    /** Forwards to the caller what the attempt has delivered and will deliver. */
    private void forward(int attempt) {
        forwarded = OptionalInt.of(attempt);
        UpstreamAttempt upstreamAttempt = upstreamAttempts.of(attempt);
        caller.onDrained(() -> callerDrained(attempt, upstreamAttempt));
        upstreamAttempts.streamOf(attempt).releaseTo(bytes -> {
            caller.write(bytes);
            if (caller.isFull() && !callerIsSlow) {
                callerIsSlow = true;
                upstreamAttempt.pause();
                tell(new Signal.Paused(attempt));
            }
        });
    }

    private void callerDrained(int attempt, UpstreamAttempt upstreamAttempt) {
        if (callerIsSlow) {
            callerIsSlow = false;
            tell(new Signal.Resumed(attempt));
            upstreamAttempt.resume();
        }
    }

    private void deliver(int attempt) {
        UpstreamAttempt upstreamAttempt = upstreamAttempts.of(attempt);
        if (request.stream()) {
            beginStream(attempt);
            forward(attempt);
            Bytes ending = upstreamAttempts.streamOf(attempt).ending();
            upstreamAttempts.keepAnswer(attempt, ending);
            caller.endStream(ending);
        }
        List<TrailEntry> trail = trail(System.nanoTime());
        if (!request.stream()) {
            headers.write(
                    caller, engine.attempts(), trail, OptionalInt.of(attempt), upstreamAttempts.warningsOf(attempt));
            forwardHeaders(attempt);
            WholeAnswer answer = (WholeAnswer) upstreamAttempt.answer();
            upstreamAttempts.keepAnswer(attempt, answer.body());
            caller.answer(
                    200,
                    api.isConversation() ? InboundRequest.JSON : answer.contentType(),
                    answerForm.whole(answer.body()));
            committed(attempt);
        }
        upstreamAttempt.retire();
        delivered = OptionalInt.of(attempt);
        finish(FinishedCall.Ending.ANSWERED, 200, trail, Optional.of(upstreamAttempt.answer()));
    }

    private void giveUp(Verdict ofEngine) {
        List<TrailEntry> trail = trail(System.nanoTime());
        OptionalInt decidedBy = CallHeaders.decidedBy(trail, ofEngine);
        Verdict why = decidedBy.isPresent() ? upstreamAttempts.asSeenBy(decidedBy.getAsInt(), ofEngine) : ofEngine;
        verdict = Optional.of(why);
        ErrorResponse error = CallErrors.of(why, trail);
        if (caller.streamBegan()) {
            StreamPosition reached = forwarded.isPresent()
                    ? upstreamAttempts.streamOf(forwarded.getAsInt()).soFar().position()
                    : StreamPosition.START;
            caller.endStream(Bytes.of(api.dialect().writeStreamError(error, reached)));
            finish(FinishedCall.Ending.BROKEN_OFF, 200, trail);
        } else {
            headers.write(caller, engine.attempts(), trail, decidedBy, List.of());
            decidedBy.ifPresent(this::forwardHeaders);
            answerForm.errorApi().errorHeaders(error).forEach(caller::header);
            if (!why.worthRetrying() && why.status() >= 429) {
                // The official SDKs retry these statuses by themselves.
                caller.header("x-should-retry", "false");
            }
            why.retryAfter().ifPresent(nanos -> caller.header("retry-after", CallErrors.seconds(nanos)));
            caller.answer(
                    why.status(),
                    InboundRequest.JSON,
                    Bytes.of(
                            decidedBy.isPresent()
                                    ? answerForm.error(
                                            error,
                                            written -> upstreamAttempts.errorOf(
                                                    decidedBy.getAsInt(), error.status(), written))
                                    : answerForm.error(error, written -> written)));
            finish(FinishedCall.Ending.FAILED, why.status(), trail);
        }
    }

    private void finish(FinishedCall.Ending ending, int status, List<TrailEntry> trail) {
        finish(ending, status, trail, Optional.empty());
    }

    private void finish(
            FinishedCall.Ending ending, int status, List<TrailEntry> trail, Optional<UpstreamBodyReader> answer) {
        timer.ifPresent(Timer::cancel);
        keepAlive.ifPresent(KeepAlive::stop);
        String answeredBy = delivered.isEmpty() ? "" : CallHeaders.targetOf(trail, delivered.getAsInt());
        FinishedCall finished = new FinishedCall(
                new FinishedCall.Request(
                        id,
                        origin.callerName(),
                        planned.name(),
                        options.vocabulary(),
                        request.stream(),
                        options.logging(),
                        origin.trace()),
                new FinishedCall.Outcome(ending, status, answeredBy, trail, verdict),
                new FinishedCall.Measurements(
                        System.nanoTime() - arrivedAt,
                        firstContent,
                        answer.map(UpstreamBodyReader::usage).orElse(Usage.NONE),
                        answer.map(UpstreamBodyReader::providerReport).orElse(AnswerReport.NONE),
                        delivered.isPresent() ? upstreamAttempts.priceOf(delivered.getAsInt()) : Optional.empty()));
        upstreamAttempts.release();
        if (upstreamAttempts.isMemoryCounted()) {
            caller.whenSent(upstreamAttempts::releaseMemory);
        }
        origin.ended(finished, this::consumed);
    }

    private Optional<ConsumedTokens> consumed() {
        OptionalInt attempt = delivered.isPresent() ? delivered : forwarded;
        if (attempt.isEmpty()) {
            return Optional.empty();
        }
        UpstreamBodyReader answer = upstreamAttempts.of(attempt.getAsInt()).answer();
        Usage usage = answer.usage();
        boolean counted = usage.completionTokens().isPresent() && delivered.isPresent();
        return Optional.of(new ConsumedTokens(
                upstreamAttempts.targetOf(attempt.getAsInt()),
                usage,
                counted || !api.isConversation()
                        ? usage.completionTokens().orElse(0)
                        : answer.estimatedCompletionTokens(),
                upstreamAttempts.priceOf(attempt.getAsInt())));
    }
}
