package dev.understudy.gateway.drill;

import dev.understudy.calls.loop.CallLoop;
import dev.understudy.calls.loop.Timer;
import dev.understudy.calls.upstream.UpstreamTransport.Endpoint;
import dev.understudy.calls.upstream.UpstreamTransport.Head;
import dev.understudy.calls.upstream.UpstreamTransport.Receiver;
import dev.understudy.calls.upstream.UpstreamTransport.Transfer;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Endpoints of real providers whose answers are interfered with. They know bytes and lines, but no dialect. */
final class FaultyEndpoint {
    private FaultyEndpoint() {}

    /**
     * An endpoint that answers late: the request is held back, so that an attempt that is cancelled meanwhile costs nothing at the provider.
     * The engine sees a connection on which nothing arrives.
     */
    static Endpoint late(Endpoint real, Duration by) {
        return (query, headers, body, receiver) -> new Late(real, query, headers, body, receiver).begin(by);
    }

    /**
     * An endpoint whose connection breaks inside the answer.
     *
     * @param at after how many events of a stream; an answer in one piece loses its second half
     */
    static Endpoint cut(Endpoint real, int at) {
        return (query, headers, body, receiver) ->
                new Interrupted(receiver, at, true).begin(real, query, headers, body);
    }

    /** An endpoint that becomes silent inside the answer, at the same place, with its connection open. */
    static Endpoint stalled(Endpoint real, int at) {
        return (query, headers, body, receiver) ->
                new Interrupted(receiver, at, false).begin(real, query, headers, body);
    }

    private static final class Late implements Transfer {
        private final Endpoint real;
        private final String query;
        private final Map<String, String> headers;
        private final byte[] body;
        private final Receiver receiver;
        private Optional<Timer> timer = Optional.empty();
        private Optional<Transfer> sent = Optional.empty();
        private boolean paused;

        Late(Endpoint real, String query, Map<String, String> headers, byte[] body, Receiver receiver) {
            this.real = real;
            this.query = query;
            this.headers = headers;
            this.body = body;
            this.receiver = receiver;
        }

        Late begin(Duration by) {
            timer = Optional.of(receiver.loop().runAt(System.nanoTime() + by.toNanos(), this::send));
            receiver.connected();
            return this;
        }

        private void send() {
            Transfer transfer = real.send(query, headers, body, new Receiver() {
                @Override
                public CallLoop loop() {
                    return receiver.loop();
                }

                @Override
                public void connected() {
                    // The engine has been told.
                    if (paused) {
                        sent.ifPresent(Transfer::pause);
                    }
                }

                @Override
                public void head(Head head) {
                    receiver.head(head);
                    if (paused) {
                        sent.ifPresent(Transfer::pause);
                    }
                }

                @Override
                public void bytes(byte[] array, int offset, int length) {
                    receiver.bytes(array, offset, length);
                }

                @Override
                public void end() {
                    receiver.end();
                }

                @Override
                public void broken(Throwable cause) {
                    receiver.broken(cause);
                }
            });
            sent = Optional.of(transfer);
        }

        @Override
        public void pause() {
            paused = true;
            sent.ifPresent(Transfer::pause);
        }

        @Override
        public void resume() {
            paused = false;
            sent.ifPresent(Transfer::resume);
        }

        @Override
        public void abort() {
            timer.ifPresent(Timer::cancel);
            sent.ifPresent(Transfer::abort);
        }
    }

    /** Passes an answer on until a place inside it, and nothing after that. */
    private static final class Interrupted implements Receiver, Transfer {
        private final Receiver receiver;
        private final int at;
        private final boolean breaks;
        private Optional<Transfer> real = Optional.empty();
        private boolean concerned;
        private boolean hasEvents;
        private int events;
        private boolean lineIsEmpty = true;
        private boolean over;

        /** @param breaks whether the receiver is told that the connection broke */
        Interrupted(Receiver receiver, int at, boolean breaks) {
            this.receiver = receiver;
            this.at = at;
            this.breaks = breaks;
        }

        Interrupted begin(Endpoint endpoint, String query, Map<String, String> headers, byte[] body) {
            Transfer transfer = endpoint.send(query, headers, body, this);
            real = Optional.of(transfer);
            return this;
        }

        @Override
        public CallLoop loop() {
            return receiver.loop();
        }

        @Override
        public void connected() {
            receiver.connected();
        }

        @Override
        public void head(Head head) {
            // An error that the provider itself reports stays as it is.
            concerned = head.status() / 100 == 2;
            hasEvents = head.first("content-type")
                            .filter(type -> type.startsWith("text/event-stream"))
                            .isPresent()
                    && head.first("content-encoding")
                            .filter(encoding -> !encoding.equals("identity"))
                            .isEmpty();
            receiver.head(head);
        }

        @Override
        public void bytes(byte[] array, int offset, int length) {
            if (over) {
                return;
            }
            if (!concerned) {
                receiver.bytes(array, offset, length);
                return;
            }
            int passed = hasEvents ? upToTheEvent(array, offset, length) : length / 2;
            if (passed > 0) {
                receiver.bytes(array, offset, passed);
            }
            if (!hasEvents || events >= at) {
                interrupt();
            }
        }

        /** How many of the bytes belong to the first events. An empty line ends an event. */
        private int upToTheEvent(byte[] array, int offset, int length) {
            for (int i = 0; i < length; i++) {
                if (events >= at) {
                    return i;
                }
                byte next = array[offset + i];
                if (next == '\n') {
                    events += lineIsEmpty ? 1 : 0;
                    lineIsEmpty = true;
                } else if (next != '\r') {
                    lineIsEmpty = false;
                }
            }
            return length;
        }

        private void interrupt() {
            // Reading the bytes may have ended the attempt.
            if (!over) {
                over = true;
                // The provider must not generate what is not read.
                real.ifPresent(Transfer::abort);
                if (breaks) {
                    receiver.broken(new IOException("the connection was closed by a drill"));
                }
            }
        }

        @Override
        public void end() {
            if (!over) {
                receiver.end();
            }
        }

        @Override
        public void broken(Throwable cause) {
            if (!over) {
                receiver.broken(cause);
            }
        }

        @Override
        public void pause() {
            real.ifPresent(Transfer::pause);
        }

        @Override
        public void resume() {
            if (!over) {
                real.ifPresent(Transfer::resume);
            }
        }

        @Override
        public void abort() {
            over = true;
            real.ifPresent(Transfer::abort);
        }
    }
}
