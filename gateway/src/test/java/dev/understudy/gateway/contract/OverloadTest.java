package dev.understudy.gateway.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.RawCaller;
import dev.understudy.testing.wire.Reply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** More calls at once than are allowed are turned away at once, and only those. */
@Timeout(60)
class OverloadTest {

    @Test
    void callBeyondTheLimitIsTurnedAwayUntilAnotherEnds() {
        try (GatewayFixture gateway = GatewayFixture.startWith("""
                server: {port: 0, drain: 0s, max-concurrent-calls: 2}
                providers: {one: {base-url: "${ONE}"}}
                """)) {
            gateway.one()
                    .answer(Reply.start().hold())
                    .answer(Reply.start().hold())
                    .answerAlways(Chats.answered("hi"));
            RawCaller first = gateway.caller().post(GatewayFixture.PATH, Chats.ask("one/m"));
            try (RawCaller second = gateway.caller()) {
                second.post(GatewayFixture.PATH, Chats.ask("one/m"));
                gateway.one().take();
                gateway.one().take();

                for (String body : new String[] {Chats.ask("one/m"), Chats.askStream("one/m")}) {
                    RawAnswer refused = gateway.chat(body);
                    assertThat(refused.status()).isEqualTo(503);
                    assertThat(refused.header("retry-after")).contains("1");
                    assertThat(ErrorBody.of(refused).type()).isEqualTo("server_error");
                }
                assertThat(gateway.one().requestCount()).isEqualTo(2);
                // Bad requests are told what is wrong with them, load or not, and other pages are there.
                assertThat(gateway.chat("{").status()).isEqualTo(400);
                try (RawCaller probe = gateway.caller()) {
                    assertThat(probe.get("/readyz").readAnswer().status()).isEqualTo(200);
                }

                first.close();
                gateway.log(1);
                assertThat(gateway.chat(Chats.ask("one/m")).status()).isEqualTo(200);
            }
        }
    }
}
