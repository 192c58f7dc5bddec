package dev.understudy.store;

import java.time.Instant;

/**
 * A key that callers present, without the key itself.
 *
 * @param id identifies it for changes
 * @param digest SHA-256 of the key, in hexadecimal
 * @param hint the end of the key, by which its holder recognizes it
 * @param name the name of its holder; no other key has it
 * @param limits what it may be used for, as a JSON object; at most {@value #LONGEST_LIMITS} characters
 * @param at when it was made, in whole milliseconds
 * @param author the name of the person or program that made it; empty if unknown
 * @param version a number that becomes higher with each change of any key
 */
public record StoredKey(
        String id, String digest, String hint, String name, String limits, Instant at, String author, long version) {
    /** The longest limits, in characters. */
    public static final int LONGEST_LIMITS = 20_000;

    /** The longest name, in characters. */
    public static final int LONGEST_NAME = 100;

    /** The author is shortened, since it is for display only. */
    public StoredKey {
        author = StoredText.of(author, LONGEST_NAME);
        at = Instant.ofEpochMilli(at.toEpochMilli());
        kept("name", name, LONGEST_NAME);
        kept("limits", limits, LONGEST_LIMITS);
    }

    private static void kept(String what, String text, int longest) {
        if (!text.equals(StoredText.of(text, longest))) {
            throw new IllegalArgumentException(
                    what + ": has more than " + longest + " characters, or one that cannot be kept");
        }
    }

    StoredKey at(long otherVersion) {
        return new StoredKey(id, digest, hint, name, limits, at, author, otherVersion);
    }
}
