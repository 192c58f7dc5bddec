package dev.understudy.gateway.contract;

import static dev.understudy.gateway.contract.Http2Caller.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.testing.wire.ReceivedRequest;
import dev.understudy.testing.wire.Reply;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Over HTTP/2 a caller gives a single call up by resetting its stream; the connection and its other calls stay. */
@Timeout(120)
class CallerLeavesHttp2Test {
    private static final Duration AT_ONCE = Duration.ofMillis(100);
    /** As in {@link CallerLeavesTest}: one measurement may be late on a busy machine, not all of them. */
    private static final int TRIES = 8;

    private final Http2Caller caller = new Http2Caller();

    @AfterEach
    void close() throws Exception {
        caller.close();
    }

    @ParameterizedTest
    @CsvSource({"false, before headers", "false, inside", "true, before headers", "true, inside"})
    void resetStreamEndsItsUpstreamRequestAndNoOther(boolean stream, String moment) throws Exception {
        boolean inside = moment.equals("inside");
        Reply head = stream
                ? Reply.eventStream().event(Chats.content("a"))
                : Reply.start()
                        .send(
                                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"id\":");
        try (GatewayFixture gateway = GatewayFixture.start(
                "defaults: {deadline: 60s, timeouts: {first-token: 60s, idle: 60s, answer: 60s}}")) {
            gateway.one().answerAlways((inside ? head : Reply.start()).hold());
            gateway.two().answerAlways(Reply.start().hold());
            ask(gateway, Chats.ask("two/m"));
            ReceivedRequest bystander = gateway.two().take();

            Duration soonest = Duration.ofDays(1);
            for (int i = 0; i < TRIES && soonest.compareTo(AT_ONCE) > 0; i++) {
                HttpClientRequest call = ask(gateway, stream ? Chats.askStream("one/m") : Chats.ask("one/m"));
                ReceivedRequest request = gateway.one().take();
                if (stream && inside) {
                    assertThat(get(call.response()).statusCode()).isEqualTo(200);
                }

                long left = System.nanoTime();
                call.reset();

                Duration took = Duration.ofNanos(request.peerClosedNanos(Duration.ofSeconds(10)) - left);
                soonest = took.compareTo(soonest) < 0 ? took : soonest;
            }

            assertThat(soonest).isLessThan(AT_ONCE);
            assertThat(gateway.log(1).getFirst()).contains("\"ending\":\"caller_left\"");
            assertThat(bystander.isPeerClosed()).isFalse();
        }
    }

    private HttpClientRequest ask(GatewayFixture gateway, String body) throws Exception {
        HttpClientRequest request = caller.chat(gateway);
        get(request.end(Buffer.buffer(body)));
        return request;
    }
}
