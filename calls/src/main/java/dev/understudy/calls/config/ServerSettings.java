package dev.understudy.calls.config;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The settings of the gateway's server.
 *
 * @param host the address to listen on
 * @param port the port to listen on; 0 for any that is free
 * @param limits of requests, of calls and of what is kept
 * @param keys the keys of which callers must present one; empty if anyone may call
 * @param forwardHeaders further request headers that reach a provider of the caller's dialect, in lower case
 * @param web which web pages may call the gateway
 * @param admin the operator's pages
 * @param bounds what callers can make the server hold
 */
public record ServerSettings(
        String host,
        int port,
        Limits limits,
        List<ApiKey> keys,
        List<String> forwardHeaders,
        WebAccess web,
        Admin admin,
        ServerLimits bounds) {

    /**
     * Limits of requests, of calls and of what is kept.
     *
     * @param maxBody the longest request body, in bytes
     * @param maxConcurrentCalls how many calls may be at work at once
     * @param drain how long a stopping gateway lets calls finish
     * @param conversations what is kept of conversations that no provider has stored
     */
    public record Limits(int maxBody, int maxConcurrentCalls, Duration drain, ConversationLimits conversations) {}

    /**
     * Which web pages may call the gateway.
     *
     * @param hosts names besides loopback names and the bound address that a {@code Host} header may have, in lower case
     * @param origins the origins of web pages whose requests are accepted, such as {@code https://app.example}; {@code *}
     *     stands for every origin
     */
    public record WebAccess(Set<String> hosts, Set<String> origins) {
        /** No web page. */
        public static final WebAccess NONE = new WebAccess(Set.of(), Set.of());

        public WebAccess {
            hosts = Set.copyOf(hosts);
            origins = Set.copyOf(origins);
        }
    }

    /**
     * The operator's pages: health, metrics.
     *
     * @param key the key that they require, if there is one
     * @param open whether they require no key although callers do, or other machines reach them
     * @param port a port of their own; empty if they are served beside the calls
     * @param host the address of that port
     * @param drills whether drills are permitted
     */
    public record Admin(Optional<Credential> key, boolean open, Optional<Integer> port, String host, boolean drills) {
        /** Beside the calls, and without a key as long as callers need none. */
        public static final Admin BUILT_IN = new Admin(Optional.empty(), false, Optional.empty(), "127.0.0.1", true);
    }

    public ServerSettings {
        keys = List.copyOf(keys);
        forwardHeaders = List.copyOf(forwardHeaders);
    }

    /** The settings if a configuration has none. */
    public static final ServerSettings BUILT_IN = new ServerSettings(
            "127.0.0.1",
            4400,
            new Limits(25_000_000, 10_000, Duration.ofSeconds(30), ConversationLimits.BUILT_IN),
            List.of(),
            List.of(),
            WebAccess.NONE,
            Admin.BUILT_IN,
            ServerLimits.BUILT_IN);

    /** The longest request body, in bytes. */
    public int maxBody() {
        return limits.maxBody();
    }

    /** How many calls may be at work at once. */
    public int maxConcurrentCalls() {
        return limits.maxConcurrentCalls();
    }

    /** How long a stopping gateway lets calls finish. */
    public Duration drain() {
        return limits.drain();
    }

    /** What is kept of conversations that no provider has stored. */
    public ConversationLimits conversations() {
        return limits.conversations();
    }

    /** Whether only this machine can reach the gateway. Judged by the text alone: a name could resolve to anything. */
    public boolean isLoopback() {
        return isLoopback(host);
    }

    /** Whether a host name or an address is this machine's own, judged by the text. */
    public static boolean isLoopback(String host) {
        String plain = bare(host).toLowerCase(Locale.ROOT);
        return plain.equals("localhost")
                || plain.endsWith(".localhost")
                || plain.equals("::1")
                || plain.equals("0:0:0:0:0:0:0:1")
                || plain.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
    }

    /** Whether the gateway listens on every address of this machine. */
    public boolean isWildcard() {
        return isWildcard(host);
    }

    private static boolean isWildcard(String host) {
        return bare(host).equals("0.0.0.0") || bare(host).equals("::");
    }

    /**
     * Whether the operator's pages may be used without a key. A gateway with callers' keys often stands behind a proxy on the
     * same machine, to which a loopback address is public, so that its pages are open only on purpose.
     */
    public boolean adminIsOpen() {
        return adminIsOpen(!keys.isEmpty());
    }

    /**
     * The same where callers may have keys that are not in the configuration.
     *
     * @param callersNeedKeys whether a caller without a key is refused
     */
    public boolean adminIsOpen(boolean callersNeedKeys) {
        return admin.key().isEmpty() && (admin.open() || (!callersNeedKeys && isLoopback(adminHost())));
    }

    /** The address at which the operator's pages are served. */
    public String adminHost() {
        return admin.port().isPresent() ? admin.host() : host;
    }

    /** Where a caller on this machine reaches the gateway. */
    public String localUrl() {
        return localUrl(host, port);
    }

    /** Where the operator's pages are reached on this machine. */
    public String adminUrl() {
        return admin.port().map(own -> localUrl(admin.host(), own)).orElseGet(this::localUrl);
    }

    private static String localUrl(String host, int port) {
        String plain = isWildcard(host) ? "127.0.0.1" : bare(host);
        return "http://" + (plain.contains(":") ? "[" + plain + "]" : plain) + ":" + port;
    }

    /** An address without the brackets of IPv6. */
    public static String bare(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    /** These settings with the port that port 0 turned out to be. */
    public ServerSettings listeningOn(int actualPort) {
        return at(Optional.empty(), Optional.of(actualPort));
    }

    ServerSettings at(Optional<String> otherHost, Optional<Integer> otherPort) {
        return with(otherHost.orElse(host), otherPort.orElse(port), admin, bounds);
    }

    /** These settings on the ports and addresses on which a running gateway listens already. */
    ServerSettings boundAs(ServerSettings running) {
        Admin there = new Admin(admin.key(), admin.open(), running.admin.port(), running.admin.host(), admin.drills());
        return with(running.host, running.port, there, bounds.boundAs(running.bounds));
    }

    /** The names of the settings that are in force only after a restart, and differ from those of a running gateway. */
    List<String> needingRestart(ServerSettings running) {
        Map<String, Function<ServerSettings, Object>> atStart = new LinkedHashMap<>();
        atStart.put("server.host", ServerSettings::host);
        atStart.put("server.port", ServerSettings::port);
        atStart.put("server.admin.port", settings -> settings.admin.port());
        atStart.put("server.admin.host", settings -> settings.admin.host());
        atStart.put("server.body-memory", settings -> settings.bounds.bodyMemory());
        atStart.put("server.answer-memory", settings -> settings.bounds.answerMemory());
        atStart.put("server.header-timeout", settings -> settings.bounds.headerTimeout());
        atStart.put("server.idle-timeout", settings -> settings.bounds.idleTimeout());
        atStart.put("server.max-connections", settings -> settings.bounds.connections());
        atStart.put("server.max-connections-per-address", settings -> settings.bounds.connectionsPerAddress());
        return atStart.entrySet().stream()
                .filter(each ->
                        !each.getValue().apply(this).equals(each.getValue().apply(running)))
                .map(Map.Entry::getKey)
                .toList();
    }

    private ServerSettings with(String otherHost, int otherPort, Admin otherAdmin, ServerLimits otherBounds) {
        return new ServerSettings(otherHost, otherPort, limits, keys, forwardHeaders, web, otherAdmin, otherBounds);
    }
}
