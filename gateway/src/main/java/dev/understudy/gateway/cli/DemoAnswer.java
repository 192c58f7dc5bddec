package dev.understudy.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.engine.AttemptKind;
import dev.understudy.engine.FailureKind;
import dev.understudy.gateway.cli.PlayedCall.Attempt;
import dev.understudy.protocol.json.JsonTrees;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads from a response what happened to its call.
 *
 * <p>The headers of a stream are sent when its answer begins. What happened later is in the body: in the member {@code
 * understudy} of the last event if another target continued it, and in the error if none could.
 */
final class DemoAnswer {

    /** One item of a trail; as far as the demo shows it. A target that was skipped has no time. */
    private static final Pattern TRAIL_ITEM = Pattern.compile(
            "\"((?:[^\"\\\\]|\\\\.)*)\";outcome=([a-z_]+)(?:;status=\\d+)?(?:;manner=([a-z]+))?;ms=(\\d+)");

    /** The data of an event with a JSON object; the other one is {@code [DONE]}. */
    private static final String EVENT = "data: {";

    private final int status;
    private final String target;
    private final boolean complete;
    private final List<Attempt> attempts;

    /**
     * @param status of the answer
     * @param target the header that names the target which answered, or began to; empty if none did
     * @param trail the header that names all attempts until the answer began
     * @param body the answer, or all events of a stream
     */
    DemoAnswer(int status, String target, String trail, String body) {
        List<JsonNode> parts = parts(body);
        Optional<String> laterTrail = last(parts, "understudy").flatMap(mark -> text(mark, "trail"));
        Optional<JsonNode> error = last(parts, "error");
        this.status = status;
        this.target = target;
        this.complete = status == 200 && error.isEmpty();
        this.attempts = error.isPresent() ? toldBy(error.get()) : toldBy(laterTrail.orElse(trail));
    }

    /**
     * @param description what the call was about
     * @param millis from the request to the end of the answer
     */
    PlayedCall of(String description, long millis) {
        return new PlayedCall(description, attempts, answeredBy(), millis, status);
    }

    private Optional<String> answeredBy() {
        if (!complete) {
            return Optional.empty();
        }
        // The header names the target that began; the one that continued the answer was tried last.
        return attempts.stream().anyMatch(attempt -> attempt.attemptKind().isRecovery())
                ? Optional.of(attempts.getLast().target())
                : Optional.of(target).filter(name -> !name.isEmpty());
    }

    private static List<Attempt> toldBy(String trail) {
        List<Attempt> attempts = new ArrayList<>();
        Matcher item = TRAIL_ITEM.matcher(trail);
        while (item.find()) {
            String outcome = item.group(2).equals("answering") ? "ok" : item.group(2);
            attempts.add(new Attempt(
                    item.group(1),
                    outcome,
                    attemptKind(Optional.ofNullable(item.group(3)).orElse("")),
                    Long.parseLong(item.group(4))));
        }
        return attempts;
    }

    private static AttemptKind attemptKind(String manner) {
        return Arrays.stream(AttemptKind.values())
                .filter(attemptKind -> attemptKind.manner().equals(manner))
                .findFirst()
                .orElse(AttemptKind.FALLBACK);
    }

    private static List<Attempt> toldBy(JsonNode error) {
        List<Attempt> attempts = new ArrayList<>();
        for (JsonNode attempt : error.path("attempts")) {
            attempts.add(new Attempt(
                    text(attempt, "target").orElse(""),
                    text(attempt, "outcome").orElse(FailureKind.MALFORMED.wireName()),
                    AttemptKind.FALLBACK,
                    attempt.path("duration_ms").longValue()));
        }
        return attempts;
    }

    private static List<JsonNode> parts(String body) {
        List<String> events = body.lines()
                .filter(line -> line.startsWith(EVENT))
                .map(line -> line.substring(EVENT.length() - 1))
                .toList();
        List<JsonNode> parts = new ArrayList<>();
        for (String json : events.isEmpty() ? List.of(body) : events) {
            JsonNode part = JsonTrees.of(json);
            if (part.isMissingNode()) {
                throw new IllegalStateException("the gateway forwarded a body that is not JSON: " + json);
            }
            parts.add(part);
        }
        return parts;
    }

    private static Optional<JsonNode> last(List<JsonNode> parts, String name) {
        return parts.reversed().stream()
                .map(part -> part.path(name))
                .filter(JsonNode::isObject)
                .findFirst();
    }

    private static Optional<String> text(JsonNode of, String name) {
        return Optional.ofNullable(of.path(name).textValue());
    }
}
