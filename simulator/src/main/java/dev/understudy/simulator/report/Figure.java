package dev.understudy.simulator.report;

import dev.understudy.simulator.run.Measures;
import dev.understudy.simulator.run.Samples;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * One figure of a report.
 *
 * @param name the label in the text report
 * @param key the member in the JSON report
 * @param unit what it counts
 */
record Figure(String name, String key, Unit unit, ToDoubleFunction<Measures> value) {
    private static final double SECOND = 1e9;

    /** What a figure counts. */
    enum Unit {
        COUNT,
        NUMBER,
        SHARE,
        SECONDS
    }

    /** All of them, in the order of the reports. */
    static final List<Figure> ALL = List.of(
            new Figure("calls", "calls", Unit.COUNT, Measures::calls),
            new Figure("answered in time", "answered", Unit.SHARE, Measures::answered),
            new Figure("answered by the primary alone", "direct", Unit.SHARE, Measures::direct),
            new Figure("harm", "harm", Unit.SHARE, Measures::harm),
            new Figure("  of it unanswered", "lost", Unit.COUNT, Measures::lost),
            new Figure("rescue", "rescue", Unit.SHARE, Measures::rescue),
            new Figure("needless failover", "needless", Unit.SHARE, Measures::needless),
            new Figure("missed, answered by the oracle", "missed", Unit.SHARE, Measures::missed),
            new Figure(
                    "mean regret against the oracle",
                    "regret_mean_s",
                    Unit.SECONDS,
                    m -> m.regret().mean() / SECOND),
            new Figure("ended by a time limit", "deadline_misses", Unit.COUNT, Measures::deadlineMisses),
            new Figure("ended with an error", "given_up", Unit.COUNT, m -> m.count(Measures.Outcome.GIVEN_UP)),
            new Figure(
                    "truncated, with an error event",
                    "broken_off",
                    Unit.COUNT,
                    m -> m.count(Measures.Outcome.BROKEN_OFF)),
            new Figure(
                    "truncated, presented as complete",
                    "truncated_as_success",
                    Unit.COUNT,
                    Measures::truncationsAsSuccess),
            new Figure("attempts per call", "attempts_per_call", Unit.NUMBER, Measures::attemptsPerCall),
            new Figure("tokens per call", "tokens_per_call", Unit.COUNT, Measures::tokensPerCall),
            new Figure("tokens wasted", "wasted", Unit.SHARE, Measures::wasted),
            seconds("first token p50", "first_token_p50_s", 0.5, true),
            seconds("first token p99", "first_token_p99_s", 0.99, true),
            seconds("first token p99.9", "first_token_p999_s", 0.999, true),
            seconds("total p50", "total_p50_s", 0.5, false),
            seconds("total p99", "total_p99_s", 0.99, false),
            seconds("total p99.9", "total_p999_s", 0.999, false),
            new Figure(
                    "outages of the primary",
                    "recoveries",
                    Unit.COUNT,
                    m -> m.recovery().size()),
            new Figure(
                    "recovery after one, p50",
                    "recovery_p50_s",
                    Unit.SECONDS,
                    m -> m.recovery().quantile(0.5) / SECOND),
            new Figure(
                    "circuits opened without an incident",
                    "wrongly_benched",
                    Unit.COUNT,
                    Measures::openedWithoutIncident));

    private static Figure seconds(String name, String key, double share, boolean first) {
        return new Figure(name, key, Unit.SECONDS, measures -> {
            Samples samples = first ? measures.firstToken() : measures.total();
            return samples.quantile(share) / SECOND;
        });
    }

    /** The figure as the text report prints it. */
    String text(Measures measures) {
        double number = value.applyAsDouble(measures);
        return switch (unit) {
            case COUNT -> String.format(Locale.ROOT, "%,.0f", number);
            case NUMBER -> String.format(Locale.ROOT, "%.3f", number);
            case SHARE -> String.format(Locale.ROOT, "%.3f%%", 100 * number);
            case SECONDS -> String.format(Locale.ROOT, "%.2f s", number);
        };
    }
}
