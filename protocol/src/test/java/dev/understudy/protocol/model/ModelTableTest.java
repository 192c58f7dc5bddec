package dev.understudy.protocol.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.dialect.ModelCapabilities.Can;
import dev.understudy.protocol.dialect.ModelCapabilities.ReasoningControl;
import dev.understudy.protocol.dialect.ModelTraits;
import dev.understudy.protocol.dialect.ReasoningChoice;
import dev.understudy.protocol.neutral.ReasoningSettings.Effort;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelTableTest {

    @ParameterizedTest
    @CsvSource({
        "gpt-3.5-turbo-0125, gpt-3.5-turbo",
        "gpt-35-turbo-16k, gpt-35-turbo",
        "gpt-4, gpt-4",
        "gpt-4-0613, gpt-4-0613",
        "gpt-4-32k, gpt-4-32k",
        "gpt-4-turbo-2024-04-09, gpt-4-turbo",
        "gpt-4o, gpt-4o",
        "my-GPT4o-deployment, gpt-4o",
        "gpt-4o-mini-2024-07-18, gpt-4o",
        "gpt-4o-2024-05-13, gpt-4o-2024-05-13",
        "gpt-4o-audio-preview, gpt-4o-audio",
        "gpt-4o-mini-audio-preview, gpt-4o-mini-audio",
        "chatgpt-4o-latest, chatgpt-4o",
        "ft:gpt-4o-mini:org::id, gpt-4o",
        "ft:gpt-3.5-turbo-0125:o1-labs:gpt-4o:id, gpt-3.5-turbo",
        "gpt-4.1-nano, gpt-4.1",
        "gpt-4.5-preview, gpt-4.5",
        "o1, ^o1",
        "o1-2024-12-17, ^o1",
        "o1-mini-2024-09-12, ^o1-mini",
        "openai/o3, ^o3",
        "o3-mini, ^o3-mini",
        "o4-mini-2025-04-16, ^o4-mini",
        "gpt-5, gpt-5",
        "gpt-5-mini-2025-08-07, gpt-5",
        "gpt-5-chat-latest, gpt-5-chat",
        "openai/gpt-5.1, gpt-5.1",
        "gpt-5.2-2025-12-11, gpt-5.2",
        "gpt-5.4-mini, gpt-5.4-mini",
        "openai/gpt-oss-120b, gpt-oss",
        "gpt-oss:20b, gpt-oss",
        "anthropic/claude-3.5-sonnet:beta, claude-3.5-sonnet",
        "claude-3-5-sonnet-v2@20241022, claude-3.5-sonnet",
        "claude-3-haiku-20240307, claude-3-haiku",
        "claude-3-7-sonnet-latest, claude-3.7-sonnet",
        "claude-opus-4-20250514, claude-opus-4",
        "claude-sonnet-4-0, claude-sonnet-4.0",
        "us.anthropic.claude-opus-4-1-20250805-v1:0, claude-opus-4.1",
        "us.anthropic.claude-sonnet-4-5-20250929-v1:0, claude-sonnet-4.5",
        "claude-sonnet-4-5@20250929, claude-sonnet-4.5",
        "anthropic/claude-sonnet-4.5, claude-sonnet-4.5",
        "claude-haiku-4-5, claude-haiku-4.5",
        "global.anthropic.claude-opus-4-6-v1, claude-opus-4.6",
        "claude-sonnet-4-6, claude-sonnet-4.6",
        "claude-opus-5, claude-opus-5",
        "claude-opus-5-5, claude-opus-5.5",
        "anthropic.claude-v2:1, claude-v2",
        "claude-2.1, claude-2.1",
        "claude-2.0, claude-2.0",
        "models/gemini-1.5-flash-8b, gemini-1.5-flash",
        "google/gemini-2.0-flash-001, gemini-2.0-flash",
        "models/gemini-2.5-flash, gemini-2.5-flash",
        "gemini-2.5-flash-lite-preview-06-17, gemini-2.5-flash-lite",
        "gemini-2.5-flash-image-preview, gemini-2.5-flash-image",
        "gemini-2.5-pro, gemini-2.5-pro",
        "gemini-3-pro-preview, gemini-3-pro",
        "gemini-3.1-pro-preview, gemini-3.1-pro",
        "mistral-large-2411, mistral-large-2411",
        "Mistral-Large-2411, mistral-large-2411",
        "mistral-large-latest, mistral-large",
        "mistral-medium-2505, mistral-medium",
        "mistral-small-latest, mistral-small",
        "codestral-2501, codestral",
        "ministral-8b-latest, ministral",
        "pixtral-12b-2409, pixtral",
        "magistral-medium-2506, magistral",
        "deepseek/deepseek-chat, deepseek-chat",
        "deepseek-reasoner, deepseek-reasoner",
        "deepseek-ai/DeepSeek-R1-Distill-Llama-70B, deepseek-r1-distill",
        "us.deepseek.r1-v1:0, deepseek-r1",
        "llama3-70b-8192, llama-3",
        "meta.llama3-1-70b-instruct-v1:0, llama-3.1",
        "meta-llama/Llama-3.1-8B-Instruct, llama-3.1",
        "llama-3.1-8b-instant, llama-3.1",
        "llama-3.2-11b-vision-preview, llama-3.2-11b",
        "llama3.2:3b, llama-3.2",
        "llama-3.3-70b-versatile, llama-3.3",
        "meta-llama/llama-4-scout-17b-16e-instruct, llama-4-scout",
        "nvidia/Llama-3.1-8B-UltraLong-1M-Instruct, ultralong",
        "openbmb/MiniCPM-Llama3-V-2_5, minicpm",
        "qwen2.5-72b-instruct, qwen-2.5",
        "Qwen/Qwen2.5-VL-72B-Instruct, vl",
        "Qwen2.5-7B-Instruct-1M, qwen-2.5-7b-instruct-1m",
        "qwen/qwen3-32b, qwen-3",
        "moonshotai/kimi-k2-instruct-0905, kimi-k2",
        "grok-2-vision-1212, grok-2-vision",
        "x-ai/grok-3-mini-beta, grok-3-mini",
        "grok-4-0709, grok-4",
        "grok-4-fast-reasoning, grok-4-fast",
        "command-r-plus-08-2024, command-r",
        "command-r7b-12-2024, command-r",
        "command-a-03-2025, command-a",
        "command-a-vision-07-2025, command-a-vision",
        "us.amazon.nova-micro-v1:0, nova-micro",
        "eu.amazon.nova-pro-v1:0, nova-pro",
        "amazon.nova-lite-v1:0:300k, nova-lite",
        "us.amazon.nova-premier-v1:0, nova-premier",
        "amazon.nova-2-lite-v1:0, nova-2-lite",
        "amazon.titan-text-express-v1, titan-text-express",
    })
    void aNameAsProvidersCallItFindsItsFamily(String model, String family) {
        assertThat(familyOf(model)).isEqualTo(family);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                "::/",
                "ft:",
                "my-model",
                // What comes out tomorrow is nothing that is known of today's.
                "gpt-6",
                "gpt-5.9",
                "claude-opus-4-9",
                "claude-sonnet-6",
                "gemini-3.7-pro",
                "llama-3.4-70b",
                "qwen3.5-397b-a17b",
                // Another vendor's model with a name like one of the short ones.
                "AIDC-AI/Marco-o1",
                "flow3",
            })
    void ofOthersNothingIsKnown(String model) {
        assertThat(ModelTable.of(model).withTraits(ModelTraits.UNKNOWN)).isEqualTo(ModelCapabilities.UNKNOWN);
    }

    @Test
    void whatStandsInARowIsWhatIsKnown() {
        ModelCapabilities sonnet = ModelTable.of("claude-3-5-sonnet-20241022");

        assertThat(sonnet.contextWindow()).hasValue(200_000);
        assertThat(sonnet.maxOutput()).hasValue(8192);
        assertThat(sonnet.images()).isEqualTo(Can.YES);
        assertThat(sonnet.documents()).isEqualTo(Can.YES);
        assertThat(sonnet.audio()).isEqualTo(Can.NO);
        assertThat(sonnet.tools()).isEqualTo(Can.YES);
        assertThat(sonnet.schema()).isEqualTo(Can.NO);
        assertThat(sonnet.prefill()).isEqualTo(Can.YES);
        assertThat(sonnet.reasoningControl()).isEqualTo(ReasoningControl.NONE);
    }

    @ParameterizedTest
    @CsvSource({
        "claude-opus-4-5, YES, BUDGET",
        "claude-haiku-4-5, YES, BUDGET",
        "claude-opus-4-6, NO, ADAPTIVE",
        "claude-sonnet-4-6, NO, ADAPTIVE",
        "claude-opus-5, NO, ADAPTIVE"
    })
    void claudeTakesPrefillsUpTo45AndThinksAsItSeesFitFrom46On(String model, Can prefill, ReasoningControl thinking) {
        assertThat(ModelTable.of(model).prefill()).isEqualTo(prefill);
        assertThat(ModelTable.of(model).reasoningControl()).isEqualTo(thinking);
    }

    @ParameterizedTest
    @CsvSource({
        "claude-opus-4-20250514, NO",
        "claude-opus-4-1, YES",
        "claude-sonnet-4-20250514, NO",
        "claude-sonnet-4-5, YES"
    })
    void claudeHoldsToASchemaFromSonnet45AndOpus41On(String model, Can schema) {
        assertThat(ModelTable.of(model).schema()).isEqualTo(schema);
    }

    /** Which models reason although the request does not ask for it, by what their vendors say of their defaults. */
    @ParameterizedTest
    @CsvSource({
        "o1, YES",
        "o1-mini, YES",
        "o3-deep-research, YES",
        "o4-mini, YES",
        "gpt-5, YES",
        "gpt-5-nano-2025-08-07, YES",
        "gpt-5-pro, YES",
        "gpt-5.1-codex-max, YES",
        "gpt-5.5, YES",
        "openai/gpt-oss-120b, YES",
        "deepseek-reasoner, YES",
        "deepseek-ai/DeepSeek-R1, YES",
        "DeepSeek-R1-Distill-Llama-70B, YES",
        "gemini-2.5-pro, YES",
        "gemini-2.5-flash, YES",
        "gemini-3-pro-preview, YES",
        "gemini-3-flash-preview, YES",
        "grok-4, YES",
        "grok-4-fast-reasoning, YES",
        "grok-3-mini, YES",
        "grok-code-fast-1, YES",
        "qwq-32b, YES",
        "qwen3-235b-a22b-thinking-2507, YES",
        "magistral-medium-2506, YES",
        "kimi-k2-thinking, YES",
        "kimi-thinking-preview, YES",
        "glm-4.6, YES",
        "MiniMaxAI/MiniMax-M2, YES",
        "microsoft/Phi-4-reasoning-plus, YES",
        "sonar-reasoning-pro, YES",
        "command-a-reasoning-08-2025, YES",
        "claude-opus-5, YES",
        "claude-fable-5, YES",
        "anthropic/claude-3.7-sonnet:thinking, YES",
        "gpt-4o, NO",
        "gpt-5-chat-latest, NO",
        "claude-3-5-haiku-20241022, NO",
        "gemini-2.0-flash, NO",
        "grok-4-fast-non-reasoning, NO",
        "gpt-5.1, UNKNOWN",
        "gpt-5.4-mini, UNKNOWN",
        "claude-sonnet-4-5, UNKNOWN",
        "claude-opus-4-8, UNKNOWN",
        "gemini-2.5-flash-lite, UNKNOWN",
        "deepseek-chat, UNKNOWN",
        "qwen3-32b, UNKNOWN",
        "kimi-k2-instruct, UNKNOWN",
        "llama-3.3-70b, UNKNOWN",
        "nobodys-model, UNKNOWN"
    })
    void modelsThatReasonByDefaultAreKnown(String model, Can reasons) {
        assertThat(ModelTable.of(model).reasons()).isEqualTo(reasons);
    }

    @ParameterizedTest
    @CsvSource({
        "o3, UNSAID, true",
        "o3, ON, true",
        "gemini-2.5-flash, OFF, false",
        "claude-sonnet-4-5, UNSAID, false",
        "claude-sonnet-4-5, ON, true",
        "claude-sonnet-4-5, OFF, false",
        "gpt-4o, ON, false"
    })
    void theRequestDecidesWhereTheModelCanDoBoth(String model, ReasoningChoice choice, boolean reasons) {
        assertThat(ModelTable.of(model).reasonsFor(choice)).isEqualTo(reasons);
    }

    static Stream<CapabilityRow> families() {
        return ModelTable.capabilityRows().stream();
    }

    /** An earlier row that matches a later one's own name would take all its models. */
    @ParameterizedTest
    @MethodSource("families")
    void noRowIsShadowedByAnEarlierOne(CapabilityRow family) {
        String name = family.pattern().replace("^", "");

        assertThat(familyOf(name)).isEqualTo(family.pattern());
        assertThat(ModelTable.of(name).withTraits(ModelTraits.UNKNOWN)).isEqualTo(family.capabilities());
    }

    @ParameterizedTest
    @MethodSource("families")
    void noModelIsListedAsUnableToReadDocuments(CapabilityRow family) {
        assertThat(family.capabilities().documents()).isNotEqualTo(Can.NO);
    }

    @ParameterizedTest
    @MethodSource("families")
    void noAnswerIsLongerThanTheWindow(CapabilityRow family) {
        ModelCapabilities capabilities = family.capabilities();
        assertThat(capabilities.maxOutput().orElse(0))
                .isLessThanOrEqualTo(capabilities.contextWindow().orElse(Integer.MAX_VALUE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "few 1 2 yes yes yes yes yes yes none",
                "many 1 2 yes yes yes yes yes yes none yes more",
                "number x 2 yes yes yes yes yes yes none yes",
                "word 1 2 maybe yes yes yes yes yes none yes",
                "thinking 1 2 yes yes yes yes yes yes hard yes",
                "reasons 1 2 yes yes yes yes yes yes none always"
            })
    void aBrokenRowIsNotTaken(String row) {
        assertThatThrownBy(() -> CapabilityRow.parse(row)).isInstanceOf(IllegalArgumentException.class);
    }

    static Stream<TraitRow> traitRows() {
        return ModelTable.traitRows().stream();
    }

    /** A row that matches no name of the golden file is a typing error, or that file lacks a name. */
    @ParameterizedTest
    @MethodSource("traitRows")
    void everyRowOfTraitsMatchesAName(TraitRow row) throws IOException {
        assertThat(ModelBehaviourTest.names()).anyMatch(name -> row.matches(name.toLowerCase(Locale.ROOT)));
    }

    /** Each trait of a row must be decided by that row for some name: an earlier row could state it for all of them. */
    @ParameterizedTest
    @MethodSource("traitRows")
    void everyTraitDecidesForAName(TraitRow row) throws IOException {
        List<TraitRow> earlier =
                ModelTable.traitRows().subList(0, ModelTable.traitRows().indexOf(row));
        List<String> names = ModelBehaviourTest.names();
        assertThat(row.values().keySet())
                .allMatch(trait -> names.stream()
                        .map(name -> name.toLowerCase(Locale.ROOT))
                        .anyMatch(name -> row.matches(name)
                                && earlier.stream()
                                        .noneMatch(other -> other.matches(name)
                                                && other.values().containsKey(trait))));
    }

    @ParameterizedTest
    @CsvSource({
        "gpt-9.3, XHIGH",
        "gpt-5.10, XHIGH",
        "o7-mini, HIGH",
    })
    void newerModelsOfOpenAiHaveTheRulesOfTheNewest(String model, Effort highest) {
        ModelTraits traits = ModelTable.traitsOf(model);
        assertThat(traits.sampling()).isEqualTo(ModelTraits.SamplingRule.WITHOUT_REASONING);
        assertThat(traits.nearest(Effort.XHIGH)).isEqualTo(highest);
    }

    @Test
    void newerClaudeAndGeminiHaveTheRulesOfTheNewest() {
        assertThat(ModelTable.traitsOf("claude-next-9-2").sampling()).isEqualTo(ModelTraits.SamplingRule.NEVER);
        assertThat(ModelTable.traitsOf("claude-next-9-2").prefill()).isEqualTo(Can.NO);
        assertThat(ModelTable.traitsOf("gemini-10-flash").flags()).isEmpty();
    }

    @Test
    void anUnknownNameHasTheUsualTraits() {
        assertThat(ModelTable.traitsOf("nobodys-model")).isEqualTo(ModelTraits.UNKNOWN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gpt-*",
                "gpt-* >=5 no-xhigh",
                "gpt-# >5 no-xhigh",
                "gpt-# >=5.x no-xhigh",
                "gpt-#-# no-xhigh",
                "{gpt no-xhigh",
                "{g{p}t} no-xhigh",
                "gpt} no-xhigh",
                "gpt colour=red",
                "gpt no-xhigh=maybe",
                "gpt no-xhigh no-xhigh",
                "gpt service=unknown",
                "gpt efforts=high,low",
                "gpt efforts=some",
                "gpt budget=12",
                "gpt prefill=perhaps",
                "gpt output=many"
            })
    void aBrokenRowOfTraitsIsNotTaken(String row) {
        assertThatThrownBy(() -> TraitRow.parse(row)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a-row-in-no-section 1", "[other]\nrow x", "[names]\none", "[continuations]\na b c"})
    void aBrokenTableIsNotTaken(String text) {
        assertThatThrownBy(() -> ModelTable.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    private static String familyOf(String model) {
        ModelName name = ModelName.of(model);
        return ModelTable.capabilityRows().stream()
                .filter(family -> family.has(name))
                .map(CapabilityRow::pattern)
                .findFirst()
                .orElse("");
    }
}
