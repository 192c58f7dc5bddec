package dev.understudy.gateway.cli;

import dev.understudy.calls.config.Settings;
import java.io.PrintWriter;

/** Shows failovers, for {@code understudy demo}. */
@FunctionalInterface
public interface Demo {
    /**
     * Starts a gateway with the rehearsal provider, makes a few calls and tells what became of them.
     *
     * @param settings with the rehearsal provider and no other
     * @param stays whether the gateway keeps running after the calls, until it is stopped
     * @param out for people
     * @return the exit code: 0 if every call ended as announced
     * @throws Exception if it cannot start; the message is shown
     */
    int perform(Settings settings, boolean stays, PrintWriter out) throws Exception;
}
