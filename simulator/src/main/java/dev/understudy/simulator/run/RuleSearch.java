package dev.understudy.simulator.run;

import dev.understudy.engine.Command;
import dev.understudy.simulator.rules.BrokenRule;
import dev.understudy.simulator.rules.Machine;
import dev.understudy.simulator.rules.Script;
import dev.understudy.simulator.rules.ScriptPlayer;
import dev.understudy.simulator.rules.Shrink;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Looks for a seed with which the engine breaks one of its rules, and for the shortest script that shows it. */
public final class RuleSearch {
    private static final int NO_HARM = 11;

    private final Machine.Maker maker;
    private long calls;

    public RuleSearch(Machine.Maker maker) {
        this.maker = maker;
    }

    /**
     * What was found.
     *
     * @param seed of the run
     * @param broken which rule, and how
     * @param script the shortest transcript that shows it
     */
    public record Found(long seed, String broken, List<String> script) {
        /** The whole report, as text. */
        public String text() {
            return "seed " + seed + " breaks " + broken + "\n" + String.join("\n", script);
        }
    }

    /** How many calls were made so far. */
    public long calls() {
        return calls;
    }

    /** Runs the rough world of a seed, twice, and the harmless one. */
    public Optional<Found> search(long seed) {
        return searchRough(seed).or(() -> searchHarmless(seed));
    }

    /** Runs the rough world of one seed, twice. */
    public Optional<Found> searchRough(long seed) {
        return search(RoughWorld.scenario(seed), RoughWorld.chain(seed), false);
    }

    /** Runs the harmless world of one seed: here every call has to be answered that its primary would answer. */
    public Optional<Found> searchHarmless(long seed) {
        return search(HarmlessWorld.scenario(seed), HarmlessWorld.chain(seed), true);
    }

    /**
     * Runs a chain in a world; if it is no harmless one, twice: the second time the engine gets the same signals, and must return
     * the same.
     *
     * @param harmless whether no primary of this world has a fault
     */
    public Optional<Found> search(Scenario scenario, ChainSettings chain, boolean harmless) {
        Script script = Script.toWrite(scenario.seed(), chain.budgets());
        List<List<Command>> answers = new ArrayList<>();
        try {
            Simulation simulation = new Simulation(scenario, chain, maker)
                    .script(script)
                    .journal((call, at, signal, commands) -> answers.add(commands));
            Measures measures = (harmless ? simulation.harmless() : simulation).run();
            calls += script.lines().stream()
                    .filter(line -> line instanceof Script.Arrives && line.call() > 0)
                    .count();
            if (measures.truncationsAsSuccess() > 0) {
                return Optional.of(new Found(
                        scenario.seed(),
                        "rule 3: a truncated answer is delivered as complete",
                        new ScriptPlayer(maker).play(script).transcript()));
            }
        } catch (BrokenRule broken) {
            if (broken.rule() == NO_HARM) {
                // What harm is only the world knows, which a script leaves behind.
                return Optional.of(new Found(
                        scenario.seed(), broken.what(), new ScriptPlayer(maker).transcriptOfLastCall(script)));
            }
            Script shortest = new Shrink(maker).shortest(script);
            ScriptPlayer.Played played = new ScriptPlayer(maker).play(shortest);
            String what = played.broken().orElse(broken).what();
            return Optional.of(new Found(scenario.seed(), what, played.transcript()));
        }
        // That the same signals get the same answers needs no second kind of world.
        return harmless || new ScriptPlayer(maker).answers(script).equals(answers)
                ? Optional.empty()
                : Optional.of(new Found(
                        scenario.seed(),
                        "rule 10: the same signals yield other commands",
                        new ScriptPlayer(maker).play(script).transcript()));
    }
}
