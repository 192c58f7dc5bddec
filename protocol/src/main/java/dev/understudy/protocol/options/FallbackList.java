package dev.understudy.protocol.options;

import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.JsonOut;
import dev.understudy.protocol.options.FallbackOptions.Credential;
import dev.understudy.protocol.options.FallbackOptions.Fallback;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads lists of fallbacks: names, or objects with a {@code model} and overrides for the request to this target.
 *
 * <p>The vocabularies share the form and differ in the unit of time.
 */
final class FallbackList {
    /** Members that are not sent upstream: they belong to the call, or are fallback options. */
    private static final Set<String> RESERVED = Set.of(
            "model",
            "timeout",
            "weight",
            "credentials",
            "api_key",
            "apiKey",
            "api_version",
            "apiVersion",
            "api_base",
            "apiBase",
            "base_url",
            "baseUrl",
            "baseURL",
            "custom_host",
            "customHost");

    /** The longest chain that a request can name; a longer one would only keep providers busy. */
    static final int MOST = 64;

    private final OptionsSource request;
    private final FieldValue.Reading<Duration> timeout;
    private final List<Credential> keys = new ArrayList<>();
    private int entries;

    FallbackList(OptionsSource request, FieldValue.Reading<Duration> timeout) {
        this.request = request;
        this.timeout = timeout;
    }

    /** The keys that came with the entries that were read. */
    List<Credential> keys() {
        return keys;
    }

    /** The fallbacks in a list. */
    List<Fallback> read(FieldValue list) throws BadRequest {
        if (!list.isList()) {
            throw list.wrong("a list of models, such as [\"openai/gpt-5.1-mini\"]");
        }
        List<Fallback> fallbacks = new ArrayList<>();
        for (FieldValue entry : list.items()) {
            fallbacks.add(entry(entry));
        }
        return fallbacks;
    }

    /** One fallback, counted with all that this list has read. */
    Fallback entry(FieldValue entry) throws BadRequest {
        if (++entries > MOST) {
            throw tooMany(entry);
        }
        return entryOfOtherChain(entry);
    }

    /** The error for the first entry beyond {@link #MOST}. */
    static BadRequest tooMany(FieldValue entry) {
        return BadRequest.invalid(
                entry.where(), "'" + entry.where() + "' is one model too many; name at most " + MOST + ".");
    }

    /** An entry that belongs to the chain of another model and does not count; it is read so that errors in it are reported. */
    Fallback entryOfOtherChain(FieldValue entry) throws BadRequest {
        if (!entry.isObject()) {
            if (!entry.isText()) {
                throw entry.wrong("the name of a model, or an object with a 'model'");
            }
            return Fallback.of(entry.name());
        }
        Optional<FieldValue> model = entry.get("model");
        if (model.isEmpty()) {
            throw BadRequest.invalid(
                    entry.where(),
                    "'" + entry.where() + "' has no 'model'. Name one, such as {\"model\": \"openai/gpt-5.1-mini\"}.");
        }
        String name = model.get().name();
        CallerKeys.in(entry, name, request).ifPresent(keys::add);
        Optional<FieldValue> credentials = entry.get("credentials");
        if (credentials.isPresent()) {
            CallerKeys.in(credentials.get(), name, request).ifPresent(keys::add);
        }
        return new Fallback(name, FieldValue.read(entry.get("timeout"), timeout), overrides(entry));
    }

    /** The members of an entry that are no fallback options: the target's own members of the request. */
    static List<FallbackOptions.Override> overrides(FieldValue entry) throws BadRequest {
        List<FallbackOptions.Override> overrides = new ArrayList<>();
        for (Map.Entry<String, FieldValue> member : entry.members().entrySet()) {
            String name = member.getKey();
            if (name.equals("stream")) {
                throw BadRequest.invalid(
                        member.getValue().where(),
                        "'" + member.getValue().where()
                                + "': 'stream' is decided for the whole call, not per target."
                                + " Set it at the top of the request.");
            }
            if (!RESERVED.contains(name) && !FallbackOptionsReader.owns(name)) {
                overrides.add(new FallbackOptions.Override(
                        name, JsonOut.text(member.getValue().value())));
            }
        }
        return overrides;
    }
}
