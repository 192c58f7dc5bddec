package dev.understudy.simulator.run;

import dev.understudy.engine.FailureKind;
import dev.understudy.simulator.world.CallersSettings;
import dev.understudy.simulator.world.Draws;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;

/**
 * Who makes a call, and what it will do.
 *
 * @param streaming whether it wants a stream
 * @param patience its own timeout
 * @param leaves nanoseconds after its arrival at which it hangs up
 * @param pause nanoseconds for which it does not read after the first content
 * @param fault what is wrong with its request
 */
record Caller(
        boolean streaming,
        Optional<Duration> patience,
        OptionalLong leaves,
        OptionalLong pause,
        Optional<FailureKind> fault) {
    private static final List<FailureKind> FAULTS = List.of(
            FailureKind.BAD_REQUEST, FailureKind.CONTEXT_LENGTH, FailureKind.CONTENT_POLICY, FailureKind.UNSUPPORTED);

    static Caller of(CallersSettings settings, long seed, int call) {
        SplittableRandom random = Draws.of(seed, "caller", call);
        boolean streaming = random.nextDouble() < settings.streaming();
        boolean impatient = random.nextDouble() < settings.impatient();
        Duration patience = Duration.ofMillis(200 + random.nextInt(20_000));
        boolean leaving = random.nextDouble() < settings.leaving();
        long leaves = 1 + (long) (5e9 * random.nextExponential());
        boolean slow = random.nextDouble() < settings.slow();
        long pause = 1 + (long) (5e9 * random.nextExponential());
        boolean faulty = random.nextDouble() < settings.faulty();
        FailureKind fault = FAULTS.get(random.nextInt(FAULTS.size()));
        return new Caller(
                streaming,
                impatient ? Optional.of(patience) : Optional.empty(),
                leaving ? OptionalLong.of(leaves) : OptionalLong.empty(),
                slow && streaming ? OptionalLong.of(pause) : OptionalLong.empty(),
                faulty ? Optional.of(fault) : Optional.empty());
    }
}
