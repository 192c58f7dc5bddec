package dev.understudy.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Exchanges the openings and closings of circuits between the {@link HealthRegistry} of this replica and those of others. It
 * compares what is open now with what was open before, so that calls pay nothing for it, and every opening and closing is reported,
 * whatever caused it. Sending the reports is left to the class that uses this one.
 *
 * <p><b>News is advice.</b> A replica may have lost its own way to a provider that all others reach. Therefore:
 *
 * <ul>
 *   <li>News of a failure opens a circuit here unless an attempt that began later than the failed one was answered here, or a trial
 *       here has lately disproved such news. In both cases the circuit only becomes sensitive: its next failure opens it.
 *   <li>What a provider says itself (a rate limit with a time to wait, a refused key) is true for all replicas that use the key, and
 *       is followed as if it had been said here.
 *   <li>News of a success closes a circuit, unless an attempt that began later than the successful one has failed here. Where the
 *       failures were seen here, the circuit stays sensitive.
 * </ul>
 *
 * <p><b>One trial for all.</b> Without more, all replicas would try a target at the moment at which its cooldown ends. Each adds a
 * different share to cooldowns that others tell, so that usually one replica tries first, and its news comes before the others'
 * trials. The shares change from trial to trial, so that no replica always decides for all.
 *
 * <p><b>No echo.</b> News of other replicas is not passed on. For use by one thread; the time is an argument.
 *
 * @see <a href="https://doi.org/10.1145/41840.41841">Demers et al., Epidemic algorithms for replicated database maintenance</a>, on
 *     news that spreads and dies out
 */
public final class HealthExchange {
    /** The longest part of a cooldown that is added to news. */
    private static final double LONGEST_SHARE = 0.3;

    private static final long LONGEST_ADDITION = TimeUnit.SECONDS.toNanos(5);
    /** No replica can keep a circuit open elsewhere for longer than this, the longest hint that is honoured. */
    private static final long LONGEST = TimeUnit.HOURS.toNanos(1);

    private final HealthRegistry health;
    private final long seed;
    /** The circuits that were open when they were compared last. Never more than the registry has. */
    private Map<CircuitId, Known> known = new HashMap<>();

    private record Known(long until, long boundUntil) {
        static Known of(CircuitBreaker.Opening opening) {
            return new Known(opening.until(), opening.boundUntil());
        }
    }

    /** @param seed differs from replica to replica */
    public HealthExchange(HealthRegistry health, long seed) {
        this.health = health;
        this.seed = seed;
    }

    /** What has changed here since it was called last. */
    public List<CircuitNews> news(long now) {
        List<CircuitNews> news = new ArrayList<>();
        Map<CircuitId, Known> open = new HashMap<>();
        health.eachShared((circuit, breaker) -> {
            Optional<CircuitBreaker.Opening> opening = breaker.opening();
            if (opening.isPresent()) {
                Known current = Known.of(opening.get());
                open.put(circuit, current);
                boolean changed = !current.equals(known.get(circuit));
                if (changed && !opening.get().adopted() && opening.get().until() - now > 0) {
                    news.add(told(circuit, opening.get(), now));
                }
            } else if (known.containsKey(circuit)) {
                news.add(new CircuitNews.Closed(circuit, Math.max(0, now - breaker.closedBy())));
                known.remove(circuit);
            }
        });
        // What a reset has forgotten, or made room for others.
        for (CircuitId circuit : known.keySet()) {
            if (!open.containsKey(circuit)) {
                news.add(new CircuitNews.Closed(circuit, 0));
            }
        }
        known = open;
        return news;
    }

    /** All circuits that failures have opened here, for replicas that may have missed the news. */
    public List<CircuitNews> all(long now) {
        List<CircuitNews> news = new ArrayList<>();
        health.eachShared((circuit, breaker) -> breaker.opening()
                .filter(opening -> !opening.adopted() && opening.until() - now > 0)
                .ifPresent(opening -> news.add(told(circuit, opening, now))));
        return news;
    }

    private static CircuitNews told(CircuitId circuit, CircuitBreaker.Opening opening, long now) {
        return new CircuitNews.Opened(
                circuit,
                opening.because(),
                opening.until() - now,
                opening.bound() ? Math.max(0, opening.boundUntil() - now) : 0,
                opening.hinted(),
                opening.trips(),
                Math.max(0, now - opening.newsBegan()));
    }

    /** Another replica has told this. */
    public void apply(CircuitNews news, long now) {
        CircuitId circuit = news.circuit();
        switch (news) {
            case CircuitNews.Opened opened -> open(opened, now);
            case CircuitNews.Closed closed -> health.closedElsewhere(circuit, Math.max(0, closed.age()), now);
        }
        // So that it is not passed on.
        Optional<CircuitBreaker.Opening> opening = health.shared(circuit).flatMap(CircuitBreaker::opening);
        if (opening.isPresent()) {
            known.put(circuit, Known.of(opening.get()));
        } else {
            known.remove(circuit);
        }
    }

    private void open(CircuitNews.Opened news, long now) {
        long remaining = Math.clamp(news.remaining(), 1, LONGEST);
        long binding = Math.clamp(news.binding(), 0, LONGEST);
        int trips = Math.clamp(news.trips(), 0, 30);
        long addition = Math.min((long) (remaining * share(news.circuit(), trips)), LONGEST_ADDITION);
        health.openedElsewhere(
                new CircuitNews.Opened(
                        news.circuit(),
                        news.because(),
                        remaining + addition,
                        binding,
                        news.hinted(),
                        trips,
                        Math.max(0, news.age())),
                now);
    }

    /** Depends on nothing else, so that further news of the same cooldown adds nothing to it. */
    private double share(CircuitId circuit, int trips) {
        // The finalizer of SplitMix64.
        long mixed = seed + 0x9E3779B97F4A7C15L * (31L * circuit.hashCode() + trips + 1);
        mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        mixed ^= mixed >>> 31;
        return LONGEST_SHARE * ((mixed >>> 11) * 0x1.0p-53);
    }
}
