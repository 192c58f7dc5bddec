package dev.understudy.store;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A call that has ended. It contains nothing of the conversation.
 *
 * @param id the call's id
 * @param at when the request arrived; kept in whole milliseconds
 * @param caller the name of the key that the caller presented; empty if none was needed
 * @param model the model that the caller named
 * @param vocabulary the system in whose vocabulary the request named its fallbacks; empty if it named none
 * @param stream whether a stream was requested
 * @param ending how the call ended
 * @param status the HTTP status that the caller received; 0 if it disconnected before
 * @param target the target whose answer was delivered; empty if there was none
 * @param duration microseconds from the arrival of the request to the end of the call
 * @param firstContent microseconds from the arrival to the first content of a stream that was sent to the caller
 * @param promptTokens as the provider counted them; likewise the tokens of the completion
 * @param cost of the answer, in picodollars (10<sup>-12</sup> US dollars); empty if the price or the tokens are not known
 * @param added microseconds from the arrival to the start of the attempt that answered, for a call that was rescued: one that was
 *     answered, and not by its first attempt. Empty for all other calls
 * @param trail the attempts and skipped targets in order; the first {@value #LONGEST_TRAIL} are kept
 */
public record CallRecord(
        String id,
        Instant at,
        String caller,
        String model,
        String vocabulary,
        boolean stream,
        Ending ending,
        int status,
        String target,
        long duration,
        OptionalLong firstContent,
        OptionalLong promptTokens,
        OptionalLong completionTokens,
        OptionalLong cost,
        OptionalLong added,
        List<Step> trail) {
    /** How many steps of a trail are kept. */
    public static final int LONGEST_TRAIL = 100;

    private static final int LONGEST_NAME = 300;
    private static final int LONGEST_MESSAGE = 500;

    /** Texts are shortened: a name to {@value #LONGEST_NAME} characters, a message to {@value #LONGEST_MESSAGE}. */
    public CallRecord {
        id = name(id);
        at = Instant.ofEpochMilli(at.toEpochMilli());
        caller = name(caller);
        model = name(model);
        vocabulary = name(vocabulary);
        target = name(target);
        trail = List.copyOf(trail.size() <= LONGEST_TRAIL ? trail : trail.subList(0, LONGEST_TRAIL));
    }

    /** A name as it is kept. */
    static String name(String text) {
        return StoredText.of(text, LONGEST_NAME);
    }

    /** A message as it is kept. */
    static String message(String text) {
        return StoredText.of(text, LONGEST_MESSAGE);
    }

    /** Whether the call was answered, and not by its first attempt. */
    public boolean rescued() {
        return added.isPresent();
    }

    /** How many requests were sent to targets. */
    public int attempts() {
        int attempts = 0;
        for (Step step : trail) {
            attempts += step.attempt() > 0 ? 1 : 0;
        }
        return attempts;
    }

    /** How a call ended. */
    public enum Ending {
        ANSWERED,
        FAILED,
        /** A stream that had begun could not be completed. */
        BROKEN_OFF,
        CALLER_LEFT;

        /** The name in the admin API and in the database. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One attempt, or a skipped target.
     *
     * @param target the target's name
     * @param attempt the attempt's number, from 1; 0 if the target was skipped
     * @param state how it ended
     * @param outcome one word for it, as in the trail that the caller receives: {@code ok}, a failure kind, {@code cancelled}, …
     * @param reason why the target was skipped; empty otherwise
     * @param kind why the attempt was made: {@code primary}, {@code retry}, {@code fallback}, {@code hedge}, …
     * @param manner the older name of the kind; empty for most
     * @param start microseconds from the arrival of the request to the start of the attempt, or to the skip
     * @param duration microseconds from its start to its end; 0 if the target was skipped
     * @param status the HTTP status of the target's response; empty if there was none
     * @param message what went wrong, as it was told to the caller; empty if nothing did
     * @param drill the name of the drill that injected a fault into the attempt; empty for none
     */
    public record Step(
            String target,
            int attempt,
            State state,
            String outcome,
            String reason,
            String kind,
            String manner,
            long start,
            long duration,
            OptionalInt status,
            String message,
            String drill) {
        /** A step without a drill. */
        public Step(
                String target,
                int attempt,
                State state,
                String outcome,
                String reason,
                String kind,
                String manner,
                long start,
                long duration,
                OptionalInt status,
                String message) {
            this(target, attempt, state, outcome, reason, kind, manner, start, duration, status, message, "");
        }

        public Step {
            target = name(target);
            outcome = name(outcome);
            reason = CallRecord.message(reason);
            kind = name(kind);
            manner = name(manner);
            message = CallRecord.message(message);
            drill = name(drill);
        }

        /** The same step of an attempt into which a drill injected a fault. */
        public Step inDrill(String name) {
            return new Step(
                    target, attempt, state, outcome, reason, kind, manner, start, duration, status, message, name);
        }

        /** How a step ended. */
        public enum State {
            ANSWERED,
            FAILED,
            CANCELLED,
            SKIPPED
        }
    }
}
