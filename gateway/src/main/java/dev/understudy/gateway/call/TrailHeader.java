package dev.understudy.gateway.call;

import dev.understudy.engine.Failure;
import dev.understudy.engine.TrailEntry;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The trail as a header: a list of structured field values, one string per target with what became of it.
 *
 * <p>{@code "openai/gpt-5.1";outcome=rate_limited;status=429;ms=120, "local/llama";outcome=ok;ms=830}
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9651">RFC 9651, Structured Field Values for HTTP</a>
 */
final class TrailHeader {
    static final String NAME = "understudy-trail";

    private TrailHeader() {}

    /** @param vocabulary the system whose words named the fallbacks; empty if none did */
    static String of(List<TrailEntry> trail, String vocabulary) {
        StringBuilder header = new StringBuilder(64 * trail.size());
        for (TrailEntry entry : trail) {
            header.append(header.isEmpty() ? "" : ", ");
            appendString(header, entry.target());
            header.append(";outcome=").append(entry.outcome());
            if (entry.isAttempt()) {
                entry.failure()
                        .map(Failure::status)
                        .filter(status -> status > 0)
                        .ifPresent(status -> header.append(";status=").append(status.intValue()));
                header.append(";ms=").append(TimeUnit.NANOSECONDS.toMillis(entry.duration()));
            } else {
                header.append(";reason=").append(entry.reason());
            }
        }
        if (!vocabulary.isEmpty() && !header.isEmpty()) {
            header.append(";asked-in=").append(vocabulary);
        }
        return header.toString();
    }

    /** Texts as a list of strings, for other headers that speak to people. */
    static String strings(List<String> texts) {
        StringBuilder header = new StringBuilder();
        for (String text : texts) {
            header.append(header.isEmpty() ? "" : ", ");
            appendString(header, text);
        }
        return header.toString();
    }

    /** A text as it may stand in a header by itself. */
    static String printable(String text) {
        StringBuilder header = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            header.append(printable(text.charAt(i)));
        }
        return header.toString();
    }

    private static char printable(char c) {
        return c >= 0x20 && c < 0x7f ? c : '?';
    }

    /** A string item may hold printable ASCII only; names come from callers, so everything else becomes a mark. */
    private static void appendString(StringBuilder header, String text) {
        header.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                header.append('\\').append(c);
            } else {
                header.append(printable(c));
            }
        }
        header.append('"');
    }
}
