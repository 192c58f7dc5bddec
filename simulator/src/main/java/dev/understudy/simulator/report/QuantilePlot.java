package dev.understudy.simulator.report;

import dev.understudy.simulator.run.Samples;
import java.util.Locale;

/** How long it took to the first token: nines upwards, seconds to the right, both by powers of ten. */
final class QuantilePlot {
    private static final int WIDTH = 900;
    private static final int HEIGHT = 320;
    private static final double LEFT = 60;
    /** Room for half of the last label. */
    private static final double RIGHT = WIDTH - 25.0;

    private static final double BOTTOM = HEIGHT - 30.0;
    private static final double TOP = 10;
    private static final double SHORTEST = 0.05;
    private static final double LONGEST = 100;
    /** Up to four nines. */
    private static final double MOST_NINES = 4;

    private QuantilePlot() {}

    static String svg(Results results) {
        Svg svg = new Svg(WIDTH, HEIGHT);
        String[] shares = {"0%", "90%", "99%", "99.9%", "99.99%"};
        for (int nines = 0; nines < shares.length; nines++) {
            svg.line(LEFT, y(nines), RIGHT, y(nines)).label(LEFT - 6, y(nines) + 4, "end", shares[nines]);
        }
        for (double seconds : new double[] {0.1, 0.3, 1, 3, 10, 30, 100}) {
            String words = (seconds < 1 ? String.valueOf(seconds) : String.valueOf((int) seconds)) + " s";
            svg.line(x(seconds), BOTTOM, x(seconds), TOP).label(x(seconds), BOTTOM + 18, "middle", words);
        }
        for (int i = 0; i < results.runs().size(); i++) {
            Results.Run run = results.runs().get(i);
            svg.curve(points(run.measures().firstToken()), Svg.color(i));
            svg.label(LEFT + 10, TOP + 14 + 15 * i, "start", run.name());
            svg.box(LEFT + 2, TOP + 6 + 15 * i, 5, 9, Svg.color(i), 1);
        }
        return svg.end();
    }

    private static String points(Samples samples) {
        StringBuilder points = new StringBuilder();
        for (double nines = 0; samples.size() > 0 && nines <= MOST_NINES; nines += 0.02) {
            double share = 1 - Math.pow(10, -nines);
            double seconds = samples.quantile(share) / 1e9;
            points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(seconds), y(nines)));
        }
        return points.toString();
    }

    private static double x(double seconds) {
        double shown = Math.max(SHORTEST, Math.min(LONGEST, seconds));
        return LEFT + (RIGHT - LEFT) * Math.log(shown / SHORTEST) / Math.log(LONGEST / SHORTEST);
    }

    private static double y(double nines) {
        return BOTTOM - (BOTTOM - TOP) * nines / MOST_NINES;
    }
}
