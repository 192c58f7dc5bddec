package dev.understudy.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The settings of the mock: a file, the console's changes over it, and their versions. */
final class MockSettings {
    static final ObjectMapper JSON = new ObjectMapper();

    private static final Set<String> PROVIDERS = Set.of("openai", "anthropic", "gemini", "local", "rehearsal");
    private static final Pattern DURATION = Pattern.compile("\\d+(\\.\\d+)?(ms|s|m|h)");

    /** The console's changes. A chain that is not in the file was made here. */
    private record Layer(
            Map<String, ObjectNode> chains,
            Optional<ArrayNode> fallbacks,
            boolean on,
            Map<String, ObjectNode> prices,
            Map<String, ObjectNode> groups) {
        static final Layer EMPTY = new Layer(new TreeMap<>(), Optional.empty(), true, new TreeMap<>(), new TreeMap<>());

        Layer copy() {
            return new Layer(new TreeMap<>(chains), fallbacks, on, new TreeMap<>(prices), new TreeMap<>(groups));
        }

        Layer with(ArrayNode otherFallbacks, boolean otherOn) {
            return new Layer(
                    new TreeMap<>(chains),
                    Optional.of(otherFallbacks),
                    otherOn,
                    new TreeMap<>(prices),
                    new TreeMap<>(groups));
        }
    }

    private record Version(int number, Instant at, String author, String note, List<String> changes, Layer layer) {}

    private final Map<String, ObjectNode> file = new LinkedHashMap<>();
    private final ArrayNode fileFallbacks = JSON.createArrayNode();
    private final List<Version> versions = new ArrayList<>();
    private final Map<String, ObjectNode> fileGroups = new LinkedHashMap<>();
    private final Map<String, ObjectNode> filePrices = new LinkedHashMap<>();
    /** The targets of the price list, with their list prices. */
    private final Map<String, ObjectNode> listPrices = new LinkedHashMap<>();

    private Layer layer = Layer.EMPTY;

    /** Adds a chain to the file. */
    void fileChain(String name, String json) {
        file.put(name, object(json));
    }

    void fileFallbacks(String... targets) {
        for (String target : targets) {
            fileFallbacks.add(target);
        }
    }

    static ObjectNode object(String json) {
        return (ObjectNode) tree(json);
    }

    static JsonNode tree(String json) {
        try {
            return JSON.readTree(json);
        } catch (java.io.IOException invalid) {
            throw new IllegalArgumentException("not JSON: " + json, invalid);
        }
    }

    int version() {
        return versions.size();
    }

    /** The document of {@code GET /chains}. */
    ObjectNode document() {
        ObjectNode document = JSON.createObjectNode();
        document.put("version", version());
        document.put("fallbacks_on", layer.on());
        document.set("fallbacks", fallbacks());
        document.put("fallbacks_source", layer.fallbacks().isPresent() ? "console" : "file");
        ArrayNode groups = document.putArray("groups");
        groups().forEach((name, group) -> groups.add(group.deepCopy()
                .put("name", name)
                .put(
                        "source",
                        !layer.groups().containsKey(name)
                                ? "file"
                                : fileGroups.containsKey(name) ? "changed" : "console")));
        ArrayNode chains = document.putArray("chains");
        file.forEach((name, chain) -> chains.add(entry(
                name,
                layer.chains().getOrDefault(name, chain),
                layer.chains().containsKey(name) ? "changed" : "file")));
        layer.chains().forEach((name, chain) -> {
            if (!file.containsKey(name)) {
                chains.add(entry(name, chain, "console"));
            }
        });
        return document;
    }

    private static ObjectNode entry(String name, ObjectNode chain, String source) {
        ObjectNode entry = JSON.createObjectNode();
        entry.put("name", name).put("on", chain.path("on").asBoolean(true)).put("source", source);
        ArrayNode targets = entry.putArray("targets");
        chain.path("targets").forEach(target -> targets.add(asTarget(target)));
        entry.set("deadline", chain.path("deadline").isTextual() ? chain.get("deadline") : JSON.nullNode());
        entry.set("fallbacks", chain.path("fallbacks").isArray() ? chain.get("fallbacks") : JSON.nullNode());
        return entry;
    }

    private static JsonNode asTarget(JsonNode target) {
        return target.isTextual() ? JSON.createObjectNode().set("target", target) : target;
    }

    private ArrayNode fallbacks() {
        return layer.fallbacks().orElse(fileFallbacks);
    }

