package dev.understudy.gateway.cli;

import java.util.Arrays;
import java.util.List;

/**
 * The calls of the demo, in order: one for each kind of provider failure that can be explained in a sentence.
 *
 * <p>All targets are acts of the rehearsal, which fail each for themselves. No primary appears twice, so that no call is
 * spared its first choice because of what an earlier one met.
 */
public final class DemoCalls {

    private static final String ANSWERS = "rehearsal/ok";

    /** The number of words before the stream breaks off. */
    private static final int CUT_AT = 12;

    /** The calls, in order. */
    public static final List<DemoCall> ALL = List.of(
            whole("No failure", "The first choice answers; no other target is tried.", "rehearsal/ok", ANSWERS),
            whole(
                    "The primary is down",
                    "The fallback answers, and the caller gets a plain 200.",
                    "rehearsal/down",
                    ANSWERS),
            whole(
                    "A rate limit that ends in a moment",
                    "A short hint is worth waiting for: the same target is tried again.",
                    "rehearsal/once?as=throttled&after=200ms",
                    ANSWERS),
            whole(
                    "The account has no credit left",
                    "A retry cannot help, so the circuit of this key opens for long.",
                    "rehearsal/quota",
                    ANSWERS),
            whole(
                    "A blank answer",
                    "A good status is not enough: blank content is a failure.",
                    "rehearsal/empty",
                    ANSWERS),
            whole(
                    "An HTML page instead of an answer",
                    "A body that is not JSON never reaches the caller.",
                    "rehearsal/garbled",
                    ANSWERS),
            stream(
                    "A stream that breaks before its first content",
                    "Nothing was forwarded yet, so the caller never sees it.",
                    "rehearsal/cut?at=0",
                    ANSWERS),
            stream(
                    "An error inside a stream",
                    "An error in a stream event counts like an error status.",
                    "rehearsal/error-event?at=0",
                    ANSWERS),
            continued(
                    "A stream that breaks in the middle",
                    "Another model continues at the next word; the caller reads one answer, whose last event names both.",
                    "rehearsal/cut?at=" + CUT_AT,
                    ANSWERS),
            stream(
                    "A stream that breaks inside a tool call",
                    "An incomplete tool call is held back, so the next target answers in its place.",
                    "rehearsal/tool-call?cut=true",
                    ANSWERS),
            stream(
                    "Silence: a connection, and then nothing",
                    "The next target is started beside the late one (a hedge); the first to answer wins.",
                    "rehearsal/silent",
                    ANSWERS),
            stream(
                    "Two of three are down",
                    "The chain continues while there are targets and time.",
                    "rehearsal/overloaded",
                    "rehearsal/refused",
                    ANSWERS),
            whole(
                    "One model refuses the request",
                    "A 400 is one target's opinion: limits and schemas differ between models, so the next is tried.",
                    "rehearsal/bad-request",
                    ANSWERS),
            failing(
                    "No target can answer",
                    "The caller gets one clear error that names every attempt.",
                    false,
                    "rehearsal/error",
                    "rehearsal/unauthorized"));

    private DemoCalls() {}

    private static DemoCall whole(String description, String shows, String... targets) {
        return call(description, shows, false, DemoCall.Ends.ANSWERED, targets);
    }

    private static DemoCall stream(String description, String shows, String... targets) {
        return call(description, shows, true, DemoCall.Ends.ANSWERED, targets);
    }

    private static DemoCall continued(String description, String shows, String... targets) {
        return call(description, shows, true, DemoCall.Ends.CONTINUED, targets);
    }

    private static DemoCall failing(String description, String shows, boolean stream, String... targets) {
        return call(description, shows, stream, DemoCall.Ends.IN_AN_ERROR, targets);
    }

    private static DemoCall call(
            String description, String shows, boolean stream, DemoCall.Ends ends, String... targets) {
        List<String> chain = Arrays.asList(targets);
        return new DemoCall(description, chain.getFirst(), chain.subList(1, chain.size()), stream, ends, shows);
    }
}
