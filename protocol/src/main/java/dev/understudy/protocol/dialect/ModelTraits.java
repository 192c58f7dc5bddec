package dev.understudy.protocol.dialect;

import dev.understudy.protocol.dialect.ModelCapabilities.Can;
import dev.understudy.protocol.dialect.ModelCapabilities.ReasoningControl;
import dev.understudy.protocol.neutral.ReasoningSettings.Effort;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * How requests for a model have to be written, as far as its name tells. The values come from the model table ({@code
 * models.txt}); {@code docs/models.md} describes them.
 *
 * <p>Unlike the capabilities beside them, traits never decide which targets a request skips. A trait may therefore be
 * assumed for models that are newer than the table.
 *
 * @param vendor whose model it is, wherever it is hosted
 * @param service whose Chat Completions service the name belongs to; {@code OTHER} for hosts of several vendors' models
 * @param sampling when the model accepts temperature, {@code top_p} and the like
 * @param efforts the reasoning efforts that it accepts, lowest first; never empty
 * @param leastBudget the smallest reasoning budget above 0, in tokens
 * @param mostBudget the largest reasoning budget, in tokens
 * @param defaultOutput the output limit in tokens for requests without one, in dialects that require a limit
 * @param prefill whether it continues an assistant turn at the end of the request, where its capabilities do not say
 * @param schema whether its vendor enforces a JSON schema, where its capabilities do not say
 * @param control how a request controls its reasoning, where its capabilities do not say
 * @param flags everything else
 */
public record ModelTraits(
        Vendor vendor,
        Vendor service,
        SamplingRule sampling,
        List<Effort> efforts,
        int leastBudget,
        int mostBudget,
        OptionalInt defaultOutput,
        Can prefill,
        Can schema,
        ReasoningControl control,
        Set<Flag> flags) {

    /** OpenAI refuses a request with more tools. */
    public static final int MOST_TOOLS_OF_OPENAI = 128;

    /** The traits of a model whose name tells nothing. */
    public static final ModelTraits UNKNOWN = new ModelTraits(
            Vendor.OTHER,
            Vendor.OTHER,
            SamplingRule.ALWAYS,
            List.of(Effort.MINIMAL, Effort.LOW, Effort.MEDIUM, Effort.HIGH),
            1,
            24_576,
            OptionalInt.empty(),
            Can.UNKNOWN,
            Can.UNKNOWN,
            ReasoningControl.UNKNOWN,
            Set.of());

    public ModelTraits {
        efforts = List.copyOf(efforts);
        flags = Set.copyOf(flags);
        if (efforts.isEmpty()) {
            throw new IllegalArgumentException("no reasoning effort");
        }
    }

    /**
     * The most tools that a request may offer.
     *
     * @see <a href="https://platform.openai.com/docs/api-reference/chat/create">OpenAI: tools</a>
     */
    public int mostTools() {
        return service == Vendor.OPENAI ? MOST_TOOLS_OF_OPENAI : Integer.MAX_VALUE;
    }

    /** These traits and further flags. */
    public ModelTraits with(Set<Flag> further) {
        Set<Flag> all = new HashSet<>(flags);
        all.addAll(further);
        return new ModelTraits(
                vendor,
                service,
                sampling,
                efforts,
                leastBudget,
                mostBudget,
                defaultOutput,
                prefill,
                schema,
                control,
                all);
    }

    public boolean has(Flag flag) {
        return flags.contains(flag);
    }

    /** The accepted effort for a wanted one: the same, else the next higher one, else the highest. */
    public Effort nearest(Effort wanted) {
        for (Effort accepted : efforts) {
            if (accepted.compareTo(wanted) >= 0) {
                return accepted;
            }
        }
        return efforts.getLast();
    }

    /** The vendors whose models or services need requests of their own. */
    public enum Vendor {
        AMAZON,
        ANTHROPIC,
        DEEPSEEK,
        GOOGLE,
        MISTRAL,
        OPENAI,
        OTHER
    }

    /** When a model accepts sampling parameters. */
    public enum SamplingRule {
        ALWAYS,
        NEVER,
        /** Only where the request turns reasoning off, which needs a model that accepts the effort {@code none}. */
        WITHOUT_REASONING
    }

    /** Traits that a model has or has not. The table writes them in lower case with dashes. */
    public enum Flag {
        /** Reasoning cannot be turned off. */
        ALWAYS_REASONS,
        /** The host accepts Anthropic's {@code cache_control} in Chat Completions, and forwards it to Claude models. */
        CACHE_MARKS,
        /** Prompts can be cached; models of other vendors on Bedrock refuse a request with a cache point. */
        CACHES_PROMPTS,
        /** Tools can be cached on Bedrock as well, which has that for Claude only. */
        CACHES_TOOLS,
        /**
         * The host refuses members of messages in which other providers put signatures and their own data: {@code
         * thinking_blocks}, {@code extra_content}, {@code provider_specific_fields}.
         */
        NO_ADDED_MEMBERS,
        /** A request with functions cannot ask for JSON output as well. */
        NO_JSON_WITH_TOOLS,
        /** A function's result cannot contain media. */
        NO_MEDIA_IN_RESULTS,
        /** {@code parallel_tool_calls} is refused. */
        NO_PARALLEL_SETTING,
        /** The host refuses {@code reasoning_content} in messages, whatever the model. */
        NO_REASONING_CONTENT,
        /** Function calls cannot be restricted to their schemas. */
        NO_STRICT_TOOLS,
        /** A temperature and {@code top_p} in one request are refused. */
        ONE_SAMPLING_SETTING,
        /** There is no effort between {@code high} and {@code max}. */
        NO_XHIGH,
        /** OpenAI's Chat Completions refuses tools beside a reasoning effort; the Responses API accepts them. */
        RESPONSES_FOR_TOOLS_WITH_EFFORT,
        /** OpenAI serves the model in the Responses API only. */
        RESPONSES_ONLY,
        /** The reasoning before a tool call is to be sent back with it. */
        REASONING_BACK,
        /** A tool call without the reasoning before it is refused, where the model reasons. */
        REASONING_REQUIRED,
        /** A tool result may have the status {@code error}. */
        TOOL_STATUS,
        /** A function call in the history needs no signature. */
        UNSIGNED_CALLS
    }
}