    Optional<ObjectNode> chain(String name) {
        return Optional.ofNullable(layer.chains().getOrDefault(name, file.get(name)));
    }

    void put(String name, ObjectNode body, String author) {
        List<String> changes = changes(name, body);
        Layer next = layer.copy();
        ObjectNode chain = body.deepCopy();
        String note = chain.path("note").asText("");
        chain.remove("note");
        next.chains().put(name, chain);
        save(next, author, note, changes);
    }

    /** Whether there was something to remove. */
    boolean delete(String name, String author) {
        Layer next = layer.copy();
        if (next.chains().remove(name) == null) {
            return false;
        }
        save(next, author, "", List.of("chain " + name + ": as in the file"));
        return true;
    }

    void putFallbacks(ObjectNode body, String author) {
        boolean on = body.path("on").asBoolean(true);
        List<String> changes = new ArrayList<>();
        if (on != layer.on()) {
            changes.add("fallbacks of all chains: " + (on ? "on" : "off"));
        }
        ArrayNode list = (ArrayNode) body.get("fallbacks");
        if (!list.equals(fallbacks())) {
            changes.add("fallbacks: " + list);
        }
        save(layer.with(list, on), author, "", changes);
    }

    void reset(String author) {
        save(Layer.EMPTY, author, "", List.of("all as in the file"));
    }

    /** Adds a group to the file. */
    void fileGroup(String name, String json) {
        fileGroups.put(name, object(json));
    }

    private Map<String, ObjectNode> groups() {
        Map<String, ObjectNode> all = new LinkedHashMap<>(fileGroups);
        all.putAll(layer.groups());
        return all;
    }

    /** What is wrong with a group, by path. */
    static ArrayNode problemsOfGroup(String name, JsonNode body) {
        ArrayNode problems = JSON.createArrayNode();
        JsonNode members = body.path("members");
        if (members.isEmpty()) {
            problem(problems, "groups." + name + ".members", "this list is empty; a group needs at least one member");
        }
        for (int i = 0; i < members.size(); i++) {
            JsonNode weight = members.get(i).path("weight");
            if (weight.isTextual()) {
                problem(
                        problems,
                        "groups." + name + ".members[" + i + "].weight",
                        "`" + weight.asText() + "` is not a number");
            }
        }
        return problems;
    }

    void putGroup(String name, JsonNode body, String author) {
        Layer next = layer.copy();
        next.groups().put(name, body.deepCopy());
        save(next, author, "", List.of("group " + name + ": changed"));
    }

    /** Whether there was something to remove. */
    boolean deleteGroup(String name, String author) {
        Layer next = layer.copy();
        if (next.groups().remove(name) == null) {
            return false;
        }
        save(next, author, "", List.of("group " + name + ": as in the file"));
        return true;
    }

    void filePrice(String target, String json) {
        filePrices.put(target, object(json));
    }

    /** A target without a list price has an empty object. */
    void listPrice(String target, String json) {
        listPrices.put(target, object(json));
    }

    /** The document of {@code GET /prices}. */
    ObjectNode prices() {
        ObjectNode document = JSON.createObjectNode().put("version", version());
        ArrayNode stated = document.putArray("prices");
        Map<String, ObjectNode> all = new LinkedHashMap<>();
        layer.prices().forEach((target, price) -> {
            if (!filePrices.containsKey(target)) {
                all.put(target, price.deepCopy().put("target", target).put("source", "console"));
            }
        });
        filePrices.forEach((target, price) -> all.put(
                target,
                layer.prices()
                        .getOrDefault(target, price)
                        .deepCopy()
                        .put("target", target)
                        .put("source", layer.prices().containsKey(target) ? "changed" : "file")));
        all.values().forEach(stated::add);
        ArrayNode targets = document.putArray("targets");
        listPrices.forEach((target, list) -> {
            Optional<ObjectNode> counts = all.values().stream()
                    .filter(price ->
                            target.matches(price.path("target").asText().replace("*", ".*")))
                    .findFirst();
            ObjectNode each = counts.orElse(list).deepCopy();
            each.remove("source");
            each.put("target", target).put("used", !target.endsWith("mini"));
            counts.ifPresent(price -> each.set("price", price.get("target")));
            if (!list.isEmpty()) {
                each.set("list", list);
            }
            targets.add(each);
        });
        return document;
    }

