package dev.understudy.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.store.Store;
import dev.understudy.store.StoreOptions;
import dev.understudy.store.Stores;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.Reply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Keys of callers that are made, limited and revoked while the gateway runs. */
@Timeout(180)
class KeysAtRunTimeTest {
    private static final String MODELS = "models: {m: {targets: [one/a]}, n: {targets: [two/b]}}";
    private static final String ADMIN = "Authorization: Bearer the-admin-key";
    private static final String ASK = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}";
    private static final Reply ANSWER = Reply.json(
            200,
            "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"x\",\"choices\":[{\"index\":0,"
                    + "\"message\":{\"role\":\"assistant\",\"content\":\"hi\"},\"finish_reason\":\"stop\"}],"
                    + "\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2,\"total_tokens\":5}}");

    @TempDir
    private Path folder;

    private GatewayFixture start(String server) {
        return start(server, Stores.open(StoreOptions.in(folder)));
    }

    private GatewayFixture start(String server, Store store) {
        String yaml = GatewayFixture.withProviders(MODELS).replace("drain: 0s", "drain: 0s" + server);
        GatewayFixture gateway = GatewayFixture.startIn(folder, yaml, store);
        gateway.one().answerAlways(ANSWER);
        gateway.two().answerAlways(ANSWER);
        return gateway;
    }

    /** An admin key, and no keys of callers. */
    private GatewayFixture start() {
        return start(", admin: {key: the-admin-key}");
    }

    private static RawAnswer send(GatewayFixture gateway, String method, String path, String body, String... headers) {
        String[] all = Stream.concat(Stream.of(ADMIN, "understudy-author: ann"), Stream.of(headers))
                .toArray(String[]::new);
        return new AdminClient(gateway.port()).send(method, path, body, all);
    }

    private static JsonNode keys(GatewayFixture gateway) {
        return AdminClient.json(send(gateway, "GET", "/keys", ""));
    }

    private static JsonNode create(GatewayFixture gateway, String name, String limits) {
        RawAnswer answer = send(
                gateway,
                "POST",
                "/keys",
                "{\"name\":\"" + name + "\",\"limits\":" + limits + ",\"close_gateway\":true}");
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        return AdminClient.json(answer);
    }

    private static RawAnswer call(GatewayFixture gateway, JsonNode key) {
        return gateway.chat(ASK, "Authorization: Bearer " + key.path("key").asText());
    }

    private static String code(RawAnswer answer) {
        return AdminClient.json(answer).at("/error/code").asText();
    }

    @Test
    void firstKeyClosesTheGatewayAndTheLastOneOpensItOnlyIfThatIsConfirmed() throws Exception {
        try (GatewayFixture gateway = start()) {
            assertThat(gateway.chat(ASK).status()).isEqualTo(200);
            JsonNode before = keys(gateway);
            assertThat(before.path("open").asBoolean()).isTrue();
            assertThat(before.path("can_create").asBoolean()).isTrue();
            assertThat(before.path("warnings").toString()).contains("The first key closes the gateway");
            RawAnswer unconfirmed = send(gateway, "POST", "/keys", "{\"name\":\"team\"}");
            assertThat(unconfirmed.status()).isEqualTo(409);
            assertThat(code(unconfirmed)).isEqualTo("closes_gateway");
            assertThat(gateway.chat(ASK).status()).isEqualTo(200);

            JsonNode key = create(gateway, "team", "{}");

            assertThat(key.path("key").asText()).startsWith("sk-understudy-").hasSizeGreaterThan(50);
            assertThat(key.path("warnings").toString()).contains("closed now");
            assertThat(gateway.chat(ASK).status()).isEqualTo(401);
            assertThat(call(gateway, key).status()).isEqualTo(200);
            assertThat(gateway.chat(ASK, "Authorization: Bearer the-admin-key").status())
                    .isEqualTo(401);
            assertThat(gateway.logWith("\"caller\":\"team\""))
                    .noneMatch(line -> line.contains(key.path("key").asText()));
            assertThat(send(gateway, "GET", "/keys", "").body())
                    .doesNotContain(key.path("key").asText())
                    .contains("\"author\":\"ann\"");
            assertThat(filesWith(key.path("key").asText())).isEmpty();

            String path = "/keys/" + key.path("id").asText();
            RawAnswer last = send(gateway, "DELETE", path, "");
            assertThat(last.status()).isEqualTo(409);
            assertThat(code(last)).isEqualTo("opens_gateway");
            assertThat(call(gateway, key).status()).isEqualTo(200);
            JsonNode revoked = AdminClient.json(send(gateway, "DELETE", path + "?open_gateway=true", ""));
            assertThat(revoked.path("open").asBoolean()).isTrue();
            assertThat(gateway.chat(ASK).status()).isEqualTo(200);
        }
    }

    /** The files of the store in which a text is. */
    private List<Path> filesWith(String text) throws IOException {
        List<Path> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text)) {
                    found.add(file);
                }
            }
        }
        return found;
    }

    @Test
    void withoutAnAdminKeyNoKeyIsMade() {
        try (GatewayFixture gateway = start("")) {
            assertThat(keys(gateway).path("can_create").asBoolean()).isFalse();
            assertThat(keys(gateway).path("warnings").toString()).contains("server.admin.key");
            RawAnswer refused = send(gateway, "POST", "/keys", "{\"name\":\"team\",\"close_gateway\":true}");
            assertThat(code(refused)).isEqualTo("admin_key_required");
            assertThat(gateway.chat(ASK).status()).isEqualTo(200);
        }
        try (GatewayFixture gateway = start(", admin: {open: true}")) {
            JsonNode key = create(gateway, "team", "{}");
            assertThat(call(gateway, key).status()).isEqualTo(200);
            assertThat(keys(gateway).path("open").asBoolean()).isFalse();
        }
    }

    @Test
    void operatorsPagesAreClosedWithTheGatewayThoughTheAdminKeyIsRemoved() throws Exception {
        try (GatewayFixture gateway = start()) {
            create(gateway, "team", "{}");
            Path file = folder.resolve("understudy.yaml");
            Files.writeString(file, Files.readString(file).replace(", admin: {key: the-admin-key}", ""));
            gateway.reload();
            assertThat(new AdminClient(gateway.port()).get("/keys").status()).isEqualTo(401);
            assertThat(gateway.chat(ASK).status()).isEqualTo(401);
        }
    }

    @Test
    void limitsActFromTheNextCallOn() {
        try (GatewayFixture gateway = start()) {
            JsonNode key = create(gateway, "team", "{\"models\":[\"n\"],\"requests-per-minute\":1}");
            assertThat(call(gateway, key).status()).isEqualTo(403);
            String path = "/keys/" + key.path("id").asText();
            assertThat(send(gateway, "PATCH", path, "{\"limits\":{\"models\":null}}")
                            .status())
                    .isEqualTo(428);
            assertThat(send(gateway, "PATCH", path, "{\"limits\":{\"models\":null}}", "If-Match: \"77\"")
                            .status())
                    .isEqualTo(412);
            RawAnswer wrong = send(
                    gateway,
                    "PATCH",
                    path,
                    "{\"limits\":{\"providers\":[\"oen\"],\"budget\":{\"day\":\"much\"}}}",
                    "If-Match: \"" + key.path("version").asLong() + "\"");
            assertThat(wrong.status()).isEqualTo(422);
            assertThat(AdminClient.json(wrong).at("/error/problems").findValuesAsText("path"))
                    .containsExactlyInAnyOrder("limits.providers[0]", "limits.budget.day");

            JsonNode changed = change(gateway, key, "{\"models\":null,\"budget\":{\"day\":5.5}}");
            assertThat(changed.path("limits").toString())
                    .isEqualTo("{\"requests-per-minute\":1,\"budget\":{\"day\":5.5}}");
            assertThat(call(gateway, key).status()).isEqualTo(200);
            assertThat(call(gateway, key).status()).isEqualTo(429);
            JsonNode spent = keys(gateway).at("/keys/0/use/spent_usd/day");
            assertThat(spent.isTextual()).isTrue();

            change(gateway, changed, "{\"requests-per-minute\":null}");
            assertThat(call(gateway, key).status()).isEqualTo(200);
            change(gateway, keys(gateway).at("/keys/0"), "{\"expires\":\"2020-01-31\"}");
            RawAnswer expired = call(gateway, key);
            assertThat(expired.status()).isEqualTo(401);
            assertThat(code(expired)).isEqualTo("key_expired");
            assertThat(keys(gateway).at("/keys/0/expired").asBoolean()).isTrue();
            assertThat(keys(gateway).path("open").asBoolean()).isFalse();
        }
    }

    private static JsonNode change(GatewayFixture gateway, JsonNode key, String limits) {
        RawAnswer changed = send(
                gateway,
                "PATCH",
                "/keys/" + key.path("id").asText(),
                "{\"limits\":" + limits + "}",
                "If-Match: \"" + key.path("version").asLong() + "\"");
        assertThat(changed.status()).as(changed.body()).isEqualTo(200);
        return AdminClient.json(changed);
    }

    @Test
    void limitsDoNotReadTheEnvironment() {
        try (GatewayFixture gateway = start()) {
            RawAnswer refused = send(
                    gateway,
                    "POST",
                    "/keys",
                    "{\"name\":\"team\",\"limits\":{\"models\":[\"${ONE}\"]},\"close_gateway\":true}");
            assertThat(refused.body()).doesNotContain(gateway.one().baseUrl());
            assertThat(refused.status()).isEqualTo(422);
        }
    }

    @Test
    void keysOfTheConfigurationAreListedAndCannotBeChanged() {
        try (GatewayFixture gateway = start(
                ", admin: {key: the-admin-key}, keys: [{name: fixed, key: the-fixed-key, max-concurrent-calls: 3}]")) {
            JsonNode listed = keys(gateway);
            assertThat(listed.path("open").asBoolean()).isFalse();
            assertThat(listed.at("/keys/0/name").asText()).isEqualTo("fixed");
            assertThat(listed.at("/keys/0/source").asText()).isEqualTo("configuration");
            assertThat(listed.at("/keys/0/limits").toString()).isEqualTo("{\"max-concurrent-calls\":3}");
            assertThat(listed.toString()).doesNotContain("the-fixed-key");
            assertThat(code(send(gateway, "POST", "/keys", "{\"name\":\"fixed\"}")))
                    .isEqualTo("name_in_use");
            assertThat(send(gateway, "DELETE", "/keys/fixed", "").status()).isEqualTo(404);

            JsonNode key = create(gateway, "team", "{}");
            assertThat(code(send(gateway, "POST", "/keys", "{\"name\":\"team\"}")))
                    .isEqualTo("name_in_use");
            assertThat(call(gateway, key).status()).isEqualTo(200);
            assertThat(gateway.chat(ASK, "x-api-key: the-fixed-key").status()).isEqualTo(200);
            assertThat(send(gateway, "DELETE", "/keys/" + key.path("id").asText(), "")
                            .status())
                    .isEqualTo(200);
            assertThat(call(gateway, key).status()).isEqualTo(401);
            assertThat(gateway.chat(ASK, "x-api-key: the-fixed-key").status()).isEqualTo(200);
        }
    }

    @Test
    void namesAreThoseThatALogCanShow() {
        try (GatewayFixture gateway = start()) {
            for (String name : new String[] {"", " ", "-x", "a\\nb", "a".repeat(101), "${HOME}"}) {
                RawAnswer refused =
                        send(gateway, "POST", "/keys", "{\"name\":\"" + name + "\",\"close_gateway\":true}");
                assertThat(refused.status()).as(name).isEqualTo(422);
                assertThat(refused.body()).contains("\"path\":\"name\"");
            }
            assertThat(create(gateway, "Jörgs team", "{}").path("name").asText())
                    .isEqualTo("Jörgs team");
        }
    }

    @Test
    void ofTwoRevocationsOfTheLastTwoKeysOneIsRefused() throws Exception {
        try (GatewayFixture gateway = start();
                ExecutorService editors = Executors.newFixedThreadPool(2)) {
            List<Future<Integer>> revocations = new ArrayList<>();
            for (JsonNode key : List.of(create(gateway, "a", "{}"), create(gateway, "b", "{}"))) {
                String path = "/keys/" + key.path("id").asText();
                revocations.add(
                        editors.submit(() -> send(gateway, "DELETE", path, "").status()));
            }
            List<Integer> statuses = new ArrayList<>();
            for (Future<Integer> each : revocations) {
                statuses.add(each.get(60, TimeUnit.SECONDS));
            }
            assertThat(statuses).containsExactlyInAnyOrder(200, 409);
            assertThat(gateway.chat(ASK).status()).isEqualTo(401);
        }
    }

    @Test
    void keysSurviveARestartAndWorkWhileTheStoreIsLost() {
        JsonNode key;
        try (GatewayFixture gateway = start()) {
            key = create(gateway, "team", "{}");
        }
        try (GatewayFixture gateway = start()) {
            assertThat(gateway.chat(ASK).status()).isEqualTo(401);
            assertThat(call(gateway, key).status()).isEqualTo(200);

            gateway.store().close();

            assertThat(call(gateway, key).status()).isEqualTo(200);
            assertThat(gateway.chat(ASK).status()).isEqualTo(401);
            assertThat(keys(gateway).path("keys")).hasSize(1);
            RawAnswer refused = send(gateway, "POST", "/keys", "{\"name\":\"other\"}");
            assertThat(refused.status()).isEqualTo(503);
            assertThat(code(refused)).isEqualTo("store_unavailable");
            assertThat(call(gateway, key).status()).isEqualTo(200);
        }
    }

    @Test
    void storeThatCannotBeReadAtTheStartOpensNothing() throws Exception {
        JsonNode key;
        try (GatewayFixture gateway = start()) {
            key = create(gateway, "team", "{}");
        }
        Path database = folder.resolve("understudy.db");
        Path kept = Files.copy(database, folder.resolve("kept"));
        Files.writeString(database, "this is not a database; ".repeat(1_000));
        try (GatewayFixture gateway = start()) {
            RawAnswer refused = call(gateway, key);
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.header("retry-after")).isPresent();
            assertThat(code(refused)).isEqualTo("keys_unavailable");
            assertThat(gateway.chat(ASK).status()).isEqualTo(503);
            assertThat(keys(gateway).path("open").asBoolean()).isFalse();
            assertThat(keys(gateway).path("warnings").toString()).contains("could not be read");

            Files.copy(kept, database, StandardCopyOption.REPLACE_EXISTING);
            await(() -> call(gateway, key).status() == 200);
            assertThat(gateway.chat(ASK).status()).isEqualTo(401);
        }
    }

    @Test
    void storeThatCannotBeReadAndNeverHadKeysClosesNothing() throws Exception {
        Files.writeString(folder.resolve("understudy.db"), "this is not a database; ".repeat(1_000));
        try (GatewayFixture gateway = start()) {
            assertThat(gateway.chat(ASK).status()).isEqualTo(200);
        }
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        while (!condition.call()) {
            if (System.nanoTime() - end > 0) {
                fail("still waiting");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }
}
