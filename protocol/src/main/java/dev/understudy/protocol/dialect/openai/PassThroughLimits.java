package dev.understudy.protocol.dialect.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.dialect.ModelTraits;
import dev.understudy.protocol.dialect.PassThroughEdits;
import dev.understudy.protocol.json.ByteSearch;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.json.Members;
import dev.understudy.protocol.json.Splice.Edit;
import dev.understudy.protocol.json.ValueKind;
import dev.understudy.protocol.neutral.ReasoningSettings.Effort;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a Chat Completions service refuses of requests that were written for another one: a call that falls back, or a model
 * behind an alias. The members are known from the scan of the request; messages are read only where Mistral or DeepSeek would
 * refuse one of them.
 */
final class PassThroughLimits {
    private static final List<String> SAMPLING =
            List.of("temperature", "top_p", "presence_penalty", "frequency_penalty", "logprobs", "top_logprobs");

    /** Mistral refuses members that it does not know. */
    private static final List<String> UNKNOWN_TO_MISTRAL = List.of(
            "stream_options",
            "user",
            "logit_bias",
            "logprobs",
            "top_logprobs",
            "service_tier",
            "store",
            "verbosity",
            "modalities",
            "audio",
            "web_search_options",
            "safety_identifier");

    /** Members of messages that openai-python sends back from an answer, and Mistral refuses. */
    private static final List<String> UNKNOWN_IN_MESSAGES =
            List.of("name", "refusal", "annotations", "audio", "function_call");

    private static final String ACKNOWLEDGEMENT = "OK.";

    private final Members members;
    private final ModelTraits traits;
    private final ModelFamily family;
    private final List<Edit> edits = new ArrayList<>();
    private final Set<String> removed = new HashSet<>();
    private final List<String> warnings = new ArrayList<>();

    private PassThroughLimits(Members members, ModelCapabilities capabilities) {
        this.members = members;
        this.traits = capabilities.traits();
        this.family = ModelFamily.of(traits);
    }

    static PassThroughEdits edits(Members members, ModelCapabilities capabilities) {
        return new PassThroughLimits(members, capabilities).edits();
    }

    private PassThroughEdits edits() {
        switch (family) {
            case OPENAI -> {
                user();
                withoutEffort();
            }
            case OPENAI_REASONING -> {
                user();
                rename("max_tokens", "max_completion_tokens");
                effort();
                sampling();
            }
            case MISTRAL -> {
                rename("max_completion_tokens", "max_tokens");
                rename("seed", "random_seed");
                for (String name : UNKNOWN_TO_MISTRAL) {
                    if (isSet(name)) {
                        removed.add(name);
                        warnings.add(name + ": dropped, not supported by Mistral");
                    }
                }
                messages();
            }
            case DEEPSEEK -> {
                rename("max_completion_tokens", "max_tokens");
                messages();
            }
            case INTERLEAVED, GEMINI, OTHER -> {
                // These publish no such rules.
            }
        }
        return edits.isEmpty() && removed.isEmpty()
                ? PassThroughEdits.NONE
                : new PassThroughEdits(edits, removed, warnings);
    }

    private boolean isSet(String name) {
        int index = members.indexOf(name);
        return index >= 0 && members.kind(index) != ValueKind.NULL;
    }

    private Optional<String> text(String name) {
        int index = members.indexOf(name);
        return index >= 0 && members.kind(index) == ValueKind.STRING
                ? Optional.of(tree(index).asText())
                : Optional.empty();
    }

    private JsonNode tree(int index) {
        return JsonTrees.of(members.json(index));
    }

    private void user() {
        text("user")
                .filter(user -> !OpenAiDialect.OPENAI.user(user).equals(user))
                .ifPresent(user -> edits.add(Edit.ofString("user", OpenAiDialect.OPENAI.user(user))));
    }

    private void rename(String name, String accepted) {
        if (isSet(name)) {
            if (!isSet(accepted)) {
                edits.add(new Edit(accepted, members.json(members.indexOf(name))));
            }
            removed.add(name);
        }
    }

