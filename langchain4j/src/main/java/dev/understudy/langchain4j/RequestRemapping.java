package dev.understudy.langchain4j;

import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import java.util.Objects;

/**
 * The request for each model of a chain.
 *
 * <p>A request's model name belongs to the first model: no other gets it, each uses its own. Parameters of a provider's own
 * class go to models of that provider only; the others get the portable ones (temperature, tools, response format, …), and
 * their own defaults for the rest.
 */
final class RequestRemapping {
    private RequestRemapping() {}

    /**
     * @param isFirst whether the model is the first of the chain
     * @param defaults the model's own parameters
     */
    static ChatRequest forModel(ChatRequest request, boolean isFirst, ChatRequestParameters defaults) {
        ChatRequestParameters parameters = request.parameters();
        ChatRequestParameters remapped = remapped(parameters, isFirst, defaults);
        return remapped.equals(parameters)
                ? request
                : ChatRequest.builder()
                        .messages(request.messages())
                        .parameters(remapped)
                        .build();
    }

    private static ChatRequestParameters remapped(
            ChatRequestParameters parameters, boolean isFirst, ChatRequestParameters defaults) {
        boolean ownClass = parameters.getClass() == defaults.getClass();
        boolean portable = parameters.getClass() == DefaultChatRequestParameters.class;
        boolean named = Objects.nonNull(parameters.modelName());
        if (isFirst && (ownClass || portable || !isOfAnotherProvider(parameters, defaults))) {
            return parameters;
        }
        if (!named && (ownClass || portable)) {
            return parameters;
        }
        boolean canKeepTheClass = ownClass && Objects.nonNull(defaults.modelName());
        return canKeepTheClass
                ? parameters.overrideWith(DefaultChatRequestParameters.builder()
                        .modelName(defaults.modelName())
                        .build())
                : portable(parameters, isFirst);
    }

    /** A model that has no parameters of a class of its own may understand any. */
    private static boolean isOfAnotherProvider(ChatRequestParameters parameters, ChatRequestParameters defaults) {
        return defaults.getClass() != DefaultChatRequestParameters.class
                && parameters.getClass() != defaults.getClass();
    }

    private static ChatRequestParameters portable(ChatRequestParameters parameters, boolean withName) {
        DefaultChatRequestParameters.Builder<?> portable = DefaultChatRequestParameters.builder();
        portable.temperature(parameters.temperature());
        portable.topP(parameters.topP());
        portable.topK(parameters.topK());
        portable.frequencyPenalty(parameters.frequencyPenalty());
        portable.presencePenalty(parameters.presencePenalty());
        portable.maxOutputTokens(parameters.maxOutputTokens());
        portable.stopSequences(parameters.stopSequences());
        portable.toolSpecifications(parameters.toolSpecifications());
        portable.toolChoice(parameters.toolChoice());
        portable.responseFormat(parameters.responseFormat());
        if (withName) {
            portable.modelName(parameters.modelName());
        }
        return portable.build();
    }
}
