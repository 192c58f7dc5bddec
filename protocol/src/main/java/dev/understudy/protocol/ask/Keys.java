package dev.understudy.protocol.ask;

import dev.understudy.protocol.ask.Ask.Credential;
import dev.understudy.protocol.json.BadRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the keys that callers bring along. Nothing here repeats a value in a message. */
final class Keys {
    private Keys() {}

    /** Every spelling of an address in place of the provider's own. */
    private static final List<String> ADDRESSES =
            List.of("api_base", "base_url", "custom_host", "apiBase", "baseUrl", "baseURL", "customHost");

    /**
     * The key, address and version in an object that has them among others.
     *
     * @param name the provider, or the model, whose key it is
     */
    static Optional<Credential> in(Said object, String name, Spoken request) throws BadRequest {
        Optional<String> key = Said.read(object.get("api_key", "apiKey"), Said::name);
        Optional<String> version = Said.read(object.get("api_version", "apiVersion"), Said::name);
        Optional<String> url = url(object, request);
        // Other forms of credentials (of clouds, say) have no key of this kind; they are kept from going upstream.
        return key.isPresent() || url.isPresent()
                ? Optional.of(new Credential(name, key.orElse(""), url, version))
                : Optional.empty();
    }

    /** The address in an object that may have one among others. */
    static Optional<String> url(Said object, Spoken request) throws BadRequest {
        for (String spelling : ADDRESSES) {
            Optional<Said> said = object.get(spelling);
            if (said.isPresent()) {
                return Optional.of(request.upstreamUrl(said.get()));
            }
        }
        return Optional.empty();
    }

    /** A map from providers or models to keys: each a string, an object, or a list of these. */
    static List<Credential> ofMap(Said map, Spoken request) throws BadRequest {
        List<Credential> keys = new ArrayList<>();
        for (Map.Entry<String, Said> entry : map.members().entrySet()) {
            Said said = entry.getValue();
            for (Said each : said.isList() ? said.items() : List.of(said)) {
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
    static List<Credential> ofMapOrList(Said said, Spoken request) throws BadRequest {
        if (!said.isList()) {
            return ofMap(said, request);
        }
        List<Credential> keys = new ArrayList<>();
        for (Said item : said.items()) {
            Optional<Said> name = item.get("provider", "model");
            if (name.isEmpty()) {
                keys.addAll(ofMap(item, request));
            } else {
                in(item, name.get().name(), request).ifPresent(keys::add);
            }
        }
        return keys;
    }
}
