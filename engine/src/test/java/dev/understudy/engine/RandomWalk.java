package dev.understudy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A handful of calls that share their health, driven by signals in an order that a seed decides, late alarms and
 * nonsense included. Every command is held against the engine's rules, whose times are reckoned here once more.
 */
final class RandomWalk {
    private static final FailureKind[] KINDS = FailureKind.values();
    private static final Concern[] CONCERNS = Concern.values();
    private static final Signal.Sign[] SIGNS = Signal.Sign.values();
    private static final Recovery[] RECOVERIES = Recovery.values();
    private static final long PROMPT_BYTES = 2_000;
    private static final String[] TARGETS = {"a/m", "a/n", "b/m", "c/m", "d/m", "a/m#2", "b/m#2"};
    private static final String[] CALLERS = {"", "one", "other"};

    private static final long DEADLINE = TimeUnit.SECONDS.toNanos(45);
    private static final long REASONING_DEADLINE = TimeUnit.MINUTES.toNanos(3);
    private static final long AFTER_A_LATE_MARK = TimeUnit.SECONDS.toNanos(15);
    private static final long CAP = TimeUnit.MINUTES.toNanos(10);
    private static final long SILENT_CAP = TimeUnit.MINUTES.toNanos(2);
    private static final long TAIL = TimeUnit.SECONDS.toNanos(5);

    private final Random random;
    private final SharedState shared = SharedState.ofDefaults();
    private final StringBuilder log = new StringBuilder();
    private long now;

    RandomWalk(long seed) {
        this.random = new Random(seed);
        this.now = random.nextLong(-1_000_000_000_000L, 1_000_000_000_000L);
        if (random.nextBoolean()) {
            learnUsualTimes();
        }
        if (random.nextInt(4) == 0) {
            spendTheHedgingBudget();
        }
    }

    private void learnUsualTimes() {
        for (Step step : CallScript.steps(0, TARGETS)) {
            long usual = TimeUnit.MILLISECONDS.toNanos(1 + random.nextInt(random.nextInt(8) == 0 ? 90_000 : 3_000));
            for (boolean streaming : new boolean[] {false, true}) {
                for (boolean reasons : new boolean[] {false, true}) {
                    LatencyProfile.Workload workload = new LatencyProfile.Workload(streaming, reasons);
                    for (int i = 0; i < 50; i++) {
                        shared.latency().learn(step.target(), workload, PROMPT_BYTES, usual);
                    }
                }
            }
        }
    }

    private void spendTheHedgingBudget() {
        boolean more = true;
        while (more) {
            more = shared.hedges().take();
        }
    }

    /** Runs to the end and returns everything that happened, as text. */
    String run() {
        for (int calls = 1 + random.nextInt(6); calls > 0; calls--) {
            walk();
            pass(random.nextInt(20_000));
        }
        return story();
    }

    /** What happened so far. */
    String story() {
        return log.toString();
    }

    private void walk() {
        Watched call = new Watched();
        call.tell(new Signal.Begin());
        assertThat(call.over || call.started > 0 || call.wakeAt < call.deadline)
                .as("8: a call tries a target, or waits for one to recover")
                .isTrue();
        for (int steps = 0; !call.over; steps++) {
            assertThat(steps).as("1: a call ends").isLessThan(5_000);
            call.something();
        }
        for (int late = 0; late < 3 && call.started > 0; late++) {
            int attempt = 1 + random.nextInt(call.started);
            assertThat(call.machine.on(anySignal(attempt, 3), now))
                    .as("2: nothing follows the terminal command")
                    .isEmpty();
        }
        log.append(call.machine.trail(now)).append('\n');
    }

    private void pass(int millis) {
        now += TimeUnit.MILLISECONDS.toNanos(millis) + random.nextInt(1_000_000);
    }

