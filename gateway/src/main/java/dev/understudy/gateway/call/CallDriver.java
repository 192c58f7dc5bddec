package dev.understudy.gateway.call;

import dev.understudy.engine.Command;
import dev.understudy.engine.FallbackCall;
import dev.understudy.engine.Manner;
import dev.understudy.engine.Recovery;
import dev.understudy.engine.Shared;
import dev.understudy.engine.Signal;
import dev.understudy.engine.TrailEntry;
import dev.understudy.engine.Verdict;
import dev.understudy.gateway.log.AccessLog;
import dev.understudy.gateway.metrics.CallMetrics;
import dev.understudy.gateway.time.Alarm;
import dev.understudy.gateway.time.AlarmClock;
import dev.understudy.protocol.ask.Ask;
import dev.understudy.protocol.chat.AnswerRules;
import dev.understudy.protocol.chat.ChatRequest;
import dev.understudy.protocol.chat.acceptance.AnswerCheck;
import dev.understudy.protocol.chat.recovery.ContinuationForms;
import dev.understudy.protocol.chat.recovery.FirstPart;
import dev.understudy.protocol.chat.recovery.RecoveryMark;
import io.netty.buffer.Unpooled;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Drives one call: tells the engine what happens on the wire and carries out what it answers.
 *
 * <p>The engine decides and this class obeys; there is no rule about failures here. Runs on one event loop.
 */
final class CallDriver {
    /** What calls have in common on one event loop. */
    record Surroundings(
            Vertx vertx,
            AlarmClock clock,
            HttpClient client,
            Shared shared,
            Destinations destinations,
            ContinuationForms forms,
            CallMetrics metrics,
            AccessLog log) {}

    private static final int NOBODY = 0;
    private static final int TIME_IS_UP = 504;
    private static final long LATE_ALARM = TimeUnit.MILLISECONDS.toNanos(50);

    private static final CharSequence CALL_ID = HttpHeaders.createOptimized("understudy-call-id");
    private static final CharSequence ATTEMPTS = HttpHeaders.createOptimized("understudy-attempts");
    private static final CharSequence TRAIL = HttpHeaders.createOptimized(TrailHeader.NAME);
    private static final CharSequence TARGET = HttpHeaders.createOptimized("understudy-target");

    private final Surroundings around;
    private final String id = CallId.next();
    private final String callerName;
    private final ChatRequest request;
    private final Ask ask;
    private final PlannedCall planned;
    private final AnswerRules rules;
    /** Whether another target may have to go on from the text: it cannot inside JSON, or with several answers. */
    private final boolean keepsText;

    private final Optional<AnswerCheck> check;
    private final CallerResponse caller;
    private final long arrivedAt = System.nanoTime();
    private final FallbackCall machine;

    private final List<Exchange> exchanges = new ArrayList<>(2);
    private final Queue<Signal> inbox = new ArrayDeque<>(4);
    private boolean working;
    private Optional<Alarm> alarm = Optional.empty();
    private boolean streamBegan;
    /** The attempt whose bytes reach the caller, or did last. */
    private int onStage = NOBODY;

    private boolean callerIsSlow;
    private int delivered = NOBODY;
    private OptionalLong firstContent = OptionalLong.empty();

    CallDriver(
            Surroundings around,
            HttpServerRequest http,
            String callerName,
            ChatRequest request,
            Ask ask,
            PlannedCall planned) {
        this.around = around;
        this.callerName = callerName;
        this.request = request;
        this.ask = ask;
        this.planned = planned;
        this.rules = AnswerRules.of(
                planned.emptyAllowed(),
                request.facts().choices().orElse(1),
                request.facts().maxTokens(),
                request.facts().stopSequences());
        this.check = planned.acceptance().acceptsAnything()
                ? Optional.empty()
                : Optional.of(planned.acceptance().checkFor(request));
        this.caller = new CallerResponse(http, () -> tell(new Signal.CallerLeft()));
        this.keepsText = planned.plan().recovery() != Recovery.TERMINATE
                && request.stream()
                && !request.facts().jsonOutput()
                && rules.choices() == 1;
        this.machine = new FallbackCall(
                planned.plan(), request.facts().promptBytes(), around.shared(), ThreadLocalRandom.current(), arrivedAt);
    }

