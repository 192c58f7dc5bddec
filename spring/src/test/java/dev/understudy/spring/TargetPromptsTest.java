package dev.understudy.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.DefaultChatOptions;
import org.springframework.ai.chat.prompt.DefaultChatOptionsBuilder;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.model.tool.StructuredOutputChatOptions;
import org.springframework.ai.model.tool.ToolCallingChatOptions;
import org.springframework.ai.openai.OpenAiChatOptions;
import org.springframework.ai.retry.TransientAiException;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.function.FunctionToolCallback;

class TargetPromptsTest {
    private static final ToolCallback TOOL = FunctionToolCallback.builder("weather", (String city) -> "rain")
            .inputType(String.class)
            .build();

    private final OpenAiChatOptions first = OpenAiChatOptions.builder()
            .model("gpt-first")
            .temperature(0.2)
            .seed(7)
            .apiKey("first-key")
            .build();
    private final OpenAiChatOptions second = OpenAiChatOptions.builder()
            .model("gpt-second")
            .temperature(0.9)
            .apiKey("second-key")
            .build();

    /** Options of a provider that knows no tools. */
    private static final class NoToolsOptions extends DefaultChatOptions {
        NoToolsOptions() {
            super("no-tools", null, null, null, null, null, null, null);
        }

        @Override
        public ChatOptions.Builder<?> mutate() {
            return new Builder();
        }

        private static final class Builder extends DefaultChatOptionsBuilder<Builder> {
            @Override
            public ChatOptions build() {
                return new NoToolsOptions();
            }
        }
    }

    private static TargetPrompts prompts(ChatOptions... own) {
        List<ChainModel> models = new ArrayList<>();
        for (int index = 0; index < own.length; index++) {
            models.add(ChainModel.of("model-" + index, FakeModel.answering("x").with(own[index])));
        }
        return new TargetPrompts(models);
    }

    private static Prompt prompt(ChatOptions options) {
        return new Prompt("Hello", options);
    }

    @Test
    void aPromptWithoutOptionsStaysWithout() {
        Prompt prompt = new Prompt("Hello");

        assertThat(prompts(first, second).prompt(1, prompt).orElseThrow()).isSameAs(prompt);
    }

    @Test
    void theFirstModelGetsTheOptionsUnchanged() {
        Prompt prompt = prompt(first.mutate().seed(8).build());

        assertThat(prompts(first, second).prompt(0, prompt).orElseThrow()).isSameAs(prompt);
    }

    @Test
    void aFallbackGetsItsOwnOptionsAndWhatTheCallerRequested() {
        ChatOptions requested = first.mutate()
                .model("gpt-other")
                .temperature(0.5)
                .topP(0.8)
                .maxTokens(100)
                .stopSequences(List.of("END"))
                .frequencyPenalty(0.1)
                .presencePenalty(0.3)
                .seed(8)
                .build();

        Prompt prompt = prompts(first, second).prompt(1, prompt(requested)).orElseThrow();

        assertThat(prompt.getOptions()).isInstanceOfSatisfying(OpenAiChatOptions.class, options -> {
            assertThat(options.getModel()).isEqualTo("gpt-second");
            assertThat(options.getApiKey()).isEqualTo("second-key");
            assertThat(options.getSeed()).isNull();
            assertThat(options.getTemperature()).isEqualTo(0.5);
            assertThat(options.getTopP()).isEqualTo(0.8);
            assertThat(options.getMaxTokens()).isEqualTo(100);
            assertThat(options.getStopSequences()).containsExactly("END");
            assertThat(options.getFrequencyPenalty()).isEqualTo(0.1);
            assertThat(options.getPresencePenalty()).isEqualTo(0.3);
        });
        assertThat(prompt.getInstructions()).hasSize(1);
    }

    @Test
    void whatIsConfiguredForTheFirstModelStaysThere() {
        Prompt prompt =
                prompts(first, second).prompt(1, prompt(first.mutate().build())).orElseThrow();

        assertThat(prompt.getOptions().getTemperature()).isEqualTo(0.9);
    }

    @Test
    void optionsOfNoProviderAreGivenToEveryModelInItsOwnClass() {
        ChatOptions requested =
                ChatOptions.builder().model("gpt-asked").temperature(0.2).build();
        TargetPrompts prompts = prompts(first, second);

        Prompt primary = prompts.prompt(0, prompt(requested)).orElseThrow();
        Prompt fallback = prompts.prompt(1, prompt(requested)).orElseThrow();

        assertThat(primary.getOptions()).isInstanceOf(OpenAiChatOptions.class);
        assertThat(primary.getOptions().getModel()).isEqualTo("gpt-asked");
        assertThat(fallback.getOptions()).isInstanceOf(OpenAiChatOptions.class);
        assertThat(fallback.getOptions().getModel()).isEqualTo("gpt-second");
        assertThat(fallback.getOptions().getTemperature()).isEqualTo(0.2);
    }

    @Test
    void optionsOfAFallbackGoToItUnchanged() {
        ChatOptions plain = new NoToolsOptions();
        Prompt prompt = prompt(second.mutate().maxTokens(5).build());
        TargetPrompts prompts = prompts(plain, second);

        assertThat(prompts.prompt(1, prompt).orElseThrow()).isSameAs(prompt);
        assertThat(prompts.prompt(0, prompt).orElseThrow().getOptions()).isInstanceOf(NoToolsOptions.class);
    }

