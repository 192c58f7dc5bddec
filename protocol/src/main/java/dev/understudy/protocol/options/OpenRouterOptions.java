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
 * <p>{@code models} and {@code route} are not sent upstream even if a target is at OpenRouter: two fallback layers with one
 * list would multiply each other's attempts. {@code provider} is, since it also says who may see the prompt ({@code
 * data_collection}, {@code zdr}).
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
            boolean alone = provider(provider.get(), options, request.policy());
            if (alone && fallbacks.isEmpty()) {
                fallbacks = Optional.of(List.of());
            }
        }
        if (fallbacks.isPresent()) {
            options.vocabulary(vocabulary()).fallbacks(fallbacks);
        }
        return options.build();
    }

    /**
     * Reads what the caller says about providers. Names that are not configured are OpenRouter's own, and choose among the
     * providers behind it: a target at OpenRouter receives them, and here they choose nothing.
     *
     * @return whether the caller turns fallbacks off
     */
    private static boolean provider(FieldValue provider, FallbackOptionsBuilder options, OptionsPolicy policy)
            throws BadRequest {
        Set<String> order = configured(provider, "order", policy);
        Set<String> only = new LinkedHashSet<>(configured(provider, "only", policy));
        boolean others = FieldValue.read(provider.get("allow_fallbacks"), FieldValue::flag)
                .orElse(true);
        if (!others && only.isEmpty()) {
            only.addAll(order);
        }
        if (!only.isEmpty()) {
            // Most of OpenRouter's names are also those of providers here.
            only.addAll(policy.openRouters());
        }
        options.providerOrder(new ArrayList<>(order)).only(only).without(configured(provider, "ignore", policy));
        return !others && order.isEmpty();
    }

    private static Set<String> configured(FieldValue provider, String list, OptionsPolicy policy) throws BadRequest {
        Set<String> names = new LinkedHashSet<>(
                FieldValue.read(provider.get(list), FieldValue::names).orElse(Set.of()));
        names.removeIf(name -> !policy.isConfigured(name));
        return names;
    }
}
