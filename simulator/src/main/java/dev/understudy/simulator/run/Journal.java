package dev.understudy.simulator.run;

import dev.understudy.engine.Command;
import dev.understudy.engine.Signal;
import dev.understudy.simulator.rules.Words;
import java.util.List;
import java.util.function.Consumer;

/** Everything that happens, a line for each, for whoever wants to read along. */
@FunctionalInterface
public interface Journal {
    /** Nobody reads. */
    Journal NONE = (call, at, signal, commands) -> {};

    /** A call was told something and answered. */
    void told(int call, long at, Signal signal, List<Command> commands);

    /** As lines of text: the same run gives the same lines. */
    static Journal lines(String chain, Consumer<String> into) {
        return (call, at, signal, commands) -> {
            StringBuilder line = new StringBuilder();
            line.append(Words.seconds(at))
                    .append(' ')
                    .append(chain)
                    .append(" #")
                    .append(call);
            line.append(' ').append(Words.of(signal)).append(" ->");
            commands.forEach(
                    command -> line.append(' ').append(Words.of(command)).append(';'));
            into.accept(line.toString());
        };
    }
}