    @Test
    void anotherModelOfTheSameProviderIsRequestedByName() {
        FakeModel provider = FakeModel.answering("x").with(first);
        TargetPrompts prompts = new TargetPrompts(List.of(
                ChainModel.of("openai", provider), new ChainModel("openai/small", provider, Optional.of("small"))));

        assertThat(prompts.prompt(1, new Prompt("Hello"))
                        .orElseThrow()
                        .getOptions()
                        .getModel())
                .isEqualTo("small");
        assertThat(prompts.prompt(1, prompt(first)).orElseThrow().getOptions().getModel())
                .isEqualTo("small");
        assertThat(prompts.prompt(0, new Prompt("Hello")).orElseThrow().getOptions())
                .isNull();
    }

    @Test
    void anotherModelAsThePrimaryIsRequestedByNameToo() {
        TargetPrompts prompts = new TargetPrompts(
                List.of(new ChainModel("openai/small", FakeModel.answering("x").with(first), Optional.of("small"))));
        ChatOptions withoutName =
                ToolCallingChatOptions.builder().temperature(0.1).build();

        assertThat(prompts.prompt(0, prompt(withoutName))
                        .orElseThrow()
                        .getOptions()
                        .getModel())
                .isEqualTo("small");
        assertThat(prompts.prompt(0, prompt(first.mutate().model("asked").build()))
                        .orElseThrow()
                        .getOptions()
                        .getModel())
                .isEqualTo("asked");
    }

    @Test
    void everyModelGetsTheToolsOfThePromptAndNoOthers() {
        ToolCallback own = FunctionToolCallback.builder("own", (String text) -> text)
                .inputType(String.class)
                .build();
        OpenAiChatOptions withOwnTool = second.mutate()
                .toolCallbacks(List.of(own))
                .toolContext("own", "x")
                .build();
        ChatOptions requested = first.mutate()
                .toolCallbacks(List.of(TOOL))
                .toolContext(Map.of("user", "7"))
                .build();

        ToolCallingChatOptions options = (ToolCallingChatOptions) prompts(first, withOwnTool)
                .prompt(1, prompt(requested))
                .orElseThrow()
                .getOptions();

        assertThat(options.getToolCallbacks()).containsExactly(TOOL);
        assertThat(options.getToolContext()).containsExactlyEntriesOf(Map.of("user", "7"));
    }

    @Test
    void aModelWithoutOptionsOfItsOwnGetsToolsInOptionsOfNoProvider() {
        ChatOptions any = ChatOptions.builder().model("any").temperature(0.4).build();
        ChatOptions requested = first.mutate().toolCallbacks(List.of(TOOL)).build();

        ChatOptions options =
                prompts(first, any).prompt(1, prompt(requested)).orElseThrow().getOptions();

        assertThat(options).isInstanceOfSatisfying(ToolCallingChatOptions.class, tools -> {
            assertThat(tools.getToolCallbacks()).containsExactly(TOOL);
            assertThat(tools.getModel()).isEqualTo("any");
            assertThat(tools.getTemperature()).isEqualTo(0.4);
        });
    }

    @Test
    void aModelThatCannotHaveTheToolsIsNotSentThePrompt() {
        ChatOptions requested = first.mutate().toolCallbacks(List.of(TOOL)).build();

        assertThat(prompts(first, new NoToolsOptions()).prompt(1, prompt(requested)))
                .isEmpty();
        assertThat(prompts(first, new NoToolsOptions()).prompt(1, prompt(first)))
                .isPresent();
    }

    @Test
    void theSchemaOfTheOutputIsForEveryModel() {
        ChatOptions requested =
                first.mutate().outputSchema("{\"type\":\"object\"}").build();

        assertThat(prompts(first, second)
                        .prompt(1, prompt(requested))
                        .orElseThrow()
                        .getOptions())
                .isInstanceOfSatisfying(
                        StructuredOutputChatOptions.class,
                        options -> assertThat(options.getOutputSchema()).contains("object"));
        assertThat(prompts(first, new NoToolsOptions()).prompt(1, prompt(requested)))
                .isEmpty();
    }

    @Test
    void chatClientReachesTheFallbackWithItsOwnOptions() {
        FakeModel primary =
                FakeModel.failing(new TransientAiException("HTTP 500 - ")).with(first);
        FakeModel fallback = FakeModel.answering("Hi.").with(second);
        FallbackChatModel model = FallbackChatModel.builder()
                .model("first", primary)
                .model("second", fallback)
                .build();

        String answer = ChatClient.create(model)
                .prompt("Hello")
                .options(OpenAiChatOptions.builder().maxTokens(50).seed(3))
                .call()
                .content();

        assertThat(answer).isEqualTo("Hi.");
        assertThat(primary.prompts.getFirst().getOptions()).isInstanceOfSatisfying(OpenAiChatOptions.class, options -> {
            assertThat(options.getModel()).isEqualTo("gpt-first");
            assertThat(options.getSeed()).isEqualTo(3);
        });
        assertThat(fallback.prompts.getFirst().getOptions())
                .isInstanceOfSatisfying(OpenAiChatOptions.class, options -> {
                    assertThat(options.getModel()).isEqualTo("gpt-second");
                    assertThat(options.getSeed()).isNull();
                    assertThat(options.getMaxTokens()).isEqualTo(50);
                    assertThat(options.getTemperature()).isEqualTo(0.9);
                });
    }
}
