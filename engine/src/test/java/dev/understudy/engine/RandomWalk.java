package dev.understudy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A handful of calls that share their health, driven by signals in an order that a seed decides, late alarms and
 * nonsense included. Every command is held against the engine's rules.
 */
final class RandomWalk {
    private static final FailureKind[] KINDS = FailureKind.values();
    private static final long PROMPT_BYTES = 2_000;
    private static final String[] TARGETS = {"a/m", "a/n", "b/m", "c/m", "d/m"};

    private final Random random;
    private final Shared shared = Shared.ofDefaults();
    private final StringBuilder log = new StringBuilder();
    private long now;

    RandomWalk(long seed) {
        this.random = new Random(seed);
        this.now = random.nextLong(-1_000_000_000_000L, 1_000_000_000_000L);
        if (random.nextBoolean()) {
            learnUsualTimes();
        }
    }

    private void learnUsualTimes() {
        for (Step step : CallScript.steps(0, TARGETS)) {
            long usual = TimeUnit.MILLISECONDS.toNanos(1 + random.nextInt(3_000));
            for (int i = 0; i < 50; i++) {
                shared.latency().learn(step.target(), new LatencyProfile.Workload(true, false), PROMPT_BYTES, usual);
                shared.latency().learn(step.target(), new LatencyProfile.Workload(false, false), PROMPT_BYTES, usual);
            }
        }
    }

    /** Runs to the end and returns everything that happened, as text. */
    String run() {
        for (int calls = 1 + random.nextInt(6); calls > 0; calls--) {
            walk();
            pass(random.nextInt(20_000));
        }
        return log.toString();
    }

    private void walk() {
        Watched call = new Watched();
        call.tell(new Signal.Begin());
        assertThat(call.over || call.started > 0 || call.wakeAt < call.deadline)
                .as("8: a call asks somebody, or waits for somebody to recover")
                .isTrue();
        for (int steps = 0; !call.over; steps++) {
            assertThat(steps).as("1: a call ends").isLessThan(2_000);
            call.something();
        }
        for (int late = 0; late < 3 && call.started > 0; late++) {
            int attempt = 1 + random.nextInt(call.started);
            assertThat(call.machine.on(anySignal(attempt), now))
                    .as("2: nothing follows the terminal command")
                    .isEmpty();
        }
        log.append(call.machine.trail(now)).append('\n');
    }

    private void pass(int millis) {
        now += TimeUnit.MILLISECONDS.toNanos(millis) + random.nextInt(1_000_000);
    }

    private Signal anySignal(int attempt) {
        return switch (random.nextInt(12)) {
            case 0, 1 -> new Signal.Connected(attempt);
            case 2, 3 -> new Signal.Progress(attempt, random.nextInt(200), random.nextInt(8) > 0);
            case 4 -> new Signal.Finishing(attempt);
            case 5 -> new Signal.Completed(attempt);
            case 6 -> new Signal.Paused(attempt);
            case 7 -> new Signal.Resumed(attempt);
            case 8 -> random.nextInt(8) == 0 ? new Signal.CallerLeft() : new Signal.Due();
            default ->
                new Signal.Failed(
                        attempt,
                        CallScript.failure(
                                KINDS[random.nextInt(KINDS.length)],
                                random.nextBoolean() ? -1 : random.nextInt(6_000)));
        };
    }

    /** One call and what a driver would know of it. */
    private final class Watched {
        private final Plan plan;
        private final FallbackCall machine;
        private final long fullDeadline;
        /** The caller's patience counts until something reached it. */
        private long deadline;

        private final Set<Integer> live = new HashSet<>();
        private final Map<String, FailureKind> lastFailure = new HashMap<>();
        private final Map<Integer, String> targetOf = new HashMap<>();
        private int started;
        private int committed;
        private boolean over;
        private long wakeAt;

        Watched() {
            List<Step> chain = new ArrayList<>();
            int length = 1 + random.nextInt(4);
            int retries = random.nextInt(4);
            Set<String> names = new HashSet<>();
            while (names.size() < length) {
                String name = TARGETS[random.nextInt(TARGETS.length)];
                if (names.add(name)) {
                    chain.add(CallScript.retries(retries, Duration.ofMillis(random.nextInt(500)))
                            .apply(CallScript.steps(chain.size(), name).getFirst()));
                }
            }
            Duration patience = Duration.ofMillis(200 + random.nextInt(60_000));
            Duration deadline = Duration.ofMillis(500 + random.nextInt(60_000));
            plan = Plan.of(chain)
                    .deadline(random.nextBoolean() ? Optional.of(deadline) : Optional.empty())
                    .patience(random.nextBoolean() ? Optional.of(patience) : Optional.empty())
                    .streaming(random.nextBoolean())
                    .commit(commitPoint())
                    .recovery(Recovery.values()[random.nextInt(Recovery.values().length)])
                    .hedging(random.nextBoolean())
                    .build();
            machine = new FallbackCall(plan, PROMPT_BYTES, shared, random, now);
            fullDeadline = now + plan.deadline().toNanos();
            deadline = Math.min(
                    fullDeadline, now + plan.patience().orElse(plan.deadline()).toNanos());
        }

        private CommitPoint commitPoint() {
            return switch (random.nextInt(3)) {
                case 0 -> CommitPoint.FIRST_CONTENT;
                case 1 -> CommitPoint.COMPLETE;
                default -> new CommitPoint.After(1 + random.nextInt(150), Duration.ofMillis(random.nextInt(3_000)));
            };
        }

