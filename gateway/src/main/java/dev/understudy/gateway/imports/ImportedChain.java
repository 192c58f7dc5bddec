package dev.understudy.gateway.imports;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The chain of a model: steps, each of which is one target or several that share the load. */
final class ImportedChain {
    private final List<Step> steps = new ArrayList<>();

    /** How several targets of a step share the load, by the names of the strategies here. */
    enum Sharing {
        WEIGHTED,
        LEAST_LOADED,
        LOWEST_LATENCY;

        String wireName() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * A target.
     *
     * @param name {@code provider/model}
     * @param weight among the targets of its step; 1 if none was stated
     * @param settings its other settings
     */
    record Member(String name, BigDecimal weight, ObjectNode settings) {}

    private record Step(Sharing sharing, List<Member> members) {}

    /** Adds a step; targets that the chain has already are left out, since each is tried once. */
    void add(Sharing sharing, List<Member> members) {
        Set<String> known = new LinkedHashSet<>();
        steps.forEach(step -> step.members().forEach(member -> known.add(member.name())));
        Map<String, Member> further = new LinkedHashMap<>();
        members.stream()
                .filter(member -> !known.contains(member.name()))
                .forEach(member -> further.putIfAbsent(member.name(), member));
        if (!further.isEmpty()) {
            steps.add(new Step(sharing, List.copyOf(further.values())));
        }
    }

    boolean isEmpty() {
        return steps.isEmpty();
    }

    /** Writes the targets of a model; those that share the load as a group. */
    void write(ConfigurationDraft draft, ObjectNode model) {
        ArrayNode targets = draft.listAt(model, "targets");
        for (Step step : steps) {
            if (step.members().size() == 1) {
                targets.add(written(step.members().getFirst(), JsonNodeFactory.instance.objectNode()));
                continue;
            }
            boolean weighted = step.sharing() != Sharing.LOWEST_LATENCY && haveDifferentWeights(step);
            ArrayNode members = targets.addObject()
                    .put("strategy", step.sharing().wireName())
                    .putArray("members");
            for (Member member : step.members()) {
                ObjectNode settings = JsonNodeFactory.instance.objectNode();
                if (weighted) {
                    settings.put("weight", member.weight());
                }
                members.add(written(member, settings));
            }
        }
    }

    private static JsonNode written(Member member, ObjectNode settings) {
        settings.setAll(member.settings());
        return settings.isEmpty()
                ? JsonNodeFactory.instance.textNode(member.name())
                : JsonNodeFactory.instance
                        .objectNode()
                        .put("target", member.name())
                        .setAll(settings);
    }

    private static boolean haveDifferentWeights(Step step) {
        return step.members().stream()
                        .map(member -> member.weight().stripTrailingZeros())
                        .distinct()
                        .count()
                > 1;
    }
}
