package dev.understudy.simulator.run;

import dev.understudy.simulator.world.Arrivals;
import dev.understudy.simulator.world.Bursts;
import dev.understudy.simulator.world.Poisson;
import dev.understudy.simulator.world.Sizes;
import dev.understudy.simulator.world.Trace;
import java.time.Duration;

/** How calls come. */
public sealed interface Traffic {

    /** One by one. */
    record Steady(double perSecond, Sizes sizes) implements Traffic {}

    /** Many at once. */
    record InBursts(double perSecond, int size, Duration width, Sizes sizes) implements Traffic {}

    /** As they came once. */
    record Recorded(Trace trace) implements Traffic {}

    /** The calls of one run. */
    default Arrivals arrivals(long seed, long end) {
        return switch (this) {
            case Steady steady -> new Poisson(seed, steady.perSecond(), steady.sizes(), end);
            case InBursts bursts ->
                new Bursts(
                        seed, bursts.perSecond(), bursts.size(), bursts.width().toNanos(), bursts.sizes(), end);
            case Recorded recorded -> recorded.trace().again();
        };
    }
}
