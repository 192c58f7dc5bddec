package dev.understudy.protocol.options;

import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.options.FallbackOptions.Credential;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads callers' own keys. No message here repeats a value. */
final class CallerKeys {
    private CallerKeys() {}

    /** Every spelling of an address in place of the provider's own. */
    private static final List<String> ADDRESSES =
            List.of("api_base", "base_url", "custom_host", "apiBase", "baseUrl", "baseURL", "customHost");

    /**
     * The key, address and version in an object that has them among others.
     *
     * @param name the provider, or the model, whose key it is
     */
    static Optional<Credential> in(FieldValue object, String name, OptionsSource request) throws BadRequest {
        Optional<String> key = FieldValue.read(object.get("api_key", "apiKey"), FieldValue::name);
        Optional<String> version = FieldValue.read(object.get("api_version", "apiVersion"), FieldValue::name);
        Optional<String> url = url(object, request);
        // Other forms of credentials (of clouds, for example) have no such key; they are not sent upstream.
        return key.isPresent() || url.isPresent()
                ? Optional.of(new Credential(name, key.orElse(""), url, version))
                : Optional.empty();
    }

    /** The address in an object that may have one among others. */
    static Optional<String> url(FieldValue object, OptionsSource request) throws BadRequest {
        for (String spelling : ADDRESSES) {
            Optional<FieldValue> value = object.get(spelling);
            if (value.isPresent()) {
                return Optional.of(request.upstreamUrl(value.get()));
            }
        }
        return Optional.empty();
    }

    /** A map from providers or models to keys: each a string, an object, or a list of these. */
    static List<Credential> ofMap(FieldValue map, OptionsSource request) throws BadRequest {
        List<Credential> keys = new ArrayList<>();
        for (Map.Entry<String, FieldValue> entry : map.members().entrySet()) {
            FieldValue value = entry.getValue();
            for (FieldValue each : value.isList() ? value.items() : List.of(value)) {
                if (each.isText()) {
                    keys.add(new Credential(entry.getKey(), each.name(), Optional.empty(), Optional.empty()));
                } else {
                    in(each, entry.getKey(), request).ifPresent(keys::add);
                }
            }
        }
        return keys;
    }

    /** Either such a map, or a list of objects that name their {@code provider} or {@code model} themselves. */
    static List<Credential> ofMapOrList(FieldValue value, OptionsSource request) throws BadRequest {
        if (!value.isList()) {
            return ofMap(value, request);
        }
        List<Credential> keys = new ArrayList<>();
        for (FieldValue item : value.items()) {
            Optional<FieldValue> name = item.get("provider", "model");
            if (name.isEmpty()) {
                keys.addAll(ofMap(item, request));
            } else {
                in(item, name.get().name(), request).ifPresent(keys::add);
            }
        }
        return keys;
    }
}
