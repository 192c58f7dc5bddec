package dev.understudy.calls.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One reading of one file: the environment that it may use, and the problems found so far. */
final class ReadingContext {
    private final String file;
    private final Environment environment;
    private final List<Problem> problems;
    private final boolean hasLines;

    ReadingContext(String file, Environment environment) {
        this.file = file;
        this.environment = environment;
        this.problems = new ArrayList<>();
        this.hasLines = true;
    }

    private ReadingContext(String name, Environment environment, ReadingContext main) {
        this.file = name;
        this.environment = environment;
        this.problems = main.problems;
        this.hasLines = false;
    }

    /**
     * The reading of a layer over the file, whose problems belong to the same list. Its lines mean nothing to people.
     *
     * @param variables those that the layer may refer to
     */
    ReadingContext layer(String name, Set<String> variables) {
        return new ReadingContext(
                name, wanted -> variables.contains(wanted) ? environment.lookup(wanted) : Optional.empty(), this);
    }

    Environment environment() {
        return environment;
    }

    /** Records an error of the file and continues, so that all are found in one pass. */
    void problem(int line, String path, String message) {
        add(new Problem(file, hasLines ? line : 0, path, message));
    }

    /** Notes a fault that lies in an environment variable. */
    void environmentProblem(String variable, String message) {
        add(new Problem("environment", 0, variable, message));
    }

    /** Notes a fault that lies in an option of the command. */
    void commandProblem(String option, String message) {
        add(new Problem("command line", 0, option, message));
    }

    private void add(Problem problem) {
        // One anchor's fault shows wherever the anchor is used.
        if (!problems.contains(problem)) {
            problems.add(problem);
        }
    }

    boolean isClean() {
        return problems.isEmpty();
    }

    void failIfBroken() throws InvalidSettings {
        if (!problems.isEmpty()) {
            throw new InvalidSettings(problems.stream()
                    .sorted(Comparator.comparingInt(Problem::line))
                    .toList());
        }
    }
}
