package dev.understudy.calls.config;

import dev.understudy.engine.CooldownPolicy;
import dev.understudy.engine.FailureKind;
import dev.understudy.engine.RetryPolicy;
import dev.understudy.engine.Timeouts;
import dev.understudy.protocol.acceptance.Acceptance;
import dev.understudy.protocol.options.AnswerPattern;
import dev.understudy.protocol.options.FallbackOnValues;
import dev.understudy.protocol.options.KeepAliveInterval;
import dev.understudy.protocol.options.StreamOptionValues;
import dev.understudy.protocol.options.ToolCallDelivery;
import dev.understudy.protocol.options.WhenLate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the keys of {@code defaults}, which every model may repeat, and every target in part. A level inherits
 * what it does not state from the level around it.
 */
final class LimitsReader {
    /** Longer answers than this are not written. */
    private static final int LONGEST_MINIMUM = 1_000_000;

    /** Switches the fallbacks of a model off, or those of all models. */
    static final String FALLBACKS_ENABLED = "fallbacks-enabled";

    private static final List<String> TARGET_KEYS = List.of("timeouts", "retry", "cooldown");
    private static final List<String> ALL_KEYS = List.of(
            "deadline",
            "timeouts",
            "retry",
            "cooldown",
            "fallback-on",
            "stream",
            "hedging",
            "overlap",
            "accept",
            FALLBACKS_ENABLED);

    /** Zero would mean "never", which is no valid limit. */
    private static final Duration SHORTEST = Duration.ofMillis(1);
    /** A whole answer takes longer than its first token; how much longer, only the operator knows. */
    private static final int ANSWER_PER_FIRST_TOKEN = 3;

    private LimitsReader() {}

    /**
     * The settings of one level, completed by those of the level around it.
     *
     * @param defaults the values
     * @param stated those of which others are derived, if this level or one around it states them
     */
    record Level(Defaults defaults, Stated stated) {
        static final Level BUILT_IN =
                new Level(Defaults.BUILT_IN, new Stated(Optional.empty(), Optional.empty(), Optional.empty()));
    }

    /**
     * Values that are derived from others unless they are stated.
     *
     * @param answer follows the late mark of the first token
     * @param reasoning is no shorter than the other late marks of the same answer
     * @param quickCap is no longer than the cap
     */
    record Stated(Optional<Duration> answer, Optional<Duration> reasoning, Optional<Duration> quickCap) {}

    /** The keys of a level, with others that stand beside them. */
    static String[] allKeysAnd(String... others) {
        return keysAnd(ALL_KEYS, others);
    }

    /** The same for a target. */
    static String[] targetKeysAnd(String... others) {
        return keysAnd(TARGET_KEYS, others);
    }

    private static String[] keysAnd(List<String> keys, String... others) {
        List<String> all = new ArrayList<>(List.of(others));
        all.addAll(keys);
        return all.toArray(String[]::new);
    }

