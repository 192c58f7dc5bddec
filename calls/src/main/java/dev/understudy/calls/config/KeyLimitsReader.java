package dev.understudy.calls.config;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.protocol.model.ModelPrice;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads the limits of one of {@code server.keys}, and {@code prices}, by which its budget is counted. */
final class KeyLimitsReader {
    private static final String[] KEYS = {
        "models", "providers", "requests-per-minute", "tokens-per-minute", "max-concurrent-calls", "budget", "expires"
    };

    private static final String LIMITS = "limits";

    /** A nanosecond of a minute and more than any provider allows. */
    private static final int MOST_PER_MINUTE = 1_000_000_000;

    private static final Pattern DOLLARS = Pattern.compile("\\d{1,6}(\\.\\d{1,6})?");

    private KeyLimitsReader() {}

    /** The keys of a section that has limits and these. */
    static String[] keysAnd(String... others) {
        return Stream.concat(Stream.of(others), Stream.of(KEYS)).toArray(String[]::new);
    }

    static KeyLimits read(Section section) {
        return new KeyLimits(
                section.get("models")
                        .map(entry -> new NamePatterns(names(entry, "openai/*")))
                        .orElse(NamePatterns.ANY),
                section.get("providers")
                        .map(entry -> (Set<String>) new LinkedHashSet<>(names(entry, "openai")))
                        .orElse(Set.of()),
                number(section, "requests-per-minute"),
                number(section, "tokens-per-minute"),
                number(section, "max-concurrent-calls"),
                section.section("budget").map(KeyLimitsReader::budget).orElse(KeyLimits.Budget.NONE),
                section.get("expires")
                        .flatMap(entry -> entry.parsed("a date such as 2027-01-31", KeyLimitsReader::end)));
    }

    /** Limits in a document of their own. */
    static KeyLimits read(ObjectNode limits, Optional<Set<String>> providers) throws InvalidSettings {
        // A variable must not be read: the limits are shown to those who write them.
        ReadingContext reading = new ReadingContext(LIMITS, name -> Optional.empty()).layer("request", Set.of());
        Section section = YamlText.root(limits.isEmpty() ? "" : YamlTree.text(limits), reading)
                .flatMap(node -> new Entry(node, 0, LIMITS, reading).section())
                .orElseGet(() -> Section.empty(0, LIMITS, reading))
                .only(KEYS);
        KeyLimits read = read(section);
        providers.ifPresent(known -> checkProviders(section, known));
        reading.failIfBroken();
        return read;
    }

    /** A key for a provider that does not exist could be used for nothing. */
    static void checkProviders(Section limits, Set<String> providers) {
        limits.get("providers").filter(Entry::isList).stream()
                .flatMap(list -> list.items().orElse(List.of()).stream())
                .forEach(item -> item.parsed("the name of a provider", name -> {
                    if (!providers.contains(name)) {
                        throw new IllegalArgumentException(
                                "is not a configured provider" + Suggestion.of(name, providers));
                    }
                    return name;
                }));
    }

    private static List<String> names(Entry entry, String example) {
        List<String> names = new ArrayList<>();
        Optional<List<Entry>> items = entry.items();
        items.ifPresent(all -> all.forEach(item -> item.text().ifPresent(names::add)));
        if (items.isPresent() && items.get().isEmpty()) {
            entry.problem("this list is empty, so that the key could be used for nothing; write names such as "
                    + example + ", or leave the key out");
        }
        return names;
    }

    private static OptionalInt number(Section section, String name) {
        return section.get(name)
                .flatMap(entry -> entry.whole(1, MOST_PER_MINUTE))
                .map(OptionalInt::of)
                .orElse(OptionalInt.empty());
    }

    private static KeyLimits.Budget budget(Section section) {
        section.only("day", "month", "unpriced");
        KeyLimits.Budget budget = new KeyLimits.Budget(
                section.get("day").flatMap(KeyLimitsReader::dollars),
                section.get("month").flatMap(KeyLimitsReader::dollars),
                section.get("unpriced")
                        .flatMap(entry -> entry.parsed("allow or refuse", text -> switch (text) {
                            case "allow" -> false;
                            case "refuse" -> true;
                            default -> throw new IllegalArgumentException("is neither allow nor refuse");
                        }))
                        .orElse(false));
        if (section.get("day").isEmpty() && section.get("month").isEmpty()) {
            section.problem("has no amount; write {day: 5.00} or {month: 50.00}, in US dollars");
        }
        return budget;
    }

    private static Optional<BigDecimal> dollars(Entry entry) {
        return entry.parsed("an amount of US dollars such as 5.00", text -> {
            if (!DOLLARS.matcher(text).matches()) {
                throw new IllegalArgumentException(
                        "is not an amount of US dollars; write a number up to 999999, such as 5.00");
            }
            return new BigDecimal(text);
        });
    }

    /** A date is the last day on which the key is accepted. */
    private static Instant end(String text) {
        try {
            return text.indexOf('T') > 0 || text.indexOf(' ') > 0
                    ? OffsetDateTime.parse(text.replace(' ', 'T')).toInstant()
                    : LocalDate.parse(text)
                            .plusDays(1)
                            .atStartOfDay(ZoneOffset.UTC)
                            .toInstant();
        } catch (DateTimeException wrong) {
            throw new IllegalArgumentException(
                    "is neither a date such as 2027-01-31 nor a time such as 2027-01-31T18:00:00Z", wrong);
        }
    }

    /** Prices by patterns of targets. */
    static Map<String, ModelPrice> prices(Section section) {
        Map<String, ModelPrice> prices = new LinkedHashMap<>();
        section.entries().forEach((target, entry) -> {
            if (target.indexOf('/') < 0) {
                entry.problem("is not a target; write provider/model, such as openai/gpt-5.1 or local/*");
            }
            entry.section().ifPresent(below -> {
                below.only("input", "cached-input", "output");
                Optional<BigDecimal> input = below.get("input").flatMap(KeyLimitsReader::dollars);
                Optional<BigDecimal> cached = below.get("cached-input").flatMap(KeyLimitsReader::dollars);
                Optional<BigDecimal> output = below.get("output").flatMap(KeyLimitsReader::dollars);
                if (below.get("input").isEmpty() || below.get("output").isEmpty()) {
                    below.problem("needs input and output, in US dollars per million tokens");
                } else if (input.isPresent() && output.isPresent()) {
                    prices.put(target, ModelPrice.perMillion(input.get(), cached.orElse(input.get()), output.get()));
                }
            });
        });
        return prices;
    }
}
