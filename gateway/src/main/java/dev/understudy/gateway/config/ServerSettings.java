package dev.understudy.gateway.config;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The settings of the gateway's server.
 *
 * @param host the address to listen on
 * @param port the port to listen on; 0 for any that is free
 * @param maxBody the longest request body, in bytes
 * @param maxConcurrentCalls how many calls may be at work at once
 * @param drain how long a stopping gateway lets calls finish
 * @param keys the keys of which callers must present one; empty if anyone may call
 * @param adminKey the key of the console and its API, if there is one
 * @param forwardHeaders further request headers that reach a provider of the caller's dialect, in lower case
 * @param limits what callers can make the server hold
 */
public record ServerSettings(
        String host,
        int port,
        int maxBody,
        int maxConcurrentCalls,
        Duration drain,
        List<ApiKey> keys,
        Optional<Credential> adminKey,
        List<String> forwardHeaders,
        ServerLimits limits) {

    public ServerSettings {
        keys = List.copyOf(keys);
        forwardHeaders = List.copyOf(forwardHeaders);
    }

    /** The settings if a configuration has none. */
    public static final ServerSettings BUILT_IN = new ServerSettings(
            "127.0.0.1",
            4400,
            25_000_000,
            10_000,
            Duration.ofSeconds(30),
            List.of(),
            Optional.empty(),
            List.of(),
            ServerLimits.BUILT_IN);

    /** Whether only this machine can reach the gateway. Judged by the text alone: a name could resolve to anything. */
    public boolean isLoopback() {
        return isLoopback(host);
    }

    static boolean isLoopback(String host) {
        String plain = bare(host).toLowerCase(Locale.ROOT);
        return plain.equals("localhost")
                || plain.equals("::1")
                || plain.equals("0:0:0:0:0:0:0:1")
                || plain.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
    }

    /** Whether the gateway listens on every address of this machine. */
    public boolean isWildcard() {
        return bare(host).equals("0.0.0.0") || bare(host).equals("::");
    }

    /** Whether the console and its API may be used without a key. */
    public boolean adminIsOpen() {
        return adminKey.isEmpty() && isLoopback();
    }

    /** Where a caller on this machine reaches the gateway. */
    public String localUrl() {
        String plain = isWildcard() ? "127.0.0.1" : bare(host);
        return "http://" + (plain.contains(":") ? "[" + plain + "]" : plain) + ":" + port;
    }

    private static String bare(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    /** These settings with the port that port 0 turned out to be. */
    public ServerSettings listeningOn(int actualPort) {
        return at(Optional.empty(), Optional.of(actualPort));
    }

    ServerSettings at(Optional<String> otherHost, Optional<Integer> otherPort) {
        return new ServerSettings(
                otherHost.orElse(host),
                otherPort.orElse(port),
                maxBody,
                maxConcurrentCalls,
                drain,
                keys,
                adminKey,
                forwardHeaders,
                limits);
    }
}
