package dev.understudy.calls.config;

import java.io.Serial;
import java.util.List;
import java.util.stream.Collectors;

/** A configuration that cannot be used, with everything that is wrong with it. */
public final class InvalidSettings extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    InvalidSettings(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /** A fault that shows only when the settings are used, such as an address that cannot be listened on. */
    public static InvalidSettings inUse(String path, String message) {
        return new InvalidSettings(List.of(new Problem("understudy", 0, path, message)));
    }

    /** Every fault, in the order of the file's lines; never empty. */
    public List<Problem> problems() {
        return problems;
    }
}
