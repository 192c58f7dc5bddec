package dev.understudy.gateway.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.calls.config.SettingsLayer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Describes what a change of chains, groups or prices is, for people: one line for each difference. */
final class SettingsDiff {
    private SettingsDiff() {}

    /** All differences between two configurations, as far as the console can make them. */
    static List<String> lines(ObjectNode before, ObjectNode after) {
        List<String> lines = new ArrayList<>();
        for (String name : names(before.path("models"), after.path("models"))) {
            JsonNode was = before.path("models").path(name);
            JsonNode is = after.path("models").path(name);
            if (was.isMissingNode()) {
                lines.add(
                        name + ": new chain of " + String.join(", ", targets(is).keySet()));
            } else if (is.isMissingNode()) {
                lines.add(name + ": removed");
            } else {
                chain(was, is).forEach(line -> lines.add(name + ": " + line));
            }
        }
        if (!Objects.equals(before.get("fallbacks"), after.get("fallbacks"))) {
            lines.add("default fallbacks: " + listed(before.path("fallbacks")) + " -> "
                    + listed(after.path("fallbacks")));
        }
        flag(lines, "fallbacks of all chains", before.path("defaults"), after.path("defaults"));
        groups(lines, before.path("groups"), after.path("groups"));
        prices(lines, before.path("prices"), after.path("prices"));
        return lines;
    }

    private static void groups(List<String> lines, JsonNode before, JsonNode after) {
        for (String name : names(before, after)) {
            JsonNode was = before.path(name);
            JsonNode is = after.path(name);
            String what = "group " + name + ": ";
            if (was.isMissingNode()) {
                lines.add(what + "new group of " + String.join(", ", members(is).keySet()));
            } else if (is.isMissingNode()) {
                lines.add(what + "removed");
            } else {
                group(was, is).forEach(line -> lines.add(what + line));
            }
        }
    }

    private static List<String> group(JsonNode before, JsonNode after) {
        List<String> lines = new ArrayList<>();
        Map<String, JsonNode> was = members(before);
        Map<String, JsonNode> is = members(after);
        is.forEach((member, now) -> {
            JsonNode then = was.get(member);
            if (then == null) {
                lines.add("member " + member + ": added" + weight(now, ", weight "));
            } else if (!weight(then, "").equals(weight(now, ""))) {
                lines.add("member " + member + ": weight " + listed(then.path("weight")) + " -> "
                        + listed(now.path("weight")));
            } else if (!then.equals(now)) {
                lines.add("member " + member + ": its own settings");
            }
        });
        was.keySet().stream()
                .filter(member -> !is.containsKey(member))
                .forEach(member -> lines.add("member " + member + ": removed"));
        for (String key : List.of("strategy", "affinity", "slow-start")) {
            if (!Objects.equals(before.get(key), after.get(key))) {
                lines.add(key + ": " + listed(before.path(key)) + " -> " + listed(after.path(key)));
            }
        }
        return lines;
    }

    private static String weight(JsonNode member, String before) {
        return member.path("weight").isValueNode() ? before + listed(member.path("weight")) : "";
    }

    /** A target may be a member with each of its provider's keys. */
    private static Map<String, JsonNode> members(JsonNode group) {
        Map<String, JsonNode> members = new LinkedHashMap<>();
        group.path("members").forEach(member -> {
            JsonNode key = member.path("key");
            members.put(
                    ChainDocuments.titleOf(member) + (key.isValueNode() ? " with key " + key.asText() : ""),
                    ChainDocuments.normalized(member));
        });
        return members;
    }

    private static Set<String> names(JsonNode before, JsonNode after) {
        Set<String> names = new LinkedHashSet<>();
        before.fieldNames().forEachRemaining(names::add);
        after.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static void prices(List<String> lines, JsonNode before, JsonNode after) {
        for (String name : names(before, after)) {
            JsonNode was = before.path(name);
            JsonNode is = after.path(name);
            if (is.isMissingNode()) {
                lines.add("price of " + name + ": removed");
                continue;
            }
            List<String> changes = new ArrayList<>();
            for (String key : PriceApi.AMOUNTS) {
                if (!ChainDocuments.normalized(was.path(key)).equals(ChainDocuments.normalized(is.path(key)))) {
                    String now = listed(is.path(key));
                    changes.add(key + " " + (was.isMissingNode() ? now : listed(was.path(key)) + " -> " + now));
                }
            }
            if (!changes.isEmpty()) {
                lines.add("price of " + name + ": " + String.join(", ", changes));
            }
        }
    }

    /** The differences between two states of one chain. */
    static List<String> chain(JsonNode before, JsonNode after) {
        List<String> lines = new ArrayList<>();
        Map<String, JsonNode> was = targets(before);
        Map<String, JsonNode> is = targets(after);
        List<String> wasOrder = List.copyOf(was.keySet());
        List<String> isOrder = List.copyOf(is.keySet());
        for (String target : isOrder) {
            int from = wasOrder.indexOf(target) + 1;
            int to = isOrder.indexOf(target) + 1;
            if (from == 0) {
                lines.add("target " + target + ": added at position " + to);
            } else if (from != to) {
                lines.add("target " + target + ": position " + from + " -> " + to);
            }
            JsonNode then = was.get(target);
            JsonNode now = is.get(target);
            if (then != null && now != null && !then.equals(now)) {
                ownSettings(then, now).forEach(line -> lines.add("target " + target + ": " + line));
            }
        }
        wasOrder.stream()
                .filter(target -> !is.containsKey(target))
                .forEach(target -> lines.add("target " + target + ": removed"));
        for (String key : List.of("deadline", "fallbacks")) {
            if (!Objects.equals(before.get(key), after.get(key))) {
                lines.add(key + ": " + listed(before.path(key)) + " -> " + listed(after.path(key)));
            }
        }
        flag(lines, "fallbacks", before, after);
        return lines;
    }

    /** What a step of a chain states beside its name, which may be the strategy and the weights of a group. */
    private static List<String> ownSettings(JsonNode before, JsonNode after) {
        return after.has("members") ? group(before, after) : List.of("its own settings");
    }

    private static void flag(List<String> lines, String what, JsonNode before, JsonNode after) {
        boolean was = before.path(SettingsLayer.FALLBACKS_ENABLED).asBoolean(true);
        boolean is = after.path(SettingsLayer.FALLBACKS_ENABLED).asBoolean(true);
        if (was != is) {
            lines.add(what + ": " + (is ? "off -> on" : "on -> off"));
        }
    }

    /** The targets of a chain in order, with what is stated of each. */
    private static Map<String, JsonNode> targets(JsonNode chain) {
        Map<String, JsonNode> targets = new LinkedHashMap<>();
        chain.path("targets")
                .forEach(target -> targets.put(ChainDocuments.titleOf(target), ChainDocuments.normalized(target)));
        return targets;
    }

    private static String listed(JsonNode value) {
        if (value.isMissingNode() || value.isNull()) {
            return "none stated";
        }
        if (!value.isArray()) {
            return value.asText();
        }
        List<String> texts = new ArrayList<>();
        value.forEach(item -> texts.add(ChainDocuments.titleOf(item)));
        return texts.isEmpty() ? "none" : String.join(", ", texts);
    }
}
