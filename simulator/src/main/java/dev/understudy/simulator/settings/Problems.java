package dev.understudy.simulator.settings;

import java.util.ArrayList;
import java.util.List;
import org.snakeyaml.engine.v2.nodes.Node;

/** The errors in one file. */
final class Problems {
    private final String file;
    private final List<String> found = new ArrayList<>();

    Problems(String file) {
        this.file = file;
    }

    void at(Node node, String path, String message) {
        int line = node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
        at(line, path, message);
    }

    void at(String path, String message) {
        at(0, path, message);
    }

    void at(int line, String path, String message) {
        found.add(file + (line > 0 ? ":" + line : "") + ": " + (path.isEmpty() ? "" : path + ": ") + message);
    }

    void add(String whole) {
        found.add(whole);
    }

    boolean any() {
        return !found.isEmpty();
    }

    List<String> found() {
        return List.copyOf(found);
    }
}
