package dev.understudy.bench;

import dev.understudy.engine.Command;
import dev.understudy.engine.CooldownPolicy;
import dev.understudy.engine.FallbackCall;
import dev.understudy.engine.Plan;
import dev.understudy.engine.RetryPolicy;
import dev.understudy.engine.SharedState;
import dev.understudy.engine.Signal;
import dev.understudy.engine.Step;
import dev.understudy.engine.Target;
import dev.understudy.engine.TrailEntry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.infra.Blackhole;

/**
 * What the calls of one benchmark share, and the clock that they are told. A second passes between calls and a few
 * milliseconds between signals, so that usual times are learned and looked up as in production.
 *
 * <p>Failures count but never trip, and there are no retries: otherwise the second call would differ from the first.
 */
final class Scene {
    private static final long PROMPT_BYTES = 2_000;

    private final SharedState shared = SharedState.ofDefaults();
    private final List<Step> chain;
    private final boolean streaming;
    private final Blackhole hole;
    private long now = System.nanoTime();

    Scene(int targets, boolean streaming, Blackhole hole) {
        this.chain = IntStream.range(0, targets).mapToObj(Scene::step).toList();
        this.streaming = streaming;
        this.hole = hole;
    }

    private static Step step(int id) {
        return Step.of(id, Target.of("provider-" + id, "model-" + id))
                .toBuilder()
                .retry(new RetryPolicy(0, Duration.ZERO, Duration.ZERO, Duration.ZERO))
                .cooldown(new CooldownPolicy(Integer.MAX_VALUE, 0, Duration.ZERO, Duration.ZERO, Duration.ZERO))
                .build();
    }

    /** Plans a call and begins it. */
    FallbackCall begin() {
        now += TimeUnit.SECONDS.toNanos(1);
        Plan plan = Plan.of(chain)
                .deadline(Optional.of(Duration.ofSeconds(45)))
                .streaming(streaming)
                .build();
        FallbackCall call = new FallbackCall(plan, PROMPT_BYTES, shared, ThreadLocalRandom.current(), now);
        tell(call, new Signal.Begin());
        return call;
    }

    /** Tells the call what happened five milliseconds later, and takes its answer. */
    List<Command> tell(FallbackCall call, Signal signal) {
        now += TimeUnit.MILLISECONDS.toNanos(5);
        List<Command> commands = call.on(signal, now);
        hole.consume(commands);
        return commands;
    }

    /** So many pieces of an answer, a signal each. */
    void progress(FallbackCall call, int attempt, int from, int pieces) {
        for (int piece = 1; piece <= pieces; piece++) {
            tell(call, new Signal.Progress(attempt, (from + piece) * 5L, true));
        }
    }

    /** The last signal, and the trail that every caller is told; fails if the call did not go as the benchmark says. */
    List<TrailEntry> complete(FallbackCall call, int attempt) {
        if (streaming) {
            tell(call, new Signal.Finishing(attempt));
        }
        List<Command> last = tell(call, new Signal.Completed(attempt));
        if (!last.contains(new Command.Deliver(attempt)) || call.attempts() != attempt) {
            throw new IllegalStateException("not the call that is measured: " + last + " " + call.trail(now));
        }
        return call.trail(now);
    }
}
