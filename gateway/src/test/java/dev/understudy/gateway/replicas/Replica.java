package dev.understudy.gateway.replicas;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.understudy.calls.config.Environment;
import dev.understudy.calls.config.InvalidSettings;
import dev.understudy.calls.config.SettingsReader;
import dev.understudy.gateway.Gateway;
import dev.understudy.gateway.log.AccessLog;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One of several gateways with the same configuration, in this process. */
final class Replica implements AutoCloseable {
    static final String KEY = "the-key-of-a-team-of-callers";
    private static final String ADMIN = "the-key-of-the-operator";
    private static final JsonMapper JSON = new JsonMapper();

    private final Gateway gateway;
    private final AccessLog log = AccessLog.to(OutputStream.nullOutputStream());
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private Replica(String yaml) {
        try {
            Environment environment = Environment.of(Map.of());
            gateway = Gateway.start(new SettingsReader(environment).read("test.yaml", yaml), log, environment)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(60, TimeUnit.SECONDS);
        } catch (InvalidSettings broken) {
            throw new AssertionError("the test's configuration is wrong: " + broken.problems(), broken);
        } catch (Exception failed) {
            throw new AssertionError("the gateway does not start", failed);
        }
    }

    /**
     * The configuration of all replicas.
     *
     * @param keyLimits of the one key of callers, such as {@code requests-per-minute: 300}
     * @param rest after providers and keys
     */
    static String yaml(String valkey, String one, String two, String keyLimits, String rest) {
        return """
                server:
                  host: 127.0.0.1
                  port: 0
                  drain: 0s
                  admin: {key: %s}
                  keys: [{name: team, key: %s%s}]
                replicas: {valkey: "%s"}
                providers:
                  one: {base-url: "%s", api-key: key-of-one}
                  two: {base-url: "%s", api-key: key-of-two}
                models:
                  m: {targets: [one/a, two/b]}
                %s
                """.formatted(ADMIN, KEY, keyLimits.isEmpty() ? "" : ", " + keyLimits, valkey, one, two, rest);
    }

    static Replica start(String yaml) {
        return new Replica(yaml);
    }

    int port() {
        return gateway.port();
    }

    /** A call of the model; returns its status. */
    int call() throws IOException {
        return call(client, port()).statusCode();
    }

    static HttpResponse<String> call(HttpClient client, int port) throws IOException {
        return send(
                client,
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/chat/completions"))
                        .header("authorization", "Bearer " + KEY)
                        .header("content-type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(
                                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}")));
    }

    JsonNode health() throws IOException {
        return JSON.readTree(page("/admin/v1/health"));
    }

    String page(String path) throws IOException {
        return send(
                        client,
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                                .header("authorization", "Bearer " + ADMIN))
                .body();
    }

    void resetHealth() throws IOException {
        HttpResponse<String> answer = send(
                client,
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + "/admin/v1/health/reset"))
                        .header("authorization", "Bearer " + ADMIN)
                        .POST(HttpRequest.BodyPublishers.noBody()));
        if (answer.statusCode() != 200) {
            throw new AssertionError(answer.body());
        }
    }

    private static HttpResponse<String> send(HttpClient client, HttpRequest.Builder request) throws IOException {
        try {
            return client.send(request.timeout(Duration.ofSeconds(20)).build(), HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
        }
    }

    boolean isConnected() {
        try {
            return health().path("replicas").path("connected").asBoolean();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    int known() {
        try {
            return health().path("replicas").path("known").asInt();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** The state of a target, such as {@code cooling}; empty if the page does not show it. */
    String state(String target) {
        try {
            for (JsonNode each : health().path("targets")) {
                if (each.path("target").asText().equals(target)) {
                    return each.path("state").asText();
                }
            }
            return "";
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public void close() throws Exception {
        gateway.stop().toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
        log.close();
    }
}
