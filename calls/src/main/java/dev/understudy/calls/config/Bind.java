package dev.understudy.calls.config;

import java.util.Optional;

/**
 * An address that was named on the command line and goes before the configuration's.
 *
 * @param host the address to listen on, if it was named
 * @param port the port to listen on, if it was named
 */
public record Bind(Optional<String> host, Optional<Integer> port) {
    /** The configuration's own. */
    public static final Bind AS_CONFIGURED = new Bind(Optional.empty(), Optional.empty());
}
