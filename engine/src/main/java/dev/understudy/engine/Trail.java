package dev.understudy.engine;

import java.util.ArrayList;
import java.util.List;

/** What a call did, in order: whom it asked, and whom it passed over and why. */
final class Trail {
    private final List<Line> lines = new ArrayList<>(2);

    private sealed interface Line {
        record Asked(Attempt attempt) implements Line {}

        record Passed(TrailEntry entry) implements Line {}
    }

    /** The attempt is looked at when somebody asks, so that its line says how it ended. */
    void tried(Attempt attempt) {
        lines.add(new Line.Asked(attempt));
    }

    void skipped(Step step, String reason) {
        lines.add(new Line.Passed(TrailEntry.skipped(step.target().name(), reason)));
    }

    List<TrailEntry> entries(long now) {
        List<TrailEntry> entries = new ArrayList<>(lines.size());
        for (Line line : lines) {
            entries.add(
                    switch (line) {
                        case Line.Asked(Attempt attempt) -> attempt.entry(now);
                        case Line.Passed(TrailEntry entry) -> entry;
                    });
        }
        return List.copyOf(entries);
    }
}
