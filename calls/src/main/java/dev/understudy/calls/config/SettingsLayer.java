package dev.understudy.calls.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * Changes that were made to a configuration at run time. Immutable.
 *
 * <p>It is a document with keys of the configuration: {@code models}, {@code groups}, {@code fallbacks}, {@code prices} and, of {@code
 * defaults}, {@code fallbacks-enabled}. Over the file's, a model, group or price is changed key by key: {@code targets} take the place of the file's targets as a
 * whole, and a key that the layer does not have stays as it is in the file. A key without a value is as if the file had not
 * stated it. Prices that the file does not have come before the file's, since the first that matches counts: names of targets, and
 * then patterns, the longest first.
 */
public final class SettingsLayer {
    /** The key of a model, and of the defaults, that switches fallbacks off. */
    public static final String FALLBACKS_ENABLED = LimitsReader.FALLBACKS_ENABLED;

    /** How problems in it are named. */
    static final String NAME = "console";

    private static final String MODELS = "models";
    private static final String GROUPS = "groups";
    private static final String FALLBACKS = "fallbacks";
    private static final String DEFAULTS = "defaults";
    private static final String PRICES = "prices";
    private static final Comparator<String> EXACT_FIRST = Comparator.<String, Boolean>comparing(
                    name -> name.contains("*"))
            .thenComparing(Comparator.comparingInt(String::length).reversed());
    /** How deep the file and the layer are merged: section, model, key of the model. */
    private static final int LEVELS = 3;

    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)");

    /** No changes. */
    public static final SettingsLayer EMPTY = new SettingsLayer(JsonNodeFactory.instance.objectNode());

    private final ObjectNode tree;

    private SettingsLayer(ObjectNode tree) {
        this.tree = tree;
    }

    /**
     * Reads a layer as {@link #yaml} has written it. Whether its values are possible is found when it is laid over a file.
     *
     * @throws InvalidSettings if it is no YAML, or no group of keys
     */
    public static SettingsLayer parse(String yaml) throws InvalidSettings {
        ReadingContext reading = new ReadingContext(NAME, name -> Optional.empty());
        ObjectNode read = section(yaml, reading).tree();
        reading.failIfBroken();
        return new SettingsLayer(read);
    }

    private static Section section(String yaml, ReadingContext reading) {
        Optional<Node> root = YamlText.root(yaml, reading);
        return root.flatMap(node -> new Entry(node, 0, "", reading).section())
                .orElseGet(() -> Section.empty(0, "", reading));
    }

    /** A configuration's keys with those of this layer over them. */
    Section over(Section file, ReadingContext reading) {
        if (isEmpty()) {
            return file;
        }
        Section layer = section(yaml(), reading.layer(NAME, variablesOf(file)))
                .only(MODELS, GROUPS, FALLBACKS, DEFAULTS, PRICES);
        layer.get(DEFAULTS)
                .filter(Entry::isMapping)
                .flatMap(Entry::section)
                .ifPresent(defaults -> defaults.only(FALLBACKS_ENABLED));
        return withOwnPricesFirst(file.under(layer, LEVELS), file, layer);
    }

    private static Section withOwnPricesFirst(Section both, Section file, Section layer) {
        Set<String> ofFile = prices(file).map(Section::entries).orElse(Map.of()).keySet();
        List<String> own = prices(layer).map(Section::entries).orElse(Map.of()).keySet().stream()
                .filter(name -> !ofFile.contains(name))
                .sorted(EXACT_FIRST)
                .toList();
        return both.get(PRICES)
                .flatMap(entry -> prices(both).map(all -> both.with(PRICES, entry.holding(all.leading(own)))))
                .orElse(both);
    }

    /** The prices of a configuration; empty if it has none, or no group of keys in their place. */
    private static Optional<Section> prices(Section configuration) {
        return configuration.get(PRICES).filter(Entry::isMapping).flatMap(Entry::section);
    }

    /**
     * The variables that the file's own chains and groups refer to. The layer may refer to no others: a target's name is shown to callers, and
     * the console's users are not meant to read the environment of the process.
     */
    private static Set<String> variablesOf(Section file) {
        Set<String> variables = new HashSet<>();
        for (String key : List.of(MODELS, GROUPS, FALLBACKS)) {
            file.get(key).ifPresent(entry -> {
                Matcher reference = VARIABLE.matcher(entry.tree().toString());
                while (reference.find()) {
                    variables.add(reference.group(1));
                }
            });
        }
        return variables;
    }

    /** Whether it changes nothing. */
    public boolean isEmpty() {
        return tree.isEmpty();
    }

    /** The document; empty if there are no changes. */
    public String yaml() {
        return isEmpty() ? "" : YamlTree.text(tree);
    }

    /** What it states of a model. */
    public Optional<ObjectNode> model(String name) {
        return stated(MODELS, name);
    }

    /** What it states of a group that has a name. */
    public Optional<ObjectNode> group(String name) {
        return stated(GROUPS, name);
    }

    private Optional<ObjectNode> stated(String section, String name) {
        return tree.path(section).get(name) instanceof ObjectNode keys
                ? Optional.of(keys.deepCopy())
                : Optional.empty();
    }

    /** The default fallbacks, if it states them. */
    public Optional<JsonNode> fallbacks() {
        return Optional.ofNullable(tree.get(FALLBACKS)).map(JsonNode::deepCopy);
    }

    /** What it states of a price. */
    public Optional<ObjectNode> price(String target) {
        return stated(PRICES, target);
    }

    /**
     * The same layer with other statements of a price.
     *
     * @param target or a pattern of targets
     * @param keys those of the price; empty to state nothing of it
     */
    public SettingsLayer withPrice(String target, ObjectNode keys) {
        return stating(PRICES, target, keys);
    }

    /**
     * The same layer with other statements of a model.
     *
     * @param keys those of the model; empty to state nothing of it
     */
    public SettingsLayer withModel(String name, ObjectNode keys) {
        return stating(MODELS, name, keys);
    }

    /**
     * The same layer with other statements of a group that has a name.
     *
     * @param keys those of the group; empty to state nothing of it
     */
    public SettingsLayer withGroup(String name, ObjectNode keys) {
        return stating(GROUPS, name, keys);
    }

    private SettingsLayer stating(String section, String name, ObjectNode keys) {
        return with(section, name, keys.isEmpty() ? Optional.empty() : Optional.of(keys.deepCopy()));
    }

    /**
     * The same layer with other default fallbacks.
     *
     * @param fallbacks empty to leave them to the file
     */
    public SettingsLayer withFallbacks(Optional<JsonNode> fallbacks) {
        ObjectNode changed = tree.deepCopy();
        fallbacks.ifPresentOrElse(list -> changed.set(FALLBACKS, list.deepCopy()), () -> changed.remove(FALLBACKS));
        return new SettingsLayer(changed);
    }

    /**
     * The same layer with another switch for all models.
     *
     * @param enabled empty to leave it to the file
     */
    public SettingsLayer withFallbacksEnabled(Optional<Boolean> enabled) {
        return with(DEFAULTS, FALLBACKS_ENABLED, enabled.map(JsonNodeFactory.instance::booleanNode));
    }

    private SettingsLayer with(String section, String key, Optional<? extends JsonNode> value) {
        ObjectNode changed = tree.deepCopy();
        ObjectNode below = changed.get(section) instanceof ObjectNode there ? there : changed.putObject(section);
        value.ifPresentOrElse(stated -> below.set(key, stated), () -> below.remove(key));
        if (below.isEmpty()) {
            changed.remove(section);
        }
        return new SettingsLayer(changed);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SettingsLayer layer && layer.tree.equals(tree);
    }

    @Override
    public int hashCode() {
        return tree.hashCode();
    }

    @Override
    public String toString() {
        return yaml();
    }
}
