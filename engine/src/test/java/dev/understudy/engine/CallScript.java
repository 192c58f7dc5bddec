package dev.understudy.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * Writes down one call as a script: what happened at which millisecond, and the engine's commands as text. Calls of
 * one script share their health, as they do in production.
 */
final class CallScript {
    /** As in a server: the monotonic clock may start anywhere, below zero too. */
    private static final long EPOCH = -TimeUnit.HOURS.toNanos(1);

    private static final int PROMPT_BYTES = 2_000;

    private final SharedState shared;
    private final List<Step> chain;
    private final Map<FailureKind, List<Step>> instead = new LinkedHashMap<>();
    private Optional<Duration> deadline = Optional.empty();
    private Optional<Duration> patience = Optional.empty();
    private boolean streaming;
    private CommitPoint commit = CommitPoint.FIRST_CONTENT;
    private Recovery recovery = Recovery.TERMINATE;
    private boolean hedging;
    private FallbackOn fallbackOn = FallbackOn.DEFAULT;
    private String caller = "";
    private boolean continuable = true;
    private FallbackCall call;
    private long now;
    private long wakeAt = Long.MIN_VALUE;
    private Optional<Verdict> verdict = Optional.empty();

    private CallScript(SharedState shared, long now, List<Step> chain) {
        this.shared = shared;
        this.now = now;
        this.chain = new ArrayList<>(chain);
    }

    static CallScript chain(String... targets) {
        return new CallScript(SharedState.ofDefaults(), 0, steps(0, targets));
    }

    /** A later call that knows what this one's health board knows. */
    CallScript then(String... targets) {
        return new CallScript(shared, now, steps(0, targets));
    }

    static List<Step> steps(int firstId, String... targets) {
        List<Step> steps = new ArrayList<>();
        for (String name : targets) {
            // Retries are drawn from [0, 1 ns], so that a script can say when they happen.
            RetryPolicy retry = new RetryPolicy(1, Duration.ZERO, Duration.ofSeconds(4), Duration.ofSeconds(3));
            Step plain = Step.of(firstId + steps.size(), target(name));
            steps.add(copy(plain, plain.timeouts(), plain.usual(), retry, plain.cooldown()));
        }
        return steps;
    }

    /** {@code a/m#2} is {@code a/m} with another key. */
    private static Target target(String provider, String model) {
        int key = model.indexOf('#');
        return key < 0
                ? Target.of(provider, model)
                : new Target(provider, model.substring(0, key), provider + model.substring(key), provider);
    }

    private static Target target(String name) {
        int slash = name.indexOf('/');
        return target(name.substring(0, slash), name.substring(slash + 1));
    }

    private static Step copy(Step step, Timeouts timeouts, Timeouts usual, RetryPolicy retry, CooldownPolicy cooldown) {
        return step.toBuilder()
                .timeouts(timeouts)
                .usual(usual)
                .retry(retry)
                .cooldown(cooldown)
                .build();
    }

    CallScript streaming() {
        streaming = true;
        return this;
    }

    /** The caller's client hangs up if nothing happens for so long. */
    CallScript patience(int millis) {
        patience = Optional.of(Duration.ofMillis(millis));
        return this;
    }

    /** The caller waits for the whole stream. */
    CallScript committingWhenComplete() {
        commit = CommitPoint.COMPLETE;
        return this;
    }

    CallScript committing(CommitPoint point) {
        commit = point;
        return this;
    }

    CallScript recovering(Recovery how) {
        recovery = how;
        return this;
    }

    CallScript hedging() {
        hedging = true;
        return this;
    }

    /** The content from here on is a tool call, for example, which no other target can continue. */
    CallScript withContentThatCannotBeContinued() {
        continuable = false;
        return this;
    }

    /** Teaches how long a target takes to its first content. */
    CallScript knowing(String target, int millis) {
        return knowing(target, millis, 100);
    }

    CallScript knowing(String target, int millis, int times) {
        for (int i = 0; i < times; i++) {
            shared.latency()
                    .learn(
                            target(target),
                            new LatencyProfile.Workload(streaming, false),
                            PROMPT_BYTES,
                            TimeUnit.MILLISECONDS.toNanos(millis));
        }
        return this;
    }

    /** Other calls have used up what there was for hedges. */
    CallScript withoutHedgingBudget() {
        boolean more = true;
        while (more) {
            more = shared.hedges().take();
        }
        return this;
    }

