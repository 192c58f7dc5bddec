package dev.understudy.calls.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** One reading of one file: the environment that it may use, and the problems found so far. */
final class ReadingContext {
    private final String file;
    private final Environment environment;
    private final List<Problem> problems = new ArrayList<>();

    ReadingContext(String file, Environment environment) {
        this.file = file;
        this.environment = environment;
    }

    Environment environment() {
        return environment;
    }

    /** Records an error of the file and continues, so that all are found in one pass. */
    void problem(int line, String path, String message) {
        add(new Problem(file, line, path, message));
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
