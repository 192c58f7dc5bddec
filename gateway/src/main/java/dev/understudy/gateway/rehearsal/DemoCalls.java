package dev.understudy.gateway.rehearsal;

import java.util.Arrays;
import java.util.List;

/**
 * What the demo asks, in the order in which it asks it: one call for each way in which a provider lets its callers down
 * that can be told in a sentence.
 *
 * <p>All targets are acts of the rehearsal, under {@linkplain #PROVIDERS three providers' names}: what a failure does to
 * the health of a key or of a provider must not reach the targets that are to answer, nor the calls that follow. For the
 * same reason no primary appears twice.
 */
public final class DemoCalls {

    private static final String LEAD = "lead";
    private static final String STANDBY = "standby";
    private static final String BROKE = "broke";

    /** The names under which the demo's configuration must know the rehearsal, each with a credential of its own. */
    public static final List<String> PROVIDERS = List.of(LEAD, STANDBY, BROKE);

    private static final String ANSWERS = STANDBY + "/ok";

    /** Where the stream that breaks in the middle breaks, in words. */
    private static final int CUT_AT = 12;

    private static final int WORDS = 20;

    /** The calls, in order. */
    public static final List<DemoCall> ALL = List.of(
            whole("All is well", "The first choice answers; nothing else is asked.", LEAD + "/ok", ANSWERS),
            whole(
                    "The first choice is down",
                    "The next one answers, and the caller gets a plain 200.",
                    LEAD + "/down",
                    ANSWERS),
            whole(
                    "A rate limit that lifts in a moment",
                    "A short hint is worth waiting for: the same target is asked again.",
                    LEAD + "/once?as=throttled&after=200ms",
                    ANSWERS),
            whole(
                    "The account has no money left",
                    "Asking again cannot help, so this account is left alone for long.",
                    BROKE + "/quota",
                    ANSWERS),
            whole(
                    "An answer with nothing in it",
                    "A good status is not enough: blank content is a failure.",
                    LEAD + "/empty",
                    ANSWERS),
            whole(
                    "A web page instead of an answer",
                    "What is no JSON never reaches the caller.",
                    LEAD + "/garbled",
                    ANSWERS),
            stream(
                    "A stream that breaks before its first word",
                    "Nothing was shown yet, so the caller never sees it.",
                    LEAD + "/cut?at=0",
                    ANSWERS),
            stream(
                    "An error inside a stream that began well",
                    "An error is an error wherever it stands.",
                    LEAD + "/error-event?at=0",
                    ANSWERS),
            stream(
                    "A stream that breaks in the middle",
                    "The next target goes on from the words that are already there.",
                    LEAD + "/cut?at=" + CUT_AT,
                    STANDBY + "/ok?text=" + wordsAfterTheCut()),
            stream(
                    "Silence: a connection, and then nothing",
                    "A time limit for the first word ends the wait.",
                    LEAD + "/silent",
                    ANSWERS),
            stream(
                    "Two of three are down",
                    "The chain goes on for as long as there is a target and time.",
                    LEAD + "/overloaded",
                    LEAD + "/refused",
                    ANSWERS),
            whole(
                    "The request itself is wrong",
                    "Every target would say so: it fails at once, in the provider's words.",
                    LEAD + "/bad-request",
                    ANSWERS),
            whole(
                    "Nobody can answer",
                    "The caller gets one clear error that names every attempt.",
                    LEAD + "/error",
                    STANDBY + "/unauthorized"));

    private DemoCalls() {}

    /** A space and then the words, as a parameter's value: what a model says that is asked to go on. */
    private static String wordsAfterTheCut() {
        String rest =
                CountingText.text(WORDS).substring(CountingText.text(CUT_AT).length());
        return rest.replace(' ', '+');
    }

    private static DemoCall whole(String description, String shows, String... targets) {
        return call(description, shows, false, targets);
    }

    private static DemoCall stream(String description, String shows, String... targets) {
        return call(description, shows, true, targets);
    }

    private static DemoCall call(String description, String shows, boolean stream, String... targets) {
        List<String> chain = Arrays.asList(targets);
        return new DemoCall(description, chain.getFirst(), chain.subList(1, chain.size()), stream, shows);
    }
}
