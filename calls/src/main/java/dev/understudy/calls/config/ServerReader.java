package dev.understudy.calls.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Reads {@code server}. */
final class ServerReader {
    /** Keys for callers, separated by commas, for a gateway without a configuration file. */
    static final String KEYS_VARIABLE = "UNDERSTUDY_API_KEYS";

    static final String ADMIN_KEY_VARIABLE = "UNDERSTUDY_ADMIN_KEY";

    /** Callers' keys are for the gateway alone, and each connection has headers of its own. */
    private static final Set<String> NEVER_FORWARDED = Set.of(
            "authorization",
            "api-key",
            "x-api-key",
            "x-goog-api-key",
            "proxy-authorization",
            "cookie",
            "host",
            "connection",
            "content-length",
            "content-type",
            "content-encoding",
            "transfer-encoding",
            "te",
            "trailer",
            "upgrade",
            "expect",
            "keep-alive",
            "accept-encoding");

    private ServerReader() {}

    static ServerSettings read(Section section, ReadingContext reading) {
        section.only(
                "host",
                "port",
                "max-body",
                "max-concurrent-calls",
                "drain",
                "keys",
                "forward-headers",
                "conversations",
                "allowed-hosts",
                "allowed-origins",
                "admin-key",
                "admin",
                "body-memory",
                "answer-memory",
                "min-body-rate",
                "header-timeout",
                "idle-timeout",
                "max-connections",
                "max-connections-per-address",
                "max-deadline");
        ServerSettings usual = ServerSettings.BUILT_IN;
        List<ApiKey> keys = section.get("keys").map(ServerReader::keys).orElseGet(() -> keysIn(reading));
        return new ServerSettings(
                address(section).orElse(usual.host()),
                section.get("port").flatMap(entry -> entry.whole(0, 65_535)).orElse(usual.port()),
                limits(section, usual),
                keys,
                section.get("forward-headers").map(ServerReader::headers).orElse(List.of()),
                new ServerSettings.WebAccess(
                        section.get("allowed-hosts")
                                .map(entry -> texts(entry, "a host name such as llm.internal", ServerReader::hostName))
                                .orElse(Set.of()),
                        section.get("allowed-origins")
                                .map(entry -> origins(entry, keys))
                                .orElse(Set.of())),
                admin(section, reading),
                limits(section));
    }

    private static ServerSettings.Limits limits(Section section, ServerSettings usual) {
        return new ServerSettings.Limits(
                section.get("max-body")
                        .flatMap(entry -> entry.parsed("a size such as 25MB", Quantities::size))
                        .orElse(usual.maxBody()),
                section.get("max-concurrent-calls")
                        .flatMap(entry -> entry.whole(1, 1_000_000))
                        .orElse(usual.maxConcurrentCalls()),
                section.get("drain")
                        .flatMap(entry -> entry.duration(Duration.ZERO))
                        .orElse(usual.drain()),
                section.get("conversations").map(ServerReader::conversations).orElse(usual.conversations()));
    }

    private static ConversationLimits conversations(Entry entry) {
        ConversationLimits usual = ConversationLimits.BUILT_IN;
        if (!entry.isMapping()) {
            return entry.parsed("off, or entries, size and age", ServerReader::noConversations)
                    .orElse(usual);
        }
        Section section = entry.section().orElseThrow().only("entries", "size", "age");
        return new ConversationLimits(
                section.get("entries")
                        .flatMap(each -> each.whole(1, 10_000_000))
                        .orElse(usual.entries()),
                section.get("size")
                        .flatMap(each -> each.parsed("a size such as 64MB", Quantities::size))
                        .orElse(usual.size()),
                section.get("age")
                        .flatMap(each -> each.duration(Duration.ofSeconds(1)))
                        .orElse(usual.age()));
    }

    private static ConversationLimits noConversations(String text) {
        if (!text.equals("off") && !text.equals("false")) {
            throw new IllegalArgumentException("is not known here; write off, or {entries: …, size: …, age: …}");
        }
        return ConversationLimits.OFF;
    }

    private static Optional<String> address(Section section) {
        return section.get("host").flatMap(entry -> entry.parsed("an address such as 127.0.0.1", ServerReader::host));
    }

    private static ServerSettings.Admin admin(Section server, ReadingContext reading) {
        ServerSettings.Admin usual = ServerSettings.Admin.BUILT_IN;
        Optional<Section> section =
                server.section("admin").map(own -> own.only("key", "open", "host", "port", "drills"));
        Optional<Entry> key = section.flatMap(own -> own.get("key"));
        Optional<Entry> older = server.get("admin-key");
        if (key.isPresent() && older.isPresent()) {
            older.get().problem("is the same setting as server.admin.key; keep one of them");
        }
        Optional<Entry> port = section.flatMap(own -> own.get("port"));
        Optional<Entry> host = section.flatMap(own -> own.get("host"));
        if (host.isPresent() && port.isEmpty()) {
            host.get().problem("is the address of server.admin.port, which is not set");
        }
        Optional<Entry> stated = key.or(() -> older);
        return new ServerSettings.Admin(
                stated.isPresent()
                        ? stated.flatMap(Entry::secret)
                        : reading.environment().get(ADMIN_KEY_VARIABLE).map(Credential::of),
                section.flatMap(own -> own.get("open")).flatMap(Entry::flag).orElse(usual.open()),
                port.flatMap(entry -> entry.whole(0, 65_535)),
                section.flatMap(ServerReader::address).orElse(usual.host()),
                section.flatMap(own -> own.get("drills"))
                        .flatMap(entry -> entry.parsed("on or off", Quantities::onOrOff))
                        .orElse(usual.drills()));
    }