    static Level read(Section section, Level around) {
        Defaults outer = around.defaults();
        Optional<Section> timeouts = section.section("timeouts");
        Optional<Section> retry = section.section("retry");
        Optional<Section> cooldown = section.section("cooldown");
        Optional<Section> hedging = hedging(section);
        Optional<Section> accept =
                section.section("accept").map(below -> below.only("empty", "json", "tools", "min-length", "matches"));
        Stated stated = new Stated(
                stated(timeouts, "answer", SHORTEST).or(around.stated()::answer),
                stated(timeouts, "reasoning", SHORTEST).or(around.stated()::reasoning),
                stated(cooldown, "quick-cap", SHORTEST).or(around.stated()::quickCap));
        TargetPolicy target = new TargetPolicy(
                timeouts.map(below -> timeouts(below, stated, outer.timeouts())).orElse(outer.timeouts()),
                retry.map(below -> retry(below, outer.retry())).orElse(outer.retry()),
                cooldown.map(below -> cooldown(below, stated, outer.cooldown())).orElse(outer.cooldown()));
        Defaults read = new Defaults(
                section.get("deadline")
                        .flatMap(entry -> entry.duration(SHORTEST))
                        .or(outer::deadline),
                target,
                section.section("stream")
                        .map(below -> stream(below, outer.stream()))
                        .orElse(outer.stream()),
                section.get("fallback-on").map(LimitsReader::fallbackOn).orElse(outer.fallbackOn()),
                hedging.flatMap(below -> below.get("enabled"))
                        .flatMap(Entry::flag)
                        .orElse(outer.hedging()),
                new Defaults.Budgets(
                        budget(retry).orElse(outer.budgets().retries()),
                        budget(hedging).orElse(outer.budgets().hedges())),
                new Defaults.Answers(
                        accept.flatMap(below -> below.get("empty"))
                                .flatMap(Entry::flag)
                                .orElse(outer.emptyAllowed()),
                        accept.map(below -> acceptance(below, outer.acceptance()))
                                .orElse(outer.acceptance())),
                // Off for all models is off, whatever a model states: one switch must do in an incident.
                outer.fallbacks()
                        && section.get(FALLBACKS_ENABLED).flatMap(Entry::flag).orElse(true));
        return new Level(read, stated);
    }

    private static Optional<Double> budget(Optional<Section> section) {
        return section.flatMap(below -> below.get("budget"))
                .flatMap(entry -> entry.parsed("a percentage such as 10%", Quantities::share));
    }

    /** {@code hedging}, or {@code overlap} as it was called before. */
    private static Optional<Section> hedging(Section section) {
        if (section.get("hedging").isPresent()) {
            section.get("overlap")
                    .ifPresent(entry ->
                            entry.problem("overlap is the old name of hedging, which is set too; keep only one"));
        }
        String key = section.get("hedging").isPresent() ? "hedging" : "overlap";
        return section.section(key).map(below -> below.only("enabled", "budget"));
    }

    private static Timeouts timeouts(Section section, Stated stated, Timeouts outer) {
        section.only("connect", "first-token", "idle", "answer", "reasoning", "when-late");
        Duration firstToken = duration(section, "first-token", SHORTEST, outer.firstToken());
        Duration answer = stated.answer()
                .orElse(
                        section.get("first-token").isPresent()
                                ? firstToken.multipliedBy(ANSWER_PER_FIRST_TOKEN)
                                : outer.answer());
        Duration usualReasoning = Timeouts.ofDefaults().reasoning();
        return new Timeouts(
                duration(section, "connect", SHORTEST, outer.connect()),
                firstToken,
                duration(section, "idle", SHORTEST, outer.idle()),
                answer,
                stated.reasoning().orElse(longest(usualReasoning, firstToken, answer)),
                Optional.empty(),
                section.get("when-late")
                        .flatMap(entry -> entry.parsed("hedge or cancel", WhenLate::parse))
                        .map(late -> late == WhenLate.CANCEL)
                        .orElse(outer.cancels()));
    }

    private static Duration longest(Duration... durations) {
        return Collections.max(List.of(durations));
    }

    /** A configured number of retries holds also when no other target is left. */
    private static RetryPolicy retry(Section section, RetryPolicy outer) {
        section.only("attempts", "base", "cap", "patience", "budget");
        RetryPolicy policy = new RetryPolicy(
                section.get("attempts").flatMap(entry -> entry.whole(0, 10)).orElse(outer.attempts()),
                duration(section, "base", Duration.ZERO, outer.base()),
                duration(section, "cap", Duration.ZERO, outer.cap()),
                duration(section, "patience", Duration.ZERO, outer.patience()),
                outer.persistent() && section.get("attempts").isEmpty());
        checkOrder(section, "base", policy.base(), "cap", policy.cap());
        return policy;
    }

