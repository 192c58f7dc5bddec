package dev.understudy.protocol.options;

import dev.understudy.protocol.options.FallbackOptions.Credential;
import dev.understudy.protocol.options.FallbackOptions.Fallback;
import dev.understudy.protocol.options.FallbackOptions.LogWish;
import dev.understudy.protocol.json.BadRequest;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Keywords AI, now called Respan: {@code fallback_models} and its relations.
 *
 * <p>They may stand at the top of the body, in {@code keywordsai_params} or {@code respan_params}, or as base64 JSON in
 * a header; {@link KeywordsSources} says which goes before which. A balanced group of models becomes an ordered list,
 * the heaviest first: the first is asked, and the others stand by.
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
        KeywordsSources said = KeywordsSources.of(request);
        if (said.areSilent()) {
            return FallbackOptions.NONE;
        }
        FallbackOptionsBuilder ask = FallbackOptions.builder();
        List<Credential> keys = new ArrayList<>();
        lists(said, request, ask, keys);
        Set<String> without = new LinkedHashSet<>();
        for (String field : List.of("exclude_models", "exclude_providers")) {
            without.addAll(FieldValue.read(said.first(field), FieldValue::names).orElse(Set.of()));
        }
        for (String field : List.of("customer_credentials", "customer_api_keys", "credential_override")) {
            Optional<FieldValue> credentials = said.first(field);
            if (credentials.isPresent()) {
                keys.addAll(CallerKeys.ofMapOrList(credentials.get(), request));
            }
        }
        retries(said, ask);
        return ask.without(without)
                .credentials(keys)
                .trailInBody(
                        FieldValue.read(said.first("request_breakdown"), FieldValue::flag).orElse(false))
                .logging(new LogWish(
                        FieldValue.read(said.first("disable_log"), FieldValue::flag).orElse(false), customer(said), said.labels()))
                .build();
    }

    private void lists(KeywordsSources said, OptionsSource request, FallbackOptionsBuilder ask, List<Credential> keys) throws BadRequest {
        FallbackList list = new FallbackList(request, FieldValue::seconds);
        List<Fallback> balanced = WeightedModels.read(said.balanced(), list);
        Optional<List<Fallback>> fallbacks = FieldValue.read(said.first("fallback_models"), list::read);
        keys.addAll(list.keys());
        if (!balanced.isEmpty()) {
            boolean first = request.model().isEmpty();
            if (first) {
                ask.primary(Optional.of(balanced.getFirst().model()));
            }
            List<Fallback> others = new ArrayList<>(first ? balanced.subList(1, balanced.size()) : balanced);
            fallbacks.ifPresent(others::addAll);
            fallbacks = Optional.of(others);
        }
        if (FieldValue.read(said.first("disable_fallback"), FieldValue::flag).orElse(false)) {
            fallbacks = Optional.of(List.of());
        }
        if (fallbacks.isPresent()) {
            ask.vocabulary(vocabulary()).fallbacks(fallbacks);
        }
    }

    private static void retries(KeywordsSources said, FallbackOptionsBuilder ask) throws BadRequest {
        Optional<FieldValue> params = said.first("retry_params");
        Optional<FieldValue> count = said.first("retries");
        if (params.isPresent()) {
            FieldValue retry = params.get();
            ask.retryAfter(FieldValue.read(retry.get("retry_after"), FieldValue::secondsOrNone));
            if (retry.get("num_retries").isPresent()) {
                count = retry.get("num_retries");
            }
            if (!FieldValue.read(retry.get("retry_enabled"), FieldValue::flag).orElse(true)) {
                ask.retries(OptionalInt.of(0));
                return;
            }
        }
        if (count.isPresent()) {
            ask.retries(OptionalInt.of(count.get().count()));
        }
    }

    private static String customer(KeywordsSources said) throws BadRequest {
        Optional<FieldValue> name = said.first("customer_identifier");
        if (name.isEmpty()) {
            Optional<FieldValue> params = said.first("customer_params");
            name = params.isPresent() ? params.get().get("customer_identifier") : Optional.empty();
        }
        return FieldValue.read(name, Labels::customer).orElse("");
    }
}
