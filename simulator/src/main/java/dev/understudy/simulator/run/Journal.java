package dev.understudy.simulator.run;

import dev.understudy.engine.Command;
import dev.understudy.engine.Signal;
import dev.understudy.simulator.rules.Transcript;
import java.util.List;
import java.util.function.Consumer;

/** A log of everything that happens, one line each. */
@FunctionalInterface
public interface Journal {
    /** No log. */
    Journal NONE = (call, at, signal, commands) -> {};

    /** A call got a signal and returned commands. */
    void told(int call, long at, Signal signal, List<Command> commands);

    /** As lines of text: the same run gives the same lines. */
    static Journal lines(String chain, Consumer<String> into) {
        return (call, at, signal, commands) -> {
            StringBuilder line = new StringBuilder();
            line.append(Transcript.seconds(at))
                    .append(' ')
                    .append(chain)
                    .append(" #")
                    .append(call);
            line.append(' ').append(Transcript.of(signal)).append(" ->");
            commands.forEach(
                    command -> line.append(' ').append(Transcript.of(command)).append(';'));
            into.accept(line.toString());
        };
    }
}
