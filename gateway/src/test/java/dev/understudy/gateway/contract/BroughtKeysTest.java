package dev.understudy.gateway.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.ScriptedUpstream;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A key that comes in a request serves that request at the provider that it is for, and is seen nowhere else. */
@Timeout(60)
class BroughtKeysTest {
    private static final String SECRET = "sk-brought-0123456789";

    private static String head(ScriptedUpstream upstream) {
        return upstream.take().head().toLowerCase(Locale.ROOT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"customer_credentials\":{\"two\":{\"api_key\":\"" + SECRET + "\"}}",
                "\"customer_credentials\":[{\"provider\":\"two\",\"api_key\":\"" + SECRET + "\",\"weight\":1}]",
                "\"credential_override\":{\"two/b\":{\"api_key\":\"" + SECRET + "\"}}",
                "\"keywordsai_params\":{\"credential_override\":{\"two/b\":{\"api_key\":\"" + SECRET + "\"}}}"
            })
    void reachesItsProviderAndNoOther(String words) {
        try (GatewayFixture gateway = GatewayFixture.start("models: {m: {targets: [one/a, two/b, three/c]}}")) {
            gateway.one().answerAlways(Chats.refused(404));
            gateway.two().answer(Chats.refused(404)).answerAlways(Chats.answered("hi"));
            gateway.three().answerAlways(Chats.answered("hi"));

            RawAnswer answer = gateway.chat(Chats.ask("m", words));

            assertThat(answer.status()).isEqualTo(200);
            assertThat(head(gateway.one())).contains("bearer key-of-one\r\n").doesNotContain(SECRET);
            assertThat(head(gateway.two()))
                    .contains("bearer " + SECRET + "\r\n")
                    .doesNotContain("key-of-two");
            assertThat(head(gateway.three()))
                    .contains("bearer key-of-three\r\n")
                    .doesNotContain(SECRET);
            assertThat(answer.toString()).doesNotContain(SECRET);
            assertThat(gateway.log(1).getFirst()).doesNotContain(SECRET);

            // The next call has the operator's key again: nothing of the last one stayed.
            assertThat(gateway.chat(Chats.ask("two/b")).status()).isEqualTo(200);
            assertThat(head(gateway.two())).contains("bearer key-of-two\r\n");
        }
    }

    @Test
    void bodiesGoUpstreamWithoutIt() {
        try (GatewayFixture gateway = GatewayFixture.start("")) {
            gateway.one().answerAlways(Chats.answered("hi"));
            gateway.chat(Chats.ask("one/m", "\"customer_credentials\":{\"one\":{\"api_key\":\"" + SECRET + "\"}}"));
            assertThat(gateway.one().take().body()).isEqualTo(Chats.ask("m"));
        }
    }

    @Test
    void errorsDoNotRepeatIt() {
        try (GatewayFixture gateway = GatewayFixture.start("")) {
            gateway.one().answerAlways(Chats.refused(401));
            String brought = "\"customer_credentials\":{\"one\":{\"api_key\":\"" + SECRET + "\"}}";

            RawAnswer refusedByProvider = gateway.chat(Chats.ask("one/m", brought));
            RawAnswer refusedByUs = gateway.chat(Chats.ask("one/m", brought, "\"fallbacks\":5"));

            assertThat(refusedByProvider.status()).isNotIn(200, 401);
            assertThat(refusedByUs.status()).isEqualTo(400);
            assertThat(refusedByProvider.toString() + refusedByUs + gateway.log(1))
                    .doesNotContain(SECRET);
        }
    }

    @Test
    void refusedKeyOfOneCallerCoolsNoOtherCallersKey() {
        try (GatewayFixture gateway = GatewayFixture.start("")) {
            gateway.one().answer(Chats.refused(401)).answerAlways(Chats.answered("hi"));
            gateway.chat(Chats.ask("one/m", "\"customer_credentials\":{\"one\":{\"api_key\":\"" + SECRET + "\"}}"));

            RawAnswer next = gateway.chat(Chats.ask("one/m", "\"fallbacks\":[\"two/m\"]"));

            assertThat(next.header("understudy-target")).contains("one/m");
        }
    }

    /** What no header may hold must not become one, nor an error of ours that no one can act upon. */
    @ParameterizedTest
    @ValueSource(
            strings = {"a\\r\\nX-Injected: 1", "a\\u0000b", "a\\nb", "schl\\u00fcssel", "\\u043a\\u043b\\u044e\\u0447"})
    void keyThatNoHeaderCanHoldIsRefused(String key) {
        try (GatewayFixture gateway = GatewayFixture.start("")) {
            gateway.one().answerAlways(Chats.answered("hi"));
            String brought = "\"customer_credentials\":{\"one\":{\"api_key\":\"" + key + "\"}}";

            RawAnswer answer = gateway.chat(Chats.ask("one/m", brought));

            assertThat(answer.status()).as("%s", answer).isEqualTo(400);
            assertThat(ErrorBody.of(answer).message())
                    .doesNotContain("Injected")
                    .contains("key");
            assertThat(gateway.one().requestCount()).isZero();
        }
    }
}
