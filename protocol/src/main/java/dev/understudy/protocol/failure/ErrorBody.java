package dev.understudy.protocol.failure;

import dev.understudy.engine.ErrorDetails;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * What an error body says, whichever provider's shape it has.
 *
 * @param isError whether the body itself says that it is an error
 * @param details the provider's own fields, cleaned for show
 * @param names every identifier of the error, in lower case: types, codes, inner codes, states
 * @param text everything said in sentences, in lower case, to be searched
 * @param status the HTTP status that the body speaks of; 0 if it does not
 * @param retryDelay the wait that the body asks for, in Go's notation; empty if it does not
 * @param day which day's allowance was exceeded (Gemini)
 * @param relayed whether a router tells the error of a provider behind it
 */
record ErrorBody(
        boolean isError,
        ErrorDetails details,
        Set<String> names,
        String text,
        int status,
        String retryDelay,
        DayQuota day,
        boolean relayed) {

    /** A day's allowance. */
    enum DayQuota {
        /** None, or none that was exceeded. */
        NONE,
        /** Of one model. */
        MODEL,
        /** Of all models of the account. */
        ACCOUNT
    }

    /** Providers come to the point; a long text is not searched to its end on an event loop. */
    private static final int SEARCHED = 2_000;

    ErrorBody {
        names = Set.copyOf(names);
        text = text.length() > SEARCHED ? text.substring(0, SEARCHED) : text;
    }

    /** A body in plain details. */
    static ErrorBody ofText(String text) {
        String shown = ErrorTextSanitizer.clean(text);
        return shown.isEmpty()
                ? silent("body without readable text")
                : new ErrorBody(
                        false, ErrorDetails.of(shown), Set.of(), lower(text), 0, "", DayQuota.NONE, isRelay(text));
    }

    /** A body that has nothing to say; the message is ours. */
    static ErrorBody silent(String message) {
        return new ErrorBody(false, ErrorDetails.of(message), Set.of(), "", 0, "", DayQuota.NONE, false);
    }

    /** The same error, which bears these names too. */
    ErrorBody named(Set<String> more) {
        Set<String> all = new HashSet<>(names);
        all.addAll(more);
        return new ErrorBody(true, details, all, text, status, retryDelay, day, relayed);
    }

    /** LiteLLM's proxy begins what it tells of others with its own name for it. */
    static boolean isRelay(String message) {
        return message.startsWith("litellm.");
    }

    static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
