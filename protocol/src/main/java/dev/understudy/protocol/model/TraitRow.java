package dev.understudy.protocol.model;

import dev.understudy.protocol.dialect.ModelCapabilities.Can;
import dev.understudy.protocol.dialect.ModelTraits;
import dev.understudy.protocol.dialect.ModelTraits.Flag;
import dev.understudy.protocol.dialect.ModelTraits.SamplingRule;
import dev.understudy.protocol.dialect.ModelTraits.Vendor;
import dev.understudy.protocol.neutral.ReasoningSettings.Effort;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A row of the table's section {@code [traits]}.
 *
 * @param pattern matches the whole name in lower case
 * @param version what the version in the name must be; every version if the row compares none
 * @param values trait names with their values; flags have {@code yes} or {@code no}
 */
record TraitRow(NamePattern pattern, String comparison, IntPredicate version, Map<String, String> values) {
    private static final Pattern COMPARISON = Pattern.compile("(<|=|>=)(\\d{1,2})(?:\\.(\\d{1,2}))?");
    private static final Pattern BUDGET = Pattern.compile("(\\d{1,7})\\.\\.(\\d{1,7})");
    private static final Set<String> FLAGS = names(Flag.values());
    private static final Set<String> KEYS =
            Set.of("vendor", "service", "sampling", "efforts", "budget", "output", "prefill", "schema", "thinking");

    /** @throws IllegalArgumentException if the row is broken */
    static TraitRow parse(String row) {
        List<String> cells = List.of(row.strip().split(" +", -1));
        NamePattern pattern = NamePattern.parse(cells.getFirst());
        int at = 1;
        String comparison = "";
        IntPredicate version = any -> true;
        if (cells.size() > 1 && "<>=".indexOf(cells.get(1).charAt(0)) >= 0) {
            comparison = cells.get(1);
            version = comparison(comparison, pattern);
            at = 2;
        }
        Map<String, String> values = new LinkedHashMap<>();
        for (String cell : cells.subList(at, cells.size())) {
            int equals = cell.indexOf('=');
            String key = equals < 0 ? cell : cell.substring(0, equals);
            String value = equals < 0 ? "yes" : cell.substring(equals + 1);
            boolean known = FLAGS.contains(key) ? value.equals("yes") || value.equals("no") : KEYS.contains(key);
            if (!known || values.putIfAbsent(key, value) != null) {
                throw new IllegalArgumentException("unknown or repeated trait " + cell + " in: " + row);
            }
        }
        if (values.isEmpty()) {
            throw new IllegalArgumentException("no traits: " + row);
        }
        // Fails on a broken value while the table is read, not at the first model that has it.
        traits(values);
        return new TraitRow(pattern, comparison, version, Map.copyOf(values));
    }

    private static IntPredicate comparison(String cell, NamePattern pattern) {
        Matcher matcher = COMPARISON.matcher(cell);
        if (!matcher.matches() || !pattern.hasVersion()) {
            throw new IllegalArgumentException("not a comparison, or no # in the pattern: " + cell);
        }
        int limit = NamePattern.number(matcher.group(2), matcher.group(3));
        return switch (matcher.group(1)) {
            case "<" -> version -> version < limit;
            case "=" -> version -> version == limit;
            default -> version -> version >= limit;
        };
    }

    /** @param name in lower case */
    boolean matches(String name) {
        if (comparison.isEmpty()) {
            return pattern.matches(name);
        }
        OptionalInt found = pattern.version(name);
        return found.isPresent() && version.test(found.getAsInt());
    }

    /** The traits of a model, from the first of the rows that states each. */
    static ModelTraits traits(String model, List<TraitRow> rows) {
        String name = model.toLowerCase(Locale.ROOT);
        Map<String, String> values = new LinkedHashMap<>();
        for (TraitRow row : rows) {
            if (row.matches(name)) {
                row.values.forEach(values::putIfAbsent);
            }
        }
        return values.isEmpty() ? ModelTraits.UNKNOWN : traits(values);
    }

    private static ModelTraits traits(Map<String, String> values) {
        ModelTraits usual = ModelTraits.UNKNOWN;
        String budget = values.getOrDefault("budget", usual.leastBudget() + ".." + usual.mostBudget());
        Matcher range = BUDGET.matcher(budget);
        if (!range.matches()) {
            throw new IllegalArgumentException("not a range of tokens: " + budget);
        }
        Set<Flag> flags = EnumSet.noneOf(Flag.class);
        for (Flag flag : Flag.values()) {
            if (values.getOrDefault(written(flag), "no").equals("yes")) {
                flags.add(flag);
            }
        }
        String output = values.getOrDefault("output", "?");
        return new ModelTraits(
                Vendor.valueOf(constant(values.getOrDefault("vendor", "other"))),
                Vendor.valueOf(constant(values.getOrDefault("service", "other"))),
                SamplingRule.valueOf(constant(values.getOrDefault("sampling", "always"))),
                values.containsKey("efforts") ? efforts(values.get("efforts")) : usual.efforts(),
                Integer.parseInt(range.group(1)),
                Integer.parseInt(range.group(2)),
                CapabilityRow.tokens(output),
                can(values, "prefill"),
                can(values, "schema"),
                CapabilityRow.reasoningControl(values.getOrDefault("thinking", "?")),
                flags);
    }

    /** The flags of that name. */
    static Flag flag(String word) {
        return Flag.valueOf(constant(word));
    }

    private static List<Effort> efforts(String cell) {
        List<Effort> efforts = Stream.of(cell.split(",", -1))
                .map(word -> Effort.valueOf(constant(word)))
                .toList();
        if (!efforts.equals(efforts.stream().sorted().distinct().toList())) {
            throw new IllegalArgumentException("efforts are not in order: " + cell);
        }
        return efforts;
    }

    private static Can can(Map<String, String> values, String key) {
        return CapabilityRow.can(values.getOrDefault(key, "?"));
    }

    private static Set<String> names(Flag[] flags) {
        return Set.of(Stream.of(flags).map(TraitRow::written).toArray(String[]::new));
    }

    private static String written(Flag flag) {
        return flag.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String constant(String word) {
        return word.toUpperCase(Locale.ROOT).replace('-', '_');
    }
}
