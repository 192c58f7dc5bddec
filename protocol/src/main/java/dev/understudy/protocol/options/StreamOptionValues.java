package dev.understudy.protocol.options;

import dev.understudy.engine.CommitPoint;
import dev.understudy.engine.Recovery;
import dev.understudy.protocol.ClosestMatches;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How commit points and recoveries are written, in settings and in requests: {@code first-content}, {@code complete},
 * {@code after 200 characters}, {@code after 500ms}, {@code after 200 characters or 500ms}; {@code continue}, {@code restart},
 * {@code terminate}.
 */
public final class StreamOptionValues {
    private static final String FIRST_CONTENT = "first-content";
    private static final String COMPLETE = "complete";
    private static final Pattern AFTER = Pattern.compile(
            "after[ -]+(?:(?<characters>\\d{1,9})[ -]*characters?)?(?:[ -]+or[ -]+)?(?:(?<time>\\d{1,6})(?<unit>ms|s))?");
    private static final Duration FOREVER = Duration.ofDays(1);

    private StreamOptionValues() {}

    /** @throws IllegalArgumentException with a message that follows the text in a sentence */
    public static CommitPoint commitPoint(String text) {
        String said = text.strip().toLowerCase(Locale.ROOT).replace('_', '-');
        return switch (said) {
            case FIRST_CONTENT -> CommitPoint.FIRST_CONTENT;
            case COMPLETE -> CommitPoint.COMPLETE;
            default -> after(said);
        };
    }

    private static CommitPoint after(String said) {
        Matcher after = AFTER.matcher(said);
        if (!after.matches() || (after.group("characters") == null && after.group("time") == null)) {
            throw new IllegalArgumentException("is none of first-content, complete, \"after 200 characters\","
                    + " \"after 500ms\", \"after 200 characters or 500ms\""
                    + suggestion(said, List.of(FIRST_CONTENT, COMPLETE)));
        }
        long characters =
                after.group("characters") == null ? Long.MAX_VALUE : Long.parseLong(after.group("characters"));
        return new CommitPoint.After(
                Math.max(1, characters),
                after.group("time") == null ? FOREVER : time(Long.parseLong(after.group("time")), after.group("unit")));
    }

    private static Duration time(long count, String unit) {
        return unit.equals("s") ? Duration.ofSeconds(count) : Duration.ofMillis(count);
    }

    /** As {@link #commitPoint} reads it. */
    public static String text(CommitPoint point) {
        return switch (point) {
            case CommitPoint.FirstContent() -> FIRST_CONTENT;
            case CommitPoint.Complete() -> COMPLETE;
            case CommitPoint.After(long characters, Duration time) ->
                "after "
                        + (characters == Long.MAX_VALUE ? "" : characters + " characters")
                        + (characters == Long.MAX_VALUE || time.equals(FOREVER) ? "" : " or ")
                        + (time.equals(FOREVER) ? "" : time.toMillis() + "ms");
        };
    }

    /** @throws IllegalArgumentException with a message that follows the text in a sentence */
    public static Recovery recovery(String text) {
        return EnumNames.parse(text, Recovery.values(), Recovery::wireName);
    }

    private static String suggestion(String said, List<String> names) {
        List<String> nearest = ClosestMatches.to(said, names, 1);
        return nearest.isEmpty() ? "" : "; did you mean " + nearest.getFirst() + "?";
    }
}