    private static CooldownPolicy cooldown(Section section, Stated stated, CooldownPolicy outer) {
        section.only("after", "success-rate", "base", "cap", "quick-cap", "credential", "hint-cap");
        Duration base = duration(section, "base", SHORTEST, outer.base());
        Duration cap = duration(section, "cap", SHORTEST, outer.cap());
        checkOrder(section, "base", base, "cap", cap);
        if (section.get("quick-cap").isPresent() && stated.quickCap().isPresent()) {
            checkOrder(section, "base", base, "quick-cap", stated.quickCap().get());
            checkOrder(section, "quick-cap", stated.quickCap().get(), "cap", cap);
        }
        Duration quickCap = stated.quickCap().orElse(CooldownPolicy.QUICK_CAP);
        return new CooldownPolicy(
                section.get("after").flatMap(entry -> entry.whole(1, 1_000)).orElse(outer.after()),
                section.get("success-rate")
                        .flatMap(entry -> entry.parsed("a percentage such as 50%", Quantities::share))
                        .orElse(outer.successRate()),
                base,
                cap,
                quickCap.compareTo(cap) > 0 ? cap : quickCap,
                duration(section, "credential", SHORTEST, outer.credential()),
                duration(section, "hint-cap", SHORTEST, outer.hintCap()));
    }

    private static StreamSettings stream(Section section, StreamSettings outer) {
        section.only("commit", "recovery", "keep-alive", "tool-calls");
        return new StreamSettings(
                section.get("commit")
                        .flatMap(entry ->
                                entry.parsed("a commit point such as first-content", StreamOptionValues::commitPoint))
                        .orElse(outer.commit()),
                section.get("recovery")
                        .flatMap(entry -> entry.parsed("continue, restart or terminate", StreamOptionValues::recovery))
                        .orElse(outer.recovery()),
                section.get("keep-alive")
                        .flatMap(entry -> entry.parsed("a duration such as 10s, or off", KeepAliveInterval::parse))
                        .orElse(outer.keepAlive()),
                section.get("tool-calls")
                        .flatMap(entry -> entry.parsed("whole or live", ToolCallDelivery::parse))
                        .orElse(outer.toolCalls()));
    }

    /** An empty list means none, whatever the level around it has. */
    private static Set<FailureKind> fallbackOn(Entry list) {
        Set<FailureKind> kinds = new LinkedHashSet<>();
        for (Entry item : list.items().orElse(List.of())) {
            item.parsed("a kind of failure such as content-policy", FallbackOnValues::parse)
                    .ifPresent(kinds::add);
        }
        return kinds;
    }

    private static Acceptance acceptance(Section section, Acceptance outer) {
        return new Acceptance(
                section.get("json").flatMap(Entry::flag).orElse(outer.json()),
                section.get("tools").flatMap(Entry::flag).orElse(outer.tools()),
                section.get("min-length")
                        .flatMap(entry -> entry.whole(0, LONGEST_MINIMUM))
                        .orElse(outer.minLength()),
                section.get("matches")
                        .flatMap(entry -> entry.parsed("a regular expression", AnswerPattern::of))
                        .or(outer::matches));
    }

    private static void checkOrder(Section section, String shorter, Duration less, String longer, Duration more) {
        if (less.compareTo(more) > 0) {
            section.get(longer)
                    .or(() -> section.get(shorter))
                    .ifPresent(entry -> entry.problem(shorter + " (" + Quantities.text(less) + ") is longer than "
                            + longer + " (" + Quantities.text(more) + "); raise " + longer + " or lower " + shorter));
        }
    }

    private static Optional<Duration> stated(Optional<Section> section, String key, Duration least) {
        return section.flatMap(below -> below.get(key)).flatMap(entry -> entry.duration(least));
    }

    private static Duration duration(Section section, String key, Duration least, Duration otherwise) {
        return section.get(key).flatMap(entry -> entry.duration(least)).orElse(otherwise);
    }
}
