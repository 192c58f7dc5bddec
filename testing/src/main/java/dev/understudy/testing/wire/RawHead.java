package dev.understudy.testing.wire;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The head of a response.
 *
 * @param version such as {@code HTTP/1.1}; empty if no head came
 * @param status 0 if no head came
 * @param lines the header lines as they were sent
 */
public record RawHead(String version, int status, List<String> lines) {

    static final RawHead NONE = new RawHead("", 0, List.of());

    public RawHead {
        lines = List.copyOf(lines);
    }

    /** The value of the first header of this name. */
    public Optional<String> header(String name) {
        String start = name.toLowerCase(Locale.ROOT) + ":";
        return lines.stream()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(start))
                .map(line -> line.substring(start.length()).strip())
                .findFirst();
    }
}