    void begin() {
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
            case Command.Start(int attempt, var step, Manner manner) ->
                start(attempt, planned.stops().get(step.id()), manner);
            case Command.Cancel(int attempt) -> exchange(attempt).cancel();
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

    private Exchange exchange(int attempt) {
        return exchanges.get(attempt - 1);
    }

    private void start(int attempt, PlannedCall.Stop stop, Manner manner) {
        switch (manner) {
            case FRESH, OVERLAPPING, RESTARTING ->
                start(
                        attempt,
                        stop,
                        request.bodyFor(stop.route().target().model(), stop.overrides()),
                        keepsText ? StreamedAnswer.keepingText() : StreamedAnswer.plain(),
                        this::tell);
            case CONTINUING -> {
                AnswerSoFar answer = streamed(exchange(onStage)).soFar();
                Continuing continuing = Continuing.of(answer, stop.route(), around.forms());
                start(
                        attempt,
                        stop,
                        continuing.body(request, stop),
                        StreamedAnswer.continuing(answer, continuing.form(), this::trailText),
                        signal -> tell(continuing.heard(signal)));
            }
        }
    }

    private void start(
            int attempt, PlannedCall.Stop stop, byte[] body, StreamedAnswer.Maker streams, Consumer<Signal> engine) {
        Exchange exchange = new Exchange(
                around.vertx(),
                attempt,
                around.destinations().of(stop.route()),
                request.stream(),
                rules,
                streams,
                check.<Consumer<Signal>>map(each -> new CheckedAnswer(
                                around.vertx(), each, request.stream(), () -> exchange(attempt), engine))
                        .orElse(engine));
        exchanges.add(exchange);
        exchange.start(around.client(), BufferInternal.buffer(Unpooled.wrappedBuffer(body)));
    }

    private String trailText() {
        return TrailHeader.of(trail(System.nanoTime()), ask.vocabulary());
    }

    private static StreamedAnswer streamed(Exchange exchange) {
        return (StreamedAnswer) exchange.answer();
    }

    private static WholeAnswer whole(Exchange exchange) {
        return (WholeAnswer) exchange.answer();
    }

    private void wakeAt(long at) {
        alarm.ifPresent(Alarm::cancel);
        alarm = Optional.of(around.clock().ringAt(at, () -> ring(at)));
    }

    /**
     * An alarm that rings late tells of a busy event loop, not of a silent provider: what has arrived meanwhile is read
     * before anybody is found to be late.
     */
    private void ring(long at) {
        long now = System.nanoTime();
        if (now - at < LATE_ALARM) {
            tell(new Signal.Due());
        } else {
            alarm = Optional.of(around.clock().ringAt(now, () -> tell(new Signal.Due())));
        }
    }

    // What the caller sees.

    private void commit(int attempt) {
        long now = System.nanoTime();
        firstContent = OptionalLong.of(now - arrivedAt);
        streamBegan = true;
        tellTrail(trail(now), attempt);
        caller.beginStream();
        forward(attempt);
    }

    /** The caller's stream goes on with what another attempt brings, or begins anew if that was agreed. */
    private void goOn(int attempt) {
        if (planned.plan().recovery() == Recovery.RESTART) {
            FirstPart first = streamed(exchange(onStage)).soFar().first();
            String target = targetOf(trail(System.nanoTime()), attempt);
            caller.write(Buffer.buffer(RecoveryMark.restart(first.id(), first.created(), target, trailText())));
        }
        forward(attempt);
        if (callerIsSlow) {
            exchange(attempt).pause();
            tell(new Signal.Paused(attempt));
        }
    }

    /** From here on what the attempt brings is the caller's. */
    private void forward(int attempt) {
        onStage = attempt;
        Exchange exchange = exchange(attempt);
        caller.onDrained(() -> callerDrained(attempt, exchange));
        streamed(exchange).releaseTo(bytes -> {
            caller.write(bytes);
            if (caller.isFull() && !callerIsSlow) {
                callerIsSlow = true;
                exchange.pause();
                tell(new Signal.Paused(attempt));
            }
        });
    }

    private void callerDrained(int attempt, Exchange exchange) {
        if (callerIsSlow) {
            callerIsSlow = false;
            tell(new Signal.Resumed(attempt));
            exchange.resume();
        }
    }

    private void deliver(int attempt) {
        Exchange exchange = exchange(attempt);
        if (request.stream()) {
            if (!streamBegan) {
                commit(attempt);
            }
            caller.endStream(streamed(exchange).ending());
        }
        List<TrailEntry> trail = trail(System.nanoTime());
        if (!request.stream()) {
            tellTrail(trail, attempt);
            caller.answer(200, WholeAnswer.JSON, whole(exchange).body());
        }
        exchange.retire();
        delivered = attempt;
        AnswerReader answer = exchange.answer();
        finish(FinishedCall.Ending.ANSWERED, 200, trail, answer.promptTokens(), answer.completionTokens());
    }

    private void giveUp(Verdict verdict) {
        List<TrailEntry> trail = trail(System.nanoTime());
        if (streamBegan) {
            caller.endStream(CallErrors.inStream(verdict, trail));
            finish(FinishedCall.Ending.BROKEN_OFF, 200, trail, OptionalLong.empty(), OptionalLong.empty());
        } else {
            tellTrail(trail, decidedBy(trail, verdict));
            if (verdict.status() == TIME_IS_UP) {
                // The official SDKs would begin the same wait again; whoever has waited this long decides for itself.
                caller.header("x-should-retry", "false");
            }
            verdict.retryAfter().ifPresent(nanos -> caller.header("retry-after", CallErrors.seconds(nanos)));
            caller.answer(verdict.status(), WholeAnswer.JSON, CallErrors.body(verdict, trail));
            finish(FinishedCall.Ending.FAILED, verdict.status(), trail, OptionalLong.empty(), OptionalLong.empty());
        }
    }

    private void tellTrail(List<TrailEntry> trail, int attempt) {
        caller.header(CALL_ID, id);
        caller.header(ATTEMPTS, Integer.toString(machine.attempts()));
        caller.header(TRAIL, TrailHeader.of(trail, ask.vocabulary()));
        if (attempt != NOBODY) {
            caller.header(TARGET, TrailHeader.printable(targetOf(trail, attempt)));
        }
        if (!planned.warnings().isEmpty()) {
            caller.header("understudy-warning", TrailHeader.strings(planned.warnings()));
        }
    }

    /** The attempt whose error the caller reads; {@link #NOBODY} if nobody was asked. */
    @SuppressWarnings("ReferenceEquality") // This very failure, not one that says the same.
    private static int decidedBy(List<TrailEntry> trail, Verdict verdict) {
        int last = NOBODY;
        for (TrailEntry entry : trail) {
            if (entry.isAttempt()) {
                last = entry.attempt();
                if (entry.failure().equals(Optional.of(verdict.shown()))) {
                    return last;
                }
            }
        }
        return last;
    }

    private static String targetOf(List<TrailEntry> trail, int attempt) {
        for (TrailEntry entry : trail) {
            if (entry.attempt() == attempt) {
                return entry.target();
            }
        }
        throw new IllegalStateException("attempt " + attempt + " is not in its own trail");
    }

    private List<TrailEntry> trail(long now) {
        if (planned.passedOver().isEmpty()) {
            return machine.trail(now);
        }
        List<TrailEntry> all = new ArrayList<>(planned.passedOver());
        all.addAll(machine.trail(now));
        return all;
    }

    private void finish(
            FinishedCall.Ending ending,
            int status,
            List<TrailEntry> trail,
            OptionalLong prompt,
            OptionalLong completion) {
        alarm.ifPresent(Alarm::cancel);
        String answeredBy = delivered == NOBODY ? "" : targetOf(trail, delivered);
        FinishedCall finished = new FinishedCall(
                id,
                callerName,
                planned.name(),
                ask.vocabulary(),
                request.stream(),
                ending,
                status,
                answeredBy,
                trail,
                System.nanoTime() - arrivedAt,
                firstContent,
                prompt,
                completion,
                ask.logging().customer(),
                ask.logging().tags(),
                ask.logging().quiet());
        around.metrics().count(finished);
        around.metrics().ended();
        around.log().write(finished);
    }
}
