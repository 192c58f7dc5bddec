package dev.understudy.client;

import dev.understudy.client.http.Arguments;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one call says about its fallbacks: which targets follow the primary, and how long it may take. What it leaves out is taken
 * from the client's configuration.
 */
public final class Fallbacks {
    private final List<String> models;
    private final Map<String, Object> options;

    private Fallbacks(List<String> models, Map<String, Object> options) {
        this.models = List.copyOf(models);
        this.options = Map.copyOf(options);
    }

    /**
     * Targets in the order in which they are tried: {@code provider/model}, or a model's name that tells its provider, such as
     * {@code claude-sonnet-4-5}.
     *
     * @throws IllegalArgumentException if there is none, or one is blank
     */
    public static Fallbacks fallbacks(String... models) {
        return fallbacks(List.of(Arguments.notNull(models, "models")));
    }

    /** The same. */
    public static Fallbacks fallbacks(List<String> models) {
        if (Arguments.notNull(models, "models").isEmpty()) {
            throw new IllegalArgumentException("fallbacks is empty; name at least one model, or use Fallbacks.none()");
        }
        List<String> named = new ArrayList<>();
        for (String model : models) {
            named.add(Arguments.notBlank(model, "fallbacks[" + named.size() + "]"));
        }
        return new Fallbacks(named, Map.of());
    }

    /** No targets beside the primary, whatever the configuration says. */
    public static Fallbacks none() {
        return new Fallbacks(List.of(), Map.of());
    }

    /** The time in which attempts may begin. It also ends attempts that have brought no content by then. */
    public Fallbacks deadline(Duration time) {
        return with("deadline", millis(Arguments.positive(time, "deadline")));
    }

    /** The time without an answer after which the next target is started beside a late one. */
    public Fallbacks firstToken(Duration time) {
        return with("timeouts", Map.of("first_token", millis(Arguments.positive(time, "firstToken"))));
    }

    /** How many more times a target is tried, with exponential backoff, before the next one. */
    public Fallbacks retries(int attempts) {
        if (attempts < 0) {
            throw new IllegalArgumentException("retries is " + attempts + "; use 0 for no retries of the same target");
        }
        return with("retry", Map.of("attempts", attempts));
    }

    /** Any option of the {@code understudy} object; see the configuration reference, "In requests". */
    public Fallbacks with(String option, Object value) {
        Map<String, Object> all = new LinkedHashMap<>(options);
        all.put(Arguments.notBlank(option, "option"), Arguments.notNull(value, option));
        return new Fallbacks(models, all);
    }

    private static String millis(Duration time) {
        return Math.max(1, time.toMillis()) + "ms";
    }

    /** The targets, in order. */
    public List<String> models() {
        return models;
    }

    /** The {@code understudy} object of a request. */
    public Map<String, Object> toFields() {
        Map<String, Object> fields = new LinkedHashMap<>(options);
        fields.put("fallbacks", models);
        return fields;
    }
}
