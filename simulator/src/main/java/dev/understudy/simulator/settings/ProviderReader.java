package dev.understudy.simulator.settings;

import dev.understudy.simulator.world.Climate;
import dev.understudy.simulator.world.Faults;
import dev.understudy.simulator.world.Lognormal;
import dev.understudy.simulator.world.ProviderSettings;
import dev.understudy.simulator.world.RateLimit;
import java.time.Duration;
import java.util.Optional;

/** Reads one provider. */
final class ProviderReader {
    private ProviderReader() {}

    static ProviderSettings read(Section section) {
        section.only("first-token", "per-token", "incidents", "faults", "rate-limit");
        return new ProviderSettings(
                lognormal(
                        section.section("first-token").only("median", "spread"), "median", Duration.ofMillis(800), 0.7),
                lognormal(section.section("per-token").only("median", "spread"), "median", Duration.ofMillis(15), 0.3),
                climate(section.section("incidents")),
                faults(section.section("faults")),
                section.has("rate-limit") ? Optional.of(limit(section.section("rate-limit"))) : Optional.empty());
    }

    private static Climate climate(Section incidents) {
        incidents.only("gap", "length", "spread", "down", "silent", "errors", "hangs", "slower");
        Climate usual = Climate.ofDefaults();
        return new Climate(
                incidents.duration("gap", usual.meanGap()),
                lognormal(
                        incidents,
                        "length",
                        Duration.ofMinutes(75),
                        usual.length().spread()),
                incidents.share("down", usual.down()),
                incidents.share("silent", usual.silent()),
                incidents.share("errors", usual.errors()),
                incidents.share("hangs", usual.hangs()),
                incidents.number("slower", 1, usual.slower()));
    }

    private static Faults faults(Section faults) {
        faults.only("errors", "limits", "hangs", "stalls", "cuts", "blanks", "junk", "tails", "account");
        Faults usual = Faults.ofDefaults();
        return new Faults(
                faults.share("errors", usual.errors()),
                faults.share("limits", usual.limits()),
                faults.share("hangs", usual.hangs()),
                faults.share("stalls", usual.stalls()),
                faults.share("cuts", usual.cuts()),
                faults.share("blanks", usual.blanks()),
                faults.share("junk", usual.junk()),
                faults.share("tails", usual.tails()),
                faults.share("account", usual.account()),
                false);
    }

    private static RateLimit limit(Section limit) {
        limit.only("per-minute", "burst", "hint");
        return new RateLimit(
                limit.number("per-minute", 0.001, 600) / 60, limit.number("burst", 1, 60), limit.flag("hint", true));
    }

    /** A median under a key, and the spread beside it. */
    static Lognormal lognormal(Section section, String key, Duration median, double spread) {
        double nanos = section.parsed(key, (double) median.toNanos(), text -> {
            double parsed = Section.durationOf(text).toNanos();
            if (!(parsed > 0)) {
                throw new IllegalArgumentException("must be more than 0");
            }
            return parsed;
        });
        return new Lognormal(nanos, section.number("spread", 0, spread));
    }
}
