package dev.understudy.calls.config;

import dev.understudy.protocol.dialect.ModelCapabilities;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Reads {@code models} and the lists of fallbacks, which name providers and one another. */
final class ModelsReader {
    private final Set<String> providers;
    private final Set<String> models;
    private final GroupsReader groups;
    /** The groups that are stated in lists of fallbacks, by their paths. */
    private final Map<String, GroupSettings> unnamed = new LinkedHashMap<>();

    /**
     * @param providers the names of all providers, also of those that are broken: one fault is one message
     * @param models the names of all models
     * @param definitions the values of {@code groups} by their names
     * @param accounts the providers without a fault
     */
    ModelsReader(
            Set<String> providers,
            Set<String> models,
            Map<String, Entry> definitions,
            Map<String, ProviderSettings> accounts) {
        this.providers = providers;
        this.models = models;
        this.groups = new GroupsReader(definitions, accounts, (item, around) -> target(item, around, "weight", "key"));
    }

    /** All groups: those of {@code groups}, and those that the lists of fallbacks which were read so far state. */
    Map<String, GroupSettings> groups(LimitsReader.Level around) {
        Map<String, GroupSettings> all = groups.named(around, models);
        all.putAll(unnamed);
        return all;
    }

    Map<String, ModelSettings> read(Section section, LimitsReader.Level around) {
        Map<String, ModelSettings> read = new LinkedHashMap<>();
        section.entries().forEach((name, entry) -> {
            if (name.isBlank()) {
                entry.problem("a model needs a name");
            }
            entry.section().flatMap(below -> model(name, below, around)).ifPresent(model -> read.put(name, model));
        });
        return read;
    }

    /** A list of targets, configured models and groups. */
    List<String> fallbacks(Entry entry, LimitsReader.Level around) {
        List<String> names = new ArrayList<>();
        for (Entry item : entry.items().orElse(List.of())) {
            if (groups.isGroup(item)) {
                groups.of(item, around).ifPresent(group -> {
                    names.add(group.policy().name());
                    if (!group.named()) {
                        unnamed.put(group.policy().name(), group);
                    }
                });
                continue;
            }
            Optional<String> model =
                    item.isMapping() ? Optional.empty() : item.text().filter(models::contains);
            model.or(() -> target(item)).ifPresent(names::add);
        }
        return names;
    }

    private Optional<ModelSettings> model(String name, Section section, LimitsReader.Level around) {
        section.only(LimitsReader.allKeysAnd("targets", "fallbacks", "same-vectors"));
        LimitsReader.Level level = LimitsReader.read(section, around);
        Optional<List<String>> fallbacks = section.get("fallbacks").map(entry -> fallbacks(entry, level));
        boolean sameVectors = section.get("same-vectors").flatMap(Entry::flag).orElse(false);
        Optional<Entry> list = section.get("targets");
        if (list.isEmpty()) {
            section.problem("has no targets; write targets: [provider/model, …]");
            return Optional.empty();
        }
        List<TargetSettings> targets = new ArrayList<>();
        Set<String> seen = new LinkedHashSet<>();
        Optional<List<Entry>> items = list.get().items();
        items.ifPresent(each -> each.forEach(item -> step(item, level).forEach(target -> {
            if (seen.add(GroupsReader.called(target))) {
                targets.add(target);
            } else {
                item.problem(GroupsReader.called(target) + " is in this chain already; each target is tried once");
            }
        })));
        checkLength(targets, list.get());
        if (items.isPresent() && items.get().isEmpty()) {
            list.get().problem("this list is empty; a model needs at least one target");
        }
        return targets.isEmpty()
                ? Optional.empty()
                : Optional.of(new ModelSettings(name, targets, fallbacks, sameVectors, level.defaults()));
    }

    /** The targets of one step: one, or the members of a group. */
    private List<TargetSettings> step(Entry item, LimitsReader.Level around) {
        return groups.isGroup(item)
                ? groups.of(item, around).map(GroupSettings::members).orElse(List.of())
                : target(item, around).map(List::of).orElse(List.of());
    }

    private static void checkLength(List<TargetSettings> targets, Entry list) {
        boolean grouped = targets.stream().anyMatch(target -> target.place().isPresent());
        if (grouped && targets.size() > GroupsReader.MOST_MEMBERS) {
            list.problem("these are " + targets.size() + " targets with the members of groups; a chain has at most "
                    + GroupsReader.MOST_MEMBERS);
        }
    }

    /** @param further keys that may stand beside those of a target */
    private Optional<TargetSettings> target(Entry item, LimitsReader.Level around, String... further) {
        if (!item.isMapping()) {
            return target(item)
                    .map(text -> settings(text, ModelCapabilities.UNKNOWN, Optional.empty(), around.defaults()));
        }
        Section section = item.section()
                .orElseThrow()
                .only(LimitsReader.targetKeysAnd(Stream.of(
                                Stream.of("target", "continue-with"),
                                Stream.of(further),
                                Stream.of(CapabilitiesReader.KEYS))
                        .flatMap(keys -> keys)
                        .toArray(String[]::new)));
        Defaults own = LimitsReader.read(section, around).defaults();
        ModelCapabilities stated = CapabilitiesReader.read(section);
        Optional<ContinueWith> continueWith =
                section.get("continue-with").flatMap(entry -> entry.choice(ContinueWith.class));
        Optional<Entry> target = section.get("target");
        if (target.isEmpty()) {
            section.problem("has no target; write {target: provider/model, …}");
        }
        return target.flatMap(this::target).map(text -> settings(text, stated, continueWith, own));
    }

    private static TargetSettings settings(
            String target, ModelCapabilities stated, Optional<ContinueWith> continueWith, Defaults limits) {
        return new TargetSettings(target, stated, continueWith, limits.target(), Optional.empty());
    }

    /** A text that is {@code provider/model} of a provider that is there. */
    private Optional<String> target(Entry entry) {
        return entry.parsed("a target such as openai/gpt-5.1", text -> {
            String provider = TargetName.parse(text)
                    .orElseThrow(() -> new IllegalArgumentException(
                            "is not a target; write provider/model, such as openai/gpt-5.1" + orGroup(text)))
                    .provider();
            if (!providers.contains(provider)) {
                throw new IllegalArgumentException(unknown(provider));
            }
            return text;
        });
    }

    private String orGroup(String text) {
        Set<String> names = groups.names();
        return names.isEmpty() ? "" : ", or the name of a group" + Suggestion.of(text, names);
    }

    /** Does not repeat the provider's name: the text before the first slash may be anything. */
    private String unknown(String provider) {
        boolean isWellKnown = provider.equals(Settings.REHEARSAL)
                || ProviderPreset.named(provider).isPresent();
        if (isWellKnown) {
            return "needs provider " + provider + ", which is not configured; add it: providers: { " + provider
                    + ": {} }";
        }
        String there = providers.isEmpty() ? "none is configured" : "configured are " + String.join(", ", providers);
        return "names a provider that is not configured" + Suggestion.of(provider, providers) + " (" + there + ")";
    }
}
