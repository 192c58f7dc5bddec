package dev.understudy.store;

import dev.understudy.store.CallRecord.Ending;
import java.util.Optional;

/**
 * Which calls to find. All conditions have to hold.
 *
 * @param model the model that the caller named
 * @param target a target that answered, was tried or was skipped
 * @param ending how the call ended
 * @param rescuedOnly only calls that were rescued
 * @param caller the name of the caller's key
 * @param text contained in the id, the caller, the model, or a target, outcome, reason or message of the trail, whatever the case of
 *     letters
 * @param before the cursor of the page before; empty for the newest calls
 * @param limit at most so many calls, from 1 to {@value #HIGHEST_LIMIT}
 */
public record CallQuery(
        Optional<String> model,
        Optional<String> target,
        Optional<Ending> ending,
        boolean rescuedOnly,
        Optional<String> caller,
        Optional<String> text,
        Optional<String> before,
        int limit) {
    /** The most calls on a page. */
    public static final int HIGHEST_LIMIT = 500;

    public CallQuery {
        if (limit < 1 || limit > HIGHEST_LIMIT) {
            throw new IllegalArgumentException("limit: " + limit + " is not between 1 and " + HIGHEST_LIMIT);
        }
        // As they are kept.
        model = model.map(CallRecord::name);
        target = target.map(CallRecord::name);
        caller = caller.map(CallRecord::name);
        text = text.filter(content -> !content.isBlank()).map(CallRecord::message);
    }

    /** The newest calls, without conditions. */
    public static CallQuery newest(int limit) {
        return new CallQuery(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                limit);
    }

    /** The same query for calls of a model. */
    public CallQuery withModel(String name) {
        return new CallQuery(Optional.of(name), target, ending, rescuedOnly, caller, text, before, limit);
    }

    /** The same query for calls in whose trail a target is. */
    public CallQuery withTarget(String name) {
        return new CallQuery(model, Optional.of(name), ending, rescuedOnly, caller, text, before, limit);
    }

    /** The same query for calls that ended so. */
    public CallQuery withEnding(Ending how) {
        return new CallQuery(model, target, Optional.of(how), rescuedOnly, caller, text, before, limit);
    }

    /** The same query for calls that were rescued. */
    public CallQuery withRescuedOnly() {
        return new CallQuery(model, target, ending, true, caller, text, before, limit);
    }

    /** The same query for calls of a caller. */
    public CallQuery withCaller(String name) {
        return new CallQuery(model, target, ending, rescuedOnly, Optional.of(name), text, before, limit);
    }

    /** The same query for calls with a text. */
    public CallQuery withText(String content) {
        return new CallQuery(model, target, ending, rescuedOnly, caller, Optional.of(content), before, limit);
    }

    /** The same query for the page after the one that gave the cursor. */
    public CallQuery before(String cursor) {
        return new CallQuery(model, target, ending, rescuedOnly, caller, text, Optional.of(cursor), limit);
    }
}
