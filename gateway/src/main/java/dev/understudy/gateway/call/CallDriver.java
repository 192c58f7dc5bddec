package dev.understudy.gateway.call;

import dev.understudy.engine.AttemptKind;
import dev.understudy.engine.Command;
import dev.understudy.engine.FallbackCall;
import dev.understudy.engine.Recovery;
import dev.understudy.engine.SharedState;
import dev.understudy.engine.Signal;
import dev.understudy.engine.TrailEntry;
import dev.understudy.engine.Verdict;
import dev.understudy.gateway.config.Api;
import dev.understudy.gateway.log.AccessLog;
import dev.understudy.gateway.metrics.CallMetrics;
import dev.understudy.gateway.timer.EventLoopTimers;
import dev.understudy.gateway.timer.Timer;
import dev.understudy.protocol.dialect.ErrorResponse;
import dev.understudy.protocol.options.FallbackOptions;
import dev.understudy.protocol.recovery.ContinuationForms;
import dev.understudy.protocol.recovery.DeliveredPart;
import dev.understudy.protocol.recovery.RecoveryMark;
import dev.understudy.protocol.translate.CallerRequest;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Drives one call: tells the engine what happens on the wire and carries out what it answers.
 *
 * <p>The engine decides and this class obeys; there is no rule about failures here. Runs on one event loop.
 */
final class CallDriver {
    /** What calls have in common on one event loop. */
    record Surroundings(
            Vertx vertx,
            EventLoopTimers clock,
            HttpClient client,
            SharedState shared,
            UpstreamEndpoints upstreamEndpoints,
            ContinuationForms forms,
            CallMetrics metrics,
            AccessLog log) {}

    private static final long LATE_ALARM = TimeUnit.MILLISECONDS.toNanos(50);

    private final Surroundings around;
    private final String id = CallId.next();
    private final String callerName;
    private final Api api;
    private final CallerRequest request;
    private final FallbackOptions options;
    private final PlannedCall planned;
    private final CallHeaders headers;
    private final UpstreamAttempts upstreamAttempts;
    private final CallerResponse caller;
    private final long arrivedAt = System.nanoTime();
    private final FallbackCall machine;

    private final Queue<Signal> inbox = new ArrayDeque<>(4);
    private boolean working;
    private Optional<Timer> timer = Optional.empty();
    private Optional<KeepAlive> keepAlive = Optional.empty();
    /** The attempt whose bytes reach the caller, or did last. */
    private int forwarded = CallHeaders.NO_ATTEMPT;

    private boolean callerIsSlow;
    private int delivered = CallHeaders.NO_ATTEMPT;
    private OptionalLong firstContent = OptionalLong.empty();

    CallDriver(
            Surroundings around,
            HttpServerRequest http,
            String callerName,
            InboundRequest inbound,
            CallerRequest request,
            FallbackOptions options,
            PlannedCall planned) {
        this.around = around;
        this.callerName = callerName;
        this.api = inbound.api();
        this.request = request;
        this.options = options;
        this.planned = planned;
        this.headers = new CallHeaders(id, planned, options);
        this.upstreamAttempts = new UpstreamAttempts(around, inbound, request, planned, this::tell);
        this.caller = new CallerResponse(http, () -> tell(new Signal.CallerLeft()));
        this.machine = new FallbackCall(
                planned.plan(), request.facts().promptBytes(), around.shared(), ThreadLocalRandom.current(), arrivedAt);
    }

    void begin() {
        if (request.stream() && api.isConversation()) {
            keepAlive = planned.keepAlive()
                    .map(interval -> new KeepAlive(
                            around.clock(), caller, api.dialect().keepAlive(), interval, this::beginStreamEarly));
            keepAlive.ifPresent(KeepAlive::start);
        }
        tell(new Signal.Begin());
    }

    /** Signals that arise while commands are carried out wait until those are done. */
    private void tell(Signal signal) {
        inbox.add(signal);
        if (working) {
            return;
        }
        working = true;
        for (Signal next = inbox.poll(); next != null; next = inbox.poll()) {
            for (Command command : machine.on(next, System.nanoTime())) {
                carryOut(command);
            }
        }
        working = false;
    }

    private void carryOut(Command command) {
        switch (command) {
            case Command.Start(int attempt, var step, AttemptKind attemptKind) ->
                upstreamAttempts.begin(
                        attempt, planned.stops().get(step.id()), attemptKind, forwarded, this::trailText);
            case Command.Cancel(int attempt) -> upstreamAttempts.of(attempt).cancel();
            case Command.Preview(int attempt) -> preview(attempt);
            case Command.Commit(int attempt) -> commit(attempt);
            case Command.Continue(int attempt) -> goOn(attempt);
            case Command.WakeAt(long at) -> wakeAt(at);
            case Command.Deliver(int attempt) -> deliver(attempt);
            case Command.GiveUp(Verdict verdict) -> giveUp(verdict);
            case Command.Abandon() ->
                finish(
                        FinishedCall.Ending.CALLER_LEFT,
                        0,
                        trail(System.nanoTime()),
                        OptionalLong.empty(),
                        OptionalLong.empty());
        }
    }

    private List<TrailEntry> trail(long now) {
        return headers.whole(machine.trail(now));
    }

    private String trailText() {
        return headers.trailText(trail(System.nanoTime()));
    }