    /** Nothing is left for retries at this target. */
    CallScript withoutRetryBudget(String target) {
        while (shared.retries().allows(target(target))) {
            shared.retries().failed(target(target));
        }
        return this;
    }

    CallScript fallbackOn(FallbackOn failures) {
        fallbackOn = failures;
        return this;
    }

    CallScript caller(String name) {
        caller = name;
        return this;
    }

    CallScript deadline(int millis) {
        deadline = Optional.of(Duration.ofMillis(millis));
        return this;
    }

    /** Changes every step of the chain. */
    CallScript with(UnaryOperator<Step> change) {
        chain.replaceAll(change);
        return this;
    }

    CallScript instead(FailureKind kind, String... targets) {
        instead.put(kind, steps(100, targets));
        return this;
    }

    static UnaryOperator<Step> retries(int attempts, Duration base) {
        return retries(new RetryPolicy(attempts, base, Duration.ofSeconds(4), Duration.ofSeconds(3)));
    }

    /** One retry, and more with backoff while no other target is left: the default, with waits that a script can name. */
    static UnaryOperator<Step> persistent() {
        return retries(new RetryPolicy(1, Duration.ofMillis(250), Duration.ofSeconds(4), Duration.ofSeconds(3), true));
    }

    private static UnaryOperator<Step> retries(RetryPolicy policy) {
        return step -> copy(step, step.timeouts(), step.usual(), policy, step.cooldown());
    }

    static UnaryOperator<Step> cooldown(int after, Duration base, Duration cap) {
        return cooldown(new CooldownPolicy(after, 0.5, base, cap, Duration.ofMinutes(5)));
    }

    static UnaryOperator<Step> neverCooling() {
        Duration any = Duration.ofSeconds(5);
        return cooldown(new CooldownPolicy(1_000_000, 0, any, any, any));
    }

    static UnaryOperator<Step> cooldown(CooldownPolicy policy) {
        return step -> copy(step, step.timeouts(), step.usual(), step.retry(), policy);
    }

    /** Changes the limits of this call; those that the operator set stay. */
    static UnaryOperator<Step> limits(UnaryOperator<Timeouts> change) {
        return step -> copy(step, change.apply(step.timeouts()), step.usual(), step.retry(), step.cooldown());
    }

    /** The caller brings the key itself. */
    static UnaryOperator<Step> callersKey(String digest) {
        return step -> step.toBuilder()
                .target(new Target(
                        step.target().provider(),
                        step.target().model(),
                        digest,
                        step.target().site(),
                        true))
                .build();
    }

    /** Gives the target a known context window. */
    static UnaryOperator<Step> window(String target, int tokens) {
        return step -> !step.target().name().equals(target)
                ? step
                : step.toBuilder().contextWindow(OptionalInt.of(tokens)).build();
    }

    CallScript at(int millis) {
        now = millis;
        return this;
    }

    List<String> begin() {
        call = new FallbackCall(
                Plan.of(chain)
                        .instead(instead)
                        .deadline(deadline)
                        .patience(patience)
                        .streaming(streaming)
                        .commit(commit)
                        .recovery(recovery)
                        .hedging(hedging)
                        .fallbackOn(fallbackOn)
                        .caller(caller)
                        .build(),
                PROMPT_BYTES,
                shared,
                new Random(1),
                nanos());
        return on(new Signal.Begin());
    }

    List<String> connected(int attempt) {
        return on(new Signal.Connected(attempt));
    }

    List<String> progress(int attempt) {
        return progress(attempt, 10);
    }

    List<String> progress(int attempt, int characters) {
        return on(new Signal.Progress(attempt, characters, continuable));
    }

    List<String> alive(int attempt) {
        return on(new Signal.Alive(attempt, Signal.Sign.BYTES));
    }

    List<String> reasons(int attempt) {
        return on(new Signal.Alive(attempt, Signal.Sign.REASONING));
    }

    List<String> callsATool(int attempt) {
        return on(new Signal.Alive(attempt, Signal.Sign.TOOL_CALL));
    }

    List<String> headSent() {
        return on(new Signal.HeadSent());
    }

    List<String> finishing(int attempt) {
        return on(new Signal.Finishing(attempt));
    }

    List<String> completed(int attempt) {
        return on(new Signal.Completed(attempt));
    }

    List<String> paused(int attempt) {
        return on(new Signal.Paused(attempt));
    }

