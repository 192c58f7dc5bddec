package dev.understudy.simulator.cli;

import dev.understudy.simulator.report.TextReport;
import dev.understudy.simulator.run.ChainSettings;
import dev.understudy.simulator.run.Measures;
import dev.understudy.simulator.run.ReferenceTable;
import dev.understudy.simulator.run.Scenario;
import dev.understudy.simulator.run.Simulation;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Compares policies that divide a call's time. */
final class PolicyTable {
    private static final int CALLS = 200_000;
    /** An answer of minutes takes a hundred times as many steps. */
    private static final int SLOW_CALLS = 50_000;

    private PolicyTable() {}

    static int print(long seed, PrintWriter out) {
        out.println("Seed " + seed
                + ". Deadline 45 s; three targets whose first token takes 6, 6 and 8 s (lognormal, 0.7).");
        // The second share is the one for which the figures of the first two policies are published.
        for (double down : new double[] {0.01, 0.024}) {
            String heading = String.format(Locale.ROOT, "each down for %.1f%% of the calls", 100 * down);
            table(heading, ReferenceTable.scenario(seed, CALLS, down), ReferenceTable.policies(), out);
        }
        out.println();
        out.println("Models that reason for 25 s, answers of up to minutes; a deadline only where time is divided.");
        for (double down : new double[] {0, 0.024}) {
            String heading = String.format(Locale.ROOT, "each down for %.1f%% of the calls", 100 * down);
            Scenario world = ReferenceTable.slowButWell(seed, SLOW_CALLS, down);
            table(heading, world, ReferenceTable.policiesWithTheirDeadlines(), out);
        }
        return 0;
    }

    private static void table(String heading, Scenario world, List<ChainSettings> policies, PrintWriter out) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of(heading, "answered in time", "harm", "rescue", "needless", "attempts per call", "p99"));
        for (ChainSettings policy : policies) {
            Measures measures = new Simulation(world, policy).run();
            rows.add(List.of(
                    policy.name(),
                    share(measures.answered()),
                    share(measures.harm()),
                    share(measures.rescue()),
                    share(measures.needless()),
                    String.format(Locale.ROOT, "%.3f", measures.attemptsPerCall()),
                    String.format(Locale.ROOT, "%.1f s", measures.firstToken().quantile(0.99) / 1e9)));
        }
        out.println();
        TextReport.aligned(rows).forEach(out::println);
        out.flush();
    }

    private static String share(double share) {
        return String.format(Locale.ROOT, "%.3f%%", 100 * share);
    }
}