    private static ServerLimits limits(Section section) {
        ServerLimits usual = ServerLimits.BUILT_IN;
        return new ServerLimits(
                section.get("body-memory")
                        .flatMap(entry -> entry.parsed("a size such as 500MB", Quantities::memory))
                        .orElse(usual.bodyMemory()),
                section.get("answer-memory")
                        .flatMap(entry -> entry.parsed("a size such as 500MB", Quantities::memory))
                        .orElse(usual.answerMemory()),
                section.get("min-body-rate")
                        .flatMap(entry -> entry.parsed("a size such as 1KB", Quantities::size))
                        .orElse(usual.bodyRate()),
                section.get("header-timeout")
                        .flatMap(entry -> entry.duration(Duration.ofMillis(1)))
                        .orElse(usual.headerTimeout()),
                section.get("idle-timeout")
                        .flatMap(entry -> entry.duration(Duration.ofSeconds(1)))
                        .orElse(usual.idleTimeout()),
                section.get("max-connections")
                        .flatMap(entry -> entry.whole(1, 1_000_000))
                        .orElse(usual.connections()),
                section.get("max-connections-per-address")
                        .flatMap(entry -> entry.whole(1, 1_000_000))
                        .orElse(usual.connectionsPerAddress()),
                section.get("max-deadline")
                        .flatMap(entry -> entry.duration(Duration.ofMillis(1)))
                        .orElse(usual.deadline()));
    }

    private static Set<String> texts(Entry entry, String what, Entry.Parser<String> parser) {
        Set<String> texts = new LinkedHashSet<>();
        for (Entry item : entry.items().orElse(List.of())) {
            item.parsed(what, parser).ifPresent(texts::add);
        }
        return texts;
    }

    private static String hostName(String text) {
        if (!text.matches("[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?|\\[[0-9A-Fa-f:.]+\\]")) {
            throw new IllegalArgumentException(
                    "is not a host name; write one without scheme and port, such as llm.internal");
        }
        return text.toLowerCase(Locale.ROOT);
    }

    /** Every origin may be let in only where a page needs a key, because otherwise any page could spend money. */
    private static Set<String> origins(Entry entry, List<ApiKey> keys) {
        Set<String> origins = texts(entry, "an origin such as https://app.example", ServerReader::origin);
        if (origins.contains("*") && keys.isEmpty()) {
            entry.problem(
                    "\"*\" lets every web page in the browsers of this machine call your providers; name the origins, or"
                            + " set server.keys");
        }
        return origins;
    }

    private static String origin(String text) {
        String origin = text.toLowerCase(Locale.ROOT);
        if (!origin.equals("*") && !origin.equals("null") && !origin.matches("[a-z][a-z0-9+.-]*://[^/?#@\\s]+")) {
            throw new IllegalArgumentException(
                    "is not an origin; write scheme, host and port without a path, such as https://app.example");
        }
        return origin;
    }

    private static List<String> headers(Entry entry) {
        return List.copyOf(texts(entry, "the name of a header such as x-session-id", ServerReader::header));
    }

    private static String header(String text) {
        String name = text.toLowerCase(Locale.ROOT);
        if (!name.matches("[a-z0-9][a-z0-9_-]*")) {
            throw new IllegalArgumentException("is not the name of a header; write one such as x-session-id");
        }
        if (NEVER_FORWARDED.contains(name)) {
            throw new IllegalArgumentException(
                    "is never forwarded: it has a caller's key, or belongs to the connection; name another header");
        }
        return name;
    }

    private static String host(String text) {
        if (text.contains("/") || text.contains(" ")) {
            throw new IllegalArgumentException(
                    "is not an address; write a host name or an IP address, such as 127.0.0.1");
        }
        return text;
    }

    /** Each key is a text, or {@code {name, key}} with its limits; the name appears in the log. */
    private static List<ApiKey> keys(Entry entry) {
        List<ApiKey> keys = new ArrayList<>();
        for (Entry item : entry.items().orElse(List.of())) {
            String usualName = "key-" + (keys.size() + 1);
            if (item.isMapping()) {
                Section section = item.section().orElseThrow().only(KeyLimitsReader.keysAnd("name", "key"));
                if (section.get("key").isEmpty()) {
                    section.problem("has no key; write {name: …, key: …}");
                }
                String name = section.get("name").flatMap(Entry::text).orElse(usualName);
                KeyLimits limits = KeyLimitsReader.read(section);
                section.get("key")
                        .flatMap(Entry::secret)
                        .ifPresent(secret -> keys.add(new ApiKey(name, secret, limits)));
            } else {
                item.secret().ifPresent(secret -> keys.add(new ApiKey(usualName, secret)));
            }
        }
        return keys;
    }

    private static List<ApiKey> keysIn(ReadingContext reading) {
        List<ApiKey> keys = new ArrayList<>();
        Arrays.stream(reading.environment().get(KEYS_VARIABLE).orElse("").split(","))
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .forEach(text -> keys.add(new ApiKey("key-" + (keys.size() + 1), Credential.of(text))));
        return keys;
    }

    /** Why the gateway must not listen there, if so: callers of an open gateway spend the operator's money. */
    static Optional<String> refusal(ServerSettings server) {
        if (server.isLoopback() || !server.keys().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of("refusing to listen on " + server.host()
                + " without keys: every client that reaches it could use your providers' accounts; add server.keys (or set "
                + KEYS_VARIABLE + "), or listen on 127.0.0.1");
    }
}