    /** @param patience of the world: the larger, the fewer attempts end by themselves */
    private Signal anySignal(int attempt, int patience) {
        return switch (random.nextInt(13 + patience)) {
            case 0, 1 -> new Signal.Connected(attempt);
            case 2 -> new Signal.Progress(attempt, random.nextInt(200), random.nextInt(8) > 0);
            case 3 -> new Signal.Finishing(attempt);
            case 4 -> new Signal.Completed(attempt);
            case 5 -> new Signal.Paused(attempt);
            case 6 -> new Signal.Resumed(attempt);
            case 7 -> random.nextInt(8) == 0 ? new Signal.CallerLeft() : new Signal.Due();
            case 8 -> new Signal.HeadSent();
            case 9, 10, 11, 12 -> new Signal.Failed(attempt, anyFailure());
            default -> new Signal.Alive(attempt, SIGNS[random.nextInt(SIGNS.length)]);
        };
    }

    private Failure anyFailure() {
        FailureKind kind = KINDS[random.nextInt(KINDS.length)];
        Failure usual = CallScript.failure(kind, random.nextBoolean() ? -1 : random.nextInt(6_000));
        Concern concern = random.nextInt(6) > 0 ? usual.concern() : CONCERNS[random.nextInt(CONCERNS.length)];
        int status = random.nextInt(4) > 0 ? usual.status() : 503;
        boolean hasDeliverableAnswer = random.nextInt(8) == 0;
        return new Failure(kind, concern, status, usual.details(), usual.retryAfter(), hasDeliverableAnswer);
    }

    /** What a driver would know of one attempt. */
    private static final class Watch {
        private final Step step;
        private boolean live = true;
        private boolean content;
        private boolean reasoned;
        private boolean worked;
        private boolean previewed;
        private boolean paused;
        private long pausedAt;
        private int signs;
        /** Since when nothing came of it, not even a sign of life, and nothing held it up. */
        private long silentSince;
        /** From when on an explicit limit may count. */
        private long limitFrom;

        private OptionalLong finishingSince = OptionalLong.empty();

        Watch(Step step, long now) {
            this.step = step;
            this.silentSince = now;
            this.limitFrom = now;
        }
    }

    /** One call and what a driver would know of it. */
    private final class Watched {
        private final Plan plan;
        private final FallbackCall machine;
        private final long arrivedAt = now;
        private final int patienceOfTheWorld = random.nextInt(20);
        private final long explicitLimits;
        private final Set<Step> planned = new HashSet<>();
        private final List<Watch> attempts = new ArrayList<>();
        private final Map<Target, Failure> lastFailure = new HashMap<>();
        private final Map<Target, Long> askedToWaitUntil = new HashMap<>();

        private long deadline;
        private boolean headSent;
        private boolean lifeSeen;
        private long capFrom;
        private int started;
        private int committed;
        private boolean over;
        private boolean somethingFailed;
        private long wakeAt;
        private int hotAlarms;

        Watched() {
            int retries = random.nextInt(4);
            boolean persistent = random.nextInt(3) > 0;
            Set<String> names = new HashSet<>();
            List<Step> chain = steps(0, 1 + random.nextInt(4), names, retries, persistent);
            Map<FailureKind, List<Step>> instead = new HashMap<>();
            if (random.nextInt(4) == 0) {
                FailureKind kind = random.nextBoolean() ? FailureKind.CONTEXT_LENGTH : FailureKind.CONTENT_POLICY;
                instead.put(kind, steps(100, 1 + random.nextInt(2), names, retries, persistent));
            }
            planned.addAll(chain);
            instead.values().forEach(planned::addAll);
            Duration patience = Duration.ofMillis(200 + random.nextInt(random.nextInt(4) == 0 ? 900_000 : 60_000));
            Duration set = Duration.ofMillis(500 + random.nextInt(60_000));
            plan = Plan.of(chain)
                    .instead(instead)
                    .deadline(random.nextInt(3) == 0 ? Optional.of(set) : Optional.empty())
                    .patience(random.nextInt(3) == 0 ? Optional.of(patience) : Optional.empty())
                    .streaming(random.nextInt(3) > 0)
                    .commit(commitPoint())
                    .recovery(RECOVERIES[random.nextInt(RECOVERIES.length)])
                    .hedging(random.nextInt(3) > 0)
                    .fallbackOn(fallbackOn())
                    .caller(CALLERS[random.nextInt(CALLERS.length)])
                    .build();
            machine = new FallbackCall(plan, PROMPT_BYTES, shared, random, now);
            explicitLimits = chain.stream().mapToLong(this::explicitLimit).max().orElseThrow();
            boolean reasons = chain.stream().anyMatch(Step::reasons);
            deadline = arrivedAt
                    + plan.deadline()
                            .map(Duration::toNanos)
                            .orElse((reasons ? REASONING_DEADLINE : DEADLINE) + explicitLimits);
            log.append(plan).append('\n');
        }

