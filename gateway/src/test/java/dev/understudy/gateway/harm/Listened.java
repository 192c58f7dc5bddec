package dev.understudy.gateway.harm;

import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.RawCaller;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * A response with the times at which it arrived, counted from the request.
 *
 * @param answer the response, as far as it came
 * @param headAt when its headers came
 * @param arrivals what each read brought
 */
record Listened(RawAnswer answer, Duration headAt, List<Arrival> arrivals) {

    record Arrival(Duration at, String text) {}

    /** Reads the response to a request that was just sent, to its end. */
    static Listened to(RawCaller caller) {
        return to(caller, Duration.ZERO);
    }

    /** The same by a caller who does not read for so long after the headers. */
    static Listened to(RawCaller caller, Duration pause) {
        long started = System.nanoTime();
        List<Duration> heads = new ArrayList<>();
        List<Arrival> arrivals = new ArrayList<>();
        RawAnswer answer = caller.readAnswer(
                () -> {
                    heads.add(since(started));
                    rest(pause);
                },
                some -> arrivals.add(new Arrival(since(started), new String(some, StandardCharsets.UTF_8))));
        return new Listened(answer, heads.isEmpty() ? since(started) : heads.getFirst(), arrivals);
    }

    private static Duration since(long started) {
        return Duration.ofNanos(System.nanoTime() - started);
    }

    private static void rest(Duration pause) {
        long end = System.nanoTime() + pause.toNanos();
        for (long left = pause.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    /** The longest time in which nothing came, from the request to the end. */
    Duration longestSilence() {
        Duration longest = headAt;
        Duration last = headAt;
        for (Arrival arrival : arrivals) {
            Duration gap = arrival.at().minus(last);
            longest = gap.compareTo(longest) > 0 ? gap : longest;
            last = arrival.at();
        }
        return longest;
    }
}
