package dev.understudy.calls.upstream;

import dev.understudy.calls.loop.CallLoop;
import dev.understudy.protocol.HeaderLookup;
import java.net.URI;
import java.util.Map;

/**
 * Sends upstream requests: on Vert.x's client in the gateway, on the JDK's in the library.
 *
 * <p>It decides nothing: no retries, no redirects (see {@link Redirects}), no timeouts of its own.
 */
public interface UpstreamTransport {

    /**
     * Prepares what is the same for every request to an address.
     *
     * @param headers all of them but those of a single request
     */
    Endpoint endpoint(URI address, Map<String, String> headers);

    /** An address with its constant headers. Used for many requests at the same time. */
    interface Endpoint {
        /**
         * Begins a POST request.
         *
         * @param query further parameters, as in an address without the question mark; empty for none
         * @param headers of this request only, which replace constant ones of the same name
         * @param receiver is called on the loop of the call; {@code connected} and {@code broken} also before this method returns
         */
        Transfer send(String query, Map<String, String> headers, byte[] body, Receiver receiver);
    }

    /** A request that has begun. Its methods are called on the loop of the call. */
    interface Transfer {
        /** Stops reading the response, until {@link #resume}. */
        void pause();

        /** Reads the response again. */
        void resume();

        /**
         * Ends the transfer at once, so that the provider stops generating: closes the connection or resets the stream, also
         * while the connection is being made or the request is being sent.
         */
        void abort();
    }

    /** Is told what happens to a request. */
    interface Receiver {
        /** The loop of the call, on which the other methods are to be called. */
        CallLoop loop();

        /** A connection to the provider is there, and the request is being sent. */
        void connected();

        /** The status and the headers have arrived. */
        void head(Head head);

        /** More of the body, as the transfer coding leaves it; the array is valid until the method returns. */
        void bytes(byte[] array, int offset, int length);

        /** The body has ended as HTTP specifies. */
        void end();

        /**
         * The connection could not be made or has broken. May be called more than once.
         *
         * @param cause a {@link java.net.ProtocolException} if what was received is not HTTP
         */
        void broken(Throwable cause);
    }

    /** Status and headers of a response. */
    interface Head extends HeaderLookup {
        /** The status code. */
        int status();

        /** All headers. */
        Iterable<Map.Entry<String, String>> all();
    }
}
