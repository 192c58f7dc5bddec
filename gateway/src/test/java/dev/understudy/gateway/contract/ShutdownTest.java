package dev.understudy.gateway.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.testing.wire.End;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.RawCaller;
import dev.understudy.testing.wire.Reply;
import io.vertx.core.Future;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A gateway that stops accepts no new calls and lets running calls finish within the drain time. */
@Timeout(120)
class ShutdownTest {

    private static GatewayFixture draining(String drain) {
        return GatewayFixture.startWith("""
                server: {port: 0, drain: %s}
                providers: {one: {base-url: "${ONE}"}}
                """.formatted(drain));
    }

    @Test
    void runningCallsFinishAndNewConnectionsAreRefused() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        try (GatewayFixture gateway = draining("60s")) {
            int port = gateway.port();
            gateway.one()
                    .answer(Reply.eventStream()
                            .event(Chats.content("first"))
                            .await(goOn)
                            .event(Chats.content("last"))
                            .event(Chats.delta("{}", "\"stop\""))
                            .event("[DONE]")
                            .lastChunk());
            RawCaller streaming = gateway.caller()
                    .waitAtMost(Duration.ofSeconds(60))
                    .post(GatewayFixture.PATH, Chats.askStream("one/m"));
            streaming.readHead();
            assertThat(streaming.readEvent())
                    .hasValueSatisfying(event -> assertThat(event).contains("first"));

            Future<Void> stopped = gateway.stop();

            awaitRefusal(port);
            assertThat(stopped.isComplete()).isFalse();
            goOn.countDown();
            RawAnswer rest = streaming.readRest();
            assertThat(rest.end()).isEqualTo(End.COMPLETE);
            assertThat(rest.body()).contains("last").endsWith("data: [DONE]\n\n");
            stopped.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
            assertThat(gateway.log(1).getFirst()).contains("\"ending\":\"answered\"");
            streaming.close();
        }
    }

    @Test
    void idleConnectionDoesNotHoldTheGatewayUp() throws Exception {
        try (GatewayFixture gateway = draining("60s")) {
            gateway.one().answerAlways(Chats.answered("hi"));
            RawCaller idle = gateway.caller().waitAtMost(Duration.ofSeconds(30));
            assertThat(idle.post(GatewayFixture.PATH, Chats.ask("one/m"))
                            .readAnswer()
                            .status())
                    .isEqualTo(200);

            gateway.stop().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);

            assertThat(idle.readBeyond()).isEmpty();
        }
    }

    @Test
    void callThatTakesTooLongIsCutOffAtTheEndOfTheDrain() throws Exception {
        try (GatewayFixture gateway = draining("500ms")) {
            gateway.one()
                    .answerAlways(
                            Reply.eventStream().event(Chats.content("first")).hold());
            RawCaller streaming = gateway.caller()
                    .waitAtMost(Duration.ofSeconds(30))
                    .post(GatewayFixture.PATH, Chats.askStream("one/m"));
            streaming.readHead();
            streaming.readEvent();

            gateway.stop().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);

            RawAnswer rest = streaming.readRest();
            assertThat(rest.end()).isIn(End.CLOSED, End.RESET);
            assertThat(rest.body()).doesNotContain("[DONE]", "finish_reason\":\"stop");
            gateway.one().take().peerClosedNanos(Duration.ofSeconds(30));
        }
    }

    /** The gateway stops in its own time; until then a connection may still be taken, to be closed unanswered. */
    private static void awaitRefusal(int port) {
        long started = System.nanoTime();
        while (System.nanoTime() - started < Duration.ofSeconds(30).toNanos()) {
            try {
                RawCaller.connect(port).close();
                LockSupport.parkNanos(10_000_000);
            } catch (UncheckedIOException refused) {
                return;
            }
        }
        throw new AssertionError("new connections are still accepted");
    }
}
