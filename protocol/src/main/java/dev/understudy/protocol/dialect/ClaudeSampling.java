package dev.understudy.protocol.dialect;

import dev.understudy.protocol.dialect.ModelTraits.Flag;
import dev.understudy.protocol.dialect.ModelTraits.SamplingRule;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.BodyLimits;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.json.Members;
import dev.understudy.protocol.json.Splice;
import dev.understudy.protocol.json.Splice.Edit;
import dev.understudy.protocol.json.ValueKind;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Sampling parameters of a pass-through request that the target's Claude model refuses, such as those of a call that falls back
 * from an older model: both of temperature and {@code top_p} from Claude Opus 4.1 on, any from 4.7 on. As in translated requests,
 * the temperature stays; a temperature of 1 is the default and says nothing, so that {@code top_p} stays beside it.
 *
 * @see <a href="https://platform.claude.com/docs/en/about-claude/models/whats-new-claude-4-5">What's new: sampling
 *     parameters</a>
 */
public final class ClaudeSampling {
    private static final Map<String, String> NAMES =
            Map.of("temperature", "temperature", "top_p", "top_p", "topP", "top_p", "top_k", "top_k");

    private final boolean refusesAll;
    private final boolean refusesBoth;

    /** The values by their common names. */
    private final Map<String, String> values = new HashMap<>();

    private ClaudeSampling(ModelTraits traits) {
        boolean claude = traits.vendor() == ModelTraits.Vendor.ANTHROPIC;
        refusesAll = claude && traits.sampling() == SamplingRule.NEVER;
        refusesBoth = claude && traits.has(Flag.ONE_SAMPLING_SETTING);
    }

    /** @param members of a request that has the parameters at its top */
    public static PassThroughEdits edits(Members members, ModelTraits traits) {
        ClaudeSampling sampling = new ClaudeSampling(traits);
        sampling.read(members);
        Map<String, String> refused = sampling.refused();
        return refused.isEmpty()
                ? PassThroughEdits.NONE
                : new PassThroughEdits(List.of(), refused.keySet(), warnings(refused));
    }

    /**
     * The same for parameters that are members of objects.
     *
     * @param objects the names of these members
     */
    public static PassThroughEdits editsWithin(List<String> objects, Members members, ModelTraits traits) {
        ClaudeSampling sampling = new ClaudeSampling(traits);
        if (!sampling.refusesAll && !sampling.refusesBoth) {
            return PassThroughEdits.NONE;
        }
        Map<String, Members> inner = new TreeMap<>();
        try {
            for (String object : objects) {
                int index = members.indexOf(object);
                if (index >= 0 && members.kind(index) == ValueKind.OBJECT) {
                    byte[] json = members.json(index).getBytes(StandardCharsets.UTF_8);
                    inner.put(object, Members.scan(json, BodyLimits.ofDefaults()));
                }
            }
        } catch (BadRequest unreadable) {
            // The provider reports what is wrong with it.
            return PassThroughEdits.NONE;
        }
        inner.values().forEach(sampling::read);
        Map<String, String> refused = sampling.refused();
        List<Edit> edits = new ArrayList<>();
        inner.forEach((object, settings) -> {
            Set<String> names = refused.keySet();
            if (names.stream().anyMatch(name -> settings.indexOf(name) >= 0)) {
                byte[] rest = Splice.without(names::contains, settings).apply(List.of());
                edits.add(new Edit(object, new String(rest, StandardCharsets.UTF_8)));
            }
        });
        return edits.isEmpty() ? PassThroughEdits.NONE : new PassThroughEdits(edits, Set.of(), warnings(refused));
    }

    private void read(Members members) {
        if (refusesAll || refusesBoth) {
            for (int i = 0; i < members.size(); i++) {
                if (NAMES.containsKey(members.name(i)) && members.kind(i) == ValueKind.NUMBER) {
                    values.put(members.name(i), members.json(i));
                }
            }
        }
    }

    /** The parameters to leave out, with the reason for a warning; without one where nothing is lost. */
    private Map<String, String> refused() {
        Map<String, String> refused = new TreeMap<>();
        if (refusesAll) {
            values.forEach((name, value) -> {
                boolean usual = isOne(value) && !name.equals("top_k");
                refused.put(name, usual ? "" : "not supported by this model");
            });
            return refused;
        }
        String topP = values.containsKey("topP") ? "topP" : "top_p";
        if (refusesBoth && values.containsKey("temperature") && values.containsKey(topP)) {
            if (isOne(values.getOrDefault("temperature", ""))) {
                refused.put("temperature", "");
            } else {
                refused.put(
                        topP,
                        isOne(values.getOrDefault(topP, "")) ? "" : "Claude supports either temperature or top_p");
            }
        }
        return refused;
    }

    private static boolean isOne(String number) {
        return JsonTrees.of(number).decimalValue().compareTo(BigDecimal.ONE) == 0;
    }

    private static List<String> warnings(Map<String, String> refused) {
        return refused.entrySet().stream()
                .filter(each -> !each.getValue().isEmpty())
                .map(each -> NAMES.getOrDefault(each.getKey(), each.getKey()) + ": dropped, " + each.getValue())
                .toList();
    }
}
