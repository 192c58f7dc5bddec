package dev.understudy.gateway.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.understudy.calls.config.SettingsLayer;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The chains and the groups that they may name as the admin API has them, and changes of them. */
final class ChainDocuments {
    private static final String ENABLED = SettingsLayer.FALLBACKS_ENABLED;

    /** What a chain can be changed in. */
    static final Set<String> MEMBERS = Set.of("targets", "on", "deadline", "fallbacks", "note");

    /** What a group that has a name can be changed in. */
    static final Set<String> MEMBERS_OF_GROUP = Set.of("strategy", "affinity", "slow-start", "members", "note");

    private static final List<String> STATED_OF_GROUP = List.of("strategy", "affinity", "slow-start", "members");
    private static final String MODELS = "models";
    private static final String FALLBACKS = "fallbacks";
    private static final String TARGETS = "targets";
    private static final String GROUPS = "groups";
    private static final int LONGEST_NAME = 300;
    private static final List<String> STATED = List.of(TARGETS, "deadline", FALLBACKS);

    private ChainDocuments() {}

    /** All chains. */
    static ObjectNode chains(RuntimeSettings.State state) {
        ObjectNode merged = state.merged();
        SettingsLayer layer = state.misfit().isEmpty() ? state.layer() : SettingsLayer.EMPTY;
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("version", state.version());
        json.put("fallbacks_on", merged.path("defaults").path(ENABLED).asBoolean(true));
        json.set(FALLBACKS, merged.get(FALLBACKS) instanceof ArrayNode list ? list.deepCopy() : json.arrayNode());
        json.put(
                "fallbacks_source",
                source(state.file().has(FALLBACKS), layer.fallbacks().isPresent()));
        state.misfit().ifPresent(warning -> json.put("warning", warning));
        writeGroups(json, state, layer);
        ArrayNode chains = json.putArray("chains");
        merged.path(MODELS).properties().forEach(model -> {
            ObjectNode chain = chains.addObject();
            chain.put("name", model.getKey());
            chain.put("on", model.getValue().path(ENABLED).asBoolean(true));
            chain.put(
                    "source",
                    source(
                            state.file().path(MODELS).has(model.getKey()),
                            layer.model(model.getKey()).isPresent()));
            write(chain, model.getValue());
        });
        return json;
    }

    private static void write(ObjectNode chain, JsonNode model) {
        ArrayNode targets = chain.putArray(TARGETS);
        model.path(TARGETS).forEach(target -> {
            if (target.isObject()) {
                targets.add(target.deepCopy());
            } else {
                targets.addObject().put("target", target.asText());
            }
        });
        JsonNode deadline = model.path("deadline");
        chain.put("deadline", deadline.isValueNode() && !deadline.isNull() ? deadline.asText() : null);
        chain.set(FALLBACKS, model.get(FALLBACKS) instanceof ArrayNode list ? list.deepCopy() : NullNode.getInstance());
    }

    /** The groups that chains may name. */
    private static void writeGroups(ObjectNode json, RuntimeSettings.State state, SettingsLayer layer) {
        ArrayNode list = json.putArray(GROUPS);
        state.merged().path(GROUPS).properties().forEach(group -> {
            ObjectNode written = list.addObject();
            written.put("name", group.getKey());
            written.put(
                    "source",
                    source(
                            state.file().path(GROUPS).has(group.getKey()),
                            layer.group(group.getKey()).isPresent()));
            group.getValue().properties().forEach(key -> written.set(key.getKey(), key.getValue()));
        });
    }

    /** The change that a request makes of a group, as {@link #edit} does of a chain. */
    static RuntimeSettings.Edit editGroup(String name, ObjectNode body) throws AdminError {
        checkName(name, "name", "the name of a group");
        return (file, layer) -> {
            ObjectNode own = layer.group(name).orElseGet(JsonNodeFactory.instance::objectNode);
            stateAll(own, file.path(GROUPS).path(name), STATED_OF_GROUP, body);
            return layer.withGroup(name, own);
        };
    }

    /**
     * States in a layer what a request mentions of these keys.
     *
     * @param own what the layer states, which is changed
     * @param inFile what the file states of the same thing
     */
    static void stateAll(ObjectNode own, JsonNode inFile, List<String> keys, ObjectNode body) {
        ObjectNode stated = inFile instanceof ObjectNode there ? there : JsonNodeFactory.instance.objectNode();
        for (String key : keys) {
            if (body.has(key)) {
                state(own, stated, key, normalized(body.get(key)));
            }
        }
    }

    /** The change that makes a group as it is in the file, or removes one that is not there. */
    static RuntimeSettings.Edit removeGroup(String name) {
        return (file, layer) -> {
            if (layer.group(name).isEmpty()) {
                throw AdminError.notFound(
                        file.path(GROUPS).has(name)
                                ? "the group '" + name + "' is as in the configuration file; remove it there"
                                : "there is no group '" + name + "'");
            }
            return layer.withGroup(name, JsonNodeFactory.instance.objectNode());
        };
    }

    /** What people call a step of a chain: the target, or the group by its name or its members. */
    static String titleOf(JsonNode step) {
        if (!step.isObject() || step.has("target")) {
            return step.isObject() ? step.path("target").asText() : step.asText();
        }
        if (step.has("group")) {
            return "group " + step.path("group").asText();
        }
        List<String> members = new ArrayList<>();
        step.path("members").forEach(member -> members.add(titleOf(member)));
        return "group of " + String.join(", ", members);
    }

