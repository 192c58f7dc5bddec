package dev.understudy.protocol.options;

import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.options.FallbackOptions.Fallback;
import dev.understudy.protocol.options.FallbackOptions.LogOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * OpenPipe: {@code openpipe: {fallback: {model, timeout?, timeout_ms?}, tags?, metadata?, logRequest?}}, and the
 * headers {@code op-log-request} and {@code op-tags} into which its own SDK turns these.
 *
 * <p><b>Units.</b> {@code fallback.timeout} is in seconds in its Python SDK and in milliseconds in its Node SDK, and
 * the value does not show which; the SDKs name their language in {@code x-stainless-lang}. {@code timeout_ms} is
 * in milliseconds. Caching ({@code cache}) and criteria are not supported; they are removed with the rest.
 *
 * @see <a href="https://docs.openpipe.ai/features/fallback">OpenPipe: fallback options</a>
 */
final class OpenPipeOptions implements OptionsParser {

    @Override
    public String vocabulary() {
        return "openpipe";
    }

    @Override
    public Set<String> fields() {
        return Set.of("openpipe");
    }

    @Override
    public FallbackOptions read(OptionsSource request) throws BadRequest {
        List<String> tags = new ArrayList<>();
        boolean quiet = request.header("op-log-request")
                .filter("false"::equalsIgnoreCase)
                .isPresent();
        Optional<String> header = request.header("op-tags");
        if (header.isPresent()) {
            tags.addAll(Labels.of(json("op-tags", header.get())));
        }
        Optional<FieldValue> field = request.field("openpipe");
        if (field.isEmpty()) {
            return quiet || !tags.isEmpty()
                    ? FallbackOptions.builder()
                            .logging(new LogOptions(quiet, "", tags))
                            .build()
                    : FallbackOptions.NONE;
        }
        FieldValue value = field.get();
        FallbackOptionsBuilder options = FallbackOptions.builder();
        Optional<FieldValue> fallback = value.get("fallback");
        if (fallback.isPresent()) {
            options.vocabulary(vocabulary()).fallbacks(Optional.of(List.of(fallback(fallback.get(), request))));
        }
        for (String labels : List.of("tags", "metadata")) {
            Optional<FieldValue> object = value.get(labels);
            if (object.isPresent()) {
                tags.addAll(Labels.of(object.get()));
            }
        }
        boolean logged = FieldValue.read(value.get("logRequest", "log_request"), FieldValue::flag)
                .orElse(true);
        return options.logging(new LogOptions(quiet || !logged, "", tags)).build();
    }

    private static Fallback fallback(FieldValue value, OptionsSource request) throws BadRequest {
        Optional<FieldValue> model = value.get("model");
        if (model.isEmpty()) {
            throw BadRequest.invalid(
                    value.where(),
                    "'" + value.where() + "' has no 'model'. Name one, such as {\"model\": \"gpt-4-turbo\"}.");
        }
        Optional<Duration> timeout = FieldValue.read(value.get("timeout_ms", "timeoutMs"), FieldValue::millis);
        if (timeout.isEmpty()) {
            timeout = FieldValue.read(
                    value.get("timeout"), request.isFromNode() ? FieldValue::millis : FieldValue::seconds);
        }
        return new Fallback(model.get().name(), timeout, List.of());
    }

    private static FieldValue json(String header, String text) throws BadRequest {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new FieldValue(header, JsonTrees.scanned("The header '" + header + "'", bytes));
    }
}
