package dev.understudy.bench;

import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.engine.FallbackCall;
import dev.understudy.engine.ErrorDetails;
import dev.understudy.engine.Signal;
import dev.understudy.engine.TrailEntry;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** What the engine takes for one call, from the plan to the trail; the driver's own work is not in it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class EngineBenchmark {
    private static final int PIECES = 60;

    private final Failure serverError =
            new Failure(FailureKind.SERVER_ERROR, 500, ErrorDetails.of("scripted"), OptionalLong.empty());
    private final Failure cut = Failure.of(FailureKind.TRUNCATED, "the stream ended early");
    private Scene whole;
    private Scene stream;

    @Setup
    public void begin(Blackhole hole) {
        whole = new Scene(4, false, hole);
        stream = new Scene(2, true, hole);
    }

    /** One target answers with a body that comes in one piece. */
    @Benchmark
    public List<TrailEntry> answer() {
        FallbackCall call = whole.begin();
        whole.tell(call, new Signal.Connected(1));
        whole.progress(call, 1, 0, 1);
        return whole.complete(call, 1);
    }

    /** One target answers with a stream of sixty pieces. */
    @Benchmark
    public List<TrailEntry> stream60() {
        FallbackCall call = stream.begin();
        stream.tell(call, new Signal.Connected(1));
        stream.progress(call, 1, 0, PIECES);
        return stream.complete(call, 1);
    }

    /** Three targets answer with errors, and the fourth with an answer. */
    @Benchmark
    public List<TrailEntry> threeFailures() {
        FallbackCall call = whole.begin();
        for (int attempt = 1; attempt <= 3; attempt++) {
            whole.tell(call, new Signal.Connected(attempt));
            whole.tell(call, new Signal.Failed(attempt, serverError));
        }
        whole.tell(call, new Signal.Connected(4));
        whole.progress(call, 4, 0, 1);
        return whole.complete(call, 4);
    }

    /** A stream breaks in the middle, and a second target continues it. */
    @Benchmark
    public List<TrailEntry> breakAndContinue() {
        FallbackCall call = stream.begin();
        stream.tell(call, new Signal.Connected(1));
        stream.progress(call, 1, 0, PIECES / 2);
        stream.tell(call, new Signal.Failed(1, cut));
        stream.tell(call, new Signal.Connected(2));
        stream.progress(call, 2, PIECES / 2, PIECES / 2);
        return stream.complete(call, 2);
    }
}
