package dev.understudy.protocol.dialect.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.dialect.ModelTraits;
import dev.understudy.protocol.dialect.ModelTraits.SamplingRule;
import dev.understudy.protocol.dialect.PassThroughEdits;
import dev.understudy.protocol.dialect.ToolCallIds;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.json.Members;
import dev.understudy.protocol.json.Splice.Edit;
import dev.understudy.protocol.json.ValueKind;
import dev.understudy.protocol.neutral.ReasoningSettings.Effort;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What OpenAI refuses of a request that was written for another model: a longer user, and efforts that the model lacks. */
final class PassThroughLimits {
    private static final int LONGEST_USER = 64;

    private PassThroughLimits() {}

    static PassThroughEdits edits(Members members, ModelCapabilities capabilities) {
        List<Edit> edits = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        int user = members.indexOf("user");
        if (user >= 0 && members.kind(user) == ValueKind.STRING) {
            String name = tree(members, user).asText();
            if (name.length() > LONGEST_USER) {
                edits.add(Edit.ofString("user", ToolCallIds.hash(name, LONGEST_USER)));
            }
        }
        int reasoning = members.indexOf("reasoning");
        ModelTraits traits = capabilities.traits();
        if (reasoning >= 0
                && traits.sampling() == SamplingRule.WITHOUT_REASONING
                && tree(members, reasoning) instanceof ObjectNode settings) {
            String wanted = settings.path("effort").asText("");
            for (Effort effort : Effort.values()) {
                String nearest = word(traits.nearest(effort));
                if (word(effort).equals(wanted) && !nearest.equals(wanted)) {
                    edits.add(new Edit(
                            "reasoning", settings.put("effort", nearest).toString()));
                    warnings.add("reasoning.effort: " + wanted + " became " + nearest + ", which the model supports");
                }
            }
        }
        return edits.isEmpty() ? PassThroughEdits.NONE : new PassThroughEdits(edits, Set.of(), warnings);
    }

    private static JsonNode tree(Members members, int index) {
        int from = members.valueStart(index);
        return JsonTrees.of(new String(members.body(), from, members.valueEnd(index) - from, StandardCharsets.UTF_8));
    }

    private static String word(Effort effort) {
        return effort.name().toLowerCase(Locale.ROOT);
    }
}
