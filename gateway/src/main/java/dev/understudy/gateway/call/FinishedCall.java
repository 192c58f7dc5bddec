package dev.understudy.gateway.call;

import dev.understudy.engine.TrailEntry;
import java.util.List;
import java.util.OptionalLong;

/**
 * What became of a call: everything that logs and metrics may know, and nothing of what was said in it.
 *
 * @param id the call's id
 * @param caller the name of the key that the caller presented; empty if none is needed
 * @param model the model that the caller asked for
 * @param vocabulary the system whose words named the fallbacks; empty if none did
 * @param streaming whether a stream was asked for
 * @param ending how it ended
 * @param status the HTTP status that the caller saw; 0 if it left before
 * @param answeredBy the target whose answer was delivered; empty if there was none
 * @param trail all attempts, in order
 * @param duration nanoseconds from arrival to end
 * @param firstContent nanoseconds from arrival to the first content that reached the caller, for streams
 * @param promptTokens as the provider counted them
 * @param completionTokens as the provider counted them
 * @param customer the caller's own name for its customer; empty if not said
 * @param tags the caller's labels
 * @param quiet the caller asked not to be logged
 */
public record FinishedCall(
        String id,
        String caller,
        String model,
        String vocabulary,
        boolean streaming,
        Ending ending,
        int status,
        String answeredBy,
        List<TrailEntry> trail,
        long duration,
        OptionalLong firstContent,
        OptionalLong promptTokens,
        OptionalLong completionTokens,
        String customer,
        List<String> tags,
        boolean quiet) {

    /** How a call can end. */
    public enum Ending {
        ANSWERED,
        FAILED,
        /** A stream that had begun could not be completed. */
        BROKEN_OFF,
        CALLER_LEFT;

        public String wireName() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }
}
