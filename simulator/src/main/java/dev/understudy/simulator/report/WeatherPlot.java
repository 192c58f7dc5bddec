package dev.understudy.simulator.report;

import dev.understudy.simulator.run.Timeline;
import dev.understudy.simulator.world.Spell;
import dev.understudy.simulator.world.Weather;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;

/** One chain over time: which share of its calls was answered, and what its providers were doing. */
final class WeatherPlot {
    private static final int WIDTH = 900;
    private static final double LEFT = 90;
    private static final double CURVE = 90;
    private static final double TOP = 10;
    private static final double LANE = 18;
    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);
    private static final int STEPS = 200;

    private WeatherPlot() {}

    static String svg(Results.Run run) {
        double end = Math.max(1, run.scenario().duration().toNanos());
        int height = (int) (TOP + CURVE + 16 + LANE * run.weather().size() + 20);
        Svg svg = new Svg(WIDTH, height);
        svg.line(LEFT, TOP, WIDTH, TOP).label(LEFT - 6, TOP + 4, "end", "100%");
        svg.line(LEFT, TOP + CURVE, WIDTH, TOP + CURVE).label(LEFT - 6, TOP + CURVE + 4, "end", "0%");
        svg.curve(points(run.measures().timeline(), end), Svg.color(1));
        double y = TOP + CURVE + 16;
        for (Map.Entry<String, Weather> provider : run.weather().entrySet()) {
            svg.label(LEFT - 6, y + 11, "end", provider.getKey());
            svg.box(LEFT, y, WIDTH - LEFT, LANE - 6, "#3b8c5a", 0.15);
            for (Spell spell : provider.getValue().spells()) {
                double from = x((double) spell.from(), end);
                double until = x(Math.min((double) spell.until(), end), end);
                boolean down = spell.state() == Spell.State.DOWN;
                svg.box(from, y, Math.max(0.5, until - from), LANE - 6, "#cf5c36", down ? 0.9 : 0.35);
            }
            y += LANE;
        }
        for (int part = 0; part <= 4; part++) {
            double at = end * part / 4;
            String words = String.format(Locale.ROOT, "%.1f h", at / 3.6e12);
            svg.label(x(at, end), y + 12, part == 4 ? "end" : "middle", words);
        }
        return svg.end();
    }

    private static String points(Timeline timeline, double end) {
        SortedMap<Long, Timeline.Minute> minutes = timeline.minutes();
        long step = Math.max(1, (long) (end / MINUTE / STEPS));
        StringBuilder points = new StringBuilder();
        for (long from = 0; from * MINUTE < end; from += step) {
            SortedMap<Long, Timeline.Minute> some = minutes.subMap(from, from + step);
            if (!some.isEmpty()) {
                Timeline.Minute all = some.values().stream().reduce(new Timeline.Minute(0, 0), Timeline.Minute::plus);
                double y = TOP + CURVE * (1 - all.share());
                points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x((from + step / 2.0) * MINUTE, end), y));
            }
        }
        return points.toString();
    }

    private static double x(double time, double end) {
        return LEFT + (WIDTH - LEFT) * Math.min(1, time / end);
    }
}
