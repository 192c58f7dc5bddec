package dev.understudy.simulator.settings;

import dev.understudy.simulator.run.Traffic;
import dev.understudy.simulator.world.Lognormal;
import dev.understudy.simulator.world.Sizes;
import java.time.Duration;

/** Reads how calls arrive, where no trace is given. */
final class TrafficReader {
    /** A long report or a file of a program; at 15 ms a token it takes a minute. */
    private static final int LONG_ANSWER = 4_000;

    private static final double LONG_SPREAD = 0.5;

    private TrafficReader() {}

    static Traffic read(YamlSection calls) {
        double perSecond = calls.parsed("per-second", 0.5, text -> {
            double number = Double.parseDouble(text);
            if (!(number > 0 && number <= 10_000)) {
                throw new IllegalArgumentException("must be more than 0 and at most 10000");
            }
            return number;
        });
        Sizes sizes = Sizes.ofDefaults()
                .withLong(
                        calls.share("long", 0),
                        new Lognormal(calls.number("long-tokens", 1, LONG_ANSWER), LONG_SPREAD));
        return calls.parsed("arrivals", new Traffic.Steady(perSecond, sizes), text -> switch (text) {
            case "poisson" -> new Traffic.Steady(perSecond, sizes);
            case "bursts" ->
                new Traffic.InBursts(
                        perSecond, calls.whole("burst", 1, 20), calls.duration("within", Duration.ofSeconds(2)), sizes);
            default -> throw new IllegalArgumentException("is neither poisson nor bursts");
        });
    }
}
