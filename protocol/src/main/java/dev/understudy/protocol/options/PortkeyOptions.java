package dev.understudy.protocol.options;

import dev.understudy.engine.FailureKind;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.options.FallbackOptions.Credential;
import dev.understudy.protocol.options.FallbackOptions.Fallback;
import dev.understudy.protocol.options.FallbackOptions.Limits;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Portkey: the header {@code x-portkey-config} with JSON, {@code strategy} and {@code targets}, and
 * {@code x-portkey-request-timeout}. Times are in milliseconds.
 *
 * <p>The tree of targets becomes the chain, its leaves from left to right, those of a load-balancing node as one step; {@link PortkeyTargets} reads it. The name of
 * a configuration that is stored at Portkey is unknown here, so it is rejected rather than ignored.
 *
 * @see <a href="https://portkey.ai/docs/api-reference/inference-api/config-object">Portkey: the config object</a>
 */
final class PortkeyOptions implements OptionsParser {
    private static final String CONFIG = "x-portkey-config";
    private static final String TIMEOUT = "x-portkey-request-timeout";
    private static final String HOST = "x-portkey-custom-host";

    @Override
    public String vocabulary() {
        return "portkey";
    }

    @Override
    public Set<String> fields() {
        return Set.of();
    }

    @Override
    public FallbackOptions read(OptionsSource request) throws BadRequest {
        Optional<String> host = FieldValue.read(header(HOST, request), request::upstreamUrl);
        Optional<Duration> limit = FieldValue.read(header(TIMEOUT, request), FieldValue::millis);
        Optional<String> config = request.header(CONFIG);
        List<Credential> keys = new ArrayList<>();
        if (host.isPresent()) {
            keys.add(new Credential(request.model().orElse(""), "", host, Optional.empty()));
        }
        if (config.isEmpty()) {
            return limit.isEmpty() && keys.isEmpty()
                    ? FallbackOptions.NONE
                    : FallbackOptions.builder()
                            .limits(Limits.ofAttempts(limit, Optional.empty()))
                            .credentials(keys)
                            .build();
        }
        FieldValue value = json(config.get());
        FallbackOptionsBuilder options = FallbackOptions.builder()
                .limits(Limits.ofAttempts(limit.isPresent() ? limit : PortkeyTargets.timeout(value), Optional.empty()));
        Optional<FieldValue> retry = value.get("retry");
        Optional<FieldValue> attempts = retry.isPresent() ? retry.get().get("attempts") : Optional.empty();
        if (attempts.isPresent()) {
            options.retries(OptionalInt.of(attempts.get().count()));
        }
        PortkeyTargets targets = new PortkeyTargets(request);
        List<Fallback> leaves = targets.leaves(value);
        if (!leaves.isEmpty()) {
            Fallback first = leaves.getFirst();
            options.vocabulary(vocabulary())
                    .primary(Optional.of(first.model()))
                    .primaryTimeout(first.timeout())
                    .primaryOverrides(first.overrides())
                    .primaryShare(first.share())
                    .fallbacks(Optional.of(new ArrayList<>(leaves.subList(1, leaves.size()))));
        }
        Set<Integer> statuses = targets.fallbackStatuses();
        if (!targets.statedStatuses().isEmpty()) {
            options.fallbackStatuses(statuses);
            Set<FailureKind> kinds = FallbackOnValues.kindsOf(targets.statedStatuses());
            options.fallbackOn(kinds.isEmpty() ? Optional.empty() : Optional.of(kinds));
        }
        keys.addAll(targets.keys());
        return options.credentials(keys).build();
    }

    private static Optional<FieldValue> header(String name, OptionsSource request) {
        return request.header(name).map(text -> FieldValue.ofHeader(name, text));
    }

    private static FieldValue json(String text) throws BadRequest {
        if (!text.startsWith("{")) {
            throw BadRequest.invalid(
                    CONFIG,
                    "The header '" + CONFIG
                            + "' names a stored configuration of Portkey, which is unknown here. Send its JSON,"
                            + " or configure the chain here as a model and name that model.");
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new FieldValue(CONFIG, JsonTrees.scanned("The header '" + CONFIG + "'", bytes));
    }
}
