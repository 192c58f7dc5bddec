package dev.understudy.simulator.rules;

import dev.understudy.engine.AttemptKind;
import java.util.ArrayList;
import java.util.List;

/**
 * What has reached the caller of a stream, counted in characters: each once and in order, or it is a mixture.
 *
 * <p>A continuation delivers what comes after all that the caller had when it was started.
 */
final class CallerText {
    private final List<Part> parts = new ArrayList<>(2);
    private long before;
    private int current;

    private static final class Part {
        private long begins;
        private long characters;
        private boolean whole;
    }

    void started(int attempt, AttemptKind attemptKind) {
        Part part = new Part();
        part.begins = attemptKind == AttemptKind.CONTINUATION ? delivered() : 0;
        parts.add(part);
        BrokenRule.unless(parts.size() == attempt, 9, "attempts are not numbered one by one");
    }

    void progress(int attempt, long characters) {
        Part part = part(attempt);
        part.characters = Math.max(part.characters, characters);
    }

    /** The terminal mark was seen, or the end of a whole answer. */
    void whole(int attempt) {
        part(attempt).whole = true;
    }

    boolean isWhole(int attempt) {
        return part(attempt).whole;
    }

    void commit(int attempt) {
        current = attempt;
    }

    void continueWith(int attempt, AttemptKind attemptKind) {
        long had = delivered();
        current = attempt;
        before = attemptKind == AttemptKind.CONTINUATION ? part(attempt).begins : 0;
        BrokenRule.unless(
                attemptKind != AttemptKind.CONTINUATION || before == had,
                3,
                "the caller has " + had + " characters and attempt " + attempt + " continues after " + before);
    }

    /** How many characters of one answer the caller has. */
    long delivered() {
        return current == 0 ? 0 : before + part(current).characters;
    }

    private Part part(int attempt) {
        return parts.get(attempt - 1);
    }
}
