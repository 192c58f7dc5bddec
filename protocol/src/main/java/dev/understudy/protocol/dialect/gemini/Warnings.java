package dev.understudy.protocol.dialect.gemini;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What of a request is not in what was written; the same is said once. */
final class Warnings {
    private final Set<String> said = new LinkedHashSet<>();

    /** @param what became of the field */
    void say(String field, String what) {
        said.add(field + ": " + what);
    }

    void dropped(String field) {
        say(field, "dropped, Gemini has none");
    }

    void addAll(List<String> sentences) {
        said.addAll(sentences);
    }

    List<String> all() {
        return new ArrayList<>(said);
    }
}
