package dev.understudy.langchain4j;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Names for models that were given none: the provider and the model's name, as far as the model says them. */
final class ModelNames {
    private ModelNames() {}

    /** @param taken names that other models of the chain have */
    static String of(Object model, ModelProvider provider, ChatRequestParameters defaults, List<String> taken) {
        String first = switch (provider) {
            case OTHER -> model.getClass().getSimpleName();
            case OPEN_AI -> "openai";
            default -> provider.name().toLowerCase(Locale.ROOT).replace('_', '-');
        };
        String ofProvider = first.isEmpty() ? "model" : first;
        String name = Optional.ofNullable(defaults.modelName())
                .filter(modelName -> !modelName.isBlank())
                .map(modelName -> ofProvider + "/" + modelName)
                .orElse(ofProvider);
        return Stream.iterate(1, number -> number + 1)
                .map(number -> number == 1 ? name : name + "#" + number)
                .filter(candidate -> !taken.contains(candidate))
                .findFirst()
                .orElseThrow();
    }
}
