package dev.understudy.simulator.cli;

import java.io.PrintWriter;
import java.util.concurrent.TimeUnit;

/** A progress line for long runs; prints nothing unless the output is a terminal. */
final class Progress {
    private static final long EVERY = TimeUnit.SECONDS.toNanos(1);

    private final PrintWriter to;
    private final boolean watched;
    private long last = System.nanoTime();
    private boolean shown;

    Progress(PrintWriter to) {
        this.to = to;
        // The launcher knows whether the output is a terminal.
        this.watched = Boolean.getBoolean("understudy.terminal");
    }

    void report(String text) {
        long now = System.nanoTime();
        if (watched && now - last >= EVERY) {
            last = now;
            shown = true;
            to.print("\r\u001b[K" + text);
            to.flush();
        }
    }

    void end() {
        if (shown) {
            to.print("\r\u001b[K");
            to.flush();
        }
    }
}
