package dev.understudy.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.Reply;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GatewayFixtureTest {

    private static final String ANSWER =
            "{\"id\":\"x\",\"object\":\"chat.completion\",\"model\":\"b-1\",\"choices\":[{\"index\":0,\"message\":"
                    + "{\"role\":\"assistant\",\"content\":\"hi\"},\"finish_reason\":\"stop\"}]}";

    @Test
    void callGoesThroughTheGatewayToItsUpstreams() {
        try (GatewayFixture gateway = GatewayFixture.start("models: {m: {targets: [one/a, two/b]}}")) {
            gateway.one().answerAlways(Reply.json(404, "{}"));
            gateway.two().answerAlways(Reply.json(200, ANSWER));

            RawAnswer seen = gateway.chat("{\"model\":\"m\",\"messages\":[]}");

            assertThat(seen.status()).isEqualTo(200);
            assertThat(seen.body()).isEqualTo(ANSWER);
            assertThat(seen.header("understudy-target")).contains("two/b");
            assertThat(gateway.one().take().body()).isEqualTo("{\"model\":\"a\",\"messages\":[]}");
            assertThat(gateway.two().take().head().toLowerCase(Locale.ROOT))
                    .contains("authorization: bearer key-of-two");
            assertThat(gateway.three().requestCount()).isZero();
            assertThat(gateway.log(1).getFirst()).contains("\"target\":\"two/b\"");
        }
    }
}
