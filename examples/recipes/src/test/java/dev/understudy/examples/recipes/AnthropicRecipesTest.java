package dev.understudy.examples.recipes;

import static dev.understudy.examples.recipes.Vendors.error;
import static dev.understudy.examples.recipes.Vendors.openaiSays;
import static org.assertj.core.api.Assertions.assertThat;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.AnthropicClientImpl;
import com.anthropic.core.ClientOptions;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCreateParams;
import dev.understudy.client.anthropic.FallbackHttpClient;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The recipe of docs/guide with anthropic-java. */
@Timeout(300)
class AnthropicRecipesTest {
    private final Vendors vendors = new Vendors();

    @AfterEach
    void stop() {
        vendors.close();
    }

    @Test
    void aModelOfAnotherVendor() {
        vendors.anthropic.answerAlways(error(529));
        vendors.openai.answer(openaiSays("Because of Rayleigh scattering."));
        FallbackHttpClient.Builder fallbacks = FallbackHttpClient.builder()
                .environment(Map.of())
                .provider("openai", Map.of("base-url", vendors.openai.baseUrl()), "sk-openai-0123456789")
                .retries(0);
        ClientOptions.Builder options = ClientOptions.builder()
                .baseUrl("http://127.0.0.1:" + vendors.anthropic.port())
                .putHeader("x-api-key", "sk-ant-0123456789");
        AnthropicClient client = new AnthropicClientImpl(options.maxRetries(0)
                .httpClient(fallbacks.fallback("openai/gpt-4o-mini").build())
                .build());
        Message message = client.messages()
                .create(MessageCreateParams.builder()
                        .model("claude-sonnet-4-5")
                        .maxTokens(100)
                        .addUserMessage("Why is the sky blue?")
                        .build());

        assertThat(message.content().getFirst().text().orElseThrow().text())
                .isEqualTo("Because of Rayleigh scattering.");
        assertThat(vendors.anthropic.take().head()).contains("sk-ant-0123456789");
        assertThat(vendors.openai.take().head())
                .contains("sk-openai-0123456789")
                .doesNotContain("sk-ant");
        client.close();
    }
}
