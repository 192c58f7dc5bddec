package dev.understudy.simulator.settings;

import dev.understudy.engine.FailureKind;
import dev.understudy.simulator.world.Climate;
import dev.understudy.simulator.world.Faults;
import dev.understudy.simulator.world.Habits;
import dev.understudy.simulator.world.Lognormal;
import dev.understudy.simulator.world.ModelProfile;
import dev.understudy.simulator.world.ProviderProfile;
import dev.understudy.simulator.world.RateLimit;
import dev.understudy.simulator.world.Reasoning;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Reads one provider. */
final class ProviderReader {
    private ProviderReader() {}

    static ProviderProfile read(YamlSection section) {
        section.only("first-token", "per-token", "incidents", "faults", "rate-limit", "habits", "models");
        Map<String, ModelProfile> models = new LinkedHashMap<>();
        section.section("models").sections().forEach((name, below) -> models.put(name, model(below)));
        return new ProviderProfile(
                lognormal(
                        section.section("first-token").only("median", "spread"), "median", Duration.ofMillis(800), 0.7),
                lognormal(section.section("per-token").only("median", "spread"), "median", Duration.ofMillis(15), 0.3),
                climate(section.section("incidents")),
                faults(section.section("faults")),
                section.has("rate-limit") ? Optional.of(limit(section.section("rate-limit"))) : Optional.empty(),
                habits(section.section("habits")),
                models);
    }

    private static Habits habits(YamlSection habits) {
        habits.only("early", "pings", "ping-gap", "late", "late-by", "pauses", "pause", "spread");
        return new Habits(
                habits.share("early", 0),
                habits.share("pings", 0),
                lognormal(habits, "ping-gap", Duration.ofSeconds(5), 0),
                habits.share("late", 0),
                lognormal(habits, "late-by", Duration.ofSeconds(15), 0.5),
                habits.share("pauses", 0),
                lognormal(habits, "pause", Duration.ofSeconds(10), 0.5));
    }

    private static ModelProfile model(YamlSection model) {
        model.only("reasoning", "refused");
        YamlSection reasoning = model.section("reasoning").only("median", "spread", "shows", "recognised");
        return new ModelProfile(
                model.has("reasoning")
                        ? Optional.of(new Reasoning(
                                lognormal(reasoning, "median", Duration.ofSeconds(20), 0.7),
                                reasoning.parsed("shows", Reasoning.Shows.REASONING, ProviderReader::shows),
                                reasoning.flag("recognised", true)))
                        : Optional.empty(),
                model.has("refused")
                        ? Optional.of(model.parsed("refused", FailureKind.QUOTA, ProviderReader::refusal))
                        : Optional.empty());
    }

    private static Reasoning.Shows shows(String text) {
        return switch (text) {
            case "reasoning" -> Reasoning.Shows.REASONING;
            case "pings" -> Reasoning.Shows.PINGS;
            case "nothing" -> Reasoning.Shows.NOTHING;
            default -> throw new IllegalArgumentException("is none of reasoning, pings and nothing");
        };
    }

    private static FailureKind refusal(String text) {
        return switch (text) {
            case "quota" -> FailureKind.QUOTA;
            case "auth" -> FailureKind.AUTH;
            case "forbidden" -> FailureKind.FORBIDDEN;
            default -> throw new IllegalArgumentException("is none of quota, auth and forbidden");
        };
    }

    private static Climate climate(YamlSection incidents) {
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

    private static Faults faults(YamlSection faults) {
        faults.only("errors", "limits", "hangs", "stalls", "cuts", "blanks", "junk", "tails", "account");
        Faults usual = Faults.ofDefaults();
        return Faults.NONE.toBuilder()
                .errors(faults.share("errors", usual.errors()))
                .limits(faults.share("limits", usual.limits()))
                .hangs(faults.share("hangs", usual.hangs()))
                .stalls(faults.share("stalls", usual.stalls()))
                .cuts(faults.share("cuts", usual.cuts()))
                .blanks(faults.share("blanks", usual.blanks()))
                .junk(faults.share("junk", usual.junk()))
                .tails(faults.share("tails", usual.tails()))
                .account(faults.share("account", usual.account()))
                .build();
    }

    private static RateLimit limit(YamlSection limit) {
        limit.only("per-minute", "burst", "hint");
        return new RateLimit(
                limit.number("per-minute", 0.001, 600) / 60, limit.number("burst", 1, 60), limit.flag("hint", true));
    }

    /** A median under a key, and the spread beside it. */
    static Lognormal lognormal(YamlSection section, String key, Duration median, double spread) {
        double nanos = section.parsed(key, (double) median.toNanos(), text -> {
            double parsed = YamlSection.durationOf(text).toNanos();
            if (!(parsed > 0)) {
                throw new IllegalArgumentException("must be more than 0");
            }
            return parsed;
        });
        return new Lognormal(nanos, section.number("spread", 0, spread));
    }
}