        private List<Step> steps(int firstId, int length, Set<String> names, int retries, boolean persistent) {
            List<Step> steps = new ArrayList<>();
            while (steps.size() < length) {
                String name = TARGETS[random.nextInt(TARGETS.length)];
                if (names.add(name)) {
                    steps.add(step(firstId + steps.size(), name, retries, persistent));
                }
            }
            return steps;
        }

        private Step step(int id, String name, int retries, boolean persistent) {
            Step plain = CallScript.steps(id, name).getFirst();
            Target target = plain.target();
            if (random.nextInt(5) == 0) {
                target = new Target(target.provider(), target.model(), "digest of " + name, target.site(), true);
            }
            Timeouts timeouts = plain.timeouts();
            if (random.nextInt(6) == 0) {
                timeouts = timeouts.withTotal(Duration.ofMillis(100 + random.nextInt(70_000)));
            }
            if (random.nextInt(6) == 0) {
                timeouts = timeouts.cancelling();
            }
            return plain.toBuilder()
                    .target(target)
                    .timeouts(timeouts)
                    .retry(new RetryPolicy(
                            retries,
                            Duration.ofMillis(random.nextInt(500)),
                            Duration.ofSeconds(4),
                            Duration.ofSeconds(3),
                            persistent))
                    .contextWindow(
                            random.nextInt(3) == 0
                                    ? OptionalInt.of(1_000 * (1 + random.nextInt(3)))
                                    : OptionalInt.empty())
                    .reasons(random.nextInt(4) == 0)
                    .build();
        }

        private FallbackOn fallbackOn() {
            return switch (random.nextInt(6)) {
                case 0 -> new FallbackOn(Set.of(FailureKind.CONTENT_POLICY), Set.of());
                case 1 -> new FallbackOn(Set.of(), Set.of(503));
                default -> FallbackOn.DEFAULT;
            };
        }

        private CommitPoint commitPoint() {
            return switch (random.nextInt(4)) {
                case 0, 1 -> CommitPoint.FIRST_CONTENT;
                case 2 -> CommitPoint.COMPLETE;
                default -> new CommitPoint.After(1 + random.nextInt(150), Duration.ofMillis(random.nextInt(3_000)));
            };
        }

        // The call's times, reckoned anew.

        private long explicitLimit(Step step) {
            Timeouts timeouts = step.timeouts();
            if (timeouts.total().isPresent()) {
                return timeouts.total().get().toNanos();
            }
            return timeouts.cancels() ? silence(step) : 0;
        }

        private long silence(Step step) {
            return step.timeouts().silence(plan.streaming(), step.reasons()).toNanos();
        }

        private long cap() {
            long patience = plan.patience().map(Duration::toNanos).orElse(CAP);
            long end = headSent ? capFrom + Math.max(CAP, patience) : arrivedAt + patience;
            if (!plan.streaming() || lifeSeen || (plan.patience().isPresent() && !headSent)) {
                return end;
            }
            long silence = plan.patience().isPresent() ? Math.max(SILENT_CAP, patience) : SILENT_CAP;
            return Math.min(end, arrivedAt + silence);
        }

