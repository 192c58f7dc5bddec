package dev.understudy.calls.credentials;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Fetches what credentials are made of, over HTTP and from files. No method blocks; the futures may be completed by any thread, which must be one
 * that reading a file or making a signature does not hold up.
 */
public interface CredentialsTransport {
    /** The longest response body that is read, in bytes: credentials are short. */
    int LONGEST_BODY = 256 * 1024;

    /**
     * A request.
     *
     * @param body in UTF-8; empty for none
     * @param timeout the limit of the whole request, connecting and the response's body included
     */
    record Request(String method, URI address, Map<String, String> headers, String body, Duration timeout) {
        public Request {
            headers = Map.copyOf(headers);
        }

        /** Hides the headers and the body: they carry credentials. */
        @Override
        public String toString() {
            return method + " " + address.getScheme() + "://" + address.getRawAuthority() + address.getRawPath();
        }
    }

    /**
     * A response, whatever its status.
     *
     * @param text the body, which is in UTF-8
     */
    record Response(int status, String text) {
        /** Hides the body: it carries credentials. */
        @Override
        public String toString() {
            return "Response[status=" + status + "]";
        }
    }

    /**
     * Sends a request, and follows no redirect.
     *
     * @return the whole response; fails if there is none in time, or if its body has more than {@link #LONGEST_BODY} bytes
     */
    CompletableFuture<Response> send(Request request);

    /**
     * Reads a file.
     *
     * @return its content; empty if there is no such file; fails if it cannot be read
     */
    CompletableFuture<Optional<byte[]>> read(Path file);
}
