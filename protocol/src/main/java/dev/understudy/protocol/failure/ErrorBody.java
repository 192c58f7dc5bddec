package dev.understudy.protocol.failure;

import dev.understudy.engine.ErrorDetails;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * The contents of an error body, in any provider's shape.
 *
 * @param isError whether the body itself says that it is an error
 * @param details the provider's own fields, sanitized
 * @param names every identifier of the error, in lower case: types, codes, inner codes, states
 * @param text all messages, in lower case, to be searched
 * @param status the HTTP status that the body names; 0 if it names none
 * @param retryDelay the wait that the body requires, in Go's notation; empty if none
 * @param day which daily quota was exceeded (Gemini)
 * @param relayed whether a router reports the error of a provider behind it
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

    /** A daily quota. */
    enum DayQuota {
        /** None, or none that was exceeded. */
        NONE,
        /** Of one model. */
        MODEL,
        /** Of all models of the account. */
        ACCOUNT
    }

    /** Error messages are short; only the start of a long text is searched, because this runs on an event loop. */
    private static final int SEARCHED = 2_000;

    ErrorBody {
        names = Set.copyOf(names);
        text = text.length() > SEARCHED ? text.substring(0, SEARCHED) : text;
    }

    /** A body of plain text. */
    static ErrorBody ofText(String text) {
        String shown = ErrorTextSanitizer.clean(text);
        return shown.isEmpty()
                ? silent("body without readable text")
                : new ErrorBody(
                        false, ErrorDetails.of(shown), Set.of(), lower(text), 0, "", DayQuota.NONE, isRelay(text));
    }

    /** A body without any information; the message is Understudy's. */
    static ErrorBody silent(String message) {
        return new ErrorBody(false, ErrorDetails.of(message), Set.of(), "", 0, "", DayQuota.NONE, false);
    }

    /** The same error with these codes added. */
    ErrorBody named(Set<String> more) {
        Set<String> all = new HashSet<>(names);
        all.addAll(more);
        return new ErrorBody(true, details, all, text, status, retryDelay, day, relayed);
    }

    /** LiteLLM's proxy begins relayed errors with its own class name. */
    static boolean isRelay(String message) {
        return message.startsWith("litellm.");
    }

    static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
