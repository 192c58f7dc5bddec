package dev.understudy.client.http;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Checks arguments at the call: each method returns the argument, and what is wrong is told before anything is sent. */
public final class Arguments {
    private Arguments() {}

    /** An argument that must not be null. */
    public static <T> T notNull(@Nullable T value, String name) {
        if (value == null) {
            throw new IllegalArgumentException(name + " is null; pass a value, or leave the setting out");
        }
        return value;
    }

    /** An argument that must have text. */
    public static String notBlank(@Nullable String value, String name) {
        String text = notNull(value, name);
        if (text.isBlank()) {
            throw new IllegalArgumentException(name + " is blank; pass a name, or leave the setting out");
        }
        return text;
    }

    /** An argument that must be a time longer than zero. */
    public static Duration positive(@Nullable Duration value, String name) {
        Duration time = notNull(value, name);
        if (time.isNegative() || time.isZero()) {
            throw new IllegalArgumentException(name + " is " + time + "; it must be longer than zero");
        }
        return time;
    }
}
