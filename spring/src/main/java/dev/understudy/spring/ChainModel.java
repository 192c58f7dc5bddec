package dev.understudy.spring;

import java.util.Optional;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.util.Assert;

/**
 * One chat model of a chain.
 *
 * @param name what trails, metrics and health call it
 * @param chatModel the model
 * @param modelName the name of the model to request, in place of the one in the chat model's own options; empty for that one
 */
public record ChainModel(String name, ChatModel chatModel, Optional<String> modelName) {
    public ChainModel {
        Assert.hasText(name, "name must not be blank: it identifies the model in trails and health");
        Assert.notNull(chatModel, "chatModel must not be null");
        Assert.notNull(modelName, "modelName must not be null; use Optional.empty() for the chat model's own");
        modelName.ifPresent(text -> Assert.hasText(text, "modelName must not be blank"));
    }

    /** A chat model with its own options. */
    public static ChainModel of(String name, ChatModel chatModel) {
        return new ChainModel(name, chatModel, Optional.empty());
    }

    /** The options of a request that sets none. */
    ChatOptions ownOptions() {
        ChatOptions own = chatModel.getOptions();
        return modelName
                .<ChatOptions>map(name -> own.mutate().model(name).build())
                .orElse(own);
    }
}
