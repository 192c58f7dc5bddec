package dev.understudy.engine;

import java.util.ArrayList;
import java.util.List;

/** What a call did, in order: its attempts, and its skipped targets with the reasons. */
final class Trail {
    private final long arrivedAt;
    private final List<Line> lines = new ArrayList<>(2);

    /** @param arrivedAt when the call arrived, from which the starts of its attempts are counted */
    Trail(long arrivedAt) {
        this.arrivedAt = arrivedAt;
    }

    private sealed interface Line {
        record Tried(Attempt attempt) implements Line {}

        record Skipped(TrailEntry entry) implements Line {}
    }

    /** The attempt is read when the trail is, so that its entry says how it ended. */
    void tried(Attempt attempt) {
        lines.add(new Line.Tried(attempt));
    }

    void skipped(Step step, String reason) {
        lines.add(new Line.Skipped(
                TrailEntry.skipped(step.target().name(), reason).in(step.choice())));
    }

    List<TrailEntry> entries(long now) {
        List<TrailEntry> entries = new ArrayList<>(lines.size());
        for (Line line : lines) {
            entries.add(
                    switch (line) {
                        case Line.Tried(Attempt attempt) -> attempt.entry(arrivedAt, now);
                        case Line.Skipped(TrailEntry entry) -> entry;
                    });
        }
        return List.copyOf(entries);
    }
}
