package dev.understudy.gateway.http;

import static dev.understudy.calls.config.ServerSettings.bare;
import static dev.understudy.calls.config.ServerSettings.isLoopback;

import dev.understudy.calls.config.ServerSettings;
import dev.understudy.engine.ErrorDetails;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Keeps web pages from calling a gateway that requires no key, and lets in those that the operator allows (CORS).
 *
 * <p>A page in a browser on the same machine reaches a loopback address: with a simple request or a form it needs no
 * permission, and after rebinding its own host name to 127.0.0.1 it can even read the answer. The first is recognized by the
 * {@code Origin} and {@code Sec-Fetch-Site} headers, which pages cannot set; the second by the {@code Host} header. Where a key
 * is required, a page has none that it was not given, so only the permission to read (CORS) depends on the origin.
 *
 * <p>Not thread-safe: each event loop has its own.
 */
final class BrowserAccess {
    private static final String ORIGIN = HttpHeaders.ORIGIN.toString();
    private static final String FETCH_SITE = "sec-fetch-site";
    private static final String ANY = "*";
    /** The name by which containers reach their host. No page is served from it, because the domain is reserved. */
    private static final String CONTAINER_HOST = "host.docker.internal";

    private static final Pattern LOCAL_NAME = Pattern.compile("[a-z0-9_-]*[a-z_-][a-z0-9_-]*");
    private static final int LONGEST_LABEL = 63;
    private static final int LONGEST_NAME_SHOWN = 100;

    private final Set<String> hosts;
    private final boolean hostsAreRestricted;
    private final Set<String> origins;
    /** The last {@code Host} header that was accepted, since clients of a gateway have mostly the same. */
    private String accepted = "";

    /**
     * @param settings of the server
     * @param boundTo the address on which the requests arrive
     */
    BrowserAccess(ServerSettings settings, String boundTo) {
        hosts = new HashSet<>(settings.web().hosts());
        hosts.add(CONTAINER_HOST);
        hosts.add(bare(boundTo).toLowerCase(Locale.ROOT));
        hostsAreRestricted = !settings.web().hosts().isEmpty();
        origins = settings.web().origins();
    }

    /**
     * Why a request is refused, if it is. Sets the CORS headers of its response where the origin is allowed.
     *
     * @param open whether the request needs no key
     */
    Optional<ErrorDetails> refusal(HttpServerRequest request, boolean open) {
        if ((open || hostsAreRestricted) && !hostIsAccepted(request)) {
            return Optional.of(foreignHost(request));
        }
        String origin = request.getHeader(ORIGIN);
        String site = request.getHeader(FETCH_SITE);
        if (origin == null && site == null) {
            return Optional.empty();
        }
        if (origin != null && (origins.contains(origin.toLowerCase(Locale.ROOT)) || origins.contains(ANY))) {
            allowReading(request.response(), origin);
            return Optional.empty();
        }
        boolean ownPage = origin != null ? isSameOrigin(request, origin) : site == null || isOwnSite(site);
        return open && !ownPage ? Optional.of(foreignOrigin(origin)) : Optional.empty();
    }

    /** Whether a browser wants to know in advance if a page may send a request. */
    static boolean isPreflight(HttpServerRequest request) {
        return request.method().equals(HttpMethod.OPTIONS)
                && request.headers().contains(ORIGIN)
                && request.headers().contains(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD);
    }

    /** Answers a preflight that was not refused. Without an allowed origin it grants nothing. */
    static void answerPreflight(HttpServerRequest request) {
        HttpServerResponse response = request.response();
        if (!response.headers().contains(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN)) {
            GatewayResponses.error(request, 403, foreignOrigin(request.getHeader(ORIGIN)));
            return;
        }
        response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, DELETE");
        response.putHeader(HttpHeaders.ACCESS_CONTROL_MAX_AGE, "600");
        String headers = request.getHeader(HttpHeaders.ACCESS_CONTROL_REQUEST_HEADERS);
        if (headers != null && headers.matches("[A-Za-z0-9_, -]+")) {
            response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, headers);
        }
        if (request.headers().contains("access-control-request-private-network")) {
            response.putHeader("access-control-allow-private-network", "true");
        }
        response.setStatusCode(204).end();
    }

    private static void allowReading(HttpServerResponse response, String origin) {
        response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        response.putHeader(HttpHeaders.VARY, ORIGIN);
        response.putHeader(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, ANY);
    }

    /** Browsers always send the name, so that a request without one comes from no page. */
    private boolean hostIsAccepted(HttpServerRequest request) {
        String host = request.getHeader(HttpHeaders.HOST);
        if (host != null) {
            return isAccepted(host);
        }
        // HTTP/2 has it as a pseudo-header.
        return request.authority() == null || isAccepted(request.authority().toString());
    }

    private boolean isAccepted(String header) {
        if (header.equals(accepted) || header.isEmpty()) {
            return true;
        }
        String name = nameOf(header);
        if (!isLoopback(name) && !hosts.contains(name) && !isLocalName(name)) {
            return false;
        }
        accepted = header;
        return true;
    }

    /** No domain can be registered whose name has no dot, so that no page can be served from it and then rebound. */
    private static boolean isLocalName(String name) {
        return name.length() <= LONGEST_LABEL && LOCAL_NAME.matcher(name).matches();
    }

    /** The host of a {@code Host} header in lower case, without port, brackets and the root's dot. */
    private static String nameOf(String header) {
        int end = header.startsWith("[") ? header.indexOf(']') + 1 : header.lastIndexOf(':');
        String host = end > 0 ? header.substring(0, end) : header;
        String name = bare(host).toLowerCase(Locale.ROOT);
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    private static boolean isOwnSite(String site) {
        return site.equals("same-origin") || site.equals("none");
    }

    private static boolean isSameOrigin(HttpServerRequest request, String origin) {
        String site = request.getHeader(FETCH_SITE);
        String host = request.authority() == null ? "" : request.authority().toString();
        return site == null ? origin.endsWith("://" + host) : isOwnSite(site);
    }

    private static ErrorDetails foreignHost(HttpServerRequest request) {
        String host = String.valueOf(request.getHeader(HttpHeaders.HOST));
        String shown = host.substring(0, Math.min(host.length(), LONGEST_NAME_SHOWN));
        return new ErrorDetails(
                "the Host header '" + shown
                        + "' is not a name of this gateway, as when a web page rebinds its own name to this"
                        + " machine (DNS rebinding); if the name is right, add it to server.allowed-hosts",
                "invalid_request_error",
                "",
                "foreign_host");
    }

    private static ErrorDetails foreignOrigin(@Nullable String origin) {
        String shown =
                origin == null ? "another site" : origin.substring(0, Math.min(origin.length(), LONGEST_NAME_SHOWN));
        return new ErrorDetails(
                "requests of web pages from " + shown + " are not accepted; to allow them, add the origin to"
                        + " server.allowed-origins",
                "invalid_request_error",
                "",
                "foreign_origin");
    }
}