    /** Where something comes from: {@code file}, {@code changed} from the file, or {@code console}. */
    static String source(boolean inFile, boolean inLayer) {
        return inLayer ? inFile ? "changed" : "console" : "file";
    }

    /** The part of a configuration that is one chain. */
    static ObjectNode chain(ObjectNode tree, String name) {
        ObjectNode only = JsonNodeFactory.instance.objectNode();
        JsonNode model = tree.path(MODELS).get(name);
        if (model != null) {
            only.putObject(MODELS).set(name, model);
        }
        return only;
    }

    /**
     * The change that a request makes of a chain. What the request does not mention stays; what it states as the file does
     * becomes the file's again.
     *
     * @param body with members of {@link #MEMBERS}
     */
    static RuntimeSettings.Edit edit(String name, ObjectNode body) throws AdminError {
        checkName(name, "name", "the name of a chain");
        Optional<Boolean> on = AdminRequest.flag(body, "on");
        return (file, layer) -> {
            ObjectNode own = layer.model(name).orElseGet(JsonNodeFactory.instance::objectNode);
            JsonNode inFile = file.path(MODELS).path(name);
            stateAll(own, inFile, STATED, body);
            if (on.isPresent()) {
                boolean usual = inFile.path(ENABLED).asBoolean(true);
                if (on.get() == usual) {
                    own.remove(ENABLED);
                } else {
                    own.put(ENABLED, on.get());
                }
            }
            return layer.withModel(name, own);
        };
    }

    /** @param what it is a name of, for people */
    static void checkName(String name, String path, String what) throws AdminError {
        if (name.isBlank() || name.length() > LONGEST_NAME || name.chars().anyMatch(Character::isISOControl)) {
            throw AdminError.invalid(List.of(AdminRequest.problem(
                    path, what + " has 1 to " + LONGEST_NAME + " characters, and no control characters")));
        }
    }

    /**
     * States a key in a layer, or nothing where that is what the file has.
     *
     * @param wanted in the {@linkplain #normalized one form}; null for no value
     */
    private static void state(ObjectNode own, ObjectNode inFile, String key, JsonNode wanted) {
        JsonNode stated = inFile.get(key);
        boolean asInFile = (stated == null || stated.isNull())
                ? wanted.isNull()
                : normalized(stated).equals(wanted);
        if (asInFile) {
            own.remove(key);
        } else {
            own.set(key, wanted);
        }
    }

    /** The change that makes a chain as it is in the file, or removes one that is not there. */
    static RuntimeSettings.Edit remove(String name) {
        return (file, layer) -> {
            if (layer.model(name).isEmpty()) {
                throw AdminError.notFound(
                        file.path(MODELS).has(name)
                                ? "the chain '" + name + "' is as in the configuration file; remove it there"
                                : "there is no chain '" + name + "'");
            }
            return layer.withModel(name, JsonNodeFactory.instance.objectNode());
        };
    }

    /** The change of the default list, and of the switch for all chains. */
    static RuntimeSettings.Edit fallbacks(ObjectNode body) throws AdminError {
        Optional<Boolean> on = AdminRequest.flag(body, "on");
        Optional<JsonNode> wanted = Optional.ofNullable(body.get(FALLBACKS)).map(ChainDocuments::normalized);
        return (file, layer) -> {
            SettingsLayer changed = layer;
            if (wanted.isPresent()) {
                JsonNode stated = file.get(FALLBACKS);
                boolean asInFile = stated == null
                        ? wanted.get().isNull() || wanted.get().isEmpty()
                        : normalized(stated).equals(wanted.get());
                changed = changed.withFallbacks(asInFile ? Optional.empty() : wanted);
            }
            if (on.isPresent()) {
                boolean usual = file.path("defaults").path(ENABLED).asBoolean(true);
                changed = changed.withFallbacksEnabled(on.get() == usual ? Optional.empty() : on);
            }
            return changed;
        };
    }

    /** The one form of several that mean the same: a target without settings of its own is a text, a number is exact. */
    static JsonNode normalized(JsonNode value) {
        if (value instanceof ObjectNode group) {
            if (group.size() == 1 && group.path("target").isTextual()) {
                return group.get("target");
            }
            ObjectNode same = JsonNodeFactory.instance.objectNode();
            group.properties().forEach(field -> same.set(field.getKey(), normalized(field.getValue())));
            return same;
        }
        if (value.isArray()) {
            ArrayNode same = JsonNodeFactory.instance.arrayNode();
            value.forEach(item -> same.add(normalized(item)));
            return same;
        }
        if (value.isDouble() && !Double.isFinite(value.doubleValue())) {
            // A number that is too large for JSON's readers; as a text it is refused with its path.
            return TextNode.valueOf(value.asText());
        }
        return value.isNumber() ? DecimalNode.valueOf(withoutZeros(value.decimalValue())) : value;
    }

    /** Without zeros at the end: 2.50 and 2.5 are the same number. */
    private static BigDecimal withoutZeros(BigDecimal number) {
        BigDecimal shorter = number.stripTrailingZeros();
        return shorter.scale() < 0 ? shorter.setScale(0) : shorter;
    }
}
