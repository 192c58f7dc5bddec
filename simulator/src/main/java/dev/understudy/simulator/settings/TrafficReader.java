package dev.understudy.simulator.settings;

import dev.understudy.simulator.run.Traffic;
import dev.understudy.simulator.world.Sizes;
import java.time.Duration;

/** Reads how calls come, where no trace says it. */
final class TrafficReader {
    private TrafficReader() {}

    static Traffic read(Section calls) {
        double perSecond = calls.parsed("per-second", 0.5, text -> {
            double number = Double.parseDouble(text);
            if (!(number > 0 && number <= 10_000)) {
                throw new IllegalArgumentException("must be more than 0 and at most 10000");
            }
            return number;
        });
        return calls.parsed("arrivals", new Traffic.Steady(perSecond, Sizes.ofDefaults()), text -> switch (text) {
            case "poisson" -> new Traffic.Steady(perSecond, Sizes.ofDefaults());
            case "bursts" ->
                new Traffic.InBursts(
                        perSecond,
                        calls.whole("burst", 1, 20),
                        calls.duration("within", Duration.ofSeconds(2)),
                        Sizes.ofDefaults());
            default -> throw new IllegalArgumentException("is neither poisson nor bursts");
        });
    }
}
