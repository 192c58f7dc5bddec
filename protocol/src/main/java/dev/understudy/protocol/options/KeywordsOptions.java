package dev.understudy.protocol.options;

import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.options.FallbackOptions.Credential;
import dev.understudy.protocol.options.FallbackOptions.Fallback;
import dev.understudy.protocol.options.FallbackOptions.LogOptions;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Keywords AI, now called Respan: {@code fallback_models} and similar parameters.
 *
 * <p>They may be at the top of the body, in {@code keywordsai_params} or {@code respan_params}, or as base64 JSON in
 * a header; {@link KeywordsSources} has the precedence. The models of a load-balancing group are one step of the chain: the
 * first one, unless the request has a {@code model} of its own, which takes precedence there too.
 *
 * <p>A top-level {@code metadata} belongs to OpenAI too and is sent on; a top-level {@code models} is read by
 * {@link OpenRouterOptions}, to the same effect.
 */
final class KeywordsOptions implements OptionsParser {

    @Override
    public String vocabulary() {
        return "keywordsai";
    }

    @Override
    public Set<String> fields() {
        return KeywordsSources.FIELDS;
    }

    @Override
    public FallbackOptions read(OptionsSource request) throws BadRequest {
        KeywordsSources value = KeywordsSources.of(request);
        if (value.areEmpty()) {
            return FallbackOptions.NONE;
        }
        FallbackOptionsBuilder options = FallbackOptions.builder();
        List<Credential> keys = new ArrayList<>();
        lists(value, request, options, keys);
        Set<String> without = new LinkedHashSet<>();
        for (String field : List.of("exclude_models", "exclude_providers")) {
            without.addAll(
                    FieldValue.read(value.first(field), FieldValue::names).orElse(Set.of()));
        }
        for (String field : List.of("customer_credentials", "customer_api_keys", "credential_override")) {
            Optional<FieldValue> credentials = value.first(field);
            if (credentials.isPresent()) {
                keys.addAll(CallerKeys.ofMapOrList(credentials.get(), request));
            }
        }
        retries(value, options);
        return options.without(without)
                .credentials(keys)
                .trailInBody(FieldValue.read(value.first("request_breakdown"), FieldValue::flag)
                        .orElse(false))
                .logging(new LogOptions(
                        FieldValue.read(value.first("disable_log"), FieldValue::flag)
                                .orElse(false),
                        customer(value),
                        value.labels()))
                .build();
    }

    private void lists(
            KeywordsSources value, OptionsSource request, FallbackOptionsBuilder options, List<Credential> keys)
            throws BadRequest {
        FallbackList list = new FallbackList(request, FieldValue::seconds);
        List<Fallback> balanced = WeightedModels.read(value.balanced(), list);
        Optional<List<Fallback>> fallbacks = FieldValue.read(value.first("fallback_models"), list::read);
        keys.addAll(list.keys());
        if (!balanced.isEmpty()) {
            boolean first = request.model().isEmpty();
            if (first) {
                Fallback primary = balanced.getFirst();
                options.primary(Optional.of(primary.model()))
                        .primaryTimeout(primary.timeout())
                        .primaryOverrides(primary.overrides())
                        .primaryShare(primary.share());
            }
            List<Fallback> others = new ArrayList<>(first ? balanced.subList(1, balanced.size()) : balanced);
            fallbacks.ifPresent(others::addAll);
            fallbacks = Optional.of(others);
        }
        if (FieldValue.read(value.first("disable_fallback"), FieldValue::flag).orElse(false)) {
            fallbacks = Optional.of(List.of());
        }
        if (fallbacks.isPresent()) {
            options.vocabulary(vocabulary()).fallbacks(fallbacks);
        }
    }

    private static void retries(KeywordsSources value, FallbackOptionsBuilder options) throws BadRequest {
        Optional<FieldValue> params = value.first("retry_params");
        Optional<FieldValue> count = value.first("retries");
        if (params.isPresent()) {
            FieldValue retry = params.get();
            options.retryAfter(FieldValue.read(retry.get("retry_after"), FieldValue::secondsOrNone));
            if (retry.get("num_retries").isPresent()) {
                count = retry.get("num_retries");
            }
            if (!FieldValue.read(retry.get("retry_enabled"), FieldValue::flag).orElse(true)) {
                options.retries(OptionalInt.of(0));
                return;
            }
        }
        if (count.isPresent()) {
            options.retries(OptionalInt.of(count.get().count()));
        }
    }

    private static String customer(KeywordsSources value) throws BadRequest {
        Optional<FieldValue> name = value.first("customer_identifier");
        if (name.isEmpty()) {
            Optional<FieldValue> params = value.first("customer_params");
            name = params.isPresent() ? params.get().get("customer_identifier") : Optional.empty();
        }
        return FieldValue.read(name, Labels::customer).orElse("");
    }
}
