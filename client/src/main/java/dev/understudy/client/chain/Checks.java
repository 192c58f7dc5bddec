package dev.understudy.client.chain;

import java.time.Duration;
import java.util.Objects;

/** Checks of arguments, at the call that brings them. */
final class Checks {
    private Checks() {}

    static <T> T notNull(T value, String name) {
        if (Objects.isNull(value)) {
            throw new IllegalArgumentException(name + " is null; pass a value or leave the call out");
        }
        return value;
    }

    static Duration positive(Duration time, String name) {
        notNull(time, name);
        if (time.isZero() || time.isNegative()) {
            throw new IllegalArgumentException(
                    name + " is " + time + "; it must be longer than zero, such as Duration.ofSeconds(10)");
        }
        return inRange(time, name);
    }

    static Duration notNegative(Duration time, String name) {
        notNull(time, name);
        if (time.isNegative()) {
            throw new IllegalArgumentException(name + " is " + time + "; it must not be negative");
        }
        return inRange(time, name);
    }

    private static Duration inRange(Duration time, String name) {
        if (time.compareTo(Duration.ofDays(7)) > 0) {
            throw new IllegalArgumentException(name + " is " + time + "; the longest time is seven days");
        }
        return time;
    }

    static String name(String name) {
        notNull(name, "the target's name");
        if (name.isBlank() || name.startsWith("/") || name.endsWith("/")) {
            throw new IllegalArgumentException(
                    "the target's name is \"" + name + "\"; name it provider/model, or by any other word");
        }
        return name;
    }
}
