package dev.understudy.gateway.config;

import dev.understudy.engine.CooldownPolicy;
import dev.understudy.engine.RetryPolicy;
import dev.understudy.engine.Timeouts;
import dev.understudy.protocol.ask.AnswerPattern;
import dev.understudy.protocol.ask.StreamWords;
import dev.understudy.protocol.chat.acceptance.Acceptance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads the keys of {@code defaults}, which every model may repeat, and every target in part. What a level does not
 * say, the level around it says.
 */
final class LimitsReader {
    /** Longer answers than this are not written. */
    private static final int LONGEST_MINIMUM = 1_000_000;

    private static final List<String> TARGET_KEYS = List.of("timeouts", "retry", "cooldown");
    private static final List<String> ALL_KEYS =
            List.of("deadline", "timeouts", "retry", "cooldown", "stream", "overlap", "accept");

    /** Zero would mean "never", which no limit is meant to say. */
    private static final Duration SHORTEST = Duration.ofMillis(1);
    /** A whole answer takes longer than its first token; how much longer, only the operator knows. */
    private static final int ANSWER_PER_FIRST_TOKEN = 3;

    private LimitsReader() {}

    /**
     * What one level says, filled up from outside.
     *
     * @param defaults the values
     * @param answer the limit of a whole answer, if this level or one around it states it; where none does, it follows
     *     the limit of the first token
     */
    record Level(Defaults defaults, Optional<Duration> answer) {
        static final Level BUILT_IN = new Level(Defaults.BUILT_IN, Optional.empty());
    }

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
        Optional<Section> stream = section.section("stream").map(below -> below.only("commit", "recovery"));
        Optional<Section> overlap = section.section("overlap").map(below -> below.only("enabled", "budget"));
        Optional<Section> accept =
                section.section("accept").map(below -> below.only("empty", "json", "tools", "min-length", "matches"));
        Defaults read = new Defaults(
                duration(section, "deadline", SHORTEST, outer.deadline()),
                timeouts.map(below -> timeouts(below, around)).orElse(outer.timeouts()),
                retry.map(below -> retry(below, outer.retry())).orElse(outer.retry()),
                retry.flatMap(below -> below.get("budget"))
                        .flatMap(entry -> entry.parsed("a percentage such as 10%", Quantities::share))
                        .orElse(outer.retryBudget()),
                section.section("cooldown")
                        .map(below -> cooldown(below, outer.cooldown()))
                        .orElse(outer.cooldown()),
                stream.flatMap(below -> below.get("commit"))
                        .flatMap(
                                entry -> entry.parsed("a commit point such as first-content", StreamWords::commitPoint))
                        .orElse(outer.commit()),
                stream.flatMap(below -> below.get("recovery"))
                        .flatMap(entry -> entry.parsed("continue, restart or terminate", StreamWords::recovery))
                        .orElse(outer.recovery()),
                overlap.flatMap(below -> below.get("enabled"))
                        .flatMap(Entry::flag)
                        .orElse(outer.overlap()),
                overlap.flatMap(below -> below.get("budget"))
                        .flatMap(entry -> entry.parsed("a percentage such as 10%", Quantities::share))
                        .orElse(outer.overlapBudget()),
                accept.flatMap(below -> below.get("empty")).flatMap(Entry::flag).orElse(outer.emptyAllowed()),
                accept.map(below -> acceptance(below, outer.acceptance())).orElse(outer.acceptance()));
        Optional<Duration> answer = timeouts.flatMap(below -> below.get("answer"))
                .map(entry -> read.timeouts().answer());
        return new Level(read, answer.or(around::answer));
    }

    private static Timeouts timeouts(Section section, Level around) {
        section.only("connect", "first-token", "idle", "answer");
        Timeouts outer = around.defaults().timeouts();
        Duration firstToken = duration(section, "first-token", SHORTEST, outer.firstToken());
        Duration usualAnswer = section.get("first-token").isPresent()
                ? around.answer().orElse(firstToken.multipliedBy(ANSWER_PER_FIRST_TOKEN))
                : outer.answer();
        return new Timeouts(
                duration(section, "connect", SHORTEST, outer.connect()),
                firstToken,
                duration(section, "idle", SHORTEST, outer.idle()),
                duration(section, "answer", SHORTEST, usualAnswer),
                Optional.empty());
    }

    private static RetryPolicy retry(Section section, RetryPolicy outer) {
        section.only("attempts", "base", "cap", "patience", "budget");
        RetryPolicy policy = new RetryPolicy(
                section.get("attempts").flatMap(entry -> entry.whole(0, 10)).orElse(outer.attempts()),
                duration(section, "base", Duration.ZERO, outer.base()),
                duration(section, "cap", Duration.ZERO, outer.cap()),
                duration(section, "patience", Duration.ZERO, outer.patience()));
        checkOrder(section, policy.base(), policy.cap());
        return policy;
    }

    private static CooldownPolicy cooldown(Section section, CooldownPolicy outer) {
        section.only("after", "success-rate", "base", "cap", "credential");
        CooldownPolicy policy = new CooldownPolicy(
                section.get("after").flatMap(entry -> entry.whole(1, 1_000)).orElse(outer.after()),
                section.get("success-rate")
                        .flatMap(entry -> entry.parsed("a percentage such as 50%", Quantities::share))
                        .orElse(outer.successRate()),
                duration(section, "base", SHORTEST, outer.base()),
                duration(section, "cap", SHORTEST, outer.cap()),
                duration(section, "credential", SHORTEST, outer.credential()));
        checkOrder(section, policy.base(), policy.cap());
        return policy;
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

    private static void checkOrder(Section section, Duration base, Duration cap) {
        if (base.compareTo(cap) > 0) {
            section.get("cap")
                    .or(() -> section.get("base"))
                    .ifPresent(entry -> entry.problem("base (" + Quantities.text(base) + ") is longer than cap ("
                            + Quantities.text(cap) + "); raise cap or lower base"));
        }
    }

    private static Duration duration(Section section, String key, Duration least, Duration otherwise) {
        return section.get(key).flatMap(entry -> entry.duration(least)).orElse(otherwise);
    }
}