        private void deadlineIsAtLeast(long at) {
            if (plan.deadline().isEmpty()) {
                deadline = Math.max(deadline, at);
            }
        }

        private boolean deadlineEndsAttempts() {
            return plan.deadline().isPresent() && now - deadline >= 0;
        }

        private void flows() {
            capFrom = now;
            deadlineIsAtLeast(now + DEADLINE);
        }

        // What happens.

        /** The alarm rings, perhaps late, or something happens before. */
        void something() {
            long alarmIn = TimeUnit.NANOSECONDS.toMillis(Math.max(0, wakeAt - now));
            if (started == 0 || random.nextInt(4) == 0) {
                now = Math.max(now, wakeAt)
                        + (random.nextInt(20) == 0 ? random.nextLong(5_000_000_000L) : 0)
                        + (random.nextBoolean() ? 0 : random.nextInt(3_000_000));
                tell(new Signal.Due());
            } else {
                int most = random.nextInt(4) == 0 ? 60_000 : 3_000;
                pass(random.nextInt((int) Math.min(most, alarmIn) + 1));
                int latest = random.nextInt(3) > 0 ? started : 1 + random.nextInt(started);
                tell(anySignal(latest, patienceOfTheWorld));
            }
        }

        void tell(Signal signal) {
            boolean pastCap = now - cap() >= 0;
            boolean pastDeadline = deadlineEndsAttempts();
            Map<Target, Availability> before = availabilities();
            log.append(now).append(' ').append(signal).append('\n');
            List<Command> commands = machine.on(signal, now);
            commands.forEach(command -> log.append("    ").append(command).append('\n'));
            if (!pastCap) {
                note(signal, pastDeadline);
            }
            for (Command command : commands) {
                check(command, signal, commands, pastCap, pastDeadline);
            }
            assertThat(over || !pastCap).as("1: nothing runs past the cap").isTrue();
            checkWinner(signal, commands);
            checkAlarm(signal, commands);
            checkBlame(signal, commands, before);
        }

        /** Records a signal, where it still affects the call. */
        private void note(Signal signal, boolean pastDeadline) {
            switch (signal) {
                case Signal.Alive(int attempt, Signal.Sign sign) -> {
                    Watch watch = watch(attempt);
                    if (isObserved(watch, pastDeadline)) {
                        lifeSeen = true;
                        watch.silentSince = now;
                        watch.signs++;
                        watch.reasoned |= sign == Signal.Sign.REASONING;
                        watch.worked |= sign != Signal.Sign.BYTES;
                        if (watch.worked || watch.content || watch.signs > 1) {
                            deadlineIsAtLeast(arrivedAt + REASONING_DEADLINE + explicitLimits);
                        }
                    }
                }
                case Signal.Progress(int attempt, long characters, boolean continuable) -> {
                    Watch watch = watch(attempt);
                    if (isObserved(watch, pastDeadline)) {
                        lifeSeen = true;
                        capFrom = headSent ? now : capFrom;
                        watch.content = true;
                        watch.silentSince = now;
                        if (attempt == committed) {
                            flows();
                        }
                    }
                }
                case Signal.Resumed(int attempt) -> {
                    Watch watch = watch(attempt);
                    if (isObserved(watch, pastDeadline) && watch.paused) {
                        watch.paused = false;
                        watch.silentSince = now;
                        watch.limitFrom += now - watch.pausedAt;
                        capFrom = headSent ? now : capFrom;
                        deadlineIsAtLeast(now + DEADLINE);
                    }
                }
                case Signal.Finishing(int attempt) -> {
                    Watch watch = watch(attempt);
                    if (isObserved(watch, pastDeadline)) {
                        watch.paused = false;
                        watch.finishingSince = OptionalLong.of(now);
                        if (attempt == committed) {
                            flows();
                        }
                    }
                }
                case Signal.Failed(int attempt, Failure failure) -> {
                    Watch watch = watch(attempt);
                    if (isObserved(watch, pastDeadline)) {
                        watch.live = false;
                        noteFailure(watch.step.target(), failure);
                    }
                }
                case Signal.Completed(int attempt) -> {
                    Watch watch = watch(attempt);
                    if (isObserved(watch, pastDeadline)) {
                        watch.live = false;
                    }
                }
                case Signal.HeadSent() -> {
                    if (!headSent) {
                        headSent = true;
                        capFrom = now;
                    }
                }
                case Signal.Begin begin -> {}
                case Signal.Connected connected -> {}
                case Signal.Paused(int attempt) -> {
                    Watch watch = watch(attempt);
                    if (isObserved(watch, pastDeadline) && watch.finishingSince.isEmpty() && !watch.paused) {
                        watch.paused = true;
                        watch.pausedAt = now;
                    }
                }
                case Signal.Due due -> {}
                case Signal.CallerLeft left -> {}
            }
        }

