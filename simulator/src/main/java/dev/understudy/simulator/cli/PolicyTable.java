package dev.understudy.simulator.cli;

import dev.understudy.simulator.report.TextReport;
import dev.understudy.simulator.run.ChainSettings;
import dev.understudy.simulator.run.Measures;
import dev.understudy.simulator.run.ReferenceTable;
import dev.understudy.simulator.run.Simulation;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Prints how policies that divide a call's time differ. */
final class PolicyTable {
    private static final int CALLS = 200_000;

    private PolicyTable() {}

    static int print(long seed, PrintWriter out) {
        out.println("Seed " + seed
                + ". Deadline 45 s; three targets whose first token takes 6, 6 and 8 s (lognormal, 0.7).");
        // The second share is the one that the figures of the first two policies in the literature speak for.
        for (double down : new double[] {0.01, 0.024}) {
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of(
                    String.format(Locale.ROOT, "each down for %.1f%% of the calls", 100 * down),
                    "answered in time",
                    "attempts per call",
                    "p99"));
            for (ChainSettings policy : ReferenceTable.policies()) {
                Measures measures = new Simulation(ReferenceTable.scenario(seed, CALLS, down), policy).run();
                rows.add(List.of(
                        policy.name(),
                        String.format(Locale.ROOT, "%.3f%%", 100 * measures.answered()),
                        String.format(Locale.ROOT, "%.3f", measures.attemptsPerCall()),
                        String.format(
                                Locale.ROOT, "%.1f s", measures.firstToken().quantile(0.99) / 1e9)));
            }
            out.println();
            TextReport.aligned(rows).forEach(out::println);
            out.flush();
        }
        return 0;
    }
}
