package dev.understudy.gateway.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.testing.wire.RawAnswer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A client of another gateway changes its base URL and no code: its fallback options are applied, removed from upstream
 * requests, and named in the trail.
 */
@Timeout(60)
class VocabulariesTest {

    private GatewayFixture gateway;

    @BeforeEach
    void start() {
        gateway = GatewayFixture.start("");
        gateway.one().answerAlways(Chats.refused(404));
        gateway.two().answerAlways(Chats.refused(404));
        gateway.three().answerAlways(Chats.answered("hi"));
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private void assertOrder(RawAnswer answer, String vocabulary, String... outcomes) {
        assertThat(answer.status()).as("%s", answer).isEqualTo(200);
        Trail trail = Trail.of(answer);
        assertThat(trail.outcomes()).containsExactly(outcomes);
        assertThat(trail.askedIn()).isEqualTo(vocabulary);
        assertThat(gateway.log(1).getFirst()).contains("\"vocabulary\":\"" + vocabulary + "\"");
    }

    @Test
    void openPipe() {
        RawAnswer answer = gateway.chat(
                Chats.ask(
                        "one/a",
                        "\"openpipe\":{\"fallback\":{\"model\":\"three/c\",\"timeout\":30},\"tags\":{\"x\":\"y\"}}"),
                "op-tags: {\"z\":\"1\"}");

        assertOrder(answer, "openpipe", "one/a unknown_model", "three/c ok");
        assertThat(gateway.one().take().body()).isEqualTo(Chats.ask("a"));
        assertThat(gateway.three().take().body()).isEqualTo(Chats.ask("c"));
    }

    @Test
    void keywordsAi() {
        RawAnswer answer = gateway.chat(Chats.ask(
                "one/a",
                "\"fallback_models\":[\"one/a\",\"two/b\",\"three/c\"]",
                "\"retry_params\":{\"num_retries\":2,\"retry_after\":1,\"retry_enabled\":true}",
                "\"customer_identifier\":\"c\"",
                "\"metadata\":{\"kept\":\"yes\"}",
                "\"exclude_models\":[\"b\"]"));

        assertOrder(answer, "keywordsai", "two/b passed_over", "one/a unknown_model", "three/c ok");
        assertThat(gateway.one().take().body()).isEqualTo(Chats.ask("a", "\"metadata\":{\"kept\":\"yes\"}"));
        assertThat(gateway.three().take().body()).isEqualTo(Chats.ask("c", "\"metadata\":{\"kept\":\"yes\"}"));
    }

    @Test
    void keywordsAiInAHeader() {
        String params = "{\"fallback_models\":[\"three/c\"]}";
        RawAnswer answer = gateway.chat(
                Chats.ask("one/a"),
                "X-Data-Keywordsai-Params: "
                        + Base64.getEncoder().encodeToString(params.getBytes(StandardCharsets.UTF_8)));

        assertOrder(answer, "keywordsai", "one/a unknown_model", "three/c ok");
    }

    @Test
    void liteLlm() {
        RawAnswer answer = gateway.chat(
                Chats.ask(
                        "one/a",
                        "\"temperature\":1.0",
                        "\"fallbacks\":[{\"model\":\"two/b\",\"temperature\":0.20,\"seed\":7,\"messages\":[]},\"three/c\"]",
                        "\"num_retries\":0",
                        "\"mock_testing_fallbacks\":false"),
                "x-litellm-timeout: 30");

        assertOrder(answer, "litellm", "one/a unknown_model", "two/b unknown_model", "three/c ok");
        assertThat(gateway.one().take().body()).isEqualTo(Chats.ask("a", "\"temperature\":1.0"));
        // What an object overrides is its own attempt's alone.
        assertThat(gateway.two().take().body())
                .isEqualTo("{\"model\":\"b\",\"messages\":[],\"temperature\":0.20,\"seed\":7}");
        assertThat(gateway.three().take().body()).isEqualTo(Chats.ask("c", "\"temperature\":1.0"));
    }

    @Test
    void liteLlmsMockFailsThePrimaryWithoutARequest() {
        RawAnswer answer =
                gateway.chat(Chats.ask("one/a", "\"fallbacks\":[\"three/c\"]", "\"mock_testing_fallbacks\":true"));

        assertOrder(answer, "litellm", "one/a passed_over", "three/c ok");
        assertThat(gateway.one().requestCount()).isZero();
    }

    @Test
    void liteLlmsMockFailsNoFallbackWhereThePrimaryIsUnknown() {
        RawAnswer answer = gateway.chat(
                Chats.ask("unknown-model", "\"fallbacks\":[\"three/c\",\"two/b\"]", "\"mock_testing_fallbacks\":true"));

        assertThat(answer.header("understudy-target")).contains("three/c");
    }

    @Test
    void openRouter() {
        RawAnswer answer = gateway.chat("{\"models\":[\"one/a\",\"two/b\",\"three/c\"],\"route\":\"fallback\","
                + Chats.MESSAGES + ",\"provider\":{\"ignore\":[\"two\"],\"allow_fallbacks\":true}}");

        assertOrder(answer, "openrouter", "two/b passed_over", "one/a unknown_model", "three/c ok");
        assertThat(gateway.one().take().body()).isEqualTo("{" + Chats.MESSAGES + ",\"model\":\"a\"}");
        assertThat(gateway.three().take().body()).isEqualTo("{" + Chats.MESSAGES + ",\"model\":\"c\"}");
    }

    @Test
    void openRoutersOrderOfProviders() {
        RawAnswer answer = gateway.chat(Chats.ask(
                "one/a", "\"models\":[\"two/b\",\"three/c\"]", "\"provider\":{\"order\":[\"three\",\"two\"]}"));

        assertOrder(answer, "openrouter", "three/c ok");
        assertThat(gateway.one().requestCount() + gateway.two().requestCount()).isZero();
    }

    @Test
    void understudy() {
        RawAnswer answer = gateway.chat(Chats.ask(
                "one/a",
                "\"max_tokens\":5",
                "\"understudy\":{\"fallbacks\":[{\"model\":\"two/b\",\"max_tokens\":9,\"timeout\":\"5s\"},\"three/c\"],"
                        + "\"deadline\":\"20s\",\"timeouts\":{\"connect\":\"2s\",\"first-token\":\"3s\",\"idle\":\"3s\"},"
                        + "\"retry\":{\"attempts\":0},\"accept\":{\"empty\":true},\"trail\":false}"));

        assertOrder(answer, "understudy", "one/a unknown_model", "two/b unknown_model", "three/c ok");
        assertThat(gateway.one().take().body()).isEqualTo(Chats.ask("a", "\"max_tokens\":5"));
        assertThat(gateway.two().take().body()).isEqualTo(Chats.ask("b", "\"max_tokens\":9"));
        assertThat(gateway.three().take().body()).isEqualTo(Chats.ask("c", "\"max_tokens\":5"));
    }

    @Test
    void ourOwnVocabularyTakesPrecedence() {
        RawAnswer answer = gateway.chat(Chats.ask(
                "one/a",
                "\"fallbacks\":[\"two/b\"]",
                "\"openpipe\":{\"fallback\":{\"model\":\"two/b\"}}",
                "\"fallback_models\":[\"two/b\"]",
                "\"understudy\":{\"fallbacks\":[\"three/c\"]}"));

        assertOrder(answer, "understudy", "one/a unknown_model", "three/c ok");
        assertThat(gateway.three().take().body()).isEqualTo(Chats.ask("c"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"fallbacks\":[\"three/c\"],\"disable_fallbacks\":true",
                "\"fallback_models\":[\"three/c\"],\"disable_fallback\":true",
                "\"fallback_models\":[\"three/c\"],\"understudy\":{\"fallbacks\":[]}",
                "\"provider\":{\"allow_fallbacks\":false}",
                "\"fallback_models\":[]"
            })
    void wishForNoFallbackIsObeyed(String words) {
        try (GatewayFixture configured = GatewayFixture.start("fallbacks: [three/c]")) {
            configured.one().answerAlways(Chats.refused(404));
            configured.three().answerAlways(Chats.answered("hi"));

            RawAnswer answer = configured.chat(Chats.ask("one/a", words));

            assertThat(answer.status()).isEqualTo(404);
            assertThat(Trail.of(answer).outcomes()).containsExactly("one/a unknown_model");
            // Without the wish the configuration's fallback would have answered.
            assertThat(configured.chat(Chats.ask("one/b")).status()).isEqualTo(200);
        }
    }
}
