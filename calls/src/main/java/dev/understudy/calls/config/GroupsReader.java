package dev.understudy.calls.config;

import dev.understudy.engine.Group;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * Reads groups: those of {@code groups}, which chains name, and those that are stated in a chain.
 *
 * <p>A group is read anew for each chain that names it, because its members inherit the limits of the chain's model.
 */
final class GroupsReader {
    /** The keys of a group. */
    static final String MEMBERS = "members";

    /** A chain with more targets would only keep providers busy. */
    static final int MOST_MEMBERS = 64;

    private static final String REFERENCE = "group";
    private static final double HEAVIEST = 1_000_000;
    private static final Duration LONGEST_SLOW_START = Duration.ofHours(1);

    private final Map<String, Entry> definitions;
    private final Map<String, ProviderSettings> providers;
    /** Reads a member as the target that it is. */
    private final BiFunction<Entry, LimitsReader.Level, Optional<TargetSettings>> targets;

    /**
     * @param definitions the values of {@code groups} by their names
     * @param providers those without a fault, which know how many keys they have
     */
    GroupsReader(
            Map<String, Entry> definitions,
            Map<String, ProviderSettings> providers,
            BiFunction<Entry, LimitsReader.Level, Optional<TargetSettings>> targets) {
        this.definitions = definitions;
        this.providers = providers;
        this.targets = targets;
    }

    /** The names of groups. */
    Set<String> names() {
        return definitions.keySet();
    }

    /** All groups that have a name, with the limits of {@code around}. */
    Map<String, GroupSettings> named(LimitsReader.Level around, Set<String> models) {
        Map<String, GroupSettings> groups = new LinkedHashMap<>();
        definitions.forEach((name, entry) -> {
            if (name.isBlank()) {
                entry.problemOfKey("a group needs a name");
            } else if (models.contains(name)) {
                entry.problemOfKey("a model has this name already; callers could not tell them apart");
            }
            named(name, around).ifPresent(group -> groups.put(name, group));
        });
        return groups;
    }

    /** The group with a name. */
    Optional<GroupSettings> named(String name, LimitsReader.Level around) {
        return Optional.ofNullable(definitions.get(name))
                .flatMap(Entry::section)
                .flatMap(section -> group(name, section, around, true));
    }

    /**
     * The group that an item of a list names or states.
     *
     * @return empty if the item is no group, or a broken one
     */
    Optional<GroupSettings> of(Entry item, LimitsReader.Level around) {
        if (!item.isMapping()) {
            return item.text().flatMap(name -> named(name, around));
        }
        Section section = item.section().orElseThrow();
        Optional<Entry> reference = section.get(REFERENCE);
        if (reference.isEmpty()) {
            return group(item.path(), section, around, false);
        }
        section.only(REFERENCE);
        return reference
                .get()
                .parsed("the name of a group", name -> {
                    if (!definitions.containsKey(name)) {
                        throw new IllegalArgumentException("is no group" + Suggestion.of(name, names())
                                + (names().isEmpty() ? " (there is none under groups)" : ""));
                    }
                    return name;
                })
                .flatMap(name -> named(name, around));
    }

    /** Whether an item of a list names or states a group, be it a broken one. */
    boolean isGroup(Entry item) {
        if (item.isMapping()) {
            return item.section()
                    .filter(section -> section.get(REFERENCE).isPresent()
                            || section.get(MEMBERS).isPresent()
                            || section.get("strategy").isPresent())
                    .isPresent();
        }
        return !definitions.isEmpty()
                && !item.isList()
                && !item.isNull()
                && item.text().stream().anyMatch(names()::contains);
    }

    private Optional<GroupSettings> group(String name, Section section, LimitsReader.Level around, boolean named) {
        section.only("strategy", "affinity", "slow-start", MEMBERS);
        Group.Strategy strategy =
                section.get("strategy").flatMap(GroupsReader::strategy).orElse(Group.Strategy.WEIGHTED);
        boolean byConversation = section.get("affinity")
                .flatMap(entry -> affinity(entry, strategy))
                .orElse(GroupPolicy.usuallyByConversation(strategy));
        Duration slowStart =
                section.get("slow-start").flatMap(GroupsReader::slowStart).orElse(Group.USUAL_SLOW_START);
        Optional<Entry> list = section.get(MEMBERS);
        if (list.isEmpty()) {
            section.problem("has no members; write members: [provider/model, …]");
            return Optional.empty();
        }
        GroupPolicy policy = new GroupPolicy(name, strategy, byConversation, slowStart);
        List<TargetSettings> members = members(list.get(), policy, around);
        return members.isEmpty() ? Optional.empty() : Optional.of(new GroupSettings(policy, named, members));
    }

    private List<TargetSettings> members(Entry list, GroupPolicy policy, LimitsReader.Level around) {
        Optional<List<Entry>> items = list.items();
        List<TargetSettings> members = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (Entry item : items.orElse(List.of())) {
            if (isGroup(item)) {
                item.problem("the members of a group are targets; a group cannot be one");
                continue;
            }
            List<TargetSettings> read = targets.apply(item, around)
                    .map(target -> places(item, target, policy))
                    .orElse(List.of());
            for (TargetSettings member : read) {
                if (seen.add(called(member))) {
                    members.add(member);
                } else {
                    item.problem(called(member) + " is in this group already");
                }
            }
        }
        if (items.isPresent() && items.get().isEmpty()) {
            list.problem("this list is empty; a group needs at least one member");
        } else if (members.size() > MOST_MEMBERS) {
            list.problem("these are " + members.size() + " members; a group has at most " + MOST_MEMBERS);
        } else if (!members.isEmpty() && members.stream().allMatch(member -> weightOf(member) == 0)) {
            list.problem("every weight is 0; give at least one member a weight");
        }
        return members;
    }

