package dev.understudy.calls.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What several gateways share.
 *
 * @param valkey the address of a Valkey or Redis, which may contain a password; empty for a gateway that shares nothing
 * @param prefix what the names of its keys and channel there begin with: gateways with the same prefix share
 */
public record ReplicaSettings(Optional<String> valkey, String prefix) {
    static final String VALKEY_VARIABLE = "UNDERSTUDY_VALKEY_URL";

    private static final String WANTED = "an address such as redis://host:6379 or rediss://user:password@host:6380/0";
    private static final Pattern SCHEME = Pattern.compile("(redis|rediss|valkey|valkeys)");
    private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    /** The settings if a configuration has none. */
    public static final ReplicaSettings BUILT_IN = new ReplicaSettings(Optional.empty(), "understudy");

    static ReplicaSettings read(Section section, ReadingContext reading) {
        section.only("valkey", "prefix");
        return new ReplicaSettings(
                section.get("valkey").isPresent()
                        ? section.get("valkey").flatMap(entry -> entry.parsed(WANTED, ReplicaSettings::url))
                        : ofEnvironment(reading),
                section.get("prefix")
                        .flatMap(entry -> entry.parsed("a name such as understudy", ReplicaSettings::prefix))
                        .orElse(BUILT_IN.prefix));
    }

    private static Optional<String> ofEnvironment(ReadingContext reading) {
        Optional<String> url = reading.environment().get(VALKEY_VARIABLE);
        try {
            return url.map(ReplicaSettings::url);
        } catch (IllegalArgumentException wrong) {
            reading.environmentProblem(VALKEY_VARIABLE, String.valueOf(wrong.getMessage()));
            return Optional.empty();
        }
    }

    private static String url(String text) {
        try {
            URI uri = new URI(text);
            if (uri.getScheme() != null
                    && SCHEME.matcher(uri.getScheme()).matches()
                    && uri.getHost() != null
                    && (uri.getPath().isEmpty() || uri.getPath().matches("/\\d{0,5}"))) {
                return text;
            }
        } catch (URISyntaxException wrong) {
            // Its message contains the text, which may contain a password.
            throw new IllegalArgumentException("is no address; write " + WANTED, null);
        }
        throw new IllegalArgumentException("is not the address of a Valkey or Redis; write " + WANTED);
    }

    private static String prefix(String text) {
        if (!PREFIX.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "may have up to 64 letters, digits, dots, hyphens and underscores, and no others");
        }
        return text;
    }

    /** The password in the address, as it is written there. */
    Optional<String> password() {
        return valkey.map(URI::create)
                .map(URI::getRawUserInfo)
                .map(user -> user.substring(user.indexOf(':') + 1))
                .filter(password -> !password.isEmpty());
    }

    /** The names of the settings that are in force only after a restart, and differ from those of a running gateway. */
    List<String> needingRestart(ReplicaSettings running) {
        if (!valkey.equals(running.valkey)) {
            return List.of("replicas.valkey");
        }
        return prefix.equals(running.prefix) ? List.of() : List.of("replicas.prefix");
    }
}
