package dev.understudy.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.FailureKind;
import dev.understudy.testing.wire.AmazonSignature;
import dev.understudy.testing.wire.ReceivedRequest;
import dev.understudy.testing.wire.Reply;
import dev.understudy.testing.wire.ScriptedUpstream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The library signs requests to Amazon and fetches tokens of Google, as the gateway does. */
@Timeout(60)
class CloudAccountsTest {
    private static final String MODEL = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";
    private static final Map<String, String> AMAZON = Map.of(
            "AWS_ACCESS_KEY_ID", "AKIDEXAMPLE",
            "AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI",
            "AWS_SESSION_TOKEN", "token/with+signs==",
            "AWS_REGION", "eu-central-1");

    private final ScriptedUpstream cloud = ScriptedUpstream.start();
    private final ScriptedUpstream other = ScriptedUpstream.start();
    private final ScriptedUpstream tokens = ScriptedUpstream.start();

    @AfterEach
    void stop() {
        cloud.close();
        other.close();
        tokens.close();
    }

    private Understudy bedrock(Map<String, String> environment) {
        return Understudy.builder()
                .environment(environment)
                .provider("bedrock", Map.of("base-url", "http://127.0.0.1:" + cloud.port()))
                .provider("other", URI.create(other.baseUrl()), "sk-other-0123456789")
                .build();
    }

    private Understudy vertex(Path folder) throws Exception {
        Path keyFile = Files.writeString(folder.resolve("key.json"), keyFile(tokens.port()), UTF_8);
        return Understudy.builder()
                .environment(Map.of())
                .provider(
                        "vertex",
                        Map.of(
                                "dialect",
                                "gemini",
                                "base-url",
                                "http://127.0.0.1:" + cloud.port() + "/v1/projects/p/locations/l/publishers/google",
                                "service-account",
                                keyFile.toString()))
                .provider("other", URI.create(other.baseUrl()), "sk-other-0123456789")
                .build();
    }

    private static CompletionRequest request(String model, String text) {
        return CompletionRequest.of(model).user(text).fallbacks("other/n").build();
    }

    private static Reply converse(String text) {
        return Reply.json(
                200,
                "{\"output\":{\"message\":{\"role\":\"assistant\",\"content\":[{\"text\":\"" + text
                        + "\"}]}},\"stopReason\":\"end_turn\",\"usage\":{\"inputTokens\":5,\"outputTokens\":12,"
                        + "\"totalTokens\":17},\"metrics\":{\"latencyMs\":9}}");
    }

    private static Reply gemini(String text) {
        return Reply.json(
                200,
                "{\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[{\"text\":\"" + text
                        + "\"}]},\"finishReason\":\"STOP\",\"index\":0}],\"usageMetadata\":{\"promptTokenCount\":5,"
                        + "\"candidatesTokenCount\":12,\"totalTokenCount\":17},\"modelVersion\":\"gemini-x\"}");
    }

    private static Reply chat(String text) {
        return Reply.json(
                200,
                "{\"id\":\"c1\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"n\",\"choices\":[{\"index\":0,\"message\":"
                        + "{\"role\":\"assistant\",\"content\":\"" + text + "\"},\"finish_reason\":\"stop\"}]}");
    }

    /** A short request is signed on the loop of the calls, a long one on another thread. */
    @Test
    void amazonIsSentWhatWasSigned() {
        try (Understudy client = bedrock(AMAZON)) {
            for (String text : List.of("Hello", "Hello ".repeat(60_000))) {
                cloud.answer(converse("Hi"));
                assertThat(client.completion(request("bedrock/" + MODEL, text)).text())
                        .isEqualTo("Hi");
                ReceivedRequest request = cloud.take();
                AmazonSignature signature = AmazonSignature.of(request);
                assertThat(signature.scope()).endsWith("/eu-central-1/bedrock/aws4_request");
                assertThat(signature.signedHeaders())
                        .contains("host", "x-amz-date", "x-amz-security-token", "content-type");
                assertThat(signature.text())
                        .as("made of what arrived")
                        .isEqualTo(signature.recomputedWith("wJalrXUtnFEMI"));
            }
        }
    }

