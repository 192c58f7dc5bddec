package dev.understudy.gateway.simulate;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.simulator.report.Results;
import dev.understudy.simulator.run.Timeline;
import dev.understudy.simulator.world.Spell;
import java.util.Locale;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;

/** A simulation as the admin API has it: its figures, and points for plots. */
public final class SimulationDocument {
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int POINTS = 120;
    private static final double NINES_STEP = 0.05;
    private static final double MOST_NINES = 3;

    private SimulationDocument() {}

    /** The document of a simulation as it stands. */
    public static ObjectNode of(Simulations.Run run) {
        Simulations.Order order = run.order();
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("id", run.id());
        json.put("state", run.state().name().toLowerCase(Locale.ROOT));
        json.put("progress", Math.round(run.progress() * 100) / 100.0);
        json.put("chain", order.chain());
        json.put("outage", order.outage().wireName());
        json.put("worlds", order.worlds());
        json.put("hours", order.hours());
        json.put("calls", order.calls());
        json.put("seed", order.seed());
        if (run.state() == Simulations.State.DONE) {
            ArrayNode runs = json.putArray("runs");
            run.outcomes().forEach(outcome -> runs.add(outcome(outcome, order.hours())));
            run.results()
                    .ifPresent(results ->
                            json.set("weather", weather(results.runs().getFirst())));
        }
        return json;
    }

    private static ObjectNode outcome(Simulations.Outcome outcome, int hours) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("name", outcome.chain().name());
        ArrayNode targets = json.putArray("targets");
        outcome.chain().targets().forEach(targets::add);
        json.put("calls", outcome.calls());
        json.put("answered", outcome.answered());
        json.put("lost", outcome.lost());
        json.put("attempts", outcome.attempts());
        ObjectNode times = json.putObject("first_token_ms");
        times.put("p50", outcome.firstToken().quantile(0.5) / MILLI);
        times.put("p95", outcome.firstToken().quantile(0.95) / MILLI);
        times.put("p99", outcome.firstToken().quantile(0.99) / MILLI);
        // Shares of the answered calls, and the time by which so many had their first content.
        ArrayNode curve = json.putArray("first_token_curve");
        for (double nines = 0; outcome.firstToken().size() > 0 && nines <= MOST_NINES; nines += NINES_STEP) {
            double share = 1 - Math.pow(10, -nines);
            curve.addArray()
                    .add(Math.round(share * 1e6) / 1e6)
                    .add(outcome.firstToken().quantile(share) / MILLI);
        }
        json.set("timeline", timeline(outcome.first().timeline(), hours));
        return json;
    }

    /** The share of answered calls in the first world, in slices of time: the minute of a slice's beginning, and its share. */
    private static ArrayNode timeline(Timeline timeline, int hours) {
        ArrayNode points = JsonNodeFactory.instance.arrayNode();
        SortedMap<Long, Timeline.Minute> minutes = timeline.minutes();
        long end = TimeUnit.HOURS.toMinutes(hours);
        long step = Math.max(1, end / POINTS);
        for (long from = 0; from < end; from += step) {
            SortedMap<Long, Timeline.Minute> slice = minutes.subMap(from, from + step);
            if (!slice.isEmpty()) {
                double share = slice.values().stream()
                        .reduce(new Timeline.Minute(0, 0), Timeline.Minute::plus)
                        .share();
                points.addArray().add(from).add(Math.round(share * 1e4) / 1e4);
            }
        }
        return points;
    }

    private static ArrayNode weather(Results.Run run) {
        ArrayNode providers = JsonNodeFactory.instance.arrayNode();
        run.weather().forEach((name, weather) -> {
            ObjectNode provider = providers.addObject();
            provider.put("provider", name);
            ArrayNode spells = provider.putArray("incidents");
            for (Spell spell : weather.spells()) {
                spells.addObject()
                        .put("from", TimeUnit.NANOSECONDS.toMinutes(spell.from()))
                        .put("until", TimeUnit.NANOSECONDS.toMinutes(spell.until()))
                        .put("down", spell.state() == Spell.State.DOWN);
            }
        });
        return providers;
    }
}
