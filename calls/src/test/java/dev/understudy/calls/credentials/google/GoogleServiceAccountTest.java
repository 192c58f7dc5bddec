package dev.understudy.calls.credentials.google;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.understudy.calls.credentials.CredentialsTransport.Request;
import dev.understudy.calls.credentials.CredentialsTransport.Response;
import dev.understudy.calls.credentials.FakeTransport;
import java.net.ConnectException;
import java.net.URLDecoder;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class GoogleServiceAccountTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    private static final ObjectMapper JSON = new ObjectMapper();

    private static KeyPair pair;

    private static final String TOKENS = "http://127.0.0.1:1/token";

    private final List<Map<String, String>> forms = new ArrayList<>();
    private final List<String> types = new ArrayList<>();
    private Optional<CompletableFuture<Response>> gate = Optional.empty();
    private int status = 200;
    private String answer = "";
    private GoogleServiceAccount account;

    @BeforeAll
    static void makeKey() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        pair = generator.generateKeyPair();
    }

    @BeforeEach
    void start() throws Exception {
        account = new GoogleServiceAccount(ServiceAccountKey.read(file(TOKENS)), new FakeTransport(this::answer));
        hand("first", 3600);
    }

    @Test
    void aTokenIsRequestedWithASignedAssertion() throws Exception {
        assertThat(token(NOW)).isEqualTo("first");

        Map<String, String> form = forms.getFirst();
        assertThat(types).containsExactly("application/x-www-form-urlencoded");
        assertThat(form.get("grant_type")).isEqualTo("urn:ietf:params:oauth:grant-type:jwt-bearer");
        String[] parts = form.get("assertion").split("\\.", -1);
        assertThat(parts).hasSize(3);
        assertThat(json(parts[0]))
                .isEqualTo(JSON.createObjectNode()
                        .put("alg", "RS256")
                        .put("typ", "JWT")
                        .put("kid", "key-1"));
        assertThat(json(parts[1]))
                .hasToString(JSON.createObjectNode()
                        .put("iss", "understudy@project.iam.gserviceaccount.com")
                        .put("scope", "https://www.googleapis.com/auth/cloud-platform")
                        .put("aud", TOKENS)
                        .put("iat", NOW.getEpochSecond())
                        .put("exp", NOW.getEpochSecond() + 3600)
                        .toString());
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initVerify(pair.getPublic());
        signature.update((parts[0] + "." + parts[1]).getBytes(US_ASCII));
        assertThat(signature.verify(Base64.getUrlDecoder().decode(parts[2]))).isTrue();
    }

    @Test
    void aTokenIsUsedAgainWhileItIsFresh() throws Exception {
        token(NOW);
        hand("second", 3600);

        assertThat(token(NOW.plusSeconds(3299))).isEqualTo("first");
        assertThat(forms).hasSize(1);
    }

    @Test
    void theNextTokenIsRequestedWhileTheOldOneIsStillUsed() throws Exception {
        token(NOW);
        hand("second", 3600);
        CompletableFuture<Response> open = close();

        assertThat(token(NOW.plusSeconds(3300))).isEqualTo("first");
        assertThat(token(NOW.plusSeconds(3569))).isEqualTo("first");
        CompletableFuture<String> waiting = ask(NOW.plusSeconds(3570));
        open.complete(response());

        assertThat(get(waiting)).isEqualTo("second");
        assertThat(token(NOW.plusSeconds(3570))).isEqualTo("second");
        assertThat(forms).hasSize(2);
    }

    @Test
    void thereIsOneRequestHoweverManyWait() throws Exception {
        CompletableFuture<Response> open = close();
        CompletableFuture<String> one = ask(NOW);
        CompletableFuture<String> other = ask(NOW);
        open.complete(response());

        assertThat(get(one)).isEqualTo("first");
        assertThat(get(other)).isEqualTo("first");
        assertThat(forms).hasSize(1);
    }

    @Test
    void aRefusalIsTriedAgainByTheNextCall() throws Exception {
        refuse(503, "{}");
        assertThatThrownBy(() -> token(NOW)).hasMessageContaining("503");
        hand("second", 3600);

        assertThat(token(NOW)).isEqualTo("second");
    }

    @Test
    void whileTheOldTokenIsValidAFailureHasNoEffectAndIsNotRepeatedAtOnce() throws Exception {
        token(NOW);
        refuse(500, "{}");
        assertThat(token(NOW.plusSeconds(3300))).isEqualTo("first");
        // It has failed for certain when a later one, which needs it, was told so.
        assertThatThrownBy(() -> token(NOW.plusSeconds(3600))).isInstanceOf(TokenUnavailable.class);
        int asked = forms.size();

        assertThat(token(NOW.plusSeconds(3309))).isEqualTo("first");
        // Nothing is under way again: who needs a token asks anew.
        hand("second", 3600);
        assertThat(token(NOW.plusSeconds(3600))).isEqualTo("second");
        assertThat(forms).hasSize(asked + 1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400 | {\"error\": \"invalid_grant\", \"error_description\": \"Invalid JWT Signature.\"} | status 400 (invalid_grant: Invalid JWT Signature.)",
                "401 | {\"error\": {\"code\": 401}} | status 401.",
                "502 | <html> | status 502 and no JSON",
                "200 | <html> | status 200 and no JSON",
                "200 | {} | no usable access token",
                "200 | [] | no usable access token",
                "200 | {\"access_token\": \"a\\r\\nb\"} | no usable access token",
                "302 | {\"access_token\": \"a\"} | status 302.",
            })
    void anAnswerWithoutATokenIsReportedWithItsReason(int status, String body, String message) {
        refuse(status, body);

        assertThatThrownBy(() -> token(NOW))
                .isInstanceOf(TokenUnavailable.class)
                .hasMessageContaining(message);
    }

    @Test
    void anEndpointThatIsNotThereIsNamed() throws Exception {
        GoogleServiceAccount lost = new GoogleServiceAccount(
                ServiceAccountKey.read(file(TOKENS)),
                new FakeTransport(request -> CompletableFuture.failedFuture(new ConnectException("refused"))));

        assertThatThrownBy(() -> get(lost.token(NOW)))
                .isInstanceOf(TokenUnavailable.class)
                .hasMessageContaining("127.0.0.1 did not answer (ConnectException)");
    }

    @Test
    void nothingSecretIsShown() throws Exception {
        token(NOW);
        String secret = Base64.getEncoder().encodeToString(pair.getPrivate().getEncoded());

        assertThat(account + " " + ServiceAccountKey.read(file("https://x/y")) + " " + KeyFile.read(file("https://x/y"))
                        + " " + new AccessToken("first", NOW))
                .contains("understudy@project.iam.gserviceaccount.com")
                .doesNotContain("PRIVATE KEY", secret.substring(100, 120), "first");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://oauth2.googleapis.com/token", "http://localhost:1/t", "http://[::1]:1/t"})
    void tokensAreRequestedOverTlsOrFromLoopback(String uri) throws Exception {
        ServiceAccountKey key = ServiceAccountKey.read(file(uri));

        assertThat(key.tokenUri()).hasToString(uri);
        assertThat(key.projectId()).isEqualTo("project");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://oauth2.googleapis.com/token",
                "ftp://localhost/",
                "//x",
                "",
                "https:",
                "http://127.0.0.1.x/",
                "a b"
            })
    void tokensAreRequestedFromNoOtherAddress(String uri) {
        assertThatThrownBy(() -> ServiceAccountKey.read(file(uri)))
                .isInstanceOf(InvalidServiceAccountKey.class)
                .hasMessageContaining("'token_uri'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | not a JSON object",
                "{ | not a JSON object",
                "[] | not a JSON object",
                "{} {} | not a JSON object",
                "{} | 'type'",
                "{\"type\": \"authorized_user\"} | 'type'",
                "{\"type\": \"service_account\"} | 'client_email'",
                "{\"type\": \"service_account\", \"client_email\": \"a\", \"token_uri\": \"https://x/\"} | 'private_key'",
            })
    void aFileThatIsNoKeyIsRefusedWithAReason(String json, String message) {
        assertThatThrownBy(() -> ServiceAccountKey.read(json.getBytes(UTF_8)))
                .isInstanceOf(InvalidServiceAccountKey.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-----BEGIN RSA PRIVATE KEY-----\nsecretsecret\n-----END RSA PRIVATE KEY-----",
                "-----END PRIVATE KEY----- secretsecret -----BEGIN PRIVATE KEY-----",
                "-----BEGIN PRIVATE KEY-----\nsecretsecret\n-----END PRIVATE KEY-----",
                "-----BEGIN PRIVATE KEY-----\n=secretsecret\n-----END PRIVATE KEY-----",
                "secretsecret"
            })
    void aDamagedKeyIsRefusedWithoutBeingShown(String pem) {
        assertThatThrownBy(() -> ServiceAccountKey.read(file("https://x/", pem)))
                .isInstanceOf(InvalidServiceAccountKey.class)
                .hasMessageContaining("'private_key'")
                .hasMessageNotContaining("secretsecret")
                .hasNoCause();
    }

    private CompletableFuture<Response> answer(Request request) {
        assertThat(request.method() + " " + request.address()).isEqualTo("POST " + TOKENS);
        types.add(request.headers().get("content-type"));
        Map<String, String> form = new HashMap<>();
        for (String field : request.body().split("&", -1)) {
            form.put(
                    field.substring(0, field.indexOf('=')),
                    URLDecoder.decode(field.substring(field.indexOf('=') + 1), UTF_8));
        }
        forms.add(form);
        return gate.orElseGet(() -> CompletableFuture.completedFuture(response()));
    }

    private Response response() {
        return new Response(status, answer);
    }

    /** Answers are held back until what is returned is completed. */
    private CompletableFuture<Response> close() {
        CompletableFuture<Response> open = new CompletableFuture<>();
        gate = Optional.of(open);
        return open;
    }

    private void hand(String token, int seconds) {
        status = 200;
        answer = JSON.createObjectNode()
                .put("access_token", token)
                .put("expires_in", seconds)
                .put("token_type", "Bearer")
                .toString();
    }

    private void refuse(int with, String body) {
        status = with;
        answer = body;
    }

    private String token(Instant now) throws Exception {
        return get(ask(now));
    }

    private CompletableFuture<String> ask(Instant now) {
        return account.token(now);
    }

    private static String get(CompletableFuture<String> token) throws Exception {
        try {
            return token.get(30, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            throw (Exception) failed.getCause();
        }
    }

    private static JsonNode json(String base64) throws Exception {
        return JSON.readTree(Base64.getUrlDecoder().decode(base64));
    }

    private static byte[] file(String tokenUri) {
        return file(
                tokenUri,
                "-----BEGIN PRIVATE KEY-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'})
                                .encodeToString(pair.getPrivate().getEncoded())
                        + "\n-----END PRIVATE KEY-----\n");
    }

    private static byte[] file(String tokenUri, String pem) {
        return JSON.createObjectNode()
                .put("type", "service_account")
                .put("project_id", "project")
                .put("private_key_id", "key-1")
                .put("private_key", pem)
                .put("client_email", "understudy@project.iam.gserviceaccount.com")
                .put("client_id", "1")
                .put("token_uri", tokenUri)
                .toString()
                .getBytes(UTF_8);
    }
}
