package dev.understudy.gateway.crossing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.testing.wire.AmazonSignature;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.RawCaller;
import dev.understudy.testing.wire.ReceivedRequest;
import dev.understudy.testing.wire.Reply;
import dev.understudy.testing.wire.ScriptedUpstream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Requests to clouds that want more than a key: Amazon's signature, a token of Google's. */
@Timeout(60)
class CloudAccountsTest {
    private static final String MODEL = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";
    private static final String SERVER = "server: {host: 127.0.0.1, port: 0, drain: 0s}\n";

    private static String bedrock(String further) {
        return SERVER + "providers: {bedrock: {base-url: \"http://127.0.0.1:${ONE_PORT}\"" + further + "}}\n";
    }

    @Test
    void amazonIsSentWhatWasSigned() {
        Map<String, String> account = Map.of(
                "AWS_ACCESS_KEY_ID", "AKIDEXAMPLE",
                "AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI",
                "AWS_SESSION_TOKEN", "token/with+signs==",
                "AWS_REGION", "eu-central-1");
        try (GatewayFixture gateway = GatewayFixture.startWith(bedrock(""), account)) {
            gateway.one().answerWith(Vendor.BEDROCK::well);
            for (boolean stream : List.of(true, false)) {
                RawAnswer answer = gateway.chat(ClientDialect.CHAT.body("bedrock/" + MODEL, stream));

                assertThat(ParsedAnswer.of(ClientDialect.CHAT, stream, answer).text())
                        .isEqualTo(Vendor.TEXT);
                ReceivedRequest request = gateway.one().take();
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
    void aKeyOfBedrocksOwnTakesThePlaceOfASignature() {
        Map<String, String> account =
                Map.of("AWS_BEARER_TOKEN_BEDROCK", "bedrock-key", "AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
        try (GatewayFixture gateway = GatewayFixture.startWith(bedrock(""), account)) {
            gateway.one().answerWith(Vendor.BEDROCK::well);
            gateway.chat(ClientDialect.CHAT.body("bedrock/" + MODEL, false));
            assertThat(gateway.one().take().head())
                    .containsIgnoringCase("authorization: Bearer bedrock-key\r\n")
                    .doesNotContainIgnoringCase("x-amz-date");
        }
    }

    @Test
    void withoutCredentialsTheNextTargetIsTried() {
        String yaml = SERVER + """
                providers:
                  bedrock: {base-url: "http://127.0.0.1:${ONE_PORT}", region: us-east-1}
                  gemini: {base-url: "http://127.0.0.1:${TWO_PORT}", api-key: key-of-gemini}
                models: {m: {targets: [bedrock/m, gemini/m]}}
                """;
        Map<String, String> nothing = Map.of(
                "AWS_EC2_METADATA_DISABLED", "true",
                "AWS_SHARED_CREDENTIALS_FILE", "/nowhere/credentials",
                "AWS_CONFIG_FILE", "/nowhere/config");
        try (GatewayFixture gateway = GatewayFixture.startWith(yaml, nothing)) {
            gateway.two().answerWith(Vendor.GEMINI::well);
            RawAnswer answer = gateway.chat(ClientDialect.CHAT.body("m", false));
            assertThat(answer.header("understudy-target")).contains("gemini/m");
            assertThat(answer.header("understudy-trail").orElse("")).contains("\"bedrock/m\";outcome=auth");
            assertThat(gateway.one().connectionCount()).isZero();
        }
    }

    @Test
    void googleIsShownATokenOfTheServiceAccount(@TempDir Path folder) throws Exception {
        try (ScriptedUpstream tokens = ScriptedUpstream.start()) {
            try (GatewayFixture gateway = vertex(folder, tokens, "")) {
                gateway.one().answerWith(Vendor.GEMINI::well);
                for (boolean stream : List.of(true, false)) {
                    RawAnswer answer = gateway.chat(ClientDialect.CHAT.body("vertex/gemini-x", stream));

                    assertThat(ParsedAnswer.of(ClientDialect.CHAT, stream, answer)
                                    .text())
                            .isEqualTo(Vendor.TEXT);
                    assertThat(gateway.one().take().head().toLowerCase(Locale.ROOT))
                            .startsWith("post /v1/projects/p/locations/l/publishers/google/models/gemini-x:"
                                    + (stream ? "streamgeneratecontent?alt=sse " : "generatecontent "))
                            .contains("authorization: bearer ya29.token\r\n")
                            .doesNotContain("x-goog-api-key");
                }
                assertThat(tokens.requestCount())
                        .as("a token per event loop, not per call")
                        .isBetween(1, 2);
            }
        }
    }

    @Test
    void amazonsCountIsSignedAndPassedThrough() {
        Map<String, String> account = Map.of(
                "AWS_ACCESS_KEY_ID", "AKIDEXAMPLE",
                "AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI",
                "AWS_REGION", "eu-central-1");
        String yaml = bedrock("") + "models: {m: {targets: [bedrock/" + MODEL + "]}}\n";
        try (GatewayFixture gateway = GatewayFixture.startWith(yaml, account);
                RawCaller caller = gateway.caller()) {
            gateway.one().answer(Reply.json(200, "{\"inputTokens\":17}"));
            String body =
                    "{\"input\":{\"converse\":{\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"a\"}]}]}}}";
            RawAnswer answer = caller.post("/model/m/count-tokens", body).readAnswer();

            assertThat(answer.body()).isEqualTo("{\"inputTokens\":17}");
            assertThat(answer.header("understudy-warning")).isEmpty();
            ReceivedRequest request = gateway.one().take();
            assertThat(request.head()).startsWith("POST /model/" + MODEL.replace(":", "%3A") + "/count-tokens ");
            assertThat(request.body()).isEqualTo(body);
            AmazonSignature signature = AmazonSignature.of(request);
            assertThat(signature.text()).isEqualTo(signature.recomputedWith("wJalrXUtnFEMI"));

            gateway.one()
                    .answer(Reply.json(400, "{\"message\":\"The provided model doesn't support counting tokens.\"}"));
            RawAnswer estimate = caller.post("/model/m/count-tokens", body).readAnswer();
            assertThat(estimate.body()).matches("\\{\"inputTokens\":[1-9][0-9]*}");
            assertThat(estimate.header("understudy-warning").orElse(""))
                    .contains("estimated, because the model does not support counts");
        }
    }

    @Test
    void otherVendorsCountsAreEstimatedForAmazonsClients() {
        String yaml = SERVER + "providers: {gemini: {base-url: \"http://127.0.0.1:${TWO_PORT}\", api-key: k}}\n";
        try (GatewayFixture gateway = GatewayFixture.startWith(yaml);
                RawCaller caller = gateway.caller()) {
            // {"messages":[{"role":"user","content":"hello hello"}]}
            RawAnswer answer = caller.post(
                            "/model/gemini%2Fg/count-tokens",
                            "{\"input\":{\"invokeModel\":{\"body\":\"eyJtZXNzYWdlcyI6W3sicm9sZSI6InVzZXIiLCJjb250ZW50Ijoi"
                                    + "aGVsbG8gaGVsbG8ifV19\"}}}")
                    .readAnswer();
            assertThat(answer.body()).matches("\\{\"inputTokens\":[1-9][0-9]?}");
            assertThat(answer.header("understudy-warning").orElse("")).contains("estimated");
            assertThat(gateway.two().requestCount()).isZero();
        }
    }

    @Test
    void claudesTokensAreCountedOnThePathOfVertex() {
        String yaml = SERVER + "providers: {anthropic: {base-url: \"http://127.0.0.1:${TWO_PORT}\", api-key: k}}\n";
        try (GatewayFixture gateway = GatewayFixture.startWith(yaml);
                RawCaller caller = gateway.caller()) {
            gateway.two().answer(Reply.json(200, "{\"input_tokens\":5}"));
            RawAnswer answer = caller.post(
                            "/v1/projects/p/locations/l/publishers/anthropic/models/count-tokens:rawPredict",
                            "{\"model\":\"claude-x@20250101\",\"anthropic_version\":\"vertex-2023-10-16\",\"messages\":[]}")
                    .readAnswer();
            assertThat(answer.body()).isEqualTo("{\"input_tokens\":5}");
            assertThat(gateway.two().take().body()).isEqualTo("{\"model\":\"claude-x-20250101\",\"messages\":[]}");
        }
    }

    @Test
    void googlesCountIsPassedThroughWithAToken(@TempDir Path folder) throws Exception {
        try (ScriptedUpstream tokens = ScriptedUpstream.start()) {
            try (GatewayFixture gateway = vertex(folder, tokens, "models: {m: {targets: [vertex/gemini-x]}}");
                    RawCaller caller = gateway.caller()) {
                gateway.one().answer(Reply.json(200, "{\"totalTokens\":9}"));
                RawAnswer answer = caller.post(
                                "/v1/projects/x/locations/y/publishers/google/models/m:countTokens",
                                "{\"contents\":[]}")
                        .readAnswer();
                assertThat(answer.body()).isEqualTo("{\"totalTokens\":9}");
                assertThat(gateway.one().take().head())
                        .startsWith("POST /v1/projects/p/locations/l/publishers/google/models/gemini-x:countTokens ")
                        .containsIgnoringCase("authorization: Bearer ya29.token\r\n");
            }
        }
    }

    /** A gateway whose first provider is Vertex AI, with a service account. */
    private static GatewayFixture vertex(Path folder, ScriptedUpstream tokens, String rest) throws Exception {
        Path keyFile = Files.writeString(folder.resolve("key.json"), keyFile(tokens.port()), UTF_8);
        tokens.answerAlways(Reply.json(200, "{\"access_token\":\"ya29.token\",\"expires_in\":3600}"));
        String yaml = SERVER + """
                providers:
                  vertex:
                    dialect: gemini
                    base-url: "http://127.0.0.1:${ONE_PORT}/v1/projects/p/locations/l/publishers/google"
                    service-account: "${KEY_FILE}"
                """;
        return GatewayFixture.startWith(yaml + rest, Map.of("KEY_FILE", keyFile.toString()));
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