        /** A deadline that was set ends attempts without content before anything else. */
        private boolean isObserved(Watch watch, boolean pastDeadline) {
            return watch.live && (watch.content || !pastDeadline);
        }

        private void noteFailure(Target target, Failure failure) {
            somethingFailed = true;
            lastFailure.put(target, failure);
            boolean honoured = switch (failure.kind().disposition().effect()) {
                case COUNTS, COOLS -> failure.concern() != Concern.REQUEST;
                default -> false;
            };
            if (honoured && failure.retryAfter().isPresent()) {
                askedToWaitUntil.put(target, now + failure.retryAfter().getAsLong());
            }
        }

        private Watch watch(int attempt) {
            return attempts.get(attempt - 1);
        }

        private long live() {
            return attempts.stream().filter(watch -> watch.live).count();
        }

        private Map<Target, Availability> availabilities() {
            Map<Target, Availability> availabilities = new HashMap<>();
            for (Step step : CallScript.steps(0, TARGETS)) {
                availabilities.put(step.target(), shared.health().availability(step.target(), now));
            }
            return availabilities;
        }

        // What is held against the rules.

        private void check(Command command, Signal cause, List<Command> all, boolean pastCap, boolean pastDeadline) {
            assertThat(over).as("2: one terminal command, and it is the last").isFalse();
            switch (command) {
                case Command.Start(int attempt, Step step, AttemptKind attemptKind) ->
                    checkStart(attempt, step, attemptKind, pastCap);
                case Command.Cancel(int attempt) -> {
                    Watch watch = watch(attempt);
                    boolean tailOver = cause instanceof Signal.Completed || watch.finishingSince.isPresent();
                    assertThat(watch.live || tailOver)
                            .as("only what runs is cancelled")
                            .isTrue();
                    watch.live = false;
                    checkCancel(attempt, watch, cause, all, pastCap, pastDeadline);
                }
                case Command.Preview(int attempt) -> {
                    Watch watch = watch(attempt);
                    assertThat(plan.streaming() && plan.commit() instanceof CommitPoint.FirstContent)
                            .as("3: only a stream that is forwarded as it comes shows reasoning")
                            .isTrue();
                    assertThat(watch.live && watch.reasoned && !watch.content && !watch.previewed)
                            .as("3: reasoning is shown of an attempt that reasons")
                            .isTrue();
                    assertThat(committed)
                            .as("3: reasoning comes before the answer")
                            .isZero();
                    assertThat(live())
                            .as("3: only one attempt's reasoning is shown")
                            .isEqualTo(1);
                    watch.previewed = true;
                }
                case Command.Commit(int attempt) -> {
                    assertThat(pastCap)
                            .as("1: nothing is committed past the cap")
                            .isFalse();
                    assertThat(plan.streaming()).isTrue();
                    assertThat(committed).as("3: one attempt is committed").isZero();
                    committed = attempt;
                    headSent = true;
                    flows();
                }
                case Command.Continue(int attempt) -> {
                    assertThat(pastCap).as("1: nothing continues past the cap").isFalse();
                    assertThat(committed).as("3: only what began is continued").isPositive();
                    assertThat(attempt).as("3: another attempt continues").isNotEqualTo(committed);
                    assertThat(plan.recovery()).isNotEqualTo(Recovery.TERMINATE);
                    committed = attempt;
                    flows();
                }
                case Command.WakeAt(long at) -> wakeAt = at;
                case Command.Deliver(int attempt) -> {
                    over = true;
                    assertThat(pastCap)
                            .as("1: nothing is delivered past the cap")
                            .isFalse();
                    assertThat(committed == 0 || committed == attempt)
                            .as("3: the committed attempt is delivered")
                            .isTrue();
                    assertThat(live()).as("4: every loser is cancelled").isZero();
                }
                case Command.GiveUp(Verdict verdict) -> {
                    over = true;
                    assertThat(verdict.status()).isBetween(400, 599).isNotEqualTo(401);
                    assertThat(live()).as("4: nothing is left running").isZero();
                    assertThat(somethingFailed || pastCap || pastDeadline || started == 0)
                            .as("11: where nothing failed the call is not given up")
                            .isTrue();
                }
                case Command.Abandon() -> {
                    over = true;
                    assertThat(live())
                            .as("4: a caller who left leaves nothing behind")
                            .isZero();
                }
            }
        }

