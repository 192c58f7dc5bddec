package dev.understudy.client.openai;

import com.openai.core.JsonValue;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.completions.CompletionCreateParams;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.responses.ResponseCreateParams;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

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
public final class Fallbacks {
    private final List<String> models;
    private final Optional<Duration> timeout;
    private final Optional<Duration> deadline;
    private final OptionalInt retries;

    private Fallbacks(
            List<String> models, Optional<Duration> timeout, Optional<Duration> deadline, OptionalInt retries) {
        this.models = List.copyOf(models);
        this.timeout = timeout;
        this.deadline = deadline;
        this.retries = retries;
    }

    /**
     * Targets in the order in which they are tried, named as in {@link FallbackHttpClient.Builder#fallback(String)}.
     *
     * @throws IllegalArgumentException if there is none, or one is blank
     */
    public static Fallbacks models(String... models) {
        return models(List.of(notNull(models, "models")));
    }

    /** The same. */
    public static Fallbacks models(List<String> models) {
        if (notNull(models, "models").isEmpty()) {
            throw new IllegalArgumentException("models is empty; name at least one, or use Fallbacks.none()");
        }
        List<String> named = new ArrayList<>();
        for (String model : models) {
            if (notNull(model, "models[" + named.size() + "]").isBlank()) {
                throw new IllegalArgumentException("models[" + named.size() + "] is blank; pass the name of a model");
            }
            named.add(model);
        }
        return new Fallbacks(named, Optional.empty(), Optional.empty(), OptionalInt.empty());
    }

    /** No fallbacks for this call, whatever the client has. */
    public static Fallbacks none() {
        return new Fallbacks(List.of(), Optional.empty(), Optional.empty(), OptionalInt.empty());
    }

    /** The limit of each fallback, after which the next one is tried. */
    public Fallbacks timeout(Duration limit) {
        return new Fallbacks(models, Optional.of(positive(limit, "timeout")), deadline, retries);
    }

    /** The time in which attempts may begin. It also ends attempts that have brought no content by then. */
    public Fallbacks deadline(Duration time) {
        return new Fallbacks(models, timeout, Optional.of(positive(time, "deadline")), retries);
    }

    /** How many more times a target is tried, with exponential backoff, before the next one. */
    public Fallbacks retries(int attempts) {
        if (attempts < 0) {
            throw new IllegalArgumentException("retries is " + attempts + "; use 0 for no retries of the same target");
        }
        return new Fallbacks(models, timeout, deadline, OptionalInt.of(attempts));
    }

    /** Adds them to a chat completion. Returns the same builder. */
    public ChatCompletionCreateParams.Builder applyTo(ChatCompletionCreateParams.Builder params) {
        return notNull(params, "params").putAdditionalBodyProperty(NAME, toJson());
    }

    /** Adds them to a request of the Responses API. Returns the same builder. */
    public ResponseCreateParams.Builder applyTo(ResponseCreateParams.Builder params) {
        return notNull(params, "params").putAdditionalBodyProperty(NAME, toJson());
    }

    /** Adds them to a completion. Returns the same builder. */
    public CompletionCreateParams.Builder applyTo(CompletionCreateParams.Builder params) {
        return notNull(params, "params").putAdditionalBodyProperty(NAME, toJson());
    }

    /** Adds them to a request for embeddings. Returns the same builder. */
    public EmbeddingCreateParams.Builder applyTo(EmbeddingCreateParams.Builder params) {
        return notNull(params, "params").putAdditionalBodyProperty(NAME, toJson());
    }

    /** The name of the member that has them, for the parameters of other APIs: {@code putAdditionalBodyProperty(NAME, toJson())}. */
    public static final String NAME = "understudy";

    /** The value of that member. */
    public JsonValue toJson() {
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("fallbacks", models.stream().map(this::fallback).toList());
        deadline.ifPresent(time -> options.put("deadline", millis(time)));
        retries.ifPresent(attempts -> options.put("retry", Map.of("attempts", attempts)));
        return JsonValue.from(options);
    }

    private Object fallback(String model) {
        return timeout.isEmpty() ? model : Map.of("model", model, "timeout", millis(timeout.get()));
    }

    private static String millis(Duration time) {
        return Math.max(1, time.toMillis()) + "ms";
    }

    private static <T> T notNull(@Nullable T value, String name) {
        if (value == null) {
            throw new IllegalArgumentException(name + " is null; pass a value, or leave it out");
        }
        return value;
    }

    private static Duration positive(@Nullable Duration value, String name) {
        Duration time = notNull(value, name);
        if (time.isNegative() || time.isZero()) {
            throw new IllegalArgumentException(name + " is " + time + "; it must be longer than zero");
        }
        return time;
    }
}
