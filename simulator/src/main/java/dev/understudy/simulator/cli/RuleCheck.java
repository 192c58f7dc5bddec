package dev.understudy.simulator.cli;

import dev.understudy.simulator.rules.Machine;
import dev.understudy.simulator.run.RuleSearch;
import java.io.PrintWriter;
import java.util.Optional;

/** Checks the rules in many rough worlds, up to the first violation. */
final class RuleCheck {
    private RuleCheck() {}

    static int run(long firstSeed, int seeds, PrintWriter out, Progress progress) {
        RuleSearch search = new RuleSearch(Machine.Maker.PRODUCTION);
        for (long seed = firstSeed; seed < firstSeed + seeds; seed++) {
            progress.report("seed " + seed);
            Optional<RuleSearch.Found> found = search.search(seed);
            if (found.isPresent()) {
                progress.end();
                out.println(found.get().text());
                return Main.EXIT_OPERATOR;
            }
        }
        progress.end();
        out.println("Seeds " + firstSeed + " to " + (firstSeed + seeds - 1) + ": " + search.calls()
                + " calls, and no rule is broken.");
        return 0;
    }
}
