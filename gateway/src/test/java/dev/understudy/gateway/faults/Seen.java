package dev.understudy.gateway.faults;

import dev.understudy.testing.wire.End;
import dev.understudy.testing.wire.RawAnswer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a caller saw, as it would understand it.
 *
 * @param status of the answer
 * @param text the content of all deltas, or of the message
 * @param finished whether a {@code finish_reason} was there
 * @param done whether {@code [DONE]} was there
 * @param error the {@code code} of an error, in the body or in an event; empty if there was none
 * @param errorAttempts how many attempts that error lists
 * @param end how the answer ended on the wire
 */
record Seen(int status, String text, boolean finished, boolean done, String error, int errorAttempts, End end) {

    private static final Pattern CONTENT = Pattern.compile("\"content\":\"([^\"]*)\"");
    private static final Pattern FINISH = Pattern.compile("\"finish_reason\":\"");
    private static final Pattern ERROR =
            Pattern.compile("\\{\"error\":.*?\"code\":(?:\"([^\"]*)\"|null),\"attempts\":");
    private static final Pattern ATTEMPT = Pattern.compile("\"target\":\"[^\"]*\",\"outcome\":\"");

    static Seen in(RawAnswer answer) {
        return of(answer.status(), answer.body(), answer.end());
    }

    static Seen of(int status, String body, End end) {
        Matcher error = ERROR.matcher(body);
        boolean failed = error.find();
        String text =
                CONTENT.matcher(body).results().map(found -> found.group(1)).reduce("", String::concat);
        return new Seen(
                status,
                text,
                FINISH.matcher(body).find(),
                body.endsWith("data: [DONE]\n\n"),
                failed ? String.valueOf(error.group(1)) : "",
                failed
                        ? (int) ATTEMPT.matcher(body.substring(error.start()))
                                .results()
                                .count()
                        : 0,
                end);
    }

    /** A short description, for the table. */
    String summary(String target, String retryAfter) {
        StringBuilder words = new StringBuilder().append(status);
        if (finished) {
            words.append(
                    text.isEmpty() ? ", the complete answer" : ", the complete answer \"" + shortened(text) + "\"");
        } else if (!text.isEmpty()) {
            words.append(", \"").append(shortened(text)).append('"');
        }
        if (status == 200 && !target.isEmpty()) {
            words.append(" of `").append(target).append('`');
        }
        if (!error.isEmpty()) {
            words.append(status == 200 ? ", then an error event `" : " `")
                    .append(error)
                    .append('`');
        }
        if (!retryAfter.isEmpty()) {
            words.append(", `Retry-After: ").append(retryAfter).append('`');
        }
        return words.toString();
    }

    private static String shortened(String text) {
        return text.length() <= 20 ? text : text.substring(0, 20) + "…";
    }
}
