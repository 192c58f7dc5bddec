package dev.understudy.protocol.options;

import dev.understudy.protocol.HeaderLookup;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.Members;
import dev.understudy.protocol.json.ValueKind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** The parts of a request that vocabularies read: the fields that belong to any of them, the headers, and the policy. */
final class OptionsSource {
    private final Members members;
    private final Map<String, Integer> owned;
    private final HeaderLookup headers;
    private final OptionsPolicy policy;

    /**
     * @param meansElse which of the fields have another meaning in this request
     * @throws BadRequest if one of the fields occurs twice
     */
    OptionsSource(
            Members members,
            Set<String> fields,
            Predicate<String> meansElse,
            HeaderLookup headers,
            OptionsPolicy policy)
            throws BadRequest {
        this.members = members;
        this.headers = headers;
        this.policy = policy;
        // Most requests have no such field, and then nothing is allocated for them.
        Map<String, Integer> found = Map.of();
        for (int i = 0; i < members.size(); i++) {
            String name = members.name(i);
            if (fields.contains(name) && !meansElse.test(name)) {
                if (found.isEmpty()) {
                    found = new HashMap<>();
                }
                if (found.put(name, i) != null) {
                    throw BadRequest.duplicate(name);
                }
            }
        }
        if (!found.isEmpty()) {
            found.values().removeIf(i -> members.kind(i) == ValueKind.NULL);
        }
        this.owned = found;
    }

    /** Whether the body has any field of any vocabulary. */
    boolean hasFields() {
        return !owned.isEmpty();
    }

    /** A top-level field that belongs to a vocabulary; empty if it is not there, or null. */
    Optional<FieldValue> field(String name) throws BadRequest {
        Integer index = owned.get(name);
        return index == null ? Optional.empty() : Optional.of(new FieldValue(name, members.value(index)));
    }

    /** A header's value; empty if it is not there, or blank. */
    Optional<String> header(String name) {
        return headers.first(name).map(String::strip).filter(value -> !value.isEmpty());
    }

    /** Whether one of these headers is there, and not blank. */
    boolean hasAnyHeader(List<String> names) {
        for (String name : names) {
            if (header(name).isPresent()) {
                return true;
            }
        }
        return false;
    }

    /** The model that the body names, if it names one. */
    Optional<String> model() throws BadRequest {
        int index = members.indexOf("model");
        return index >= 0 && members.kind(index) == ValueKind.STRING
                ? Optional.of(members.string(index)).filter(name -> !name.isBlank())
                : Optional.empty();
    }

    /** Whether the caller is one of the official Node SDKs, which count time in milliseconds. */
    boolean isFromNode() {
        return header("x-stainless-lang").filter("js"::equalsIgnoreCase).isPresent();
    }

    /** What the operator permits, and which providers there are. */
    OptionsPolicy policy() {
        return policy;
    }

    /** An upstream address from the request, if the policy permits it. */
    String upstreamUrl(FieldValue value) throws BadRequest {
        if (!policy.allowsUpstreamUrls()) {
            throw BadRequest.upstreamUrl(value.where());
        }
        return value.name();
    }
}
