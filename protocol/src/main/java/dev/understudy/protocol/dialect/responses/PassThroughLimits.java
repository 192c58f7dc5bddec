package dev.understudy.protocol.dialect.responses;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.dialect.ModelTraits;
import dev.understudy.protocol.dialect.ModelTraits.SamplingRule;
import dev.understudy.protocol.dialect.PassThroughEdits;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.json.Members;
import dev.understudy.protocol.json.Splice.Edit;
import dev.understudy.protocol.json.ValueKind;
import dev.understudy.protocol.neutral.ReasoningSettings.Effort;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What OpenAI refuses of a request that was written for another model: a longer user, and efforts that the model lacks. */
final class PassThroughLimits {
    private PassThroughLimits() {}

    static PassThroughEdits edits(Members members, ModelCapabilities capabilities) {
        List<Edit> edits = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        int user = members.indexOf("user");
        if (user >= 0 && members.kind(user) == ValueKind.STRING) {
            String name = JsonTrees.of(members.json(user)).asText();
            String fitted = ResponsesDialect.LIMITS.user(name);
            if (!fitted.equals(name)) {
                edits.add(Edit.ofString("user", fitted));
            }
        }
        int reasoning = members.indexOf("reasoning");
        ModelTraits traits = capabilities.traits();
        if (reasoning >= 0
                && traits.sampling() == SamplingRule.WITHOUT_REASONING
                && JsonTrees.of(members.json(reasoning)) instanceof ObjectNode settings) {
            Optional<Effort> wanted = Effort.ofWord(settings.path("effort").asText(""));
            if (wanted.isPresent() && traits.nearest(wanted.get()) != wanted.get()) {
                String nearest = traits.nearest(wanted.get()).word();
                edits.add(new Edit("reasoning", settings.put("effort", nearest).toString()));
                warnings.add("reasoning.effort: " + wanted.get().word() + " became " + nearest
                        + ", which the model supports");
            }
        }
        return edits.isEmpty() ? PassThroughEdits.NONE : new PassThroughEdits(edits, Set.of(), warnings);
    }
}
