package dev.understudy.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.store.StoreOptions;
import dev.understudy.store.Stores;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.Reply;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several gateways with one database of PostgreSQL: what is changed at one is in force at all within two seconds. */
@Timeout(180)
class ReplicasTest {
    /** Well below the time after which gateways look for changes by themselves. */
    private static final Duration AT_ONCE = Duration.ofSeconds(2);

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String ADMIN = "Authorization: Bearer the-admin-key";
    private static final String ASK = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}";
    private static final Reply ANSWER = Reply.json(
            200,
            "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"x\",\"choices\":[{\"index\":0,"
                    + "\"message\":{\"role\":\"assistant\",\"content\":\"hi\"},\"finish_reason\":\"stop\"}]}");

    @TempDir
    private Path folder;

    private final List<GatewayFixture> gateways = new ArrayList<>();
    private EmbeddedPostgres postgres;

    @BeforeEach
    void startServer() {
        postgres = server(0);
    }

    @AfterEach
    void closeAll() throws IOException {
        gateways.forEach(GatewayFixture::close);
        postgres.close();
    }

    /** @param port 0 for any; the data of a server that has ended are used again */
    private EmbeddedPostgres server(int port) {
        try {
            EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                    .setServerConfig("listen_addresses", "127.0.0.1")
                    .setDataDirectory(folder.resolve("postgres"))
                    .setCleanDataDirectory(false);
            return (port == 0 ? builder : builder.setPort(port)).start();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private List<GatewayFixture> replicas(int count) throws IOException {
        String url = "jdbc:postgresql://127.0.0.1:" + postgres.getPort() + "/postgres?user=postgres&password=postgres";
        String yaml = GatewayFixture.withProviders("""
                models: {m: {targets: [one/a, two/b]}}
                defaults: {cooldown: {after: 1, base: 10m, cap: 10m}, retry: {attempts: 0}}
                store: {url: "%s"}
                """.formatted(url))
                .replace("drain: 0s", "drain: 0s, admin: {key: the-admin-key}");
        for (int i = 0; i < count; i++) {
            Path own = Files.createDirectories(folder.resolve("gateway-" + i));
            GatewayFixture gateway = GatewayFixture.startIn(
                    own, yaml, Stores.open(StoreOptions.at(url, Optional.empty(), Optional.empty())));
            gateways.add(gateway);
            gateway.upstreams().forEach(upstream -> upstream.answerAlways(ANSWER));
        }
        return gateways;
    }

    private static RawAnswer send(GatewayFixture gateway, String method, String path, String body, String... headers) {
        List<String> all = new ArrayList<>(List.of(headers));
        all.add(ADMIN);
        return new AdminClient(gateway.port()).send(method, path, body, all.toArray(String[]::new));
    }

    private static RawAnswer change(GatewayFixture gateway, String targets, long version) {
        return send(gateway, "PUT", "/chains/m", "{\"targets\":[" + targets + "]}", "If-Match: \"" + version + "\"");
    }

    private static String target(GatewayFixture gateway, String... headers) {
        return gateway.chat(ASK, headers).header("understudy-target").orElse("none");
    }

    private static void within(Duration time, String what, Callable<Boolean> condition) throws Exception {
        long began = System.nanoTime();
        while (!condition.call()) {
            assertThat(Duration.ofNanos(System.nanoTime() - began)).as(what).isLessThan(time);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }

    @Test
    void whatIsChangedAtOneIsInForceAtAll() throws Exception {
        List<GatewayFixture> all = replicas(3);
        GatewayFixture first = all.getFirst();
        assertThat(all).allMatch(each -> target(each).equals("one/a"));

        for (int version = 0; version < 6; version++) {
            GatewayFixture editor = all.get(version % 3);
            String expected = version % 2 == 0 ? "two/b" : "one/a";
            RawAnswer changed = change(editor, "\"" + expected + "\"", version);
            assertThat(changed.status()).as(changed.body()).isEqualTo(200);
            for (GatewayFixture each : all) {
                within(AT_ONCE, "version " + (version + 1), () -> target(each).equals(expected));
            }
        }

        // Of the first, whose version is the newest as well as of those that were told of it.
        for (GatewayFixture each : all) {
            RawAnswer conflict = change(each, "\"two/b\"", 5);
            assertThat(conflict.status()).isEqualTo(412);
            assertThat(AdminClient.json(conflict).at("/error/version").asInt()).isEqualTo(6);
        }
        assertThat(target(first)).isEqualTo("one/a");
    }

    @Test
    void twoEditorsAtOnceChangeNothingOfOneAnother() throws Exception {
        List<GatewayFixture> all = replicas(2);
        List<Integer> statuses = new ArrayList<>();
        for (long version = 0; version < 10; version++) {
            long seen = version;
            Thread other =
                    Thread.ofPlatform().start(() -> change(all.get(1), "\"two/b\", \"one/a" + seen + "\"", seen));
            RawAnswer own = change(all.get(0), "\"one/a\", \"two/b" + seen + "\"", seen);
            other.join();
            statuses.add(own.status());
            for (GatewayFixture each : all) {
                within(
                        AT_ONCE,
                        "the next version",
                        () -> AdminClient.json(send(each, "GET", "/settings", ""))
                                        .path("version")
                                        .asLong()
                                == seen + 1);
            }
        }
        assertThat(statuses).containsOnly(200, 412).hasSize(10);
        assertThat(AdminClient.json(send(all.get(0), "GET", "/settings", "")).path("layer"))
                .isEqualTo(AdminClient.json(send(all.get(1), "GET", "/settings", ""))
                        .path("layer"));
    }

    @Test
    void keysAndResetsOfHealthReachTheOthers() throws Exception {
        List<GatewayFixture> all = replicas(2);
        GatewayFixture one = all.get(0);
        GatewayFixture other = all.get(1);
        JsonNode key = AdminClient.json(
                send(one, "POST", "/keys", "{\"name\":\"team\",\"limits\":{},\"close_gateway\":true}"));
        String header = "Authorization: Bearer " + key.path("key").asText();
        within(
                AT_ONCE,
                "the key",
                () -> other.chat(ASK, header).status() == 200 && other.chat(ASK).status() == 401);

        String second = AdminClient.json(send(one, "POST", "/keys", "{\"name\":\"kept\",\"limits\":{}}"))
                .path("key")
                .asText();
        assertThat(send(one, "DELETE", "/keys/" + key.path("id").asText(), "").status())
                .isEqualTo(200);
        within(AT_ONCE, "the revocation", () -> other.chat(ASK, header).status() == 401);

        String kept = "Authorization: Bearer " + second;
        for (GatewayFixture each : all) {
            each.one().answerAlways(Reply.json(503, "{}"));
            assertThat(target(each, kept)).isEqualTo("two/b");
            each.one().answerAlways(ANSWER);
            assertThat(target(each, kept)).as("is cooling").isEqualTo("two/b");
        }
        assertThat(send(one, "POST", "/health/reset?target=one/a", "").status()).isEqualTo(200);
        assertThat(target(one, kept)).isEqualTo("one/a");
        within(AT_ONCE, "the reset", () -> target(other, kept).equals("one/a"));
    }

    @Test
    void aDatabaseThatEndsCostsNoCallAndIsFollowedAgainWhenItIsBack() throws Exception {
        List<GatewayFixture> all = replicas(2);
        assertThat(change(all.get(0), "\"two/b\"", 0).status()).isEqualTo(200);
        within(AT_ONCE, "the change", () -> target(all.get(1)).equals("two/b"));

        int port = postgres.getPort();
        postgres.close();
        for (int i = 0; i < 50; i++) {
            assertThat(all).allMatch(each -> target(each).equals("two/b"));
        }
        assertThat(change(all.get(0), "\"one/a\"", 1).status()).isEqualTo(503);
        assertThat(target(all.get(0))).isEqualTo("two/b");

        postgres = server(port);
        within(
                SOON,
                "the store is back",
                () -> change(all.get(0), "\"one/a\"", 1).status() == 200);
        within(SOON, "the change at the other", () -> target(all.get(1)).equals("one/a"));
        // From here on the other listens again, or looks for itself every five seconds until it does.
        within(SOON, "a change is received at once", () -> {
            long version = AdminClient.json(send(all.get(0), "GET", "/settings", ""))
                    .path("version")
                    .asLong();
            String next = version % 2 == 0 ? "two/b" : "one/a";
            assertThat(change(all.get(0), "\"" + next + "\"", version).status()).isEqualTo(200);
            long began = System.nanoTime();
            within(SOON, "the change", () -> target(all.get(1)).equals(next));
            return System.nanoTime() - began < AT_ONCE.toNanos();
        });
    }
}
