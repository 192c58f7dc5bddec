package dev.understudy.client;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Checks arguments at the call: what is wrong is told before anything is sent. */
final class Arguments {
    private Arguments() {}

    static <T> T notNull(@Nullable T value, String name) {
        if (value == null) {
            throw new IllegalArgumentException(name + " is null; pass a value, or leave the setting out");
        }
        return value;
    }

    static String notBlank(@Nullable String value, String name) {
        if (notNull(value, name).isBlank()) {
            throw new IllegalArgumentException(name + " is blank; pass a name, or leave the setting out");
        }
        return notNull(value, name);
    }

    static Duration positive(@Nullable Duration value, String name) {
        if (notNull(value, name).isNegative() || notNull(value, name).isZero()) {
            throw new IllegalArgumentException(name + " is " + value + "; it must be longer than zero");
        }
        return notNull(value, name);
    }
}
