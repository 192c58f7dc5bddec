package dev.understudy.protocol.ask;

import dev.understudy.protocol.ask.Ask.Fallback;
import dev.understudy.protocol.ask.Ask.LogWish;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.JsonValue;
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
 * nothing in the value tells which; the SDKs name their language in {@code x-stainless-lang}. {@code timeout_ms} is
 * what it says. Caching ({@code cache}) and criteria are not done here; they are taken away with the rest.
 *
 * @see <a href="https://docs.openpipe.ai/features/fallback">OpenPipe: fallback options</a>
 */
final class OpenPipeWords implements Words {

    @Override
    public String vocabulary() {
        return "openpipe";
    }

    @Override
    public Set<String> fields() {
        return Set.of("openpipe");
    }

    @Override
    public Ask read(Spoken request) throws BadRequest {
        List<String> tags = new ArrayList<>();
        boolean quiet = request.header("op-log-request")
                .filter("false"::equalsIgnoreCase)
                .isPresent();
        Optional<String> header = request.header("op-tags");
        if (header.isPresent()) {
            tags.addAll(Labels.of(json("op-tags", header.get())));
        }
        Optional<Said> field = request.field("openpipe");
        if (field.isEmpty()) {
            return quiet || !tags.isEmpty()
                    ? Ask.builder().logging(new LogWish(quiet, "", tags)).build()
                    : Ask.NONE;
        }
        Said said = field.get();
        AskBuilder ask = Ask.builder();
        Optional<Said> fallback = said.get("fallback");
        if (fallback.isPresent()) {
            ask.vocabulary(vocabulary()).fallbacks(Optional.of(List.of(fallback(fallback.get(), request))));
        }
        for (String labels : List.of("tags", "metadata")) {
            Optional<Said> object = said.get(labels);
            if (object.isPresent()) {
                tags.addAll(Labels.of(object.get()));
            }
        }
        boolean logged =
                Said.read(said.get("logRequest", "log_request"), Said::flag).orElse(true);
        return ask.logging(new LogWish(quiet || !logged, "", tags)).build();
    }

    private static Fallback fallback(Said said, Spoken request) throws BadRequest {
        Optional<Said> model = said.get("model");
        if (model.isEmpty()) {
            throw BadRequest.invalid(
                    said.where(),
                    "'" + said.where() + "' has no 'model'. Name one, such as {\"model\": \"gpt-4-turbo\"}.");
        }
        Optional<Duration> timeout = Said.read(said.get("timeout_ms", "timeoutMs"), Said::millis);
        if (timeout.isEmpty()) {
            timeout = Said.read(said.get("timeout"), request.isFromNode() ? Said::millis : Said::seconds);
        }
        return new Fallback(model.get().name(), timeout, List.of());
    }

    private static Said json(String header, String text) throws BadRequest {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new Said(header, JsonValue.read("The header '" + header + "'", bytes));
    }
}
