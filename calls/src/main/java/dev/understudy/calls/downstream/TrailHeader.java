package dev.understudy.calls.downstream;

import dev.understudy.engine.AttemptKind;
import dev.understudy.engine.Failure;
import dev.understudy.engine.TrailEntry;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;

/**
 * The trail as a header: a list of structured field values, one string per attempt or skip with its outcome as parameters.
 *
 * <p>{@code "openai/gpt-5.1";outcome=rate_limited;status=429;ms=120, "local/llama";outcome=ok;ms=830}
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9651">RFC 9651, Structured Field Values for HTTP</a>
 */
public final class TrailHeader {
    /** The header's name. */
    public static final String NAME = "understudy-trail";

    /** Common clients and proxies reject lines of more than 8 KB. An entry may begin before this position. */
    private static final int LONGEST = 6_000;
    /** Enough for an entry with a long model name. */
    private static final int ROOM_EACH = 96;

    /** A value that needs no quotes. */
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z*][A-Za-z0-9!#$%&'*+.^_`|~:/-]*");

    private TrailHeader() {}

    /**
     * The header's value.
     *
     * @param vocabulary the system in whose vocabulary the request named its fallbacks; empty if it named none
     */
    public static String of(List<TrailEntry> trail, String vocabulary) {
        StringBuilder header = new StringBuilder(ROOM_EACH * trail.size());
        appendItems(header, trail, TrailHeader::appendEntry);
        if (!vocabulary.isEmpty() && !header.isEmpty()) {
            header.append(";asked-in=").append(vocabulary);
        }
        return header.toString();
    }

    private static void appendEntry(StringBuilder header, TrailEntry entry) {
        appendString(header, entry.target());
        header.append(";outcome=").append(entry.outcome());
        if (entry.isAttempt()) {
            entry.failure()
                    .map(Failure::status)
                    .filter(status -> status > 0)
                    .ifPresent(status -> header.append(";status=").append(status.intValue()));
            AttemptKind kind = entry.attemptKind();
            if (!kind.isAlone()) {
                header.append(";manner=").append(kind.manner());
            }
            header.append(";ms=").append(TimeUnit.NANOSECONDS.toMillis(entry.duration()));
            if (!kind.isAlone()) {
                header.append(";kind=").append(kind.wireName());
            }
            if (!entry.drill().isEmpty()) {
                header.append(";drill=").append(entry.drill());
            }
        } else {
            header.append(";reason=").append(entry.reason());
        }
        entry.choice().ifPresent(choice -> {
            header.append(";group=");
            if (TOKEN.matcher(choice.group()).matches()) {
                header.append(choice.group());
            } else {
                appendString(header, choice.group());
            }
            if (!choice.reason().isEmpty()) {
                header.append(";chosen=").append(choice.reason());
            }
        });
    }

    /** Texts as a list of strings, for other headers that people read. */
    public static String strings(List<String> texts) {
        StringBuilder header = new StringBuilder();
        appendItems(header, texts, TrailHeader::appendString);
        return header.toString();
    }

    /** Callers may name any number of targets but cannot read a header of any length: the rest is only counted. */
    private static <T> void appendItems(StringBuilder header, List<T> items, BiConsumer<StringBuilder, T> append) {
        for (int i = 0; i < items.size(); i++) {
            header.append(header.isEmpty() ? "" : ", ");
            if (header.length() > LONGEST) {
                appendString(header, "...");
                header.append(";omitted=").append(items.size() - i);
                return;
            }
            append.accept(header, items.get(i));
        }
    }

    /** A text as a header value of its own. */
    public static String printable(String text) {
        if (isPlain(text)) {
            return text;
        }
        StringBuilder header = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            header.append(printable(text.charAt(i)));
        }
        return header.toString();
    }

    /** Whether a text needs no replacement and no escape, as nearly all names. */
    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (printable(c) != c || c == '"' || c == '\\') {
                return false;
            }
        }
        return true;
    }

    private static char printable(char c) {
        return c >= 0x20 && c < 0x7f ? c : '?';
    }

    /** A string item may hold printable ASCII only; names come from callers, so every other character is replaced. */
    private static void appendString(StringBuilder header, String text) {
        if (isPlain(text)) {
            header.append('"').append(text).append('"');
            return;
        }
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