        private void checkStart(int attempt, Step step, AttemptKind attemptKind, boolean pastCap) {
            // No more of it is shown while another attempt may answer behind it.
            attempts.forEach(watch -> watch.previewed = false);
            assertThat(now - deadline < 0 && !pastCap)
                    .as("1: nothing starts past the deadline")
                    .isTrue();
            assertThat(attempt).isEqualTo(++started);
            assertThat(started).as("6: no target is hammered").isLessThan(200);
            assertThat(attemptKind.isRecovery())
                    .as("3: what starts after the commit continues the stream, and nothing else does")
                    .isEqualTo(committed > 0);
            assertThat(committed == 0 || plan.recovery() != Recovery.TERMINATE)
                    .as("3: nothing starts after the commit unless that was wanted")
                    .isTrue();
            assertThat(planned).as("9: the request is the planned one").contains(step);
            Failure before = lastFailure.get(step.target());
            assertThat(before == null || mayBeRepeated(before))
                    .as("6: %s is not tried again after %s", step.target(), before)
                    .isTrue();
            assertThat(now - askedToWaitUntil.getOrDefault(step.target(), now))
                    .as("6: a hint is honoured")
                    .isGreaterThanOrEqualTo(0);
            boolean beside = attemptKind == AttemptKind.HEDGE || committed > 0;
            assertThat(live())
                    .as("7: two in flight, where that is wanted, and else one")
                    .isLessThanOrEqualTo(beside && plan.hedging() ? 1 : 0);
            attempts.add(new Watch(step, now));
            LatencyProfile.Workload workload = new LatencyProfile.Workload(plan.streaming(), step.reasons());
            long p95 =
                    shared.latency().p95(step.target(), workload, PROMPT_BYTES).orElse(0);
            long slow = Math.max(silence(step), p95) + AFTER_A_LATE_MARK;
            boolean reasons = plan.chain().stream().anyMatch(Step::reasons);
            if (slow > (reasons ? REASONING_DEADLINE : DEADLINE) + explicitLimits) {
                deadlineIsAtLeast(now + slow);
            }
        }

        private boolean mayBeRepeated(Failure failure) {
            return switch (failure.kind().disposition().retry()) {
                case NEVER -> false;
                case REWRITTEN -> true;
                default -> failure.concern() != Concern.REQUEST;
            };
        }