    private void wakeAt(long at) {
        timer.ifPresent(Timer::cancel);
        timer = Optional.of(around.clock().runAt(at, () -> fire(at)));
    }

    /**
     * An alarm that rings late tells of a busy event loop, not of a silent provider: what has arrived meanwhile is read
     * before anybody is found to be late.
     */
    private void fire(long at) {
        long now = System.nanoTime();
        if (now - at < LATE_ALARM) {
            tell(new Signal.Due());
        } else {
            timer = Optional.of(around.clock().runAt(now, () -> tell(new Signal.Due())));
        }
    }

    // What the caller sees.

    /** Nothing has come for the caller yet; the status is all that it is told. */
    private void beginStreamEarly() {
        headers.write(caller, machine.attempts(), trail(System.nanoTime()), CallHeaders.NO_ATTEMPT, List.of());
        caller.beginStream(api.streamType());
        upstreamAttempts.tellTrailAtTheEnd();
        tell(new Signal.HeadSent());
    }

    /** Reasoning reaches the caller as it comes; which attempt answers is still open. */
    private void preview(int attempt) {
        beginStream(attempt);
        forward(attempt);
        tell(new Signal.HeadSent());
    }

    private void commit(int attempt) {
        firstContent = OptionalLong.of(System.nanoTime() - arrivedAt);
        beginStream(attempt);
        forward(attempt);
    }

    private void beginStream(int attempt) {
        if (!caller.streamBegan()) {
            headers.write(
                    caller,
                    machine.attempts(),
                    trail(System.nanoTime()),
                    attempt,
                    upstreamAttempts.warningsOf(attempt));
            caller.beginStream(api.streamType());
        }
    }

    /** The caller's stream goes on with what another attempt brings, or begins anew if that was agreed. */
    private void goOn(int attempt) {
        if (planned.plan().recovery() == Recovery.RESTART) {
            DeliveredPart first = upstreamAttempts.streamOf(forwarded).soFar().first();
            String target = CallHeaders.targetOf(trail(System.nanoTime()), attempt);
            caller.write(Buffer.buffer(RecoveryMark.restart(first.id(), first.created(), target, trailText())));
        }
        forward(attempt);
        if (callerIsSlow) {
            upstreamAttempts.of(attempt).pause();
            tell(new Signal.Paused(attempt));
        }
    }

    /** From here on what the attempt brings is the caller's. */
    private void forward(int attempt) {
        forwarded = attempt;
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
            caller.endStream(upstreamAttempts.streamOf(attempt).ending());
        }
        List<TrailEntry> trail = trail(System.nanoTime());
        if (!request.stream()) {
            headers.write(caller, machine.attempts(), trail, attempt, upstreamAttempts.warningsOf(attempt));
            WholeAnswer answer = (WholeAnswer) upstreamAttempt.answer();
            caller.answer(200, api.isConversation() ? WholeAnswer.JSON : answer.contentType(), answer.body());
        }
        upstreamAttempt.retire();
        delivered = attempt;
        UpstreamBodyReader answer = upstreamAttempt.answer();
        finish(FinishedCall.Ending.ANSWERED, 200, trail, answer.promptTokens(), answer.completionTokens());
    }

    private void giveUp(Verdict verdict) {
        List<TrailEntry> trail = trail(System.nanoTime());
        ErrorResponse error = CallErrors.of(verdict, trail);
        if (caller.streamBegan()) {
            caller.endStream(Buffer.buffer(api.dialect().writeStreamError(error)));
            finish(FinishedCall.Ending.BROKEN_OFF, 200, trail, OptionalLong.empty(), OptionalLong.empty());
        } else {
            headers.write(caller, machine.attempts(), trail, CallHeaders.decidedBy(trail, verdict), List.of());
            api.errorHeaders(error).forEach(caller::header);
            if (!verdict.worthRetrying() && verdict.status() >= 429) {
                // The official SDKs retry these statuses by themselves.
                caller.header("x-should-retry", "false");
            }
            verdict.retryAfter().ifPresent(nanos -> caller.header("retry-after", CallErrors.seconds(nanos)));
            caller.answer(
                    verdict.status(),
                    WholeAnswer.JSON,
                    Buffer.buffer(api.dialect().writeError(error)));
            finish(FinishedCall.Ending.FAILED, verdict.status(), trail, OptionalLong.empty(), OptionalLong.empty());
        }
    }

    private void finish(
            FinishedCall.Ending ending,
            int status,
            List<TrailEntry> trail,
            OptionalLong prompt,
            OptionalLong completion) {
        timer.ifPresent(Timer::cancel);
        keepAlive.ifPresent(KeepAlive::stop);
        String answeredBy = delivered == CallHeaders.NO_ATTEMPT ? "" : CallHeaders.targetOf(trail, delivered);
        FinishedCall finished = new FinishedCall(
                id,
                callerName,
                planned.name(),
                options.vocabulary(),
                request.stream(),
                ending,
                status,
                answeredBy,
                trail,
                System.nanoTime() - arrivedAt,
                firstContent,
                prompt,
                completion,
                options.logging().customer(),
                options.logging().tags(),
                options.logging().quiet());
        around.metrics().count(finished);
        around.metrics().ended();
        around.log().write(finished);
    }
}