    List<String> resumed(int attempt) {
        return on(new Signal.Resumed(attempt));
    }

    List<String> failed(int attempt, FailureKind kind) {
        return failed(attempt, kind, -1);
    }

    /** @param hintMillis how long the provider asks to be left alone; negative if it did not say */
    List<String> failed(int attempt, FailureKind kind, int hintMillis) {
        return on(new Signal.Failed(attempt, failure(kind, hintMillis)));
    }

    List<String> failed(int attempt, Failure failure) {
        return on(new Signal.Failed(attempt, failure));
    }

    static Failure failure(FailureKind kind, int hintMillis) {
        OptionalLong hint =
                hintMillis < 0 ? OptionalLong.empty() : OptionalLong.of(TimeUnit.MILLISECONDS.toNanos(hintMillis));
        boolean wire = kind == FailureKind.CONNECTION;
        return new Failure(kind, wire ? 0 : 400, ErrorDetails.of(kind.wireName()), hint);
    }

    List<String> callerLeft() {
        return on(new Signal.CallerLeft());
    }

    List<String> due() {
        return on(new Signal.Due());
    }

    /** Lets time pass, alarm by alarm, until the engine has something to say. */
    List<String> untilDue() {
        for (int alarms = 0; alarms < 10; alarms++) {
            now = TimeUnit.NANOSECONDS.toMillis(wakeAt - EPOCH + 999_999);
            List<String> words = due();
            if (!words.isEmpty()) {
                return words;
            }
        }
        throw new AssertionError("ten alarms and nothing happened");
    }

    /** The same where the alarm lies between two milliseconds of the script. */
    List<String> untilDueAndOneMore() {
        now = TimeUnit.NANOSECONDS.toMillis(wakeAt - EPOCH) + 1;
        return due();
    }

    int now() {
        return (int) now;
    }

    int wakesAt() {
        return (int) TimeUnit.NANOSECONDS.toMillis(wakeAt - EPOCH);
    }

    Availability availability(String target) {
        return shared.health().availability(target(target), nanos());
    }

    HealthReport report(String target) {
        return shared.health().report(target(target), nanos());
    }

    /** What the caller was told last. */
    Verdict verdict() {
        return verdict.orElseThrow();
    }

    HealthRegistry health() {
        return shared.health();
    }

    /** How long a target takes, as far as calls like this one have taught it. */
    UsualTime usual(String target) {
        return shared.latency().usual(target(target), streaming);
    }

    /** Whether there is room for a retry at a target. */
    boolean mayRetry(String target) {
        return shared.retries().allows(target(target));
    }

    /** A time of the engine in the script's milliseconds. */
    static long millis(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos - EPOCH);
    }

    String trail() {
        List<String> words = new ArrayList<>();
        for (TrailEntry entry : call.trail(nanos())) {
            words.add(entry.target() + " " + entry.outcome() + (entry.reason().isEmpty() ? "" : " " + entry.reason()));
        }
        return String.join(", ", words);
    }

    int attempts() {
        return call.attempts();
    }

    private long nanos() {
        return EPOCH + TimeUnit.MILLISECONDS.toNanos(now);
    }

    private List<String> on(Signal signal) {
        List<String> words = new ArrayList<>();
        for (Command command : call.on(signal, nanos())) {
            switch (command) {
                case Command.Start(int attempt, Step step, AttemptKind attemptKind) ->
                    words.add("start " + attempt + " " + step.target()
                            + (attemptKind.isAlone() ? "" : " " + attemptKind.wireName()));
                case Command.Cancel(int attempt) -> words.add("cancel " + attempt);
                case Command.Preview(int attempt) -> words.add("preview " + attempt);
                case Command.Commit(int attempt) -> words.add("commit " + attempt);
                case Command.Continue(int attempt) -> words.add("continue " + attempt);
                case Command.WakeAt(long at) -> wakeAt = at;
                case Command.Deliver(int attempt) -> words.add("deliver " + attempt);
                case Command.GiveUp(Verdict told) -> {
                    verdict = Optional.of(told);
                    words.add("give up " + told.status() + " "
                            + told.shown().kind().wireName()
                            + (told.retryAfter().isPresent()
                                    ? " after "
                                            + TimeUnit.NANOSECONDS.toMillis(
                                                    told.retryAfter().getAsLong())
                                    : ""));
                }
                case Command.Abandon() -> words.add("abandon");
            }
        }
        return words;
    }
}
