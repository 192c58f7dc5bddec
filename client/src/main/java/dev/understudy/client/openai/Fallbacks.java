package dev.understudy.client.openai;

import com.openai.core.JsonValue;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.completions.CompletionCreateParams;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.responses.ResponseCreateParams;
import dev.understudy.client.http.Arguments;
import dev.understudy.client.sdk.SdkFallbacks;
import java.util.Arrays;
import java.util.List;

/**
 * What one call says about its fallbacks, with a client of {@link FallbackHttpClient}. What it leaves out is taken from that client.
 *
 * <pre>{@code
 * ChatCompletionCreateParams params = Fallbacks.models("gpt-4-turbo", "claude-sonnet-4-5")
 *         .timeout(Duration.ofSeconds(20))
 *         .applyTo(ChatCompletionCreateParams.builder()
 *                 .model("openpipe:my-ft-model")
 *                 .addUserMessage("count to 10"))
 *         .build();
 * }</pre>
 */
public final class Fallbacks extends SdkFallbacks<Fallbacks> {
    /** The member of a body that has them, for the parameters of other APIs: {@code putAdditionalBodyProperty(NAME, toJson())}. */
    public static final String NAME = "understudy";

    private Fallbacks(Options options) {
        super(options);
    }

    @Override
    protected Fallbacks of(Options other) {
        return new Fallbacks(other);
    }

    /**
     * Targets in the order in which they are tried, named as in {@link FallbackHttpClient.Builder#fallback(String)}.
     *
     * @throws IllegalArgumentException if there is none, or one is blank
     */
    public static Fallbacks models(String... models) {
        return models(Arrays.asList(Arguments.notNull(models, "models")));
    }

    /** The same. */
    public static Fallbacks models(List<String> models) {
        return new Fallbacks(named(models));
    }

    /** No fallbacks for this call, whatever the client has. */
    public static Fallbacks none() {
        return new Fallbacks(Options.NONE);
    }

    /** Adds them to a chat completion. Returns the same builder. */
    public ChatCompletionCreateParams.Builder applyTo(ChatCompletionCreateParams.Builder params) {
        return Arguments.notNull(params, "params").putAdditionalBodyProperty(NAME, toJson());
    }

    /** Adds them to a request of the Responses API. Returns the same builder. */
    public ResponseCreateParams.Builder applyTo(ResponseCreateParams.Builder params) {
        return Arguments.notNull(params, "params").putAdditionalBodyProperty(NAME, toJson());
    }

    /** Adds them to a completion. Returns the same builder. */
    public CompletionCreateParams.Builder applyTo(CompletionCreateParams.Builder params) {
        return Arguments.notNull(params, "params").putAdditionalBodyProperty(NAME, toJson());
    }

    /** Adds them to a request for embeddings. Returns the same builder. */
    public EmbeddingCreateParams.Builder applyTo(EmbeddingCreateParams.Builder params) {
        return Arguments.notNull(params, "params").putAdditionalBodyProperty(NAME, toJson());
    }

    /** The value of the member {@link #NAME}. */
    public JsonValue toJson() {
        return JsonValue.from(toFields());
    }
}
