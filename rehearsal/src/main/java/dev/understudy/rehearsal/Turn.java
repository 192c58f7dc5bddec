package dev.understudy.rehearsal;

/**
 * One message of a conversation.
 *
 * @param role the role of its author
 * @param text its text; empty if there is none
 */
record Turn(String role, String text) {

    /** Before the first. */
    static final Turn NONE = new Turn("", "");

    boolean isAssistants() {
        return role.equals("assistant");
    }

    boolean isUsers() {
        return role.equals("user");
    }
}