        /** The alarm rings, perhaps late, or something happens before. */
        void something() {
            long alarmIn = TimeUnit.NANOSECONDS.toMillis(Math.max(0, wakeAt - now));
            if (started == 0 || random.nextInt(4) == 0) {
                now = Math.max(now, wakeAt) + random.nextInt(3_000_000);
                tell(new Signal.Due());
            } else {
                pass(random.nextInt((int) Math.min(3_000, alarmIn) + 1));
                tell(anySignal(1 + random.nextInt(started)));
            }
        }

        void tell(Signal signal) {
            boolean blameless = signal instanceof Signal.Failed failed
                    && live.contains(failed.attempt())
                    && failed.failure().kind().disposition().effect() == Disposition.Effect.NONE;
            boolean wasReady = blameless && availability(signal).isReady();
            log.append(now).append(' ').append(signal).append('\n');
            List<Command> commands = machine.on(signal, now);
            if (now - deadline < 0) {
                // What comes later is not taken note of: the deadline ends the attempt.
                noteEnd(signal);
            }
            for (Command command : commands) {
                log.append("    ").append(command).append('\n');
                check(command, signal);
            }
            assertThat(blameless && wasReady && !availability(signal).isReady())
                    .as("5: a caller's own fault cools nothing")
                    .isFalse();
        }

        private Availability availability(Signal signal) {
            String name = targetOf.get(((Signal.Failed) signal).attempt());
            Target target = plan.chain().stream()
                    .map(Step::target)
                    .filter(each -> each.name().equals(name))
                    .findFirst()
                    .orElseThrow();
            return shared.health().availability(target, now);
        }

        private void noteEnd(Signal signal) {
            switch (signal) {
                case Signal.Failed(int attempt, Failure failure) -> {
                    if (live.remove(attempt)) {
                        lastFailure.put(targetOf.get(attempt), failure.kind());
                    }
                }
                case Signal.Completed(int attempt) -> live.remove(attempt);
                default -> {}
            }
        }

        private void check(Command command, Signal cause) {
            assertThat(over).as("2: one terminal command, and it is the last").isFalse();
            boolean inTime = now - deadline < 0;
            switch (command) {
                case Command.Start(int attempt, Step step, Manner manner) -> {
                    assertThat(inTime).as("1: nothing starts past the deadline").isTrue();
                    assertThat(attempt).isEqualTo(++started);
                    assertThat(manner.isRecovery())
                            .as("3: who is asked after the commit goes on with the stream, and nobody else does")
                            .isEqualTo(committed > 0);
                    assertThat(committed == 0 || plan.recovery() != Recovery.TERMINATE)
                            .as("3: nobody is asked after the commit unless that was wanted")
                            .isTrue();
                    assertThat(plan.chain())
                            .as("9: the request is the planned one")
                            .contains(step);
                    FailureKind before = lastFailure.get(step.target().name());
                    assertThat(before == null || before.disposition().again() != Disposition.Again.NEVER)
                            .as("6: %s is not asked again after %s", step.target(), before)
                            .isTrue();
                    assertThat(live.size())
                            .as("7: two in flight, where that is wanted, and else one")
                            .isLessThanOrEqualTo(manner == Manner.OVERLAPPING ? 1 : 0);
                    assertThat(plan.overlap() || manner != Manner.OVERLAPPING)
                            .as("7: no overlap was asked for")
                            .isTrue();
                    live.add(attempt);
                    targetOf.put(attempt, step.target().name());
                }
                case Command.Cancel(int attempt) -> {
                    assertThat(live.remove(attempt))
                            .as("only what runs is cancelled")
                            .isTrue();
                    if (cause instanceof Signal.Due) {
                        lastFailure.put(targetOf.get(attempt), FailureKind.TIMEOUT_FIRST_TOKEN);
                    }
                }
                case Command.Commit(int attempt) -> {
                    assertThat(inTime)
                            .as("1: nothing is committed past the deadline")
                            .isTrue();
                    assertThat(plan.streaming()).isTrue();
                    assertThat(committed).as("3: one attempt is committed").isZero();
                    committed = attempt;
                    deadline = fullDeadline;
                }
                case Command.Continue(int attempt) -> {
                    assertThat(inTime)
                            .as("1: nothing goes on past the deadline")
                            .isTrue();
                    assertThat(committed).as("3: only what began goes on").isPositive();
                    assertThat(live)
                            .as("3: what broke is over before another goes on")
                            .doesNotContain(committed);
                    assertThat(attempt).as("3: another one goes on").isNotEqualTo(committed);
                    committed = attempt;
                }
                case Command.WakeAt(long at) -> {
                    assertThat(at - deadline)
                            .as("1: no alarm past the deadline")
                            .isLessThanOrEqualTo(0);
                    wakeAt = at;
                }
                case Command.Deliver(int attempt) -> {
                    over = true;
                    assertThat(inTime)
                            .as("1: nothing is delivered past the deadline")
                            .isTrue();
                    assertThat(committed == 0 || committed == attempt)
                            .as("3: who was committed delivers")
                            .isTrue();
                    live.remove(attempt);
                    assertThat(live).as("4: every loser is cancelled").isEmpty();
                }
                case Command.GiveUp(Verdict verdict) -> {
                    over = true;
                    assertThat(verdict.status()).isBetween(400, 599).isNotEqualTo(401);
                    assertThat(live).as("4: nothing is left running").isEmpty();
                }
                case Command.Abandon() -> {
                    over = true;
                    assertThat(live)
                            .as("4: a caller who left leaves nothing behind")
                            .isEmpty();
                }
            }
        }
    }
}
