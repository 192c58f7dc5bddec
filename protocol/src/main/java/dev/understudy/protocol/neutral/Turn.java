package dev.understudy.protocol.neutral;

import java.util.List;

/**
 * What one side said at a time.
 *
 * @param role whose turn it is
 * @param parts what was said, in order; results of tools stand in turns of the user
 * @param name the speaker's own name among several of the same role; empty if there is none
 */
public record Turn(Role role, List<Part> parts, String name) {

    /** Who speaks. */
    public enum Role {
        /** The operator's instructions: {@code system} and {@code developer} alike. */
        SYSTEM,
        USER,
        ASSISTANT
    }

    public Turn {
        parts = List.copyOf(parts);
    }

    public static Turn of(Role role, Part... parts) {
        return new Turn(role, List.of(parts), "");
    }

    public static Turn of(Role role, List<Part> parts) {
        return new Turn(role, parts, "");
    }
}
