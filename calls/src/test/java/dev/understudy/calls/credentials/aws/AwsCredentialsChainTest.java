package dev.understudy.calls.credentials.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.calls.config.Environment;
import dev.understudy.calls.credentials.CredentialsTransport.Request;
import dev.understudy.calls.credentials.CredentialsTransport.Response;
import dev.understudy.calls.credentials.FakeTransport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each place is played by one small transport. */
class AwsCredentialsChainTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final String JSON =
            "{\"Code\":\"Success\",\"AccessKeyId\":\"AKJ\",\"SecretAccessKey\":\"sj\",\"Token\":\"tj\","
                    + "\"Expiration\":\"2026-01-01T06:00:00Z\",\"More\":{\"a\":1}}";
    private static final String XML =
            "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>AKX</AccessKeyId><SecretAccessKey>sx"
                    + "</SecretAccessKey><SessionToken>tx</SessionToken><Expiration>2026-01-01T01:00:00Z</Expiration>"
                    + "</Credentials></AssumeRoleResult></AssumeRoleResponse>";

    private static final String BASE = "http://127.0.0.1:1";

    private final List<String> asked = new ArrayList<>();
    private final Map<String, String> environment = new HashMap<>();
    private final FakeTransport transport = new FakeTransport(this::answer);

    @TempDir
    private Path files;

    @BeforeEach
    void begin() {
        environment.put("HOME", files.toString());
        environment.put("AWS_EC2_METADATA_SERVICE_ENDPOINT", BASE);
        environment.put("AWS_ENDPOINT_URL_STS", BASE);
    }

    private CompletableFuture<Response> answer(Request request) {
        String path = request.address().getPath();
        asked.add(request.method() + " " + path + " " + request.body());
        String proof = request.headers().getOrDefault("X-aws-ec2-metadata-token", "");
        String container = request.headers().getOrDefault("Authorization", "");
        String answer = switch (path) {
            case "/latest/api/token" -> "proof";
            case "/latest/meta-data/iam/security-credentials/" -> proof.equals("proof") ? "role-a" : "";
            case "/latest/meta-data/iam/security-credentials/role-a" -> proof.equals("proof") ? JSON : "";
            case "/container" -> container.equals("secret-word") ? JSON : "";
            case "/" ->
                request.body().contains("WebIdentity")
                                || container.startsWith("AWS4-HMAC-SHA256 Credential=AK1/20260101/")
                        ? XML
                        : "";
            case "/nonsense" -> "{\"AccessKeyId\":";
            case "/keyless" -> "{}";
            case "/down" -> "down";
            default -> "";
        };
        return answer.equals("down")
                ? CompletableFuture.failedFuture(new CompletionException(new IOException("no route")))
                : CompletableFuture.completedFuture(new Response(answer.isEmpty() ? 403 : 200, answer));
    }

    private static <T> T done(CompletableFuture<T> future) throws Exception {
        return future.get(10, TimeUnit.SECONDS);
    }

    private AwsCredentials current() throws Exception {
        return done(AwsCredentialsChain.cached(transport, Environment.of(environment), () -> NOW)
                .current());
    }

    private void file(String name, String text) throws IOException {
        Files.createDirectories(files.resolve(".aws"));
        Files.writeString(files.resolve(".aws").resolve(name), text);
    }

    private static final String OWN_KEYS = "[default]\naws_access_key_id=AK1\naws_secret_access_key=s1\n";

    @Test
    void environmentComesFirst() throws Exception {
        file("credentials", OWN_KEYS);
        environment.putAll(
                Map.of("AWS_ACCESS_KEY_ID", "AKE", "AWS_SECRET_ACCESS_KEY", "se", "AWS_SESSION_TOKEN", "te"));
        assertThat(current()).isEqualTo(AwsCredentials.lasting("AKE", "se", "te"));
        assertThat(asked).isEmpty();
    }

    @Test
    void webIdentityIsExchangedForAKey() throws Exception {
        Path token = Files.writeString(files.resolve("token"), "a.b.c\n");
        environment.putAll(
                Map.of("AWS_ROLE_ARN", "arn:aws:iam::1:role/x", "AWS_WEB_IDENTITY_TOKEN_FILE", token.toString()));
        assertThat(current())
                .isEqualTo(new AwsCredentials("AKX", "sx", "tx", Optional.of(Instant.parse("2026-01-01T01:00:00Z"))));
        assertThat(asked)
                .containsExactly(
                        "POST / Action=AssumeRoleWithWebIdentity&Version=2011-06-15"
                                + "&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fx&RoleSessionName=understudy&WebIdentityToken=a.b.c");
    }

    @Test
    void profileWithKeysIsTakenAsItIs() throws Exception {
        file("credentials", OWN_KEYS);
        assertThat(current()).isEqualTo(AwsCredentials.lasting("AK1", "s1", ""));
    }

    @Test
    void profileWithARoleAssumesItWithTheKeysOfItsSource() throws Exception {
        file("credentials", OWN_KEYS);
        file("config", "[profile dev]\nrole_arn=arn:r\nsource_profile=default\nexternal_id=e\n");
        environment.put("AWS_PROFILE", "dev");
        assertThat(current().accessKey()).isEqualTo("AKX");
        assertThat(asked)
                .singleElement()
                .asString()
                .contains("Action=AssumeRole&")
                .endsWith("&ExternalId=e");
    }

    @Test
    void profileThatLeadsToItselfIsAnError() throws Exception {
        file("config", "[profile a]\nrole_arn=r\nsource_profile=b\n[profile b]\nrole_arn=r\nsource_profile=a\n");
        environment.put("AWS_PROFILE", "a");
        assertThatThrownBy(this::current).hasMessageContaining("the profile a is its own source");
    }

    @Test
    void profileThatNeedsSsoOrAProgramIsRefusedWithARemedy() throws Exception {
        file("config", """
                [default]
                sso_session = corp
                sso_account_id = 1
                [profile program]
                credential_process = /opt/key --all
                [profile role]
                role_arn = r
                source_profile = program
                """);
        assertThatThrownBy(this::current)
                .hasMessageContaining("the profile default uses IAM Identity Center (SSO)")
                .hasMessageContaining("aws configure export-credentials --profile default");
        environment.put("AWS_PROFILE", "program");
        assertThatThrownBy(this::current).hasMessageContaining("the profile program uses credential_process");
        environment.put("AWS_PROFILE", "role");
        assertThatThrownBy(this::current).hasMessageContaining("the profile program uses credential_process");
        assertThat(asked).isEmpty();
    }

    @Test
    void namedProfileThatIsNotThereIsAnError() {
        environment.put("AWS_PROFILE", "gone");
        assertThatThrownBy(this::current).hasMessageContaining("the profile gone does not exist");
        assertThat(asked).isEmpty();
    }

    @Test
    void containerEndpointIsQueriedWithItsToken() throws Exception {
        environment.put("AWS_CONTAINER_CREDENTIALS_FULL_URI", BASE + "/container");
        Path token = Files.writeString(files.resolve("token"), "secret-word\n");
        environment.put("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", token.toString());
        assertThat(current().sessionToken()).isEqualTo("tj");
    }

    @Test
    void instanceMetadataIsQueriedLast() throws Exception {
        assertThat(current())
                .isEqualTo(new AwsCredentials("AKJ", "sj", "tj", Optional.of(Instant.parse("2026-01-01T06:00:00Z"))));
        assertThat(asked).hasSize(3).first().asString().startsWith("PUT /latest/api/token");
    }

    @Test
    void nothingAnywhereIsAClearError() {
        environment.put("AWS_EC2_METADATA_DISABLED", "true");
        assertThatThrownBy(this::current)
                .hasMessageContaining("No AWS credentials: neither the environment nor a profile has a key.");
    }

    @Test
    void refusalsAndNonsenseAreReportedWithoutSecrets() {
        for (String path : List.of("/container", "/nonsense", "/keyless", "/gone")) {
            environment.put("AWS_CONTAINER_CREDENTIALS_FULL_URI", BASE + path);
            environment.put("AWS_CONTAINER_AUTHORIZATION_TOKEN", "hush");
            assertThatThrownBy(this::current)
                    .hasCauseInstanceOf(CredentialsUnavailable.class)
                    .hasMessageNotContaining("hush");
        }
    }

    @Test
    void addressesThatAreNoneAndServicesThatAreDownAreNamed() {
        environment.put("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://a b/");
        assertThatThrownBy(this::current).hasMessageContaining("http://a b/ is not an address");
        environment.put("AWS_CONTAINER_CREDENTIALS_FULL_URI", BASE + "/down");
        assertThatThrownBy(this::current).hasMessageContaining(BASE + "/down cannot be reached: no route");
    }

    @Test
    void regionIsOfTheEnvironmentOrTheProfile() throws Exception {
        file("config", "[default]\nregion = eu-west-3\n");
        assertThat(done(AwsCredentialsChain.region(transport, Environment.of(environment))))
                .contains("eu-west-3");
        environment.put("AWS_DEFAULT_REGION", "us-east-2");
        assertThat(done(AwsCredentialsChain.region(transport, Environment.of(environment))))
                .contains("us-east-2");
        environment.put("AWS_REGION", "us-west-1");
        assertThat(done(AwsCredentialsChain.region(transport, Environment.of(environment))))
                .contains("us-west-1");
    }
}
