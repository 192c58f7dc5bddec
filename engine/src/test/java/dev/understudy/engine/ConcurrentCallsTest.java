package dev.understudy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What calls share, used by several threads at once. A seed decides what each thread does and where it yields, so a failure names the
 * seed under which it is likely to come again; the order of the threads is the machine's.
 */
@Timeout(120)
class ConcurrentCallsTest {
    private static final int THREADS = 4;
    private static final long EPOCH = TimeUnit.HOURS.toNanos(1);
    private static final Failure SERVER_ERROR = Failure.of(FailureKind.SERVER_ERROR, "scripted");

    private final Target target = Target.of("p", "m");

    /** One of the threads: does its share, told its own random numbers. */
    @FunctionalInterface
    private interface Share {
        void run(int thread, Random random) throws Exception;
    }

    /** Runs it in all threads at the same time. A thread that does not end is a deadlock, and ends the test by its limit. */
    private static void inAllThreads(long seed, Share share) throws Exception {
        CyclicBarrier together = new CyclicBarrier(THREADS);
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int thread = i;
                Callable<Void> run = () -> {
                    together.await();
                    share.run(thread, new Random(seed * THREADS + thread));
                    return null;
                };
                all.add(threads.submit(run));
            }
            for (Future<?> each : all) {
                each.get(60, TimeUnit.SECONDS);
            }
        }
    }

    private static void perhapsYield(Random random) {
        if (random.nextInt(4) == 0) {
            Thread.yield();
        }
    }

    private static CooldownPolicy after(int failures) {
        return new CooldownPolicy(failures, 0, Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofMinutes(1));
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4})
    @DisplayName("No failure is lost: the circuit opens with the last of so many, not before and not after")
    void noFailureIsLost(long seed) throws Exception {
        int each = 500;
        HealthRegistry health = new HealthRegistry();
        CooldownPolicy policy = after(THREADS * each + 1);
        inAllThreads(seed, (thread, random) -> {
            for (int i = 0; i < each; i++) {
                health.begin(target, EPOCH);
                perhapsYield(random);
                health.failed(target, SERVER_ERROR, Concern.TARGET, "", policy, EPOCH, EPOCH + 1, random);
                assertThat(health.availability(target, EPOCH + 1).isReady()).isTrue();
            }
        });
        assertThat(health.availability(target, EPOCH + 1).isReady()).isTrue();
        health.failed(target, SERVER_ERROR, Concern.TARGET, "", policy, EPOCH, EPOCH + 1, new Random(seed));
        assertThat(health.availability(target, EPOCH + 1).isReady()).isFalse();
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4})
    @DisplayName("A success after the cooldown closes the circuit, whatever late failures other threads report")
    void aTrialThatSucceedsClosesTheCircuit(long seed) throws Exception {
        HealthRegistry health = new HealthRegistry();
        CooldownPolicy policy = after(1_000_000);
        long over = EPOCH + TimeUnit.MINUTES.toNanos(2);
        health.failed(target, SERVER_ERROR, Concern.TARGET, "", after(1), EPOCH, EPOCH + 1, new Random(seed));
        assertThat(health.availability(target, EPOCH + 2).isReady()).isFalse();
        inAllThreads(seed, (thread, random) -> {
            for (int i = 0; i < 500; i++) {
                perhapsYield(random);
                if (thread == 0) {
                    health.begin(target, over + i);
                    health.succeeded(target, over + i, over + i + 1);
                } else {
                    // They began before the circuit opened, so they are no news about it.
                    health.failed(target, SERVER_ERROR, Concern.TARGET, "", policy, EPOCH - 1, over + i, random);
                }
            }
        });
        assertThat(health.availability(target, over + 1_000).isReady()).isTrue();
        assertThat(health.report(target, over + 1_000).outage()).isEmpty();
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4})
    @DisplayName("Of calls that come together one tries the half-open circuit, and the others are answered elsewhere")
    void oneOfSeveralCallsIsTheTrial(long seed) throws Exception {
        int rounds = 2_000;
        long over = EPOCH + TimeUnit.MINUTES.toNanos(2);
        Plan plan = Plan.of(CallScript.steps(0, "a/m", "b/m")).build();
        List<Step> chain = plan.chain();
        Random failures = new Random(seed);
        List<SharedState> halfOpen = new ArrayList<>(rounds);
        for (int round = 0; round < rounds; round++) {
            SharedState shared = SharedState.ofDefaults();
            List.of(Concern.TARGET, Concern.PROVIDER)
                    .forEach(concern -> shared.health()
                            .failed(
                                    chain.getFirst().target(),
                                    SERVER_ERROR,
                                    concern,
                                    "",
                                    after(1),
                                    EPOCH,
                                    EPOCH + 1,
                                    failures));
            halfOpen.add(shared);
        }
        AtomicIntegerArray trials = new AtomicIntegerArray(rounds);
        AtomicIntegerArray elsewhere = new AtomicIntegerArray(rounds);
        CyclicBarrier eachRound = new CyclicBarrier(THREADS);
        inAllThreads(seed, (thread, random) -> {
            for (int round = 0; round < rounds; round++) {
                long now = over + random.nextInt(THREADS);
                FallbackCall call = new FallbackCall(plan, 2_000, halfOpen.get(round), random, now);
                eachRound.await();
                boolean first = call.on(new Signal.Begin(), now).stream()
                        .anyMatch(command -> command instanceof Command.Start start
                                && start.step().equals(chain.getFirst()));
                (first ? trials : elsewhere).incrementAndGet(round);
            }
        });
        for (int round = 0; round < rounds; round++) {
            assertThat(trials.get(round))
                    .as("trials in round %d, seed %d", round, seed)
                    .isEqualTo(1);
            assertThat(elsewhere.get(round)).isEqualTo(THREADS - 1);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4})
    @DisplayName("The registry stays bounded, whatever names and keys callers bring")
    void theRegistryStaysBounded(long seed) throws Exception {
        HealthRegistry health = new HealthRegistry();
        inAllThreads(seed, (thread, random) -> {
            for (int i = 0; i < 3_000; i++) {
                Target named = Target.of("p", "model-" + thread + "-" + i);
                health.failed(named, SERVER_ERROR, Concern.TARGET, "", after(1), EPOCH, EPOCH + 1, random);
                perhapsYield(random);
                if (random.nextInt(500) == 0) {
                    health.reset(named.name());
                }
            }
        });
        assertThat(health.triedTargets()).hasSizeLessThanOrEqualTo(2 * RecentAttempts.MAX_TARGETS);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4})
    @DisplayName("The hedging budget is never exceeded, and no payment into it is lost")
    void theHedgingBudgetIsExact(long seed) throws Exception {
        double ratio = 0.25;
        HedgingBudget budget = new HedgingBudget(ratio);
        AtomicInteger taken = new AtomicInteger();
        while (budget.take()) {
            taken.incrementAndGet();
        }
        int full = taken.get();
        int calls = 40;
        // Nothing overflows: what four threads pay in is less than the budget can hold.
        inAllThreads(seed, (thread, random) -> {
            for (int i = 0; i < calls; i++) {
                budget.called();
                perhapsYield(random);
                if (random.nextBoolean() && budget.take()) {
                    taken.incrementAndGet();
                }
            }
        });
        while (budget.take()) {
            taken.incrementAndGet();
        }
        assertThat(taken.get() - full).isEqualTo((int) (ratio * calls * THREADS));
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4})
    @DisplayName("The retry budget ends with the fiftieth failure, whichever threads report it")
    void theRetryBudgetIsExact(long seed) throws Exception {
        RetryBudget budget = new RetryBudget(0.5);
        AtomicInteger failures = new AtomicInteger();
        inAllThreads(seed, (thread, random) -> {
            while (failures.getAndIncrement() < 49) {
                perhapsYield(random);
                assertThat(budget.allows(target)).isTrue();
                budget.failed(target);
            }
        });
        assertThat(budget.allows(target)).isTrue();
        budget.failed(target);
        assertThat(budget.allows(target)).isFalse();
        // Each success pays half a retry back.
        inAllThreads(seed, (thread, random) -> budget.succeeded(target));
        assertThat(budget.allows(target)).isTrue();
        budget.failed(target);
        budget.failed(target);
        assertThat(budget.allows(target)).isFalse();
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4})
    @DisplayName(
            "Calls of several threads each have one end, start nothing after it, and leave healthy targets healthy")
    void callsOfSeveralThreadsEndOnce(long seed) throws Exception {
        SharedState shared = SharedState.ofDefaults();
        AtomicLong clock = new AtomicLong(EPOCH);
        inAllThreads(seed, (thread, random) -> {
            for (int i = 0; i < 1_000; i++) {
                new ScriptedCall(shared, clock, random, seed).run();
            }
        });
        long later = clock.get() + TimeUnit.HOURS.toNanos(1);
        for (Step step : CallScript.steps(0, "a/m", "b/m", "c/m")) {
            assertThat(shared.health().availability(step.target(), later).isReady())
                    .as("%s after an hour of rest, seed %d", step.target(), seed)
                    .isTrue();
        }
    }

    /** A call whose attempts answer, fail or stay silent by chance. All calls share a clock that only goes forward. */
    private static final class ScriptedCall {
        private static final int MOST_SIGNALS = 5_000;

        private final AtomicLong clock;
        private final Random random;
        private final String story;
        private final FallbackCall call;
        private final Set<Integer> running = new HashSet<>();
        private final Set<Integer> silent = new HashSet<>();
        private long wakeAt = Long.MAX_VALUE;
        private int ends;

        private ScriptedCall(SharedState shared, AtomicLong clock, Random random, long seed) {
            this.clock = clock;
            this.random = random;
            this.story = "seed " + seed;
            Plan plan = Plan.of(CallScript.steps(0, "a/m", "b/m", "c/m"))
                    .streaming(random.nextBoolean())
                    .build();
            this.call = new FallbackCall(plan, 2_000, shared, random, clock.get());
        }

        private void run() {
            tell(new Signal.Begin());
            for (int i = 0; i < MOST_SIGNALS && ends == 0; i++) {
                perhapsYield(random);
                int speaking = running.stream()
                        .filter(attempt -> !silent.contains(attempt))
                        .findFirst()
                        .orElse(0);
                if (speaking == 0) {
                    assertThat(wakeAt)
                            .as(story + ": nothing runs and nothing is due")
                            .isLessThan(Long.MAX_VALUE);
                    clock.accumulateAndGet(wakeAt, Math::max);
                    tell(new Signal.Due());
                } else {
                    next(speaking);
                }
            }
            assertThat(ends).as(story + ": ends of one call").isEqualTo(1);
            for (int attempt = 1; attempt <= call.attempts(); attempt++) {
                assertThat(tell(new Signal.Failed(attempt, SERVER_ERROR)))
                        .as(story + ": commands after the end")
                        .isEmpty();
            }
        }

        private void next(int attempt) {
            clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(1 + random.nextInt(200)));
            switch (random.nextInt(10)) {
                case 0, 1, 2 -> {
                    running.remove(attempt);
                    tell(new Signal.Failed(attempt, SERVER_ERROR));
                }
                case 3, 4 -> silent.add(attempt);
                default -> {
                    tell(new Signal.Progress(attempt, 10, true));
                    tell(new Signal.Completed(attempt));
                }
            }
        }

        private List<Command> tell(Signal signal) {
            List<Command> commands = call.on(signal, clock.get());
            for (Command command : commands) {
                assertThat(ends).as(story + ": " + command + " after the end").isZero();
                switch (command) {
                    case Command.Start start -> running.add(start.attempt());
                    case Command.Cancel cancel -> running.remove(cancel.attempt());
                    case Command.WakeAt wake -> wakeAt = wake.at();
                    case Command.Terminal end -> ends++;
                    case Command.Preview preview -> assertThat(running).contains(preview.attempt());
                    case Command.Commit commit -> assertThat(running).contains(commit.attempt());
                    case Command.Continue on -> assertThat(running).contains(on.attempt());
                }
            }
            return commands;
        }
    }
}