    /** What is wrong with changes of prices, by path. */
    ArrayNode problemsOfPrices(JsonNode body) {
        ArrayNode problems = JSON.createArrayNode();
        body.path("prices")
                .properties()
                .forEach(price -> price.getValue().properties().forEach(amount -> {
                    if (amount.getValue().asText().equals("999999")) {
                        problem(
                                problems,
                                "prices.\"" + price.getKey() + "\"." + amount.getKey(),
                                "`999999` is more than anyone pays");
                    }
                }));
        return problems;
    }

    void putPrices(JsonNode body, String author) {
        Layer next = layer.copy();
        List<String> changes = new ArrayList<>();
        body.path("prices").properties().forEach(price -> {
            changes.add("price of " + price.getKey());
            if (price.getValue().isNull()) {
                next.prices().remove(price.getKey());
            } else {
                ObjectNode amounts = price.getValue().deepCopy();
                if (amounts.path("cached-input").asText().isEmpty()) {
                    amounts.remove("cached-input");
                }
                next.prices().put(price.getKey(), amounts);
            }
        });
        save(next, author, body.path("note").asText(""), changes);
    }

    boolean restore(int number, String author) {
        Optional<Version> found = find(number);
        found.ifPresent(
                version -> save(version.layer().copy(), author, "", List.of("version " + number + " restored")));
        return found.isPresent();
    }

    private void save(Layer next, String author, String note, List<String> changes) {
        layer = next;
        versions.add(new Version(version() + 1, Instant.now(), author, note, changes, next));
    }

    private Optional<Version> find(int number) {
        return number > 0 && number <= version() ? Optional.of(versions.get(number - 1)) : Optional.empty();
    }

    /** What is wrong with a chain, by path. */
    ArrayNode problems(String name, JsonNode body) {
        ArrayNode problems = JSON.createArrayNode();
        String path = "models." + name;
        JsonNode targets = body.path("targets");
        if (targets.isEmpty()) {
            problem(problems, path + ".targets", "a chain needs at least one target");
        }
        for (int i = 0; i < targets.size(); i++) {
            JsonNode target = asTarget(targets.get(i));
            String at = path + ".targets[" + i + "]";
            if (groups().containsKey(target.path("target").asText())) {
                continue;
            }
            if (target.has("members")) {
                problemsOfGroup("", target)
                        .forEach(found -> problem(
                                problems,
                                at + found.path("path").asText().substring("groups.".length()),
                                found.path("message").asText()));
                continue;
            }
            String provider = target.path("target").asText().split("/", 2)[0];
            if (!PROVIDERS.contains(provider)) {
                problem(
                        problems,
                        at,
                        "unknown provider '" + provider + "'; configured are " + new java.util.TreeSet<>(PROVIDERS));
            }
            target.path("timeouts").properties().forEach(limit -> {
                if (!limit.getKey().equals("when-late")) {
                    checkDuration(problems, at + ".timeouts." + limit.getKey(), limit.getValue());
                }
            });
        }
        JsonNode fallbacks = body.path("fallbacks");
        for (int i = 0; i < fallbacks.size(); i++) {
            String fallback = fallbacks.get(i).asText();
            if (chain(fallback).isEmpty() && !PROVIDERS.contains(fallback.split("/", 2)[0])) {
                problem(problems, path + ".fallbacks[" + i + "]", "unknown provider or model '" + fallback + "'");
            }
        }
        if (body.path("deadline").isTextual()) {
            checkDuration(problems, path + ".deadline", body.get("deadline"));
        }
        return problems;
    }

    private static void checkDuration(ArrayNode problems, String path, JsonNode value) {
        if (!DURATION.matcher(value.asText()).matches()) {
            problem(problems, path, "'" + value.asText() + "' is not a duration; write for example 20s, 500ms or 2m");
        }
    }

    private static void problem(ArrayNode problems, String path, String message) {
        problems.addObject().put("path", path).put("message", message);
    }

    ObjectNode preview(String name, ObjectNode body) {
        ObjectNode preview = JSON.createObjectNode();
        ArrayNode problems = problems(name, body);
        preview.put("valid", problems.isEmpty());
        preview.set("problems", problems);
        preview.put("before", chain(name).map(chain -> yaml(name, chain)).orElse(""));
        preview.put("after", yaml(name, body));
        ArrayNode changes = preview.putArray("changes");
        changes(name, body).forEach(changes::add);
        return preview;
    }

