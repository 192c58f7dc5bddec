package dev.understudy.calls.record;

import dev.understudy.engine.TrailEntry;
import dev.understudy.engine.Verdict;
import dev.understudy.protocol.answer.AnswerReport;
import dev.understudy.protocol.answer.Usage;
import dev.understudy.protocol.model.ModelPrice;
import dev.understudy.protocol.options.FallbackOptions;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The record of a call that has ended: all that the access log and the metrics may know of it. It holds nothing of the
 * conversation.
 */
public record FinishedCall(Request request, Outcome outcome, Measurements measurements) {

    /**
     * What was requested.
     *
     * @param id the call's id
     * @param caller the name of the key that the caller presented; empty if none is needed
     * @param model the model that the caller named
     * @param vocabulary the system in whose vocabulary the request named its fallbacks; empty if it named none
     * @param streaming whether a stream was requested
     * @param logging the customer and the tags that the request carries, and whether it opted out of the log
     * @param trace to which the call belongs; empty if calls are not traced
     */
    public record Request(
            String id,
            String caller,
            String model,
            String vocabulary,
            boolean streaming,
            FallbackOptions.LogOptions logging,
            Optional<CallTrace> trace) {}

    /**
     * How the call ended.
     *
     * @param status the HTTP status that the caller received; 0 if it disconnected before
     * @param answeredBy the target whose answer was delivered; empty if there was none
     * @param trail all attempts and skips, in order
     * @param verdict why no answer was delivered, or not the whole of it; empty if one was, or if the caller left
     */
    public record Outcome(
            Ending ending, int status, String answeredBy, List<TrailEntry> trail, Optional<Verdict> verdict) {
        public Outcome {
            trail = List.copyOf(trail);
        }
    }

    /**
     * What was measured.
     *
     * @param duration nanoseconds from the arrival of the request to the end of the call
     * @param firstContent nanoseconds from the arrival to the first content that was sent to the caller, for streams
     * @param usage the tokens as the provider counted them
     * @param report what else the provider reported about the answer that was delivered
     * @param price of the target that answered; empty if that is not known, or nothing was answered
     */
    public record Measurements(
            long duration, OptionalLong firstContent, Usage usage, AnswerReport report, Optional<ModelPrice> price) {

        /** What the answer cost in picodollars; empty if the provider did not count its tokens, or the price is not known. */
        public OptionalLong cost() {
            return price.isEmpty() || usage.promptTokens().isEmpty()
                    ? OptionalLong.empty()
                    : OptionalLong.of(price.get()
                            .of(
                                    usage.promptTokens().getAsLong(),
                                    usage.cachedTokens().orElse(0),
                                    usage.completionTokens().orElse(0)));
        }
    }

    /** How a call can end. */
    public enum Ending {
        ANSWERED,
        FAILED,
        /** A stream that had begun could not be completed. */
        BROKEN_OFF,
        CALLER_LEFT;

        /** The name in the log and in metrics. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
