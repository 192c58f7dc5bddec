package dev.understudy.console;

import static dev.understudy.console.MockSettings.object;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The drills of the mock: what is started runs until it is ended. */
final class MockDrills {
    private static final String FAULTS = """
            {"permitted": true, "header": "x-understudy-drill", "longest_minutes": 60, "running": [], "ended": [], "faults": [
              {"name": "down", "signature": "down?status=503&ttft=0ms", "description": "fails with 503, service down"},
              {"name": "throttled", "signature": "throttled?after=2&hint=seconds&ttft=0ms", "description": "rate limit; hint is the form of Retry-After"},
              {"name": "silent", "signature": "silent", "description": "takes the request and never answers"},
              {"name": "cut", "signature": "cut?at=40", "description": "is cut off after some words"}]}""";

    private final ObjectNode document = object(FAULTS);

    synchronized ObjectNode document() {
        return document.deepCopy();
    }

    synchronized void forbid() {
        document.put("permitted", false);
    }

    synchronized Optional<JsonNode> start(ObjectNode order, String author) {
        ArrayNode running = document.withArray("running");
        if (running.findValuesAsText("name").contains(order.path("name").asText())) {
            return Optional.empty();
        }
        Instant now = Instant.now();
        ObjectNode drill = order.deepCopy();
        drill.remove("minutes");
        drill.put("author", author)
                .put("started", now.toString())
                .put(
                        "ends",
                        now.plus(Duration.ofMinutes(order.path("minutes").asInt()))
                                .toString());
        drill.set("result", object("""
                {"calls": 0, "rescued": 0, "answered": 0, "failed": 0, "broken_off": 0, "caller_left": 0, "added_ms": {}}"""));
        running.add(drill);
        return Optional.of(drill.deepCopy());
    }

    /** What callers have felt of the first drill that runs. */
    synchronized void felt(String result) {
        ((ObjectNode) document.at("/running/0")).set("result", object(result));
    }

    synchronized Optional<JsonNode> end(String name, String author) {
        ArrayNode running = document.withArray("running");
        for (int i = 0; i < running.size(); i++) {
            if (running.get(i).path("name").asText().equals(name)) {
                ObjectNode drill = (ObjectNode) running.remove(i);
                drill.put("ended", Instant.now().toString())
                        .put("reason", "it was ended by " + (author.isEmpty() ? "an operator" : author));
                document.withArray("ended").insert(0, drill);
                return Optional.of(drill.deepCopy());
            }
        }
        return Optional.empty();
    }

    /** A drill of marked calls and one of all calls that run, and one that has ended. */
    static void samples(MockDrills drills) {
        String order = """
                {"name": "%s", "target": "%s", "fault": "%s", "calls": "%s", "percent": %d, "minutes": 10}""";
        drills.start(object(order.formatted("old", "openai", "cut?at=40", "all", 5)), "ben");
        drills.felt("""
                {"calls": 412, "rescued": 398, "answered": 10, "failed": 1, "broken_off": 3, "caller_left": 0,
                 "added_ms": {"p50": 310, "p95": 2400, "max": 7100}}""");
        drills.end("old", "ben");
        drills.start(object(order.formatted("outage", "openai/gpt-5.1", "down", "marked", 100)), "ann");
        drills.start(object(order.formatted("storm", "anthropic", "throttled?after=30", "all", 20)), "ann");
    }
}
