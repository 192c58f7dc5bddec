package dev.understudy.protocol.options;

import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.options.FallbackOptions.Credential;
import dev.understudy.protocol.options.FallbackOptions.Fallback;
import dev.understudy.protocol.options.FallbackOptions.Limits;
import dev.understudy.protocol.options.FallbackOptions.LogOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * LiteLLM: {@code fallbacks: ["b", {"model": "b", …}]} and similar fields, and the {@code x-litellm-*} headers, which
 * take precedence over the fields of the same meaning. Times are in seconds.
 *
 * <p>An object in a list overrides the request for its own attempt only. Lists by kind of failure, and the router's
 * form of the general one, map a model to its fallbacks: {@code [{"a": ["b"]}]}; {@code *} matches every model.
 *
 * @see <a href="https://docs.litellm.ai/docs/proxy/reliability">LiteLLM: fallbacks</a>
 * @see <a href="https://docs.litellm.ai/docs/proxy/request_headers">LiteLLM: request headers</a>
 */
final class LiteLlmOptions implements OptionsParser {
    private static final String TIMEOUT = "x-litellm-timeout";
    private static final String STREAM_TIMEOUT = "x-litellm-stream-timeout";
    private static final String RETRIES = "x-litellm-num-retries";
    private static final String TAGS = "x-litellm-tags";
    private static final String CUSTOMER = "x-litellm-customer-id";
    private static final String END_USER = "x-litellm-end-user-id";
    private static final List<String> HEADERS = List.of(TIMEOUT, STREAM_TIMEOUT, RETRIES, TAGS, CUSTOMER, END_USER);

    @Override
    public String vocabulary() {
        return "litellm";
    }

    @Override
    public Set<String> fields() {
        return Set.of(
                "fallbacks",
                "context_window_fallbacks",
                "context_window_fallback_dict",
                "content_policy_fallbacks",
                "num_retries",
                "timeout",
                "stream_timeout",
                "disable_fallbacks",
                "mock_testing_fallbacks",
                "api_base",
                "base_url",
                "api_key",
                "api_version",
                "tags");
    }

    @Override
    public FallbackOptions read(OptionsSource request) throws BadRequest {
        if (!request.hasFields() && !request.hasAnyHeader(HEADERS)) {
            return FallbackOptions.NONE;
        }
        FallbackList list = new FallbackList(request, FieldValue::seconds);
        String model = request.model().orElse("");
        Optional<List<Fallback>> fallbacks =
                FieldValue.read(request.field("fallbacks"), value -> fallbacks(value, model, list));
        if (FieldValue.read(request.field("disable_fallbacks"), FieldValue::flag)
                .orElse(false)) {
            fallbacks = Optional.of(List.of());
        }
        List<Fallback> onLength = new ArrayList<>();
        for (String field : List.of("context_window_fallbacks", "context_window_fallback_dict")) {
            onLength.addAll(FieldValue.read(request.field(field), value -> fallbacks(value, model, list))
                    .orElse(List.of()));
        }
        List<Fallback> onPolicy = FieldValue.read(
                        request.field("content_policy_fallbacks"), value -> fallbacks(value, model, list))
                .orElse(List.of());
        boolean named = fallbacks.isPresent() || !onLength.isEmpty() || !onPolicy.isEmpty();
        Optional<FieldValue> retries = number(RETRIES, "num_retries", request);
        List<Credential> keys = new ArrayList<>(list.keys());
        ownKey(request, model).ifPresent(keys::add);
        return FallbackOptions.builder()
                .vocabulary(named ? vocabulary() : "")
                .fallbacks(fallbacks)
                .onContextLength(onLength)
                .onContentPolicy(onPolicy)
                .credentials(keys)
                .limits(limits(request))
                .retries(retries.isPresent() ? OptionalInt.of(retries.get().count()) : OptionalInt.empty())
                .failPrimaryOnPurpose(FieldValue.read(request.field("mock_testing_fallbacks"), FieldValue::flag)
                        .orElse(false))
                .logging(logging(request))
                .build();
    }

    /** A list of names and objects, or one of maps from models to such lists, or one such map. */
    private static List<Fallback> fallbacks(FieldValue value, String model, FallbackList list) throws BadRequest {
        if (value.isObject()) {
            return mapped(value, model, list);
        }
        if (!value.isList()) {
            return list.read(value);
        }
        List<Fallback> fallbacks = new ArrayList<>();
        for (FieldValue entry : value.items()) {
            if (isMap(entry)) {
                fallbacks.addAll(mapped(entry, model, list));
            } else {
                fallbacks.add(list.entry(entry));
            }
        }
        return fallbacks;
    }

    private static boolean isMap(FieldValue entry) throws BadRequest {
        return entry.isObject()
                && entry.get("model").isEmpty()
                && !entry.members().isEmpty()
                && entry.members().values().stream().allMatch(FieldValue::isList);
    }

    private static List<Fallback> mapped(FieldValue map, String model, FallbackList list) throws BadRequest {
        List<Fallback> fallbacks = new ArrayList<>();
        for (Map.Entry<String, FieldValue> entry : map.members().entrySet()) {
            FieldValue value = entry.getValue();
            boolean ofThisCall = entry.getKey().equals(model) || entry.getKey().equals("*");
            for (FieldValue each : value.isList() ? value.items() : List.of(value)) {
                if (ofThisCall) {
                    fallbacks.add(list.entry(each));
                } else {
                    list.entryOfOtherChain(each);
                }
            }
        }
        return fallbacks;
    }

    private static Limits limits(OptionsSource request) throws BadRequest {
        return Limits.ofAttempts(
                FieldValue.read(number(TIMEOUT, "timeout", request), FieldValue::seconds),
                FieldValue.read(number(STREAM_TIMEOUT, "stream_timeout", request), FieldValue::seconds));
    }

    private static Optional<FieldValue> number(String header, String field, OptionsSource request) throws BadRequest {
        Optional<String> text = request.header(header);
        return text.isPresent() ? Optional.of(FieldValue.ofHeader(header, text.get())) : request.field(field);
    }

    /** A key, or an address, for the model that the request names. */
    private static Optional<Credential> ownKey(OptionsSource request, String model) throws BadRequest {
        Optional<String> url = Optional.empty();
        for (String field : List.of("api_base", "base_url")) {
            Optional<FieldValue> value = request.field(field);
            if (value.isPresent()) {
                url = Optional.of(request.upstreamUrl(value.get()));
            }
        }
        Optional<String> key = FieldValue.read(request.field("api_key"), FieldValue::name);
        return key.isPresent() || url.isPresent()
                ? Optional.of(new Credential(
                        model, key.orElse(""), url, FieldValue.read(request.field("api_version"), FieldValue::name)))
                : Optional.empty();
    }

    private static LogOptions logging(OptionsSource request) throws BadRequest {
        Optional<String> header = request.header(TAGS);
        List<String> tags = header.isPresent()
                ? Labels.ofText(header.get())
                : FieldValue.read(request.field("tags"), Labels::ofList).orElse(List.of());
        String customer =
                request.header(CUSTOMER).or(() -> request.header(END_USER)).orElse("");
        return new LogOptions(false, Labels.cut(customer), tags);
    }
}
