package dev.understudy.gateway.imports;

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

    /**
     * Writes the targets of a model. This is the one place that decides how targets that share the load are written: in the order
     * of their weights, so that each is a fallback of those before it.
     *
     * @param path of the model
     */
    void write(ConfigurationDraft draft, ObjectNode model, String path) {
        ArrayNode targets = draft.listAt(model, "targets");
        for (Step step : steps) {
            if (step.members().size() > 1) {
                draft.comment(
                        path + ".targets[" + targets.size() + "]",
                        "The next " + step.members().size() + " shared the load ("
                                + step.sharing().wireName() + weights(step)
                                + "). Here each is tried when those before it fail.");
            }
            step.members().stream()
                    .sorted((one, other) -> other.weight().compareTo(one.weight()))
                    .forEach(member -> targets.add(
                            member.settings().isEmpty()
                                    ? JsonNodeFactory.instance.textNode(member.name())
                                    : JsonNodeFactory.instance
                                            .objectNode()
                                            .put("target", member.name())
                                            .setAll(member.settings())));
        }
    }

    private static String weights(Step step) {
        boolean same = step.members().stream()
                        .map(member -> member.weight().stripTrailingZeros())
                        .distinct()
                        .count()
                == 1;
        if (step.sharing() != Sharing.WEIGHTED || same) {
            return "";
        }
        List<String> parts = step.members().stream()
                .map(member -> member.name() + " " + member.weight().toPlainString())
                .toList();
        return ": " + String.join(", ", parts);
    }
}