    private void effort() {
        Optional<Effort> wanted = text("reasoning_effort").flatMap(Effort::ofWord);
        if (wanted.isPresent() && traits.nearest(wanted.get()) != wanted.get()) {
            String nearest = traits.nearest(wanted.get()).word();
            edits.add(Edit.ofString("reasoning_effort", nearest));
            warnings.add(
                    "reasoning_effort: " + wanted.get().word() + " became " + nearest + ", which the model supports");
        }
    }

    /** Models that do not reason refuse any effort, "none" too. */
    private void withoutEffort() {
        if (isSet("reasoning_effort")) {
            removed.add("reasoning_effort");
            if (!text("reasoning_effort").orElse("").equals("none")) {
                warnings.add("reasoning_effort: dropped, not supported by this model");
            }
        }
    }

    /** Models that can answer without reasoning accept sampling parameters then, which is the default of most of them. */
    private void sampling() {
        boolean canBeOff = traits.nearest(Effort.NONE) == Effort.NONE;
        if (canBeOff && text("reasoning_effort").orElse("none").equals("none")) {
            return;
        }
        for (String name : SAMPLING) {
            if (isSet(name) && !isUsual(name, tree(members.indexOf(name)))) {
                removed.add(name);
                warnings.add(name + ": dropped, not supported by OpenAI's reasoning models");
            }
        }
    }

    /** Whether the value is the one that the model uses anyway, and therefore accepts. */
    private static boolean isUsual(String name, JsonNode value) {
        if (name.equals("logprobs")) {
            return value.isBoolean() && !value.booleanValue();
        }
        BigDecimal usual = name.endsWith("penalty") ? BigDecimal.ZERO : BigDecimal.ONE;
        return !name.equals("top_logprobs")
                && value.isNumber()
                && value.decimalValue().compareTo(usual) == 0;
    }

    /**
     * Mistral takes ids of nine letters and digits, and no user's message behind a tool's; both vendors have the role {@code
     * system} only.
     */
    private void messages() {
        int index = members.indexOf("messages");
        if (index < 0 || members.kind(index) != ValueKind.ARRAY) {
            return;
        }
        boolean suspicious = mayContain("developer")
                || (family == ModelFamily.MISTRAL
                        && (mayContain("tool_call_id")
                                || UNKNOWN_IN_MESSAGES.stream().anyMatch(this::mayContain)));
        if (!suspicious || !(tree(index) instanceof ArrayNode messages)) {
            return;
        }
        ArrayNode fitted = messages.arrayNode();
        boolean changed = false;
        String before = "";
        for (JsonNode message : messages) {
            String role = message.path("role").asText("");
            if (family == ModelFamily.MISTRAL && before.equals("tool") && role.equals("user")) {
                fitted.addObject().put("role", "assistant").put("content", ACKNOWLEDGEMENT);
                changed = true;
            }
            if (message instanceof ObjectNode object) {
                changed |= fit(object, role);
            }
            fitted.add(message);
            before = role;
        }
        if (changed) {
            edits.add(new Edit("messages", fitted.toString()));
        }
    }

    /** A search of the bytes, so that most requests are passed through without a tree. */
    private boolean mayContain(String word) {
        return ByteSearch.mayBeIn(members.body(), "\"" + word + "\"");
    }

    private boolean fit(ObjectNode message, String role) {
        boolean changed = role.equals("developer");
        if (changed) {
            message.put("role", "system");
        }
        if (family != ModelFamily.MISTRAL) {
            return changed;
        }
        for (String name : UNKNOWN_IN_MESSAGES) {
            // Mistral's tool messages have a name.
            if (!(name.equals("name") && role.equals("tool"))) {
                changed |= message.remove(name) != null;
            }
        }
        changed |= fitId(message, "tool_call_id");
        for (JsonNode call : message.path("tool_calls")) {
            changed |= call instanceof ObjectNode object && fitId(object, "id");
        }
        return changed;
    }

    private static boolean fitId(ObjectNode object, String name) {
        String id = object.path(name).asText("");
        if (id.isEmpty() || MessageWriter.MISTRAL_IDS.accepts(id)) {
            return false;
        }
        object.put(name, MessageWriter.MISTRAL_IDS.fit(id));
        return true;
    }
}