    private static double weightOf(TargetSettings member) {
        return member.place().orElseThrow().weight();
    }

    /** A member's name in messages; two of the same name would be one target twice. */
    static String called(TargetSettings member) {
        OptionalInt key = member.place().map(GroupPlace::key).orElse(OptionalInt.empty());
        return member.target() + (key.isPresent() ? " with key " + (key.getAsInt() + 1) : "");
    }

    /** A target as the member that its item states, or as several where each of the provider's keys is one. */
    private List<TargetSettings> places(Entry item, TargetSettings target, GroupPolicy policy) {
        Optional<Section> section = item.isMapping() ? item.section() : Optional.empty();
        double weight = section.flatMap(keys -> keys.get("weight"))
                .flatMap(entry -> weight(entry, policy.strategy()))
                .orElse(1.0);
        int keys = Optional.ofNullable(providers.get(providerOf(target)))
                .map(provider -> provider.furtherKeys().size() + 1)
                .orElse(Integer.MAX_VALUE);
        Optional<Entry> stated = section.flatMap(below -> below.get("key"));
        Optional<Integer> key = stated.flatMap(entry -> key(entry, keys));
        if (key.isEmpty()) {
            return List.of(target.at(new GroupPlace(policy, item.path(), weight, OptionalInt.empty())));
        }
        if (key.get() > 0) {
            return List.of(target.at(new GroupPlace(policy, item.path(), weight, OptionalInt.of(key.get() - 1))));
        }
        List<TargetSettings> each = new ArrayList<>();
        int count = keys == Integer.MAX_VALUE ? 1 : keys;
        for (int i = 0; i < count; i++) {
            each.add(target.at(
                    new GroupPlace(policy, item.path() + ".key[" + i + "]", weight / count, OptionalInt.of(i))));
        }
        return each;
    }

    private static String providerOf(TargetSettings target) {
        return TargetName.parse(target.target()).orElseThrow().provider();
    }

    /** The number of a key, from 1; 0 for each of them. */
    private static Optional<Integer> key(Entry entry, int keys) {
        return entry.parsed("the number of a key, or each", text -> {
            if (text.equals("each")) {
                return 0;
            }
            int number = Quantities.whole(text, 1, 1_000);
            if (number > keys) {
                throw new IllegalArgumentException(
                        "is too high: the provider has " + keys + (keys == 1 ? " key" : " keys"));
            }
            return number;
        });
    }

    private static Optional<Double> weight(Entry entry, Group.Strategy strategy) {
        return entry.parsed("a number such as 3", text -> {
            if (strategy == Group.Strategy.LOWEST_LATENCY || strategy == Group.Strategy.ROUND_ROBIN) {
                throw new IllegalArgumentException("has no effect with strategy: " + strategy.wireName()
                        + "; weights are for weighted and least-loaded");
            }
            double weight = number(text);
            if (!(weight >= 0) || weight > HEAVIEST) {
                throw new IllegalArgumentException("is out of range; a weight is from 0 to 1000000");
            }
            return weight;
        });
    }

    private static double number(String text) {
        try {
            return new BigDecimal(text).doubleValue();
        } catch (NumberFormatException none) {
            throw new IllegalArgumentException("is not a number", none);
        }
    }

    private static Optional<Group.Strategy> strategy(Entry entry) {
        Map<String, Group.Strategy> values = new LinkedHashMap<>();
        for (Group.Strategy strategy : Group.Strategy.values()) {
            values.put(strategy.wireName(), strategy);
        }
        return chosen(entry, values);
    }

    private static Optional<Boolean> affinity(Entry entry, Group.Strategy strategy) {
        Map<String, Boolean> values = new LinkedHashMap<>();
        values.put("conversation", true);
        values.put("none", false);
        Optional<Boolean> stated = chosen(entry, values);
        if (strategy == Group.Strategy.ROUND_ROBIN && stated.orElse(false)) {
            entry.problem(
                    "round-robin takes another member with each call, so that conversations cannot stay at one; use"
                            + " strategy: weighted");
        }
        return stated;
    }

    private static <T> Optional<T> chosen(Entry entry, Map<String, T> values) {
        String names = String.join(", ", values.keySet());
        return entry.parsed("one of " + names, text -> {
            T value = values.get(text);
            if (value == null) {
                throw new IllegalArgumentException("is none of " + names + Suggestion.of(text, values.keySet()));
            }
            return value;
        });
    }

    private static Optional<Duration> slowStart(Entry entry) {
        Optional<Duration> time = entry.duration(Duration.ZERO);
        if (time.isPresent() && time.get().compareTo(LONGEST_SLOW_START) > 0) {
            entry.problem("is too long; slow-start is at most " + Quantities.text(LONGEST_SLOW_START));
        }
        return time;
    }
}
