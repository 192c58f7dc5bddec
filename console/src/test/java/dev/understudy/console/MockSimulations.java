package dev.understudy.console;

import static dev.understudy.console.MockSettings.object;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Simulations of the mock: each is done when its progress was requested once, unless it is held. */
final class MockSimulations {
    private static final int MINUTES = 360;

    private ObjectNode current = object("{}");
    private boolean held;
    private int polls;

    /** Simulations do not end by themselves from now on. */
    synchronized void hold() {
        held = true;
    }

    synchronized JsonNode start(ObjectNode order) {
        current = order.deepCopy();
        if (!current.has("seed")) {
            current.put("seed", 8);
        }
        current.put("id", "sim_1").put("state", "running").put("progress", 0.1);
        polls = 0;
        return current.deepCopy();
    }

    synchronized JsonNode stop() {
        current.put("state", "stopped");
        return current.deepCopy();
    }

    synchronized JsonNode document() {
        polls++;
        boolean runs = current.path("state").asText().equals("running");
        if (runs && !held && polls > 1) {
            current.put("state", "done").put("progress", 1);
            ArrayNode results = current.putArray("runs");
            results.add(run("with fallbacks", 0.9998, 1.2, 0));
            results.add(run("primary alone", 0.81, 1, 0.95));
            current.set("weather", MockSettings.tree("""
                    [{"provider": "openai", "incidents": [{"from": 60, "until": 110, "down": true}, {"from": 200, "until": 220, "down": false}]},
                     {"provider": "anthropic", "incidents": []}]"""));
        } else if (runs) {
            current.put("progress", 0.5);
        }
        return current.deepCopy();
    }

    /** @param loss the share of calls that fail in the outage */
    private static ObjectNode run(String name, double share, double slower, double loss) {
        ObjectNode run = object("""
                {"targets": ["openai/gpt-5.1"], "lost": 0, "attempts": 10100, "first_token_ms": {"p50": 820, "p95": 2600, "p99": 4100}}""");
        run.put("name", name).put("calls", 9000).put("answered", Math.round(9000 * share));
        ArrayNode curve = run.putArray("first_token_curve");
        for (int i = 0; i <= 60; i++) {
            curve.addArray().add(1 - Math.pow(10, -i / 20.0)).add(Math.round(slower * 300 * Math.pow(10, i / 25.0)));
        }
        ArrayNode timeline = run.putArray("timeline");
        for (int minute = 0; minute < MINUTES; minute += 3) {
            timeline.addArray().add(minute).add(minute >= 60 && minute < 110 ? 1 - loss : 0.999);
        }
        return run;
    }
}
