package dev.understudy.client.sdk;

import dev.understudy.client.http.Arguments;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What one call says about its fallbacks. What it leaves out is taken from the client. Immutable.
 *
 * @param <F> the type itself
 */
public abstract class SdkFallbacks<F extends SdkFallbacks<F>> {
    private final Options options;

    /** What is said. */
    protected record Options(
            List<String> models, Optional<Duration> timeout, Optional<Duration> deadline, OptionalInt retries) {
        public Options {
            models = List.copyOf(models);
        }

        /** Without fallbacks. */
        public static final Options NONE =
                new Options(List.of(), Optional.empty(), Optional.empty(), OptionalInt.empty());
    }

    protected SdkFallbacks(Options options) {
        this.options = options;
    }

    /** Those of these options. */
    protected abstract F of(Options other);

    /**
     * The options that name models.
     *
     * @throws IllegalArgumentException if there is none, or one is blank
     */
    protected static Options named(@Nullable List<String> models) {
        if (Arguments.notNull(models, "models").isEmpty()) {
            throw new IllegalArgumentException("models is empty; name at least one, or use Fallbacks.none()");
        }
        List<String> named = new ArrayList<>();
        for (String model : Arguments.notNull(models, "models")) {
            if (Arguments.notNull(model, "models[" + named.size() + "]").isBlank()) {
                throw new IllegalArgumentException("models[" + named.size() + "] is blank; pass the name of a model");
            }
            named.add(model);
        }
        return new Options(named, Optional.empty(), Optional.empty(), OptionalInt.empty());
    }

    /** The limit of each fallback, after which the next one is tried. */
    public F timeout(Duration limit) {
        return of(new Options(
                options.models(),
                Optional.of(Arguments.positive(limit, "timeout")),
                options.deadline(),
                options.retries()));
    }

    /** The time in which attempts may begin. It also ends attempts that have brought no content by then. */
    public F deadline(Duration time) {
        return of(new Options(
                options.models(),
                options.timeout(),
                Optional.of(Arguments.positive(time, "deadline")),
                options.retries()));
    }

    /** How many more times a target is tried, with exponential backoff, before the next one. */
    public F retries(int attempts) {
        if (attempts < 0) {
            throw new IllegalArgumentException("retries is " + attempts + "; use 0 for no retries of the same target");
        }
        return of(new Options(options.models(), options.timeout(), options.deadline(), OptionalInt.of(attempts)));
    }

    /** The {@code understudy} member of a request. */
    protected Map<String, Object> toFields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("fallbacks", options.models().stream().map(this::fallback).toList());
        options.deadline().ifPresent(time -> fields.put("deadline", millis(time)));
        options.retries().ifPresent(attempts -> fields.put("retry", Map.of("attempts", attempts)));
        return fields;
    }

    private Object fallback(String model) {
        return options.timeout().isEmpty()
                ? model
                : Map.of("model", model, "timeout", millis(options.timeout().get()));
    }

    private static String millis(Duration time) {
        return Math.max(1, time.toMillis()) + "ms";
    }
}
