package dev.understudy.spring;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.DefaultChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.model.tool.DefaultToolCallingChatOptions;
import org.springframework.ai.model.tool.StructuredOutputChatOptions;
import org.springframework.ai.model.tool.ToolCallingChatOptions;
import org.springframework.ai.tool.ToolCallback;

/**
 * Makes of a caller's prompt the prompt for each model of a chain.
 *
 * <p>The options of a prompt are those of one provider, as {@code ChatClient} makes them from the options of the model that
 * it calls. They go unchanged to the first model of the chain that has options of their class, their owner. Every other model
 * gets its own options, and of the prompt's only what all providers know: temperature, top-p, top-k, the two penalties, the
 * maximum of tokens, stop sequences, tools with their context, and the schema of the output. A value that the owner's own
 * options have too was configured for the owner, not requested by the caller, and stays there; so does the model's name, always.
 */
final class TargetPrompts {
    private final List<ChainModel> models;

    TargetPrompts(List<ChainModel> models) {
        this.models = models;
    }

    /**
     * The prompt for a model.
     *
     * @param index of the model in the chain
     * @return empty if the model's options have no place for something that the answer depends on: tools, or the schema of the
     *     output
     */
    Optional<Prompt> prompt(int index, Prompt prompt) {
        ChainModel model = models.get(index);
        ChatOptions requested = prompt.getOptions();
        if (requested == null) {
            return Optional.of(model.modelName().isEmpty() ? prompt : with(prompt, model.ownOptions()));
        }
        int owner = owner(requested);
        if (index == owner) {
            boolean namesItsModel = model.modelName().isEmpty() || requested.getModel() != null;
            return Optional.of(
                    namesItsModel
                            ? prompt
                            : with(prompt, named(requested, model.modelName().get())));
        }
        ChatOptions configured = owner >= 0
                ? models.get(owner).ownOptions()
                : ChatOptions.builder().build();
        Optional<ChatOptions.Builder<?>> builder = builder(model.ownOptions(), requested);
        if (builder.isEmpty()) {
            return Optional.empty();
        }
        copyPortable(requested, configured, builder.get());
        if (index == 0 && owner < 0 && model.modelName().isEmpty()) {
            // Options of no provider name a model of the primary.
            ifSet(requested.getModel(), builder.get()::model);
        }
        return Optional.of(with(prompt, builder.get().build()));
    }

    /** Whose options these are; -1 if they are of no provider, or of one that is not in the chain. */
    private int owner(ChatOptions requested) {
        if (isAnyProviders(models.getFirst().ownOptions())) {
            // It has no class of its own, so it can be given any.
            return 0;
        }
        if (isAnyProviders(requested)) {
            return -1;
        }
        for (int index = 0; index < models.size(); index++) {
            if (models.get(index).ownOptions().getClass().isInstance(requested)) {
                return index;
            }
        }
        return -1;
    }

    private static boolean isAnyProviders(ChatOptions options) {
        return options.getClass() == DefaultChatOptions.class
                || options.getClass() == DefaultToolCallingChatOptions.class;
    }

    /** Where the options of a model are changed; empty if they lack what is requested. */
    private static Optional<ChatOptions.Builder<?>> builder(ChatOptions own, ChatOptions requested) {
        ChatOptions.Builder<?> builder = own.mutate();
        if (requested instanceof ToolCallingChatOptions wanted) {
            boolean toolsMatter = isFilled(wanted.getToolCallbacks());
            if (toolsMatter && !(builder instanceof ToolCallingChatOptions.Builder<?>)) {
                if (!isAnyProviders(own)) {
                    return Optional.empty();
                }
                builder = ToolCallingChatOptions.builder().model(own.getModel());
                copyPortable(own, ChatOptions.builder().build(), builder);
            }
            if (builder instanceof ToolCallingChatOptions.Builder<?> tools) {
                // The caller executes the tools of its prompt, and knows no others.
                tools.toolCallbacks(
                        Optional.ofNullable(wanted.getToolCallbacks()).orElse(List.of()));
                Map<String, Object> context =
                        Optional.ofNullable(wanted.getToolContext()).orElse(Map.of());
                tools.toolContext((Map<String, Object>) null);
                tools.toolContext(context);
            }
        }
        if (requested instanceof StructuredOutputChatOptions wanted && wanted.getOutputSchema() != null) {
            if (!(builder instanceof StructuredOutputChatOptions.Builder<?> schema)) {
                return Optional.empty();
            }
            schema.outputSchema(wanted.getOutputSchema());
        }
        return Optional.of(builder);
    }

    private static boolean isFilled(@Nullable List<ToolCallback> tools) {
        return tools != null && !tools.isEmpty();
    }

    private static void copyPortable(ChatOptions requested, ChatOptions configured, ChatOptions.Builder<?> to) {
        ifChanged(requested.getTemperature(), configured.getTemperature(), to::temperature);
        ifChanged(requested.getTopP(), configured.getTopP(), to::topP);
        ifChanged(requested.getTopK(), configured.getTopK(), to::topK);
        ifChanged(requested.getFrequencyPenalty(), configured.getFrequencyPenalty(), to::frequencyPenalty);
        ifChanged(requested.getPresencePenalty(), configured.getPresencePenalty(), to::presencePenalty);
        ifChanged(requested.getMaxTokens(), configured.getMaxTokens(), to::maxTokens);
        ifChanged(requested.getStopSequences(), configured.getStopSequences(), to::stopSequences);
    }

    private static <T> void ifChanged(@Nullable T requested, @Nullable T configured, Consumer<T> then) {
        if (requested != null && !Objects.equals(requested, configured)) {
            then.accept(requested);
        }
    }

    private static <T> void ifSet(@Nullable T requested, Consumer<T> then) {
        if (requested != null) {
            then.accept(requested);
        }
    }

    private static ChatOptions named(ChatOptions options, String model) {
        return options.mutate().model(model).build();
    }

    private static Prompt with(Prompt prompt, ChatOptions options) {
        return new Prompt(prompt.getInstructions(), options);
    }
}