    @Test
    void withoutCredentialsTheNextTargetIsTried() {
        Map<String, String> nothing = Map.of(
                "AWS_REGION", "us-east-1",
                "AWS_EC2_METADATA_DISABLED", "true",
                "AWS_SHARED_CREDENTIALS_FILE", "/nowhere/credentials",
                "AWS_CONFIG_FILE", "/nowhere/config");
        try (Understudy client = bedrock(nothing)) {
            other.answer(chat("rescued"));
            Completion answer = client.completion(request("bedrock/" + MODEL, "Hello"));
            assertThat(answer.target()).isEqualTo("other/n");
            assertThat(answer.trail().attempts().getFirst().failure()).hasValueSatisfying(failure -> {
                assertThat(failure.kind()).isEqualTo(FailureKind.AUTH);
                assertThat(failure.message()).contains("No AWS credentials");
            });
            assertThat(cloud.connectionCount()).isZero();
        }
    }

    @Test
    void googleIsShownATokenOfTheServiceAccount(@TempDir Path folder) throws Exception {
        tokens.answerAlways(Reply.json(200, "{\"access_token\":\"ya29.token\",\"expires_in\":3600}"));
        cloud.answerAlways(gemini("Hi"));
        try (Understudy client = vertex(folder)) {
            for (int i = 0; i < 3; i++) {
                assertThat(client.completion(request("vertex/gemini-x", "Hello"))
                                .text())
                        .isEqualTo("Hi");
                assertThat(cloud.take().head())
                        .startsWith(
                                "POST /v1/projects/p/locations/l/publishers/google/models/gemini-x:generateContent ")
                        .containsIgnoringCase("authorization: Bearer ya29.token\r\n")
                        .doesNotContainIgnoringCase("x-goog-api-key");
            }
        }
        assertThat(tokens.requestCount()).isEqualTo(1);
    }

    /** All calls of a process share a loop; a token that does not arrive must hold up none of the others. */
    @Test
    void noOtherCallWaitsForAToken(@TempDir Path folder) throws Exception {
        CountDownLatch arrives = new CountDownLatch(1);
        tokens.answer(Reply.start()
                .await(arrives)
                .send(Reply.json(200, "{\"access_token\":\"ya29.token\",\"expires_in\":3600}")));
        cloud.answer(gemini("late"));
        other.answer(chat("at once"));
        try (Understudy client = vertex(folder)) {
            CompletableFuture<Completion> waiting = client.completionAsync(
                    CompletionRequest.of("vertex/gemini-x").user("Hello").build());
            tokens.take();
            assertThat(client.completion(CompletionRequest.of("other/n")
                                    .user("Hello")
                                    .build())
                            .text())
                    .isEqualTo("at once");
            assertThat(waiting).isNotDone();
            arrives.countDown();
            assertThat(waiting.get(30, TimeUnit.SECONDS).text()).isEqualTo("late");
        }
    }

    @Test
    void anUnusableKeyFileIsReportedAndTheNextTargetIsTried(@TempDir Path folder) throws Exception {
        try (Understudy client = vertex(folder)) {
            Path keyFile = folder.resolve("key.json");
            other.answerAlways(chat("rescued"));
            Files.writeString(keyFile, "{}");
            assertThat(whyVertexFailed(client)).contains("'type' of the Google key file");
            Files.delete(keyFile);
            client.resetHealth();
            assertThat(whyVertexFailed(client)).contains("key.json does not exist");
        }
    }

    private static String whyVertexFailed(Understudy client) {
        Completion answer = client.completion(request("vertex/gemini-x", "Hello"));
        assertThat(answer.target()).isEqualTo("other/n");
        return answer.trail()
                .attempts()
                .getFirst()
                .failure()
                .orElseThrow()
                .details()
                .message();
    }

    private static String keyFile(int tokenPort) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        String key = Base64.getEncoder()
                .encodeToString(generator.generateKeyPair().getPrivate().getEncoded());
        return "{\"type\":\"service_account\",\"project_id\":\"p\",\"private_key_id\":\"k\",\"client_email\":"
                + "\"u@p.iam.gserviceaccount.com\",\"token_uri\":\"http://127.0.0.1:" + tokenPort
                + "/token\",\"private_key\":\"-----BEGIN PRIVATE KEY-----\\n" + key
                + "\\n-----END PRIVATE KEY-----\\n\"}";
    }
}
