package dev.understudy.gateway.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.calls.loop.CallLoop;
import dev.understudy.calls.loop.Timer;
import dev.understudy.calls.upstream.UpstreamTransport.Endpoint;
import dev.understudy.calls.upstream.UpstreamTransport.Head;
import dev.understudy.calls.upstream.UpstreamTransport.Receiver;
import dev.understudy.calls.upstream.UpstreamTransport.Transfer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an attempt sees of an answer that a drill interferes with. */
class FaultyEndpointTest {
    private static final String STREAM = "data: 1\n\ndata: 2\r\n\r\n: ping\n\ndata: 4\n\n";
    private static final byte[] NOTHING = {};

    private final Provider provider = new Provider();
    private final ManualLoop loop = new ManualLoop();
    private final Seen seen = new Seen(loop);

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 7, 100})
    void streamIsCutAfterSoManyEventsHoweverItIsDivided(int pieces) {
        FaultyEndpoint.cut(provider, 2).send("", Map.of(), NOTHING, seen);
        provider.answer(200, "text/event-stream; charset=utf-8");
        provider.body(STREAM, pieces);

        assertThat(seen.text).hasToString("data: 1\n\ndata: 2\r\n\r\n");
        assertThat(seen.signals).containsExactly("connected", "head", "broken");
        assertThat(provider.aborted).isTrue();
    }

    @Test
    void cutBeforeTheFirstEventLeavesNothing() {
        FaultyEndpoint.cut(provider, 0).send("", Map.of(), NOTHING, seen);
        provider.answer(200, "text/event-stream");
        provider.body(STREAM, 4);

        assertThat(seen.text.toString()).isEmpty();
        assertThat(seen.signals).containsExactly("connected", "head", "broken");
    }

    @Test
    void streamThatIsShorterIsWhole() {
        FaultyEndpoint.cut(provider, 5).send("", Map.of(), NOTHING, seen);
        provider.answer(200, "text/event-stream");
        provider.body(STREAM, 3);
        provider.receiver.end();

        assertThat(seen.text).hasToString(STREAM);
        assertThat(seen.signals).containsExactly("connected", "head", "end");
    }

    @Test
    void stalledStreamIsSilentAndTheProviderIsLeft() {
        FaultyEndpoint.stalled(provider, 1).send("", Map.of(), NOTHING, seen);
        provider.answer(200, "text/event-stream");
        provider.body(STREAM, 6);
        provider.receiver.broken(new IllegalStateException("the abort"));
        provider.receiver.end();

        assertThat(seen.text).hasToString("data: 1\n\n");
        assertThat(seen.signals).containsExactly("connected", "head");
        assertThat(provider.aborted).isTrue();
    }

    @Test
    void answerInOnePieceLosesItsSecondHalf() {
        FaultyEndpoint.cut(provider, 3).send("", Map.of(), NOTHING, seen);
        provider.answer(200, "application/json");
        provider.body("0123456789", 10);

        assertThat(seen.text).hasToString("01234");
        assertThat(seen.signals).containsExactly("connected", "head", "broken");
    }

    @Test
    void errorOfTheProviderStaysAsItIs() {
        FaultyEndpoint.cut(provider, 0).send("", Map.of(), NOTHING, seen);
        provider.answer(500, "application/json");
        provider.body("{}", 2);
        provider.receiver.end();

        assertThat(seen.text).hasToString("{}");
        assertThat(seen.signals).containsExactly("connected", "head", "end");
    }

    @Test
    void attemptThatIsCancelledByWhatItReadsIsToldNothingMore() {
        Transfer[] transfer = new Transfer[1];
        Seen leaving = new Seen(loop) {
            @Override
            public void bytes(byte[] array, int offset, int length) {
                transfer[0].abort();
            }
        };
        transfer[0] = FaultyEndpoint.cut(provider, 1).send("", Map.of(), NOTHING, leaving);
        provider.answer(200, "text/event-stream");
        provider.body(STREAM, 100);

        assertThat(leaving.signals).containsExactly("connected", "head");
    }

    @Test
    void lateRequestIsHeldBackAndThenSentAsItWas() {
        Transfer transfer = FaultyEndpoint.late(provider, Duration.ofSeconds(3))
                .send("q=1", Map.of("a", "b"), new byte[] {7}, seen);

        assertThat(seen.signals).containsExactly("connected");
        assertThat(provider.sent).isEmpty();
        transfer.pause();
        loop.fire();
        assertThat(provider.sent).containsExactly("q=1 {a=b} 7");
        provider.answer(200, "application/json");
        assertThat(provider.paused).isTrue();
        transfer.resume();
        assertThat(provider.paused).isFalse();
        provider.body("{}", 2);
        provider.receiver.end();
        assertThat(seen.signals).containsExactly("connected", "head", "end");
        assertThat(seen.text).hasToString("{}");
    }

    @Test
    void lateRequestThatIsCancelledMeanwhileIsNeverSent() {
        FaultyEndpoint.late(provider, Duration.ofSeconds(3))
                .send("", Map.of(), NOTHING, seen)
                .abort();
        loop.fire();

        assertThat(provider.sent).isEmpty();
    }

    private static final class ManualLoop implements CallLoop {
        private final List<Runnable> timers = new ArrayList<>();

        @Override
        public void execute(Runnable action) {
            action.run();
        }

        @Override
        public Timer runAt(long at, Runnable action) {
            timers.add(action);
            return () -> timers.remove(action);
        }

        void fire() {
            List.copyOf(timers).forEach(Runnable::run);
        }
    }

    private static class Seen implements Receiver {
        final List<String> signals = new ArrayList<>();
        final StringBuilder text = new StringBuilder();
        private final CallLoop loop;

        Seen(CallLoop loop) {
            this.loop = loop;
        }

        @Override
        public CallLoop loop() {
            return loop;
        }

        @Override
        public void connected() {
            signals.add("connected");
        }

        @Override
        public void head(Head head) {
            signals.add("head");
        }

        @Override
        public void bytes(byte[] array, int offset, int length) {
            text.append(new String(array, offset, length, StandardCharsets.UTF_8));
        }

        @Override
        public void end() {
            signals.add("end");
        }

        @Override
        public void broken(Throwable cause) {
            signals.add("broken");
        }
    }

    /** An endpoint whose one answer the test writes. */
    private static final class Provider implements Endpoint, Transfer {
        private final List<String> sent = new ArrayList<>();
        private Receiver receiver = new Seen(new ManualLoop());
        private boolean aborted;
        private boolean paused;

        @Override
        public Transfer send(String query, Map<String, String> headers, byte[] body, Receiver to) {
            sent.add(query + " " + headers + " " + (body.length > 0 ? body[0] : ""));
            receiver = to;
            receiver.connected();
            return this;
        }

        void answer(int status, String type) {
            receiver.head(new Head() {
                @Override
                public int status() {
                    return status;
                }

                @Override
                public Iterable<Map.Entry<String, String>> all() {
                    return List.of(Map.entry("content-type", type));
                }

                @Override
                public Optional<String> first(String name) {
                    return name.equals("content-type") ? Optional.of(type) : Optional.empty();
                }
            });
        }

        void body(String text, int pieces) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            for (int from = 0; from < bytes.length; from += pieces) {
                receiver.bytes(bytes, from, Math.min(pieces, bytes.length - from));
            }
        }

        @Override
        public void pause() {
            paused = true;
        }

        @Override
        public void resume() {
            paused = false;
        }

        @Override
        public void abort() {
            aborted = true;
        }
    }
}
