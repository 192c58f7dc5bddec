package dev.understudy.simulator.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Finds a short script that breaks the same rule: leaves out calls, then signals, first many at a time and then one by
 * one, for as long as the rule is still broken.
 *
 * @see <a href="https://doi.org/10.1109/32.988498">Zeller and Hildebrandt, Simplifying and isolating failure-inducing
 *     input</a>
 */
public final class Shrink {
    private final ScriptPlayer player;

    public Shrink(Machine.Maker maker) {
        this.player = new ScriptPlayer(maker);
    }

    /** A script from which nothing can be left out; the same one if it breaks no rule when it is replayed. */
    public Script shortest(Script script) {
        Optional<BrokenRule> broken = player.play(script).broken();
        if (broken.isEmpty()) {
            return script;
        }
        int rule = broken.get().rule();
        Script shorter = script;
        int before;
        do {
            before = shorter.lines().size();
            shorter = withoutCalls(shorter, rule);
            shorter = withoutSignals(shorter, rule);
        } while (shorter.lines().size() < before);
        return shorter;
    }

    private Script withoutCalls(Script script, int rule) {
        Script best = script;
        List<Integer> calls = new ArrayList<>(
                script.lines().stream().map(Script.Line::call).collect(Collectors.toCollection(TreeSet::new)));
        for (int chunk = Math.max(1, calls.size() / 2); chunk >= 1; chunk /= 2) {
            for (int from = 0; from < calls.size(); ) {
                List<Integer> some = calls.subList(from, Math.min(calls.size(), from + chunk));
                Set<Integer> without = Set.copyOf(some);
                Script shorter = best.with(best.lines().stream()
                        .filter(line -> !without.contains(line.call()))
                        .toList());
                if (breaks(shorter, rule)) {
                    best = shorter;
                    some.clear();
                } else {
                    from += chunk;
                }
            }
        }
        return best;
    }

    private Script withoutSignals(Script script, int rule) {
        List<Script.Line> lines = new ArrayList<>(script.lines());
        for (int chunk = Math.max(1, lines.size() / 2); chunk >= 1; chunk /= 2) {
            for (int from = 0; from < lines.size(); ) {
                List<Script.Line> shorter = new ArrayList<>(lines);
                shorter.subList(from, Math.min(lines.size(), from + chunk)).clear();
                if (breaks(script.with(shorter), rule)) {
                    lines = shorter;
                } else {
                    from += chunk;
                }
            }
        }
        return script.with(List.copyOf(lines));
    }

    private boolean breaks(Script script, int rule) {
        return player.play(script)
                .broken()
                .filter(broken -> broken.rule() == rule)
                .isPresent();
    }
}
