package dev.understudy.simulator.cli;

import java.io.PrintWriter;
import java.util.concurrent.TimeUnit;

/** A line that tells how far a long run is; nothing where nobody looks at it. */
final class Progress {
    private static final long EVERY = TimeUnit.SECONDS.toNanos(1);

    private final PrintWriter to;
    private final boolean watched;
    private long last = System.nanoTime();
    private boolean shown;

    Progress(PrintWriter to) {
        this.to = to;
        // The launcher knows whether a person looks.
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