        /** Lateness alone cancels nothing. */
        private void checkCancel(
                int attempt, Watch watch, Signal cause, List<Command> all, boolean pastCap, boolean pastDeadline) {
            boolean lost = all.stream().anyMatch(command -> switch (command) {
                        case Command.Commit(int winner) -> winner != attempt;
                        case Command.Continue(int winner) -> winner != attempt;
                        case Command.Deliver(int winner) -> winner != attempt;
                        default -> false;
                    })
                    || isContentOf(committed, cause);
            boolean ended = pastCap || cause instanceof Signal.CallerLeft || (pastDeadline && !watch.content);
            boolean tail = watch.finishingSince.isPresent() && now - watch.finishingSince.getAsLong() >= TAIL;
            if (lost || ended || tail) {
                return;
            }
            boolean limited = isPastExplicitLimit(watch);
            boolean makesRoom = isHung(watch)
                    && all.stream()
                            .anyMatch(command -> command instanceof Command.Start
                                    || command instanceof Command.GiveUp
                                    || command instanceof Command.Deliver);
            assertThat(limited || makesRoom)
                    .as("4: attempt %s is not cancelled for being late", attempt)
                    .isTrue();
            noteFailure(watch.step.target(), Failure.of(FailureKind.TIMEOUT_FIRST_TOKEN, "late"));
        }

        private boolean isContentOf(int attempt, Signal cause) {
            return attempt > 0
                    && switch (cause) {
                        case Signal.Progress progress -> progress.attempt() == attempt;
                        case Signal.Finishing finishing -> finishing.attempt() == attempt;
                        case Signal.Completed completed -> completed.attempt() == attempt;
                        default -> false;
                    };
        }

        private boolean isPastExplicitLimit(Watch watch) {
            Timeouts timeouts = watch.step.timeouts();
            boolean total = timeouts.total().isPresent()
                    && now - watch.limitFrom >= timeouts.total().get().toNanos();
            long shortest = Math.min(
                    timeouts.connect().toNanos(), Math.min(timeouts.idle().toNanos(), silence(watch.step)));
            return total || (timeouts.cancels() && now - watch.limitFrom >= shortest);
        }

        private boolean isHung(Watch watch) {
            long mark = Math.min(watch.step.timeouts().idle().toNanos(), silence(watch.step));
            return now - watch.silentSince >= 3 * mark;
        }

        private void checkWinner(Signal signal, List<Command> commands) {
            boolean won = commands.stream()
                    .anyMatch(command -> command instanceof Command.Commit || command instanceof Command.Continue);
            boolean resumed = isContentOf(committed, signal) && watch(committed).live;
            if (won || resumed) {
                assertThat(attempts.stream().filter(watch -> watch.live && watch != watch(committed)))
                        .as("4: the losers of a race are cancelled at once")
                        .isEmpty();
            }
        }

        private void checkAlarm(Signal signal, List<Command> commands) {
            if (over) {
                return;
            }
            assertThat(wakeAt - cap()).as("1: no alarm past the cap").isLessThanOrEqualTo(0);
            if (signal instanceof Signal.Due) {
                assertThat(commands).as("1: an alarm that rang is set anew").anyMatch(Command.WakeAt.class::isInstance);
                hotAlarms = wakeAt - now <= 0 ? hotAlarms + 1 : 0;
                assertThat(hotAlarms).as("1: no alarm rings for ever").isLessThan(2);
            }
        }

        private void checkBlame(Signal signal, List<Command> commands, Map<Target, Availability> before) {
            if (!(signal instanceof Signal.Failed failed)) {
                return;
            }
            boolean alone = commands.stream()
                    .noneMatch(command -> command instanceof Command.Cancel || command instanceof Command.Start);
            Failure failure = failed.failure();
            boolean blameless = switch (failure.kind().disposition().effect()) {
                case NONE, QUALITY -> true;
                case COUNTS_ACROSS_CALLERS -> plan.caller().isEmpty();
                case COUNTS, COOLS, COOLS_LONG -> failure.concern() == Concern.REQUEST;
            };
            boolean callersKey = watch(failed.attempt()).step.target().callersKey();
            if (alone && (blameless || callersKey)) {
                availabilities()
                        .forEach((target, after) -> assertThat(
                                        after.isReady() || !before.get(target).isReady())
                                .as("5: %s does not cost others %s", failure, target)
                                .isTrue());
            }
        }
    }
}
