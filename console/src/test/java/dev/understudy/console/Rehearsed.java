package dev.understudy.console;

import static dev.understudy.console.MockSettings.JSON;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/** What the mock answers to a call that tries a chain out: each fault in the simplest form that a trail can show. */
final class Rehearsed {
    private Rehearsed() {}

    static ObjectNode call(MockSettings settings, ObjectNode body) {
        JsonNode targets = body.has("targets")
                ? body.get("targets")
                : settings.chain(body.path("chain").asText()).orElseThrow().get("targets");
        ObjectNode call = JSON.createObjectNode();
        ArrayNode trail = JSON.createArrayNode();
        String answered = "";
        int now = 0;
        for (int i = 0; i < targets.size() && answered.isEmpty(); i++) {
            String target = targets.get(i).isTextual()
                    ? targets.get(i).asText()
                    : targets.get(i).path("target").asText();
            String kind = i == 0 ? "primary" : "fallback";
            switch (body.path("faults").path(target).asText("ok")) {
                case "down" ->
                    now = attempt(trail, target, "overloaded", kind, now, 34, 503, "the server is overloaded");
                case "throttled" ->
                    now = attempt(trail, target, "rate_limited", kind, now, 21, 429, "too many requests");
                case "slow" ->
                    now = attempt(trail, target, "timeout_first_token", kind, now, 10_000, 0, "no content within 10 s");
                case "cut" -> now = attempt(trail, target, "truncated", kind, now, 380, 200, "the stream broke off");
                default -> {
                    now = attempt(trail, target, "ok", kind, now, 460, 200, "");
                    answered = target;
                }
            }
        }
        boolean isAnswered = !answered.isEmpty();
        int attempts = trail.size();
        call.put("id", "try_1")
                .put("at", Instant.now().toString())
                .put("model", body.path("chain").asText("(unsaved)"));
        call.put("ending", isAnswered ? "answered" : "failed").put("status", isAnswered ? 200 : 503);
        call.put("target", isAnswered ? answered : null).put("ms", now).put("attempts", attempts);
        call.put("rescued", isAnswered && attempts > 1)
                .put("stream", body.path("stream").asBoolean());
        if (isAnswered) {
            call.put("first_content_ms", now - 330);
        }
        if (body.path("real").asBoolean()) {
            call.put("caller", "(console)")
                    .put("prompt_tokens", 9)
                    .put("completion_tokens", 21)
                    .put("cost_usd", "0.000342");
            trail.forEach(step -> {
                if (step.path("status").asInt() >= 400) {
                    ((ObjectNode) step).put("drill", "Try-it");
                }
            });
        }
        call.set("trail", trail);
        call.put(
                "summary",
                isAnswered
                        ? answered + " answered; failed attempts before it: " + (attempts - 1) + "."
                        : "All " + attempts + " targets failed.");
        ObjectNode answer = JSON.createObjectNode();
        answer.put("id", "try_1")
                .put("status", isAnswered ? 200 : 503)
                .put("text", isAnswered ? "Hello! " + body.path("message").asText() : "");
        answer.set("call", call);
        return answer;
    }

    private static int attempt(
            ArrayNode trail,
            String target,
            String outcome,
            String kind,
            int start,
            int ms,
            int status,
            String message) {
        ObjectNode entry =
                trail.addObject().put("target", target).put("outcome", outcome).put("kind", kind);
        entry.put("attempt", trail.size()).put("start_ms", start).put("ms", ms).put("message", message);
        if (status > 0) {
            entry.put("status", status);
        }
        return start + ms;
    }
}
