package dev.understudy.protocol.options;

import java.util.Locale;

/** What a late mark does to the attempt that passes it. */
public enum WhenLate {
    /** The next target is started beside it, and the first of the two to deliver content wins. */
    HEDGE,
    /** The attempt is cancelled, and the next target is tried. */
    CANCEL;

    private final String wireName = name().toLowerCase(Locale.ROOT);

    /** The name in settings and requests. */
    public String wireName() {
        return wireName;
    }

    /** @throws IllegalArgumentException with a message that follows the text in a sentence */
    public static WhenLate parse(String text) {
        return EnumNames.parse(text, values(), WhenLate::wireName);
    }
}
