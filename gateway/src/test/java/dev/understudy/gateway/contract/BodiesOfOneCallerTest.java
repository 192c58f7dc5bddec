package dev.understudy.gateway.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.RawCaller;
import dev.understudy.testing.wire.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A caller whose calls keep many bodies in memory is refused further ones, and other callers are not. */
@Timeout(120)
class BodiesOfOneCallerTest {
    private static final String PADDING = " ".repeat(1_500_000);
    private static final String HOG = "Authorization: Bearer key-of-hog";
    private static final String NEIGHBOUR = "Authorization: Bearer key-of-neighbour";

    private static String padded(String members) {
        return "{\"model\":\"one/m\"," + members + PADDING + "}";
    }

    private static RawAnswer post(GatewayFixture gateway, String path, String body, String key) {
        try (RawCaller caller = gateway.caller().waitAtMost(Duration.ofSeconds(60))) {
            return caller.post(path, body, key).readAnswer();
        }
    }

    @Test
    void leaveRoomForThoseOfOthers() {
        List<RawCaller> waiting = new ArrayList<>();
        try (GatewayFixture gateway = GatewayFixture.startWith("""
                server:
                  port: 0
                  drain: 0s
                  body-memory: 12MB
                  keys: [{name: hog, key: key-of-hog}, {name: neighbour, key: key-of-neighbour}]
                providers: {one: {base-url: "${ONE}"}}
                """)) {
            gateway.one()
                    .answerWith(request ->
                            request.body().contains("\"hold\"") ? Reply.start().hold() : Chats.answered("hi"));
            String hold = padded("\"user\":\"hold\"," + Chats.MESSAGES);
            for (int i = 0; i < 2; i++) {
                waiting.add(gateway.caller().post(GatewayFixture.PATH, hold, HOG));
                gateway.one().take();
            }

            RawAnswer chat = post(gateway, GatewayFixture.PATH, padded(Chats.MESSAGES), HOG);
            assertThat(chat.status()).as("%s", chat).isEqualTo(429);
            assertThat(chat.header("retry-after")).contains("2");
            assertThat(ErrorBody.of(chat).code()).isEqualTo("body_memory_exceeded");
            RawAnswer messages = post(gateway, "/v1/messages", padded("\"max_tokens\":9," + Chats.MESSAGES), HOG);
            assertThat(messages.status()).isEqualTo(429);
            assertThat(messages.body()).startsWith("{\"type\":\"error\"").contains("\"type\":\"rate_limit_error\"");
            RawAnswer gemini = post(gateway, "/v1beta/models/one%2Fm:generateContent", padded("\"contents\":[]"), HOG);
            assertThat(gemini.status()).isEqualTo(429);
            assertThat(gemini.body()).contains("\"status\":\"RESOURCE_EXHAUSTED\"");

            RawAnswer neighbour = post(gateway, GatewayFixture.PATH, padded(Chats.MESSAGES), NEIGHBOUR);
            assertThat(neighbour.status()).as("%s", neighbour).isEqualTo(200);

            waiting.removeFirst().close();
            gateway.logWith("caller_left");
            RawAnswer again = post(gateway, GatewayFixture.PATH, padded(Chats.MESSAGES), HOG);
            assertThat(again.status()).as("%s", again).isEqualTo(200);
        } finally {
            waiting.forEach(RawCaller::close);
        }
    }
}
