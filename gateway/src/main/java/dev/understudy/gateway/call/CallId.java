package dev.understudy.gateway.call;

import java.util.concurrent.ThreadLocalRandom;

/** Makes the names of calls: unique enough to find one in a log, never used as a secret. */
public final class CallId {
    private CallId() {}

    /** A new name. */
    public static String next() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return "call-" + Long.toUnsignedString(random.nextLong() | Long.MIN_VALUE, 36)
                + Long.toUnsignedString(random.nextLong() | Long.MIN_VALUE, 36);
    }
}
