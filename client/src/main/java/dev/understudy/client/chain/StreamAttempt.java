package dev.understudy.client.chain;

import dev.understudy.client.loop.StreamDelivery;
import dev.understudy.engine.Failure;
import dev.understudy.engine.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One attempt of a streamed call: runs the target's function, takes what it brings to the loop, and holds it there until the
 * attempt is committed.
 */
final class StreamAttempt<Q, T, A> implements AttemptSink<T, A>, CallOutcome.FailedAttempt {
    private static final System.Logger LOG = System.getLogger(StreamingChain.class.getName());

    private final ChainConfig<StreamTarget<Q, T, A>, Q, A> config;
    private final StreamTarget<Q, T, A> function;
    private final Q request;
    private final StreamRun<Q, T, A> call;
    private final CallRun run;
    private final int number;

    /** Of the loop. */
    private final List<Held<T>> held = new ArrayList<>();

    // Of the source's thread.
    private long characters;
    private volatile boolean contentCame;
    private volatile boolean ended;

    private final AttemptThread thread = new AttemptThread();
    private volatile Optional<A> answer = Optional.empty();
    private volatile Optional<CallOutcome.Thrown> thrown = Optional.empty();

    private final Object lock = new Object();
    private boolean cancelled;
    private boolean ready = true;
    /** How many items the loop has not taken yet; while they are many, the source should wait whatever the caller does. */
    private int onTheWay;

    private boolean crowded;
    private final List<Runnable> onCancel = new ArrayList<>(1);
    private final List<Runnable> onReady = new ArrayList<>(1);

    private record Held<T>(T item, boolean reasoning) {}

    StreamAttempt(
            ChainConfig<StreamTarget<Q, T, A>, Q, A> config,
            StreamTarget<Q, T, A> function,
            Q request,
            StreamRun<Q, T, A> call,
            CallRun run,
            int number) {
        this.config = config;
        this.function = function;
        this.request = request;
        this.call = call;
        this.run = run;
        this.number = number;
    }

    int number() {
        return number;
    }

    /** Has the function run. Until it does its silence is not the target's fault. */
    void submit() {
        run.submit(number, config.executor(), this::stream, refused -> thrown = Optional.of(refused));
    }

    private void stream() {
        if (!thread.begin()) {
            return;
        }
        run.begun(number);
        try {
            function.stream(request, this);
            thread.end();
        } catch (Throwable failed) {
            thread.end();
            failed(failed);
        }
    }

    // What the source brings.

    @Override
    public void content(T item, int count) {
        if (isWanted(item)) {
            characters += Math.max(0, count);
            contentCame = true;
            bring(item, false, new Signal.Progress(number, characters, false));
        }
    }

    @Override
    public void reasoning(T item) {
        if (isWanted(item)) {
            bring(item, true, new Signal.Alive(number, Signal.Sign.REASONING));
        }
    }

    @Override
    public void hold(T item, Signal.Sign sign) {
        if (isWanted(item)) {
            bring(item, false, new Signal.Alive(number, Checks.notNull(sign, "sign")));
        }
    }

    @Override
    public void signOfLife(Signal.Sign sign) {
        if (!ended) {
            run.post(new Signal.Alive(number, Checks.notNull(sign, "sign")));
        }
    }

    private boolean isWanted(T item) {
        Checks.notNull(item, "item");
        return !ended;
    }

    private void bring(T item, boolean reasoning, Signal signal) {
        synchronized (lock) {
            onTheWay++;
            crowded = crowded || onTheWay >= StreamDelivery.FULL;
        }
        config.loop().execute(() -> call.came(this, item, reasoning, signal));
    }

    @Override
    public void complete(A whole) {
        if (ended) {
            return;
        }
        if (Objects.isNull(whole)) {
            ended = true;
            run.post(new Signal.Failed(number, TargetFailures.nothing()));
            return;
        }
        ended = true;
        answer = Optional.of(whole);
        ChainConfig.Evaluation evaluation = config.evaluate(number, request, whole, contentCame);
        thrown = evaluation.thrown();
        run.post(evaluation.signal());
    }

    @Override
    public void failed(Throwable exception) {
        if (!ended) {
            ended = true;
            Failure failure = config.failureOf(Checks.notNull(exception, "thrown"), contentCame);
            thrown = Optional.of(new CallOutcome.Thrown(TargetFailures.unwrapped(exception), failure));
            run.post(new Signal.Failed(number, failure));
        }
    }

    // What the source learns.

    @Override
    public boolean isCancelled() {
        synchronized (lock) {
            return cancelled;
        }
    }

    @Override
    public void onCancel(Runnable action) {
        Checks.notNull(action, "action");
        synchronized (lock) {
            if (!cancelled) {
                onCancel.add(action);
                return;
            }
        }
        runForSource(action);
    }

    @Override
    public boolean isReady() {
        synchronized (lock) {
            return ready && !crowded;
        }
    }

    @Override
    public void onReady(Runnable action) {
        synchronized (lock) {
            onReady.add(Checks.notNull(action, "action"));
        }
    }

    @Override
    public void awaitReady() throws InterruptedException {
        synchronized (lock) {
            while ((!ready || crowded) && !cancelled) {
                lock.wait();
            }
        }
    }

    /** Code of the application must not hold up the loop. */
    private void runForSource(Runnable action) {
        config.threads().execute(() -> {
            try {
                action.run();
            } catch (RuntimeException failed) {
                LOG.log(System.Logger.Level.WARNING, "an action of a streaming target failed", failed);
            }
        });
    }

    // On the loop.

    /** Nothing more of it is wanted. */
    void cancel() {
        ended = true;
        held.clear();
        thread.cancel();
        List<Runnable> actions;
        synchronized (lock) {
            cancelled = true;
            actions = List.copyOf(onCancel);
            onCancel.clear();
            lock.notifyAll();
        }
        actions.forEach(this::runForSource);
    }

    /** Its answer was delivered. */
    void over() {
        synchronized (lock) {
            onCancel.clear();
            onReady.clear();
        }
    }

    /** The caller does not keep up. */
    void pause() {
        synchronized (lock) {
            ready = false;
        }
    }

    void resume() {
        synchronized (lock) {
            ready = true;
        }
        wakeSource();
    }

    /** One of its items has arrived here. */
    void arrived() {
        boolean enough;
        synchronized (lock) {
            onTheWay--;
            enough = crowded && onTheWay <= StreamDelivery.ALMOST_EMPTY;
            crowded = crowded && !enough;
        }
        if (enough) {
            wakeSource();
        }
    }

    private void wakeSource() {
        List<Runnable> actions;
        synchronized (lock) {
            actions = ready && !crowded ? List.copyOf(onReady) : List.of();
            lock.notifyAll();
        }
        actions.forEach(this::runForSource);
    }

    void hold(T item, boolean reasoning) {
        held.add(new Held<>(item, reasoning));
    }

    boolean holdsNothing() {
        return held.isEmpty();
    }

    /** What is held back, which is not held any more. */
    List<T> takeHeld() {
        List<T> items = held.stream().map(Held::item).toList();
        held.clear();
        return items;
    }

    /** The reasoning that came before anything else. */
    List<T> takeLeadingReasoning() {
        int end = 0;
        while (end < held.size() && held.get(end).reasoning()) {
            end++;
        }
        List<T> items = held.subList(0, end).stream().map(Held::item).toList();
        held.subList(0, end).clear();
        return items;
    }

    /** What is known at the end, whether or not it is good enough. */
    Optional<A> answer() {
        return answer;
    }

    @Override
    public Optional<CallOutcome.Thrown> thrown() {
        return thrown;
    }
}
