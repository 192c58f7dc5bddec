package dev.understudy.protocol.ask;

import dev.understudy.protocol.ask.Ask.Credential;
import dev.understudy.protocol.ask.Ask.Fallback;
import dev.understudy.protocol.ask.Ask.LogWish;
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
 * a header; {@link KeywordsPlaces} says which goes before which. A balanced group of models becomes an ordered list,
 * the heaviest first: the first is asked, and the others stand by.
 *
 * <p>A top-level {@code metadata} belongs to OpenAI too and is sent on; a top-level {@code models} is read by
 * {@link OpenRouterWords}, to the same effect.
 */
final class KeywordsWords implements Words {

    @Override
    public String vocabulary() {
        return "keywordsai";
    }

    @Override
    public Set<String> fields() {
        return KeywordsPlaces.FIELDS;
    }

    @Override
    public Ask read(Spoken request) throws BadRequest {
        KeywordsPlaces said = KeywordsPlaces.of(request);
        if (said.areSilent()) {
            return Ask.NONE;
        }
        AskBuilder ask = Ask.builder();
        List<Credential> keys = new ArrayList<>();
        lists(said, request, ask, keys);
        Set<String> without = new LinkedHashSet<>();
        for (String field : List.of("exclude_models", "exclude_providers")) {
            without.addAll(Said.read(said.first(field), Said::names).orElse(Set.of()));
        }
        for (String field : List.of("customer_credentials", "customer_api_keys", "credential_override")) {
            Optional<Said> credentials = said.first(field);
            if (credentials.isPresent()) {
                keys.addAll(Keys.ofMapOrList(credentials.get(), request));
            }
        }
        retries(said, ask);
        return ask.without(without)
                .credentials(keys)
                .trailInBody(
                        Said.read(said.first("request_breakdown"), Said::flag).orElse(false))
                .logging(new LogWish(
                        Said.read(said.first("disable_log"), Said::flag).orElse(false), customer(said), said.labels()))
                .build();
    }

    private void lists(KeywordsPlaces said, Spoken request, AskBuilder ask, List<Credential> keys) throws BadRequest {
        FallbackList list = new FallbackList(request, Said::seconds);
        List<Fallback> balanced = BalancedModels.read(said.balanced(), list);
        Optional<List<Fallback>> fallbacks = Said.read(said.first("fallback_models"), list::read);
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
        if (Said.read(said.first("disable_fallback"), Said::flag).orElse(false)) {
            fallbacks = Optional.of(List.of());
        }
        if (fallbacks.isPresent()) {
            ask.vocabulary(vocabulary()).fallbacks(fallbacks);
        }
    }

    private static void retries(KeywordsPlaces said, AskBuilder ask) throws BadRequest {
        Optional<Said> params = said.first("retry_params");
        Optional<Said> count = said.first("retries");
        if (params.isPresent()) {
            Said retry = params.get();
            ask.retryAfter(Said.read(retry.get("retry_after"), Said::secondsOrNone));
            if (retry.get("num_retries").isPresent()) {
                count = retry.get("num_retries");
            }
            if (!Said.read(retry.get("retry_enabled"), Said::flag).orElse(true)) {
                ask.retries(OptionalInt.of(0));
                return;
            }
        }
        if (count.isPresent()) {
            ask.retries(OptionalInt.of(count.get().count()));
        }
    }

    private static String customer(KeywordsPlaces said) throws BadRequest {
        Optional<Said> name = said.first("customer_identifier");
        if (name.isEmpty()) {
            Optional<Said> params = said.first("customer_params");
            name = params.isPresent() ? params.get().get("customer_identifier") : Optional.empty();
        }
        return Said.read(name, Labels::customer).orElse("");
    }
}
