package dev.understudy.rehearsal;

/**
 * One message of a conversation.
 *
 * @param role who says it
 * @param text what is said in words; empty if nothing is
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
