package dev.understudy.protocol.model;

import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.dialect.ModelTraits;
import dev.understudy.protocol.dialect.ModelTraits.Flag;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Everything that Understudy knows about models and providers by their names, from the resource {@code models.txt}. The
 * head of that file describes its sections and patterns; {@code docs/models.md} describes how to update it.
 *
 * <p>What the configuration states about a target takes precedence over the table.
 */
public final class ModelTable {
    private static final String RESOURCE = "models.txt";
    private static final ModelTable TABLE = read();

    private final List<CapabilityRow> capabilities = new ArrayList<>();
    private final List<TraitRow> traits = new ArrayList<>();
    private final Map<String, String> continuations = new LinkedHashMap<>();
    private final List<NameRow> names = new ArrayList<>();
    private final List<PriceRow> prices = new ArrayList<>();
    private final List<HostRow> hosts = new ArrayList<>();

    private ModelTable() {}

    /** A name without a provider, and the provider whose model it is. */
    private record NameRow(NamePattern pattern, String provider) {}

    /** A host of several vendors' models, and what it refuses of requests for all of them. */
    private record HostRow(String provider, String domain, Set<Flag> flags) {
        static HostRow parse(String row) {
            List<String> cells = List.of(row.strip().split(" +", -1));
            if (cells.size() < 3) {
                throw new IllegalArgumentException("not 3 columns: " + row);
            }
            return new HostRow(
                    cells.get(0),
                    cells.get(1),
                    cells.subList(2, cells.size()).stream().map(TraitRow::flag).collect(Collectors.toSet()));
        }

        boolean has(String name, String host) {
            return name.equals(provider) || host.equals(domain) || host.endsWith("." + domain);
        }
    }

    /**
     * What is known of a model where a provider serves it.
     *
     * @param model as in {@link #of(String)}
     * @param provider its name in any case
     * @param host of the provider's base URL; empty if there is none
     */
    public static ModelCapabilities of(String model, String provider, String host) {
        ModelCapabilities known = of(model);
        String name = provider.toLowerCase(Locale.ROOT);
        String domain = host.toLowerCase(Locale.ROOT);
        return TABLE.hosts.stream()
                .filter(row -> row.has(name, domain))
                .findFirst()
                .map(row -> known.withTraits(known.traits().with(row.flags)))
                .orElse(known);
    }

    /**
     * What is known of a model: its capabilities and its {@linkplain ModelCapabilities#traits() traits}. Every call searches
     * the whole table, so callers should keep the result.
     *
     * @param model as a provider calls it, with a catalogue's additions: {@code anthropic/claude-…}, {@code
     *     us.anthropic.claude-…-v1:0}, {@code claude-…@20250929}, {@code models/gemini-…}, {@code ft:gpt-…:org::id}, or a
     *     deployment that has the model in its name
     * @return {@link ModelCapabilities#UNKNOWN} for models that no row matches
     */
    public static ModelCapabilities of(String model) {
        ModelName name = ModelName.of(model);
        for (CapabilityRow row : TABLE.capabilities) {
            if (row.has(name)) {
                return row.capabilities().withTraits(traitsOf(model));
            }
        }
        return ModelCapabilities.UNKNOWN.withTraits(traitsOf(model));
    }

    /** The traits alone, which are also known for models that are newer than the table. */
    public static ModelTraits traitsOf(String model) {
        return TraitRow.traits(model, TABLE.traits);
    }

    /**
     * The provider whose models have such names, so that callers need not name it; empty if several providers have them. The
     * provider need not be configured.
     */
    public static Optional<String> providerOf(String model) {
        return TABLE.names.stream()
                .filter(row -> row.pattern.matches(model))
                .map(NameRow::provider)
                .findFirst();
    }

    /**
     * Names of a provider's models that the table knows, for a list of models where the provider's own cannot be had. Some may
     * not be offered to every account.
     *
     * @param provider its name, in lower case
     */
    public static List<String> namesOf(String provider) {
        return TABLE.capabilities.stream()
                .map(row -> row.pattern().startsWith("^") ? row.pattern().substring(1) : row.pattern())
                // Rows of whole families have no version.
                .filter(name -> name.chars().anyMatch(Character::isDigit))
                // The table writes versions with a dot, Anthropic's API with a dash.
                .map(name -> name.startsWith("claude") ? name.replace('.', '-') : name)
                .filter(name -> providerOf(name).equals(Optional.of(provider)))
                .distinct()
                .toList();
    }

    /**
     * The form in which a provider accepts a continuation, as the table writes it: {@code turn}, {@code prefill}, {@code
     * prefix} or {@code final-message}.
     *
     * @param provider its name in any case
     */
    public static String continuationOf(String provider) {
        String form = TABLE.continuations.get(provider.toLowerCase(Locale.ROOT));
        return form == null ? TABLE.continuations.getOrDefault("*", "turn") : form;
    }

    /**
     * The list price of a model. Every call searches the whole table, so callers should keep the result.
     *
     * @param model as in {@link #of}
     * @return empty if no price is known
     */
    public static Optional<ModelPrice> priceOf(String model) {
        ModelName name = ModelName.of(model);
        return TABLE.prices.stream().filter(row -> row.has(name)).findFirst().flatMap(PriceRow::price);
    }

    /** The rows of prices, in the order in which they are tried. */
    static List<PriceRow> priceRows() {
        return TABLE.prices;
    }

    /** The rows of capabilities, in the order in which they are tried. */
    static List<CapabilityRow> capabilityRows() {
        return TABLE.capabilities;
    }

    /** The rows of traits, in the order in which they are tried. */
    static List<TraitRow> traitRows() {
        return TABLE.traits;
    }

    private static ModelTable read() {
        try (InputStream resource = ModelTable.class.getResourceAsStream(RESOURCE)) {
            if (resource == null) {
                throw new IllegalStateException(RESOURCE + " is missing from the build");
            }
            return parse(new String(resource.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** @throws IllegalArgumentException if a row is broken or stands in no section */
    static ModelTable parse(String text) {
        ModelTable table = new ModelTable();
        String section = "";
        for (String line : text.lines().toList()) {
            if (line.startsWith("[")) {
                section = line.strip();
            } else if (!line.isBlank() && !line.startsWith("#")) {
                table.add(section, line);
            }
        }
        return table;
    }

    private void add(String section, String line) {
        switch (section) {
            case "[capabilities]" -> capabilities.add(CapabilityRow.parse(line));
            case "[traits]" -> traits.add(TraitRow.parse(line));
            case "[continuations]" -> {
                String[] cells = pair(line);
                continuations.put(cells[0], cells[1]);
            }
            case "[hosts]" -> hosts.add(HostRow.parse(line));
            case "[names]" -> {
                String[] cells = pair(line);
                names.add(new NameRow(NamePattern.parse(cells[0]), cells[1]));
            }
            case "[prices]" -> prices.add(PriceRow.parse(line));
            default -> throw new IllegalArgumentException("in no known section: " + line);
        }
    }

    private static String[] pair(String line) {
        String[] cells = line.strip().split(" +", -1);
        if (cells.length != 2) {
            throw new IllegalArgumentException("not 2 columns: " + line);
        }
        return cells;
    }
}
