package dev.understudy.client.http;

import com.github.benmanes.caffeine.cache.Cache;
import dev.understudy.protocol.BoundedCaches;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalLong;
import javax.net.ssl.SSLException;

/**
 * What can be known of the idle connections of the JDK's HTTP client, which tells nothing about them: the end of one that it had kept
 * looks like the end of a new one.
 *
 * <p>The client keeps connections after responses, for a time. So a request to an origin without a recent response is certainly on a new connection;
 * any other one may be on a connection that the provider closed because it was idle, which says nothing about the provider.
 */
final class KeptConnections {
    /** How long after a request the end of its connection may still be that of an idle one, in nanoseconds. */
    private static final long RACE = Duration.ofSeconds(1).toNanos();

    /** How long the client keeps a connection, in nanoseconds: its own property and default. */
    private static final long KEPT = Duration.ofSeconds(Integer.getInteger("jdk.httpclient.keepalive.timeout", 30))
            .toNanos();

    private static final int MAX_ORIGINS = 1_000;

    private final Cache<String, Origin> origins = BoundedCaches.ofSize(MAX_ORIGINS);

    Origin of(URI address) {
        return origins.get(
                (address.getScheme() + "://" + address.getRawAuthority()).toLowerCase(Locale.ROOT),
                name -> new Origin());
    }

    /**
     * Whether a connection that ended without the head of a response may have been closed because it was idle, provided that it had been
     * used before.
     *
     * @param sentAt when the request was sent, by the same clock as {@code now}, in nanoseconds
     */
    static boolean mayHaveBeenIdle(Throwable cause, long sentAt, long now) {
        if (now - sentAt >= RACE) {
            return false;
        }
        for (Throwable each = cause; each != null; each = each.getCause()) {
            if (each instanceof ConnectException
                    || each instanceof ProtocolException
                    || each instanceof SSLException
                    || each instanceof HttpTimeoutException) {
                return false;
            }
        }
        return cause instanceof IOException;
    }

    /** The connections to one scheme, host and port. Times are those of one monotonic clock, in nanoseconds. */
    static final class Origin {
        /** When a response has ended last. */
        private volatile OptionalLong lastKept = OptionalLong.empty();

        private Origin() {}

        /** A response has ended, after which the client may keep its connection. */
        void mayKeepOne(long now) {
            lastKept = OptionalLong.of(now);
        }

        /** Whether the client may have a connection that it keeps. */
        boolean mayHaveIdle(long now) {
            OptionalLong last = lastKept;
            return last.isPresent() && now - last.getAsLong() < KEPT;
        }

        /**
         * A request that was sent once more has failed too. No other one is sent twice until another response has ended: a provider
         * that ends new connections as well is not to get twice the requests.
         */
        void ended() {
            lastKept = OptionalLong.empty();
        }
    }
}
