package dev.understudy.protocol.neutral;

import java.util.List;

/**
 * A turn of the conversation.
 *
 * @param role whose turn it is
 * @param parts its content, in order; results of tools are in turns of the user
 * @param name of one of several participants of the same role; empty if there is none
 */
public record Turn(Role role, List<Part> parts, String name) {

    /** The side of the conversation. */
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
