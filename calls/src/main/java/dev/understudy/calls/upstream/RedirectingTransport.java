package dev.understudy.calls.upstream;

import dev.understudy.calls.loop.CallLoop;
import java.net.URI;
import java.util.Map;
import java.util.Optional;

/** Follows the {@link Redirects} of providers. What is redirected is one request to its receiver: one connection, one response. */
final class RedirectingTransport implements UpstreamTransport {
    private final UpstreamTransport transport;

    RedirectingTransport(UpstreamTransport transport) {
        this.transport = transport;
    }

    @Override
    public Endpoint endpoint(URI address, Map<String, String> headers) {
        Endpoint endpoint = transport.endpoint(address, headers);
        return (query, further, body, receiver) -> {
            Redirected redirected = new Redirected(address, headers, further, body, receiver);
            redirected.begin(endpoint, query);
            return redirected;
        };
    }

    private final class Redirected implements Transfer, Receiver {
        private final Map<String, String> headers;
        private final Map<String, String> further;
        private final Receiver receiver;
        private URI address;
        /** Empty as soon as it will not be sent again. */
        private Optional<byte[]> body;

        private Optional<Transfer> current = Optional.empty();
        /** Where the response that is being read redirects to. */
        private Optional<URI> target = Optional.empty();

        private int followed;
        private boolean aborted;

        Redirected(
                URI address, Map<String, String> headers, Map<String, String> further, byte[] body, Receiver receiver) {
            this.address = address;
            this.headers = headers;
            this.further = further;
            this.body = Optional.of(body);
            this.receiver = receiver;
        }

        void begin(Endpoint endpoint, String query) {
            current = Optional.of(endpoint.send(query, further, body.orElseThrow(), this));
        }

        @Override
        public CallLoop loop() {
            return receiver.loop();
        }

        @Override
        public void connected() {
            if (followed == 0) {
                receiver.connected();
            }
        }

        @Override
        public void head(Head head) {
            target = followed < Redirects.MOST ? Redirects.target(address, head.status(), head) : Optional.empty();
            if (target.isEmpty()) {
                body = Optional.empty();
                receiver.head(head);
            }
        }

        @Override
        public void bytes(byte[] array, int offset, int length) {
            if (target.isEmpty()) {
                receiver.bytes(array, offset, length);
            }
        }

        @Override
        public void end() {
            if (target.isEmpty()) {
                receiver.end();
            } else if (!aborted) {
                followed++;
                address = target.get();
                target = Optional.empty();
                // A provider that wants the parameters of the request has put them into its address.
                begin(transport.endpoint(address, headers), "");
            }
        }

        @Override
        public void broken(Throwable cause) {
            receiver.broken(cause);
        }

        @Override
        public void pause() {
            current.ifPresent(Transfer::pause);
        }

        @Override
        public void resume() {
            current.ifPresent(Transfer::resume);
        }

        @Override
        public void abort() {
            aborted = true;
            current.ifPresent(Transfer::abort);
        }
    }
}
