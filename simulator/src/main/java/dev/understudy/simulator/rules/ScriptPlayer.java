package dev.understudy.simulator.rules;

import dev.understudy.engine.Command;
import dev.understudy.engine.SharedState;
import dev.understudy.engine.Signal;
import dev.understudy.simulator.world.Draws;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Replays a script with a fresh engine and checks the rules. */
public final class ScriptPlayer {
    private final Machine.Maker maker;

    public ScriptPlayer(Machine.Maker maker) {
        this.maker = maker;
    }

    /**
     * What came of it.
     *
     * @param broken the first rule that was broken, if one was
     * @param transcript every line with the commands that the engine returned, as text
     */
    public record Played(Optional<BrokenRule> broken, List<String> transcript) {}

    private record Cast(Machine machine, CallRules rules) {}

    /** Plays it, up to the first broken rule. Signals about attempts that were not started are left out. */
    public Played play(Script script) {
        SharedState shared = script.budgets().fresh();
        Invariants invariants = new Invariants(shared, script.budgets());
        Map<Integer, Cast> calls = new HashMap<>();
        List<String> transcript = new ArrayList<>();
        for (Script.Line line : script.lines()) {
            try {
                switch (line) {
                    case Script.Arrives(int call, long at, var plan, long promptBytes) -> {
                        Machine machine =
                                maker.make(plan, promptBytes, shared, Draws.of(script.seed(), "engine", call), at);
                        calls.put(call, new Cast(machine, invariants.watch(plan, at)));
                        transcript.add(Transcript.of(line));
                    }
                    case Script.Told(int call, long at, Signal signal) -> {
                        Cast cast = calls.get(call);
                        if (cast != null && cast.rules().knows(signal)) {
                            transcript.add(Transcript.of(line));
                            cast.rules().before(signal, at);
                            List<Command> commands = cast.machine().on(signal, at);
                            commands.forEach(command -> transcript.add("        " + Transcript.of(command)));
                            cast.rules().after(signal, commands, at);
                        }
                    }
                }
            } catch (BrokenRule broken) {
                return new Played(Optional.of(broken), transcript);
            }
        }
        return new Played(Optional.empty(), transcript);
    }

    /** Replays it without checking the rules, and returns the state of the call that got the last signal. */
    public List<String> transcriptOfLastCall(Script script) {
        int last = script.lines().getLast().call();
        List<String> transcript = new ArrayList<>();
        SharedState shared = script.budgets().fresh();
        Map<Integer, Machine> calls = new HashMap<>();
        for (Script.Line line : script.lines()) {
            List<Command> commands = tell(line, script, shared, calls);
            if (line.call() == last) {
                transcript.add(Transcript.of(line));
                commands.forEach(command -> transcript.add("        " + Transcript.of(command)));
            }
        }
        return transcript;
    }

    /** Replays it without checking the rules, and returns the commands of calls after the prologue (numbers above 0). */
    public List<List<Command>> answers(Script script) {
        SharedState shared = script.budgets().fresh();
        Map<Integer, Machine> calls = new HashMap<>();
        List<List<Command>> answers = new ArrayList<>();
        for (Script.Line line : script.lines()) {
            List<Command> commands = tell(line, script, shared, calls);
            if (line.call() > 0 && line instanceof Script.Told) {
                answers.add(commands);
            }
        }
        return answers;
    }

    private List<Command> tell(Script.Line line, Script script, SharedState shared, Map<Integer, Machine> calls) {
        return switch (line) {
            case Script.Arrives(int call, long at, var plan, long promptBytes) -> {
                calls.put(call, maker.make(plan, promptBytes, shared, Draws.of(script.seed(), "engine", call), at));
                yield List.of();
            }
            case Script.Told(int call, long at, Signal signal) -> {
                Machine machine = calls.get(call);
                if (machine == null) {
                    throw new IllegalArgumentException("call " + call + " gets a signal before it arrives");
                }
                yield machine.on(signal, at);
            }
        };
    }
}
