package dev.understudy.simulator.run;

import dev.understudy.engine.AttemptKind;
import dev.understudy.engine.ErrorDetails;
import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.simulator.world.CallersSettings;
import dev.understudy.simulator.world.Draws;
import dev.understudy.simulator.world.Hostility;
import dev.understudy.simulator.world.SimulatedRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;

/**
 * The caller of one call, and what it will do.
 *
 * @param name by which the gateway distinguishes callers
 * @param streaming whether it wants a stream
 * @param tool whether its answer ends in a tool call
 * @param patience its own timeout
 * @param limit its own limit on attempts
 * @param leaves nanoseconds after its arrival at which it hangs up
 * @param pause nanoseconds for which it does not read after the first content
 * @param fault what is wrong with its request
 * @param hostility what it does that must cost no other caller anything
 */
record Caller(
        String name,
        boolean streaming,
        boolean tool,
        Optional<Duration> patience,
        Optional<Duration> limit,
        OptionalLong leaves,
        OptionalLong pause,
        Optional<Failure> fault,
        Optional<Hostility> hostility) {
    private static final List<FailureKind> FAULTS = List.of(
            FailureKind.BAD_REQUEST, FailureKind.CONTEXT_LENGTH, FailureKind.CONTENT_POLICY, FailureKind.UNSUPPORTED);
    private static final List<Hostility> HOSTILITIES = List.of(Hostility.values());
    /** How many callers there are that behave. */
    private static final int ORDINARY = 8;

    /** How long the clients of the official SDKs wait. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    /** A caller that has all the time there is and a request that every target can answer. */
    static Caller ordinary(boolean streaming) {
        return new Caller(
                "caller",
                streaming,
                false,
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty());
    }

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
        boolean tool = random.nextDouble() < settings.tools();
        boolean hostile = random.nextDouble() < settings.hostile();
        Hostility hostility = HOSTILITIES.get(random.nextInt(HOSTILITIES.size()));
        if (hostile) {
            return hostile(hostility, streaming, random);
        }
        return new Caller(
                "caller " + random.nextInt(ORDINARY),
                streaming,
                tool && streaming,
                impatient ? Optional.of(patience) : Optional.empty(),
                Optional.empty(),
                leaving ? OptionalLong.of(leaves) : OptionalLong.empty(),
                slow && streaming ? OptionalLong.of(pause) : OptionalLong.empty(),
                faulty ? Optional.of(failure(fault)) : Optional.empty(),
                Optional.empty());
    }

    /** One caller for each kind of hostility, which repeats it. */
    private static Caller hostile(Hostility hostility, boolean streaming, SplittableRandom random) {
        Duration tiny = Duration.ofMillis(1 + random.nextInt(100));
        return new Caller(
                hostility.caller(),
                streaming,
                false,
                Optional.empty(),
                hostility == Hostility.TINY_LIMIT ? Optional.of(tiny) : Optional.empty(),
                hostility == Hostility.LEAVES ? OptionalLong.of(tiny.toNanos()) : OptionalLong.empty(),
                OptionalLong.empty(),
                hostility.failure(),
                Optional.of(hostility));
    }

    private static Failure failure(FailureKind kind) {
        return new Failure(kind, 400, ErrorDetails.of(kind.wireName()), OptionalLong.empty());
    }

    /** Its first request to a target. */
    SimulatedRequest request(int call, String target, int tokens) {
        return new SimulatedRequest(call, target, 0, tokens, streaming, tool, AttemptKind.PRIMARY, fault);
    }

    /** How long it waits: for the whole of an answer, or for each piece of a stream. */
    Duration waits() {
        return patience.orElse(PATIENCE);
    }
}
