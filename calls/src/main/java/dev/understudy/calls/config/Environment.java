package dev.understudy.calls.config;

import java.util.Map;
import java.util.Optional;

/** Environment variables, of the process or of a test. */
@FunctionalInterface
public interface Environment {
    /** The variable's text as it is, if it is there. */
    Optional<String> lookup(String name);

    /** The variable's text; one that is set to nothing counts as not set, as an empty line of a container's file means it. */
    default Optional<String> get(String name) {
        return lookup(name).map(String::strip).filter(text -> !text.isEmpty());
    }

    /** The variables that this process was started with. */
    static Environment ofProcess() {
        return name -> Optional.ofNullable(System.getenv(name));
    }

    /** Exactly these variables. */
    static Environment of(Map<String, String> variables) {
        Map<String, String> copy = Map.copyOf(variables);
        return name -> Optional.ofNullable(copy.get(name));
    }
}
