package dev.understudy.calls.config;

import dev.understudy.protocol.options.AnswerPattern;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the gateway keeps of the contents of calls: what callers sent and received.
 *
 * @param enabled whether it keeps any
 * @param retention how long; never longer than the records of calls
 * @param maxCalls of how many calls; the oldest beyond them are deleted
 * @param maxSize how many bytes of what a caller sent are kept, and as many of what it received
 * @param redact what is redacted besides keys
 * @param patterns texts of the operator's own that are redacted
 */
public record ContentsSettings(
        boolean enabled,
        Duration retention,
        long maxCalls,
        int maxSize,
        Set<Personal> redact,
        Set<AnswerPattern> patterns) {
    private static final int MOST_CALLS = 10_000_000;
    private static final int LARGEST = 1 << 20;

    /** Each is searched for in all that is kept. */
    private static final int MOST_PATTERNS = 20;

    /** The settings if a configuration has none. */
    public static final ContentsSettings BUILT_IN =
            new ContentsSettings(false, Duration.ofDays(7), 10_000, 64 << 10, Set.of(), Set.of());

    public ContentsSettings {
        redact = Set.copyOf(redact);
        patterns = Collections.unmodifiableSet(new LinkedHashSet<>(patterns));
    }

    /** The retention as the configuration may have it, such as {@code 7d}. */
    public String retentionText() {
        long days = retention.toDays();
        return days > 0 && retention.equals(Duration.ofDays(days)) ? days + "d" : Quantities.text(retention);
    }

    /** Data of people that can be recognized. */
    public enum Personal implements WireNamed {
        EMAILS("emails"),
        CARD_NUMBERS("card-numbers");

        private final String wireName;

        Personal(String wireName) {
            this.wireName = wireName;
        }

        @Override
        public String wireName() {
            return wireName;
        }
    }

    static ContentsSettings read(Entry entry) {
        if (!entry.isMapping()) {
            boolean enabled = entry.parsed("on, off, or keys such as enabled", Quantities::onOrOff)
                    .orElse(false);
            return new ContentsSettings(
                    enabled, BUILT_IN.retention, BUILT_IN.maxCalls, BUILT_IN.maxSize, Set.of(), Set.of());
        }
        Section section = entry.section().orElseThrow();
        section.only("enabled", "retention", "max-calls", "max-size", "redact", "redact-patterns");
        return new ContentsSettings(
                section.get("enabled")
                        .flatMap(value -> value.parsed("on or off", Quantities::onOrOff))
                        .orElse(BUILT_IN.enabled),
                section.get("retention")
                        .flatMap(value -> value.parsed("a duration such as 7d", StoreSettings::retention))
                        .orElse(BUILT_IN.retention),
                section.get("max-calls")
                        .flatMap(value -> value.whole(1, MOST_CALLS))
                        .map(Integer::longValue)
                        .orElse(BUILT_IN.maxCalls),
                section.get("max-size")
                        .flatMap(value -> value.parsed("a size such as 64KiB", ContentsSettings::size))
                        .orElse(BUILT_IN.maxSize),
                section.get("redact").map(ContentsSettings::personal).orElse(Set.of()),
                section.get("redact-patterns").map(ContentsSettings::patterns).orElse(Set.of()));
    }

    private static int size(String text) {
        int size = Quantities.size(text);
        if (size > LARGEST) {
            throw new IllegalArgumentException("is out of range; it must be at most 1MiB");
        }
        return size;
    }

    private static Set<Personal> personal(Entry entry) {
        Set<Personal> all = EnumSet.noneOf(Personal.class);
        entry.items()
                .orElse(List.of())
                .forEach(item -> item.choice(Personal.class).ifPresent(all::add));
        return all;
    }

    private static Set<AnswerPattern> patterns(Entry entry) {
        Set<AnswerPattern> all = new LinkedHashSet<>();
        List<Entry> items = entry.items().orElse(List.of());
        if (items.size() > MOST_PATTERNS) {
            entry.problem("more than " + MOST_PATTERNS + " patterns; join some of them with |");
        }
        items.forEach(item -> pattern(item).ifPresent(all::add));
        return all;
    }

    private static Optional<AnswerPattern> pattern(Entry item) {
        return item.parsed("a regular expression", text -> {
            AnswerPattern pattern = AnswerPattern.of(text);
            if (pattern.isIn("")) {
                throw new IllegalArgumentException("matches an empty text, and so every place of every text");
            }
            return pattern;
        });
    }
}
