package dev.understudy.examples.openai;

import com.openai.client.OpenAIClient;
import com.openai.client.OpenAIClientImpl;
import com.openai.core.ClientOptions;
import com.openai.core.http.HttpResponseFor;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import dev.understudy.client.openai.FallbackHttpClient;

/**
 * Sends one question by openai-java and prints the answer and the trail. Only the HTTP client of the SDK is another one. The key is in
 * {@code OPENAI_API_KEY}; fallbacks at other vendors need theirs, such as {@code ANTHROPIC_API_KEY}.
 */
public final class FirstCall {
    private FirstCall() {}

    /** Runs the example. Arguments: the model and its fallback. */
    public static void main(String[] arguments) {
        String model = arguments.length > 0 ? arguments[0] : "gpt-5.1";
        String fallback = arguments.length > 1 ? arguments[1] : "claude-sonnet-4-5";
        System.out.println(ask(ClientOptions.builder().fromEnv(), model, fallback));
    }

    static String ask(ClientOptions.Builder options, String model, String fallback) {
        OpenAIClient client = new OpenAIClientImpl(options.maxRetries(0) // Understudy retries
                .httpClient(FallbackHttpClient.builder().fallback(fallback).build())
                .build());
        try {
            HttpResponseFor<ChatCompletion> response = client.chat()
                    .completions()
                    .withRawResponse()
                    .create(ChatCompletionCreateParams.builder()
                            .model(model)
                            .addUserMessage("Why is the sky blue?")
                            .build());
            ChatCompletion completion = response.parse();
            return "Answer: "
                    + completion.choices().getFirst().message().content().orElse("") + "\nTrail: "
                    + FallbackHttpClient.trailOf(response);
        } finally {
            client.close();
        }
    }
}
