package dev.understudy.protocol.options;

import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.options.FallbackOptions.Fallback;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * OpenRouter: {@code models: […]}, with or without {@code model}, {@code route} and {@code provider: {order, only,
 * ignore, allow_fallbacks}}.
 *
 * <p>Without {@code model} the first of {@code models} is the primary. {@code allow_fallbacks: false} confines the call
 * to the providers of {@code order}; without an order and a list of models, it turns fallbacks off.
 *
 * <p>They are not sent upstream even if a target is at OpenRouter: two fallback layers with one list would multiply each
 * other's attempts.
 *
 * @see <a href="https://openrouter.ai/docs/guides/routing/model-fallbacks">OpenRouter: model fallbacks</a>
 */
final class OpenRouterOptions implements OptionsParser {

    @Override
    public String vocabulary() {
        return "openrouter";
    }

    @Override
    public Set<String> fields() {
        return Set.of("models", "route", "provider");
    }

    @Override
    public FallbackOptions read(OptionsSource request) throws BadRequest {
        if (!request.hasFields()) {
            return FallbackOptions.NONE;
        }
        FallbackOptionsBuilder options = FallbackOptions.builder();
        Optional<FieldValue> models = request.field("models");
        Optional<List<Fallback>> fallbacks = Optional.empty();
        if (models.isPresent()) {
            FallbackList list = new FallbackList(request, FieldValue::seconds);
            List<Fallback> named = list.read(models.get());
            boolean first = request.model().isEmpty() && !named.isEmpty();
            if (first) {
                options.primary(Optional.of(named.getFirst().model()))
                        .primaryOverrides(named.getFirst().overrides());
            }
            fallbacks = Optional.of(first ? named.subList(1, named.size()) : named);
            options.credentials(list.keys());
        }
        Optional<FieldValue> provider = request.field("provider");
        if (provider.isPresent()) {
            boolean alone = provider(provider.get(), options);
            if (alone && fallbacks.isEmpty()) {
                fallbacks = Optional.of(List.of());
            }
        }
        if (fallbacks.isPresent()) {
            options.vocabulary(vocabulary()).fallbacks(fallbacks);
        }
        return options.build();
    }

    /** Whether the caller turns fallbacks off. */
    private static boolean provider(FieldValue provider, FallbackOptionsBuilder options) throws BadRequest {
        Set<String> order =
                FieldValue.read(provider.get("order"), FieldValue::names).orElse(Set.of());
        Set<String> only = new LinkedHashSet<>(
                FieldValue.read(provider.get("only"), FieldValue::names).orElse(Set.of()));
        boolean others = FieldValue.read(provider.get("allow_fallbacks"), FieldValue::flag)
                .orElse(true);
        if (!others && only.isEmpty()) {
            only.addAll(order);
        }
        options.providerOrder(new ArrayList<>(order))
                .only(only)
                .without(FieldValue.read(provider.get("ignore"), FieldValue::names)
                        .orElse(Set.of()));
        return !others && order.isEmpty();
    }
}
