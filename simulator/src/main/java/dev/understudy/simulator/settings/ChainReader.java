package dev.understudy.simulator.settings;

import dev.understudy.engine.CommitPoint;
import dev.understudy.engine.CooldownPolicy;
import dev.understudy.engine.Group;
import dev.understudy.engine.Recovery;
import dev.understudy.engine.RetryPolicy;
import dev.understudy.engine.Timeouts;
import dev.understudy.simulator.rules.Budgets;
import dev.understudy.simulator.run.ChainSettings;
import dev.understudy.simulator.world.ProviderProfile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads one chain, whose keys are those of a model in the gateway's configuration. */
final class ChainReader {
    private ChainReader() {}

    static ChainSettings read(String name, YamlSection section, Map<String, ProviderProfile> providers) {
        section.only("targets", "deadline", "timeouts", "retry", "cooldown", "stream", "hedging", "overlap");
        ChainSettings usual = ChainSettings.of(name, List.of());
        YamlSection stream = section.section("stream").only("commit", "recovery");
        // The older name stays valid.
        YamlSection hedging =
                section.section(section.has("hedging") ? "hedging" : "overlap").only("enabled", "budget");
        YamlSection retry = section.section("retry").only("attempts", "base", "cap", "patience", "budget");
        Targets targets = new Targets(section, providers);
        return ChainSettings.of(name, targets.names).toBuilder()
                .groups(targets.groups)
                .deadline(
                        section.has("deadline")
                                ? Optional.of(section.positive("deadline", Duration.ofSeconds(45)))
                                : Optional.empty())
                .timeouts(timeouts(section.section("timeouts"), usual.timeouts()))
                .retry(new RetryPolicy(
                        retry.whole("attempts", 0, usual.retry().attempts()),
                        retry.duration("base", usual.retry().base()),
                        retry.duration("cap", usual.retry().cap()),
                        retry.duration("patience", usual.retry().patience()),
                        !retry.has("attempts")))
                .cooldown(cooldown(section.section("cooldown"), usual.cooldown()))
                .commit(stream.parsed("commit", usual.commit(), ChainReader::commitPoint))
                .recovery(stream.parsed("recovery", usual.recovery(), ChainReader::recovery))
                .hedging(hedging.flag("enabled", usual.hedging()))
                .budgets(new Budgets(
                        retry.share("budget", usual.budgets().retries()),
                        hedging.share("budget", usual.budgets().hedges())))
                .build();
    }

    /** The targets of a chain, and the groups among them. */
    private static final class Targets {
        private final Map<String, ProviderProfile> providers;
        private final List<String> names = new ArrayList<>();
        private final List<Group> groups = new ArrayList<>();

        Targets(YamlSection section, Map<String, ProviderProfile> providers) {
            this.providers = providers;
            for (YamlSection.Item item : section.items("targets")) {
                if (item.section().isPresent()) {
                    group(item.section().get());
                } else {
                    add(item.text(), section, "targets");
                }
            }
            if (names.isEmpty()) {
                section.problem("targets", "name at least one target as provider/model");
            }
        }

        private void add(String target, YamlSection section, String key) {
            int slash = target.indexOf('/');
            if (slash < 1 || slash == target.length() - 1) {
                section.problem(key, "`" + target + "` is no target; write provider/model");
            } else if (!providers.containsKey(target.substring(0, slash))) {
                section.problem(key, "`" + target + "` is at no provider of this file");
            }
            names.add(target);
        }

        private void group(YamlSection section) {
            section.only("strategy", "affinity", "slow-start", "members");
            List<Group.Member> members = new ArrayList<>();
            for (YamlSection.Item item : section.items("members")) {
                double weight = item.section()
                        .map(keys -> keys.only("target", "weight").number("weight", 0, 1))
                        .orElse(1.0);
                members.add(new Group.Member(List.of(names.size()), weight));
                add(
                        item.section().flatMap(keys -> keys.text("target")).orElse(item.text()),
                        item.section().orElse(section),
                        item.section().isPresent() ? "target" : "members");
            }
            if (members.isEmpty()) {
                section.problem("members", "a group needs at least one member");
                return;
            }
            Group.Strategy strategy = section.parsed("strategy", Group.Strategy.WEIGHTED, ChainReader::strategy);
            boolean usual = strategy == Group.Strategy.WEIGHTED || strategy == Group.Strategy.LEAST_LOADED;
            groups.add(new Group(
                    "group " + (groups.size() + 1),
                    strategy,
                    section.parsed("affinity", usual, ChainReader::affinity),
                    section.duration("slow-start", Group.USUAL_SLOW_START),
                    members));
        }
    }

    private static Group.Strategy strategy(String text) {
        return Arrays.stream(Group.Strategy.values())
                .filter(strategy -> strategy.wireName().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "is none of weighted, least-loaded, lowest-latency and round-robin"));
    }

    private static boolean affinity(String text) {
        return switch (text) {
            case "conversation" -> true;
            case "none" -> false;
            default -> throw new IllegalArgumentException("is neither conversation nor none");
        };
    }

    private static Timeouts timeouts(YamlSection section, Timeouts usual) {
        section.only("connect", "first-token", "idle", "answer", "reasoning", "total", "when-late");
        return new Timeouts(
                section.positive("connect", usual.connect()),
                section.positive("first-token", usual.firstToken()),
                section.positive("idle", usual.idle()),
                section.positive("answer", usual.answer()),
                section.positive("reasoning", usual.reasoning()),
                section.has("total")
                        ? Optional.of(section.positive("total", Duration.ofSeconds(45)))
                        : Optional.empty(),
                section.parsed("when-late", usual.cancels(), ChainReader::cancels));
    }

    private static boolean cancels(String text) {
        return switch (text) {
            case "cancel" -> true;
            case "hedge" -> false;
            default -> throw new IllegalArgumentException("is neither hedge nor cancel");
        };
    }

    private static CooldownPolicy cooldown(YamlSection section, CooldownPolicy usual) {
        section.only("after", "success-rate", "base", "cap", "quick-cap", "credential", "hint-cap");
        Duration cap = section.positive("cap", usual.cap());
        Duration quick = cap.compareTo(usual.quickCap()) < 0 ? cap : usual.quickCap();
        return new CooldownPolicy(
                section.whole("after", 1, usual.after()),
                section.share("success-rate", usual.successRate()),
                section.positive("base", usual.base()),
                cap,
                section.positive("quick-cap", quick),
                section.positive("credential", usual.credential()),
                section.positive("hint-cap", usual.hintCap()));
    }

    private static CommitPoint commitPoint(String text) {
        return switch (text) {
            case "first-content" -> CommitPoint.FIRST_CONTENT;
            case "complete" -> CommitPoint.COMPLETE;
            default -> throw new IllegalArgumentException("is neither first-content nor complete");
        };
    }

    private static Recovery recovery(String text) {
        return switch (text) {
            case "continue" -> Recovery.CONTINUE;
            case "restart" -> Recovery.RESTART;
            case "terminate" -> Recovery.TERMINATE;
            default -> throw new IllegalArgumentException("is none of continue, restart and terminate");
        };
    }
}
