package dev.understudy.gateway.call;

import dev.understudy.engine.Target;
import dev.understudy.gateway.catalog.Route;
import java.util.concurrent.ConcurrentHashMap;

/** Remembers where routes go, so that addresses and headers are put together once and not for every request. */
final class Destinations {
    /** Callers may name models freely; what is beyond this is made anew each time. */
    private static final int MOST = 10_000;

    private final ConcurrentHashMap<Target, Destination> known = new ConcurrentHashMap<>();

    Destination of(Route route) {
        if (route.callersKey()) {
            return Destination.of(route);
        }
        Destination destination = known.get(route.target());
        if (destination != null) {
            return destination;
        }
        Destination made = Destination.of(route);
        if (known.size() < MOST) {
            known.put(route.target(), made);
        }
        return made;
    }
}
