package dev.understudy.calls.driver;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;

/** Creates the ids of calls: unique enough to find one in a log, never used as a secret. */
public final class CallId {
    /** Tells the calls of one process from those of another; of fixed length, so that the count may follow. */
    private static final String PROCESS = "call-" + HexFormat.of().toHexDigits(new SecureRandom().nextLong());

    private static final AtomicLong COUNT = new AtomicLong();

    private CallId() {}

    /** A new name. */
    public static String next() {
        return PROCESS + Long.toHexString(COUNT.incrementAndGet());
    }
}
