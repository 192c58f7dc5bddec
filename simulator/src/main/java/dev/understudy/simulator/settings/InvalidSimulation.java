package dev.understudy.simulator.settings;

import java.io.Serial;
import java.util.List;

/** Settings that cannot be used, with everything that is wrong with them as {@code file:line: key: message}. */
public final class InvalidSimulation extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    public InvalidSimulation(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
    }

    /** Every fault, by line; never empty. */
    public List<String> problems() {
        return problems;
    }
}
