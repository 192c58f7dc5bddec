package dev.understudy.simulator.world;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** What becomes of one provider over the whole simulation: its spells, known from the start, as an oracle knows them. */
public final class Weather {
    private final List<Spell> spells;

    private Weather(List<Spell> spells) {
        this.spells = List.copyOf(spells);
    }

    /** Without an incident at all times but these. */
    public static Weather of(List<Spell> spells) {
        return new Weather(
                spells.stream().sorted(Comparator.comparingLong(Spell::from)).toList());
    }

    /**
     * Draws the weather of a provider.
     *
     * @param end nothing begins after it
     */
    public static Weather draw(long seed, String provider, Climate climate, Shocks shocks, long end) {
        List<Spell> spells = new ArrayList<>();
        incidents(Draws.of(seed, "weather " + provider), climate, end, spells);
        shocks(seed, provider, shocks, end, spells);
        return of(spells);
    }

    private static void incidents(SplittableRandom random, Climate climate, long end, List<Spell> into) {
        long gap = climate.meanGap().toNanos();
        if (gap <= 0) {
            return;
        }
        // The simulation begins at any point of the process, so that the first gap is like all others.
        long at = (long) (gap * random.nextExponential());
        while (at < end) {
            long until = at + Math.max(1, climate.length().nanos(random));
            boolean down = random.nextDouble() < climate.down();
            Spell.Symptom symptom = symptom(random, climate.silent());
            into.add(new Spell(at, until, down ? Spell.State.DOWN : Spell.State.BROWN_OUT, symptom));
            at = until + (long) (gap * random.nextExponential());
        }
    }

    /** All providers draw the same shocks, and each draws by itself whether it is hit. */
    private static void shocks(long seed, String provider, Shocks shocks, long end, List<Spell> into) {
        long gap = shocks.meanGap().toNanos();
        if (gap <= 0) {
            return;
        }
        SplittableRandom common = Draws.of(seed, "shocks");
        SplittableRandom own = Draws.of(seed, "shocks " + provider);
        for (long at = (long) (gap * common.nextExponential());
                at < end;
                at += (long) (gap * common.nextExponential())) {
            long until = at + Math.max(1, shocks.length().nanos(common));
            boolean hit = own.nextDouble() < shocks.reach();
            Spell.Symptom symptom = symptom(own, 0.5);
            if (hit) {
                into.add(new Spell(at, until, Spell.State.DOWN, symptom));
            }
        }
    }

    private static Spell.Symptom symptom(SplittableRandom random, double silent) {
        if (random.nextDouble() < silent) {
            return random.nextInt(4) == 0 ? Spell.Symptom.UNREACHABLE : Spell.Symptom.SILENT;
        }
        return random.nextInt(3) == 0 ? Spell.Symptom.REFUSES : Spell.Symptom.ERRORS;
    }

    /** The spell at a time, the worse one if two overlap; empty if the provider has no incident. */
    public Optional<Spell> at(long time) {
        Optional<Spell> worst = Optional.empty();
        for (Spell spell : spells) {
            if (spell.from() > time) {
                break;
            }
            if (spell.contains(time)
                    && (worst.isEmpty() || spell.state().compareTo(worst.get().state()) > 0)) {
                worst = Optional.of(spell);
            }
        }
        return worst;
    }

    /** Whether the provider has no incident. */
    public boolean isFair(long time) {
        return at(time).isEmpty();
    }

    /** The first outage that begins after a time and not later than another. */
    public Optional<Spell> outageBetween(long after, long until) {
        for (Spell spell : spells) {
            if (spell.from() > until) {
                break;
            }
            if (spell.state() == Spell.State.DOWN && spell.from() > after) {
                return Optional.of(spell);
            }
        }
        return Optional.empty();
    }

    /** All spells, by their beginning. */
    public List<Spell> spells() {
        return spells;
    }
}
