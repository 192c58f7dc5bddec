package dev.understudy.gateway.rehearsal;

import dev.understudy.gateway.config.Settings;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the demo asks, in the order in which it asks it: one call for each way in which a provider lets its callers down
 * that can be told in a sentence.
 *
 * <p>All targets are acts of the rehearsal. No primary appears twice, so that none is still cooling down from an earlier
 * call.
 */
public final class DemoCalls {

    private static final String OK = target("ok");

    /** Where the stream that breaks in the middle breaks, in words. */
    private static final int CUT_AT = 12;

    private static final int WORDS = 20;

    /** The calls, in order. */
    public static final List<DemoCall> ALL = List.of(
            whole("All is well", "The first choice answers; nothing else is asked.", "ok?text=All+is+well.")
                    .answeredByPrimary(),
            whole("The first choice is down", "The next one answers, and the caller gets a plain 200.", "down")
                    .answeredBy(OK),
            whole(
                            "A rate limit that lifts in a moment",
                            "A short hint is worth waiting for: the same target is asked again.",
                            "once?as=throttled&after=200ms")
                    .answeredByPrimary(),
            whole(
                            "The account has no money left",
                            "Asking again cannot help, so this account is left alone for long.",
                            "quota")
                    .answeredBy(OK),
            whole("An answer with nothing in it", "A good status is not enough: blank content is a failure.", "empty")
                    .answeredBy(OK),
            whole("A web page instead of an answer", "What is no JSON never reaches the caller.", "garbled")
                    .answeredBy(OK),
            stream(
                            "A stream that breaks before its first word",
                            "Nothing was shown yet, so the caller never sees it.",
                            "cut?at=0")
                    .answeredBy(OK),
            stream(
                            "An error inside a stream that began well",
                            "An error is an error wherever it stands.",
                            "error-event?at=0")
                    .answeredBy(OK),
            stream(
                            "A stream that breaks in the middle",
                            "The next target goes on from the words that are already there.",
                            "cut?at=" + CUT_AT)
                    .answeredBy(target("ok?text=" + wordsAfterTheCut())),
            stream(
                            "Silence: a connection, and then nothing",
                            "A time limit for the first word ends the wait.",
                            "silent")
                    .answeredBy(OK),
            stream(
                            "Two of three are down",
                            "The chain goes on for as long as there is a target and time.",
                            "overloaded",
                            "refused")
                    .answeredBy(OK),
            whole(
                            "The request itself is wrong",
                            "Every target would say so: it fails at once, in the provider's words.",
                            "bad-request",
                            "ok")
                    .answeredByNobody(),
            whole("Nobody can answer", "The caller gets one clear error that names every attempt.", "error", "reset")
                    .answeredByNobody());

    private DemoCalls() {}

    private static String target(String model) {
        return Settings.REHEARSAL + "/" + model;
    }

    /** A space and then the words, as a parameter's value: what a model says that is asked to go on. */
    private static String wordsAfterTheCut() {
        String rest =
                CountingText.text(WORDS).substring(CountingText.text(CUT_AT).length());
        return rest.replace(' ', '+');
    }

    private static Draft whole(String description, String shows, String... models) {
        return new Draft(description, shows, false, models);
    }

    private static Draft stream(String description, String shows, String... models) {
        return new Draft(description, shows, true, models);
    }

    /** A call of which is not said yet how it ends. */
    private static final class Draft {
        private final String description;
        private final String shows;
        private final boolean stream;
        private final List<String> chain;

        Draft(String description, String shows, boolean stream, String... models) {
            this.description = description;
            this.shows = shows;
            this.stream = stream;
            this.chain = Stream.of(models).map(DemoCalls::target).toList();
        }

        /** This target comes last in the chain and answers. */
        DemoCall answeredBy(String standby) {
            return call(Stream.concat(chain.stream(), Stream.of(standby)).toList(), Optional.of(standby));
        }

        /** The primary answers, although there is a standby. */
        DemoCall answeredByPrimary() {
            return call(Stream.concat(chain.stream(), Stream.of(OK)).toList(), Optional.of(chain.getFirst()));
        }

        DemoCall answeredByNobody() {
            return call(chain, Optional.empty());
        }

        private DemoCall call(List<String> targets, Optional<String> answeredBy) {
            return new DemoCall(
                    description, targets.getFirst(), targets.subList(1, targets.size()), stream, answeredBy, shows);
        }
    }
}
