package dev.understudy.examples.langchain4j;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.understudy.langchain4j.FallbackChatModel;
import dev.understudy.langchain4j.FallbackChatResponse;

/**
 * Asks two models of LangChain4j in turn, as one {@code ChatModel}, and prints the answer and the trail. The models may be of any
 * provider; both are OpenAI's here. The key is in {@code OPENAI_API_KEY}, and another address in {@code OPENAI_BASE_URL}.
 */
public final class FirstCall {
    private FirstCall() {}

    /** Runs the example. Arguments: the model and its fallback. */
    public static void main(String[] arguments) {
        String model = arguments.length > 0 ? arguments[0] : "gpt-5.1";
        String fallback = arguments.length > 1 ? arguments[1] : "gpt-4.1-mini";
        String baseUrl = System.getenv().getOrDefault("OPENAI_BASE_URL", "https://api.openai.com/v1");
        System.out.println(ask(baseUrl, System.getenv("OPENAI_API_KEY"), model, fallback));
    }

    static String ask(String baseUrl, String apiKey, String model, String fallback) {
        // The chain retries, so the models do not.
        ChatModel first = OpenAiChatModel.builder()
                .baseUrl(baseUrl)
                .apiKey(apiKey)
                .modelName(model)
                .maxRetries(0)
                .build();
        ChatModel second = OpenAiChatModel.builder()
                .baseUrl(baseUrl)
                .apiKey(apiKey)
                .modelName(fallback)
                .maxRetries(0)
                .build();
        try (FallbackChatModel chain = FallbackChatModel.of(first, second)) {
            ChatResponse response = chain.chat(UserMessage.from("Why is the sky blue?"));
            String trail = FallbackChatResponse.trailOf(response)
                    .map(entries -> "\nTrail: " + entries)
                    .orElse("");
            return "Answer: " + response.aiMessage().text() + trail;
        }
    }
}
