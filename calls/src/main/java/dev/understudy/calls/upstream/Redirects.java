package dev.understudy.calls.upstream;

import dev.understudy.protocol.HeaderLookup;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;

/**
 * Which redirects of a provider are followed: those that keep the method and the body (307 and 308) and stay at the host, as the official
 * clients follow them. A request carries a key, so it is never sent to another host; a provider that has moved needs another {@code base-url}.
 */
public final class Redirects {
    /** How many are followed for one request. */
    public static final int MOST = 5;

    private static final int TEMPORARY = 307;
    private static final int PERMANENT = 308;
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    private Redirects() {}

    /**
     * The address that a response redirects to; empty if it does not, or if that is not followed.
     *
     * @param from the address of the request
     * @param status of the response
     * @param response its headers
     */
    public static Optional<URI> target(URI from, int status, HeaderLookup response) {
        return status != TEMPORARY && status != PERMANENT
                ? Optional.empty()
                : response.first("location")
                        .flatMap(location -> resolve(from, location.strip()))
                        .filter(to -> isAtSameHost(from, to));
    }

    private static Optional<URI> resolve(URI from, String location) {
        try {
            // Java would replace the last segment of the path too.
            return Optional.of(from.resolve(location.startsWith("?") ? from.getRawPath() + location : location));
        } catch (IllegalArgumentException invalid) {
            return Optional.empty();
        }
    }

    /** The same host and port, or from http to https at their usual ports. */
    private static boolean isAtSameHost(URI from, URI to) {
        if (from.getHost() == null || !from.getHost().equalsIgnoreCase(to.getHost()) || to.getRawUserInfo() != null) {
            return false;
        }
        String before = from.getScheme().toLowerCase(Locale.ROOT);
        String after = to.getScheme().toLowerCase(Locale.ROOT);
        return before.equals(after)
                ? port(from) == port(to)
                : before.equals("http") && after.equals("https") && port(from) == HTTP_PORT && port(to) == HTTPS_PORT;
    }

    private static int port(URI address) {
        if (address.getPort() > 0) {
            return address.getPort();
        }
        return "https".equalsIgnoreCase(address.getScheme()) ? HTTPS_PORT : HTTP_PORT;
    }
}