    private List<String> changes(String name, ObjectNode body) {
        List<String> before = chain(name).map(MockSettings::targets).orElse(List.of());
        List<String> after = targets(body);
        List<String> changes = new ArrayList<>();
        if (chain(name).isEmpty()) {
            changes.add("chain " + name + ": added");
        }
        for (String target : after) {
            int old = before.indexOf(target);
            int now = after.indexOf(target);
            if (old < 0) {
                changes.add("target " + target + ": added at position " + (now + 1));
            } else if (old != now) {
                changes.add("target " + target + ": position " + (old + 1) + " -> " + (now + 1));
            }
        }
        before.stream()
                .filter(target -> !after.contains(target))
                .forEach(target -> changes.add("target " + target + ": removed"));
        boolean wasOn =
                chain(name).map(chain -> chain.path("on").asBoolean(true)).orElse(true);
        if (wasOn != body.path("on").asBoolean(true)) {
            changes.add("fallbacks of " + name + ": " + (wasOn ? "on -> off" : "off -> on"));
        }
        String fallbacks = listed(chain(name).orElseGet(JSON::createObjectNode));
        if (!fallbacks.equals(listed(body))) {
            changes.add("fallbacks: " + fallbacks + " -> " + listed(body));
        }
        String deadline = chain(name)
                .map(chain -> chain.path("deadline").asText("default"))
                .orElse("default");
        if (!deadline.equals(body.path("deadline").asText("default"))) {
            changes.add("deadline: " + deadline + " -> " + body.path("deadline").asText("default"));
        }
        return changes;
    }

    private static String listed(JsonNode chain) {
        List<String> names = new ArrayList<>();
        chain.path("fallbacks").forEach(name -> names.add(name.asText()));
        return !chain.path("fallbacks").isArray() ? "none stated" : names.isEmpty() ? "none" : String.join(", ", names);
    }

    private static List<String> targets(JsonNode chain) {
        List<String> names = new ArrayList<>();
        chain.path("targets")
                .forEach(target -> names.add(
                        target.has("members")
                                ? "group of " + String.join(", ", targetsOf(target.get("members")))
                                : asTarget(target).path("target").asText()));
        return names;
    }

    private static List<String> targetsOf(JsonNode members) {
        List<String> names = new ArrayList<>();
        members.forEach(member -> names.add(asTarget(member).path("target").asText()));
        return names;
    }

    private static String yaml(String name, JsonNode chain) {
        StringBuilder yaml = new StringBuilder("models:\n  " + name + ":\n    targets:\n");
        chain.path("targets").forEach(each -> {
            JsonNode target = asTarget(each);
            yaml.append("      - target: ")
                    .append(target.path("target").asText())
                    .append('\n');
            target.path("timeouts")
                    .properties()
                    .forEach(limit -> yaml.append("        timeouts.")
                            .append(limit.getKey())
                            .append(": ")
                            .append(limit.getValue().asText())
                            .append('\n'));
        });
        if (chain.path("deadline").isTextual()) {
            yaml.append("    deadline: ").append(chain.get("deadline").asText()).append('\n');
        }
        return yaml.toString();
    }

    private static String yaml(Layer layer) {
        StringBuilder yaml = new StringBuilder();
        layer.chains().forEach((name, chain) -> yaml.append(yaml(name, chain)));
        layer.fallbacks()
                .ifPresent(list -> yaml.append("fallbacks: ").append(list).append('\n'));
        return yaml.toString();
    }

    String export() {
        StringBuilder yaml = new StringBuilder("providers:\n  openai: {api-key: \"${OPENAI_API_KEY}\"}\n");
        document()
                .get("chains")
                .forEach(chain -> yaml.append(yaml(chain.get("name").asText(), chain)));
        return yaml.toString();
    }

    ObjectNode settings() {
        return JSON.createObjectNode()
                .put("version", version())
                .put("layer", yaml(layer))
                .put("effective", export().replace("${OPENAI_API_KEY}", "***"))
                .put("file", "/etc/understudy/understudy.yaml");
    }

    ObjectNode versions(int before, int limit) {
        ObjectNode document = JSON.createObjectNode();
        ArrayNode list = document.putArray("versions");
        for (int i = Math.min(before - 1, version()); i > 0 && list.size() < limit; i--) {
            Version version = versions.get(i - 1);
            ObjectNode entry = list.addObject()
                    .put("version", i)
                    .put("at", version.at().toString())
                    .put("author", version.author())
                    .put("note", version.note());
            ArrayNode changes = entry.putArray("changes");
            version.changes().forEach(changes::add);
        }
        return document;
    }

    Optional<ObjectNode> versionDocument(int number) {
        return find(number)
                .map(version -> JSON.createObjectNode().put("version", number).put("layer", yaml(version.layer())));
    }
}
