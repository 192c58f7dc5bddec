package dev.understudy.protocol.options;

import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.JsonTrees;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The three places in which Keywords AI's callers may put its parameters. The top of the body takes precedence over an object in
 * the body, and that over a header: the closest to the call is the most deliberate.
 */
final class KeywordsSources {
    /** The parameters in its reference that no provider knows; some are only removed, since providers reject them. */
    static final Set<String> FIELDS = Set.of(
            "fallback_models",
            "disable_fallback",
            "retry_params",
            "models",
            "exclude_models",
            "exclude_providers",
            "customer_credentials",
            "customer_api_keys",
            "credential_override",
            "load_balance_group",
            "loadbalance_models",
            "load_balance_models",
            "customer_identifier",
            "customer_params",
            "customer_email",
            "custom_identifier",
            "thread_identifier",
            "model_name_map",
            "cache_enabled",
            "cache_ttl",
            "cache_options",
            "disable_log",
            "request_breakdown",
            "keywordsai_params",
            "respan_params");

    private static final List<String> OBJECTS = List.of("keywordsai_params", "respan_params");
    private static final List<String> HEADERS =
            List.of("x-data-keywordsai-params", "x-data-respan-params", "x-respan-params");

    private final OptionsSource request;
    private final List<FieldValue> objects;

    private KeywordsSources(OptionsSource request, List<FieldValue> objects) {
        this.request = request;
        this.objects = objects;
    }

    static KeywordsSources of(OptionsSource request) throws BadRequest {
        List<FieldValue> objects = new ArrayList<>();
        if (request.hasFields()) {
            for (String name : OBJECTS) {
                request.field(name).ifPresent(objects::add);
            }
        }
        for (String name : HEADERS) {
            Optional<String> header = request.header(name);
            if (header.isPresent()) {
                objects.add(decoded(name, header.get()));
            }
        }
        return new KeywordsSources(request, objects);
    }

    /** Whether none of them can have a parameter. */
    boolean areEmpty() {
        return objects.isEmpty() && !request.hasFields();
    }

    /** The value that takes precedence. */
    Optional<FieldValue> first(String name) throws BadRequest {
        Optional<FieldValue> top = request.field(name);
        return top.isPresent() ? top : ofObjects(name);
    }

    private Optional<FieldValue> ofObjects(String name) throws BadRequest {
        for (FieldValue object : objects) {
            Optional<FieldValue> value = object.get(name);
            if (value.isPresent()) {
                return value;
            }
        }
        return Optional.empty();
    }

    /** The models of the load-balancing group. */
    Optional<FieldValue> balanced() throws BadRequest {
        for (String name : List.of("load_balance_models", "loadbalance_models")) {
            Optional<FieldValue> list = first(name);
            if (list.isPresent()) {
                return list;
            }
        }
        Optional<FieldValue> group = first("load_balance_group");
        // A group that is only named is stored at Keywords AI; its name is unknown here.
        Optional<FieldValue> ofGroup = group.isPresent() ? group.get().get("models") : Optional.empty();
        return ofGroup.isPresent() ? ofGroup : ofObjects("models");
    }

    /** The metadata in their own objects; the one at the top of a body is OpenAI's as well. */
    List<String> labels() throws BadRequest {
        Optional<FieldValue> metadata = ofObjects("metadata");
        return metadata.isPresent() ? Labels.of(metadata.get()) : List.of();
    }

    private static FieldValue decoded(String name, String base64) throws BadRequest {
        byte[] json;
        try {
            // Both alphabets are accepted: the usual one and the one for URLs.
            json = Base64.getDecoder().decode(base64.replace('-', '+').replace('_', '/'));
        } catch (IllegalArgumentException notBase64) {
            throw BadRequest.invalid(
                    name, "The header '" + name + "' is not base64. Send the base64 of a JSON object.");
        }
        return new FieldValue(name, JsonTrees.scanned("The header '" + name + "', decoded,", json));
    }
}
