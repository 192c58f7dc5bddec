package dev.understudy.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.calls.config.InvalidSettings;
import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.store.StoreOptions;
import dev.understudy.store.Stores;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.Reply;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Chains that are changed while the gateway runs: in force for the next call, kept by version, refused as a whole if anything is wrong. */
@Timeout(180)
class SettingsAtRunTimeTest {
    private static final String MODELS = """
            models:
              m: {targets: [one/a, {target: two/b, timeouts: {idle: 9s}}], deadline: 30s}
            fallbacks: [three/z]
            """;
    private static final String ASK = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}";

    @TempDir
    private Path folder;

    private String rest = MODELS;

    @BeforeEach
    void usualModels() {
        rest = MODELS;
    }

    private GatewayFixture start() {
        GatewayFixture gateway = GatewayFixture.startIn(folder, rest);
        gateway.one().answerAlways(answered("one"));
        gateway.two().answerAlways(answered("two"));
        gateway.three().answerAlways(answered("three"));
        return gateway;
    }

    private static Reply answered(String name) {
        return Reply.json(
                200,
                "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"x\",\"choices\":[{\"index\":0,"
                        + "\"message\":{\"role\":\"assistant\",\"content\":\"from " + name
                        + "\"},\"finish_reason\":\"stop\"}]}");
    }

    private static String target(GatewayFixture gateway) {
        return gateway.chat(ASK).header("understudy-target").orElse("none");
    }

    private static AdminClient admin(GatewayFixture gateway) {
        return new AdminClient(gateway.port());
    }

    @Test
    void editedOrderIsThatOfTheNextCall() {
        try (GatewayFixture gateway = start()) {
            AdminClient admin = admin(gateway);
            assertThat(target(gateway)).isEqualTo("one/a");
            JsonNode before = admin.json("/chains");
            assertThat(before.path("version").asInt()).isZero();
            assertThat(before.at("/chains/0/source").asText()).isEqualTo("file");
            assertThat(before.at("/chains/0/targets/1/timeouts/idle").asText()).isEqualTo("9s");
            assertThat(before.at("/chains/0/deadline").asText()).isEqualTo("30s");

            RawAnswer changed = admin.change(
                    "PUT",
                    "/chains/m",
                    "{\"targets\":[" + before.at("/chains/0/targets/1")
                            + ",\"one/a\"],\"on\":true,\"note\":\"two is faster\"}",
                    0);

            assertThat(changed.status()).isEqualTo(200);
            assertThat(changed.header("etag")).contains("\"1\"");
            assertThat(AdminClient.json(changed).at("/chains/0/source").asText())
                    .isEqualTo("changed");
            assertThat(target(gateway)).isEqualTo("two/b");
            JsonNode version = admin.json("/versions").at("/versions/0");
            assertThat(version.path("author").asText()).isEqualTo("ann");
            assertThat(version.path("note").asText()).isEqualTo("two is faster");
            assertThat(version.path("changes").toString()).contains("m: target two/b: position 2 -> 1");
            assertThat(admin.json("/settings").path("layer").asText())
                    .contains("two/b")
                    .doesNotContain("deadline");

            assertThat(admin.change("DELETE", "/chains/m", "", 1).status()).isEqualTo(200);
            assertThat(target(gateway)).isEqualTo("one/a");
            assertThat(admin.json("/chains").at("/chains/0/source").asText()).isEqualTo("file");
            assertThat(admin.change("DELETE", "/chains/m", "", 2).status()).isEqualTo(404);
        }
    }

    @Test
    void secondOfTwoEditorsIsToldTheVersionInForce() {
        try (GatewayFixture gateway = start()) {
            AdminClient admin = admin(gateway);
            String edit = "{\"targets\":[\"%s\"]}";
            assertThat(admin.send("PUT", "/chains/m", edit.formatted("two/b")).status())
                    .isEqualTo(428);
            assertThat(admin.change("PUT", "/chains/m", edit.formatted("two/b"), 0)
                            .status())
                    .isEqualTo(200);

            RawAnswer second = admin.change("PUT", "/chains/m", edit.formatted("three/c"), 0);

            assertThat(second.status()).isEqualTo(412);
            JsonNode error = AdminClient.json(second).path("error");
            assertThat(error.path("code").asText()).isEqualTo("version_conflict");
            assertThat(error.path("version").asInt()).isEqualTo(1);
            assertThat(target(gateway)).isEqualTo("two/b");
        }
    }

    @Test
    void invalidEditIsRefusedWithItsPathAndNothingIsStored() {
        try (GatewayFixture gateway = start()) {
            AdminClient admin = admin(gateway);

            RawAnswer refused =
                    admin.change("PUT", "/chains/m", "{\"targets\":[\"one/a\",\"four/x\"],\"deadline\":\"soon\"}", 0);

            assertThat(refused.status()).isEqualTo(422);
            JsonNode error = AdminClient.json(refused).path("error");
            assertThat(error.path("code").asText()).isEqualTo("invalid_settings");
            assertThat(error.at("/problems").findValuesAsText("path"))
                    .containsExactlyInAnyOrder("models.m.targets[1]", "models.m.deadline");
            assertThat(admin.json("/versions").path("versions")).isEmpty();
            assertThat(admin.get("/chains").header("etag")).contains("\"0\"");
            assertThat(target(gateway)).isEqualTo("one/a");
            assertThat(AdminClient.json(admin.change("PUT", "/chains/m", "{\"tragets\":[]}", 0))
                            .at("/error/problems/0/path")
                            .asText())
                    .isEqualTo("tragets");
            assertThat(admin.change("PUT", "/chains/m", "{\"targets\":", 0).status())
                    .isEqualTo(400);
        }
    }

    @Test
    void changesSurviveARestartAndAReload() throws Exception {
        try (GatewayFixture gateway = start()) {
            AdminClient admin = admin(gateway);
            assertThat(admin.change("PUT", "/chains/m", "{\"targets\":[\"two/b\",\"one/a\"],\"deadline\":null}", 0)
                            .status())
                    .isEqualTo(200);
            assertThat(admin.change("PUT", "/chains/fresh", "{\"targets\":[\"three/c\"]}", 1)
                            .status())
                    .isEqualTo(200);
        }
        rest = MODELS + "defaults: {retry: {attempts: 3}}\n";
        try (GatewayFixture gateway = start()) {
            assertThat(target(gateway)).isEqualTo("two/b");
            JsonNode chains = admin(gateway).json("/chains");
            assertThat(chains.path("version").asInt()).isEqualTo(2);
            assertThat(chains.at("/chains/0/deadline").isNull()).isTrue();
            assertThat(chains.at("/chains/1/name").asText()).isEqualTo("fresh");
            assertThat(chains.at("/chains/1/source").asText()).isEqualTo("console");

            Path file = folder.resolve("understudy.yaml");
            Files.writeString(file, Files.readString(file).replace("attempts: 3", "attempts: 4"));
            assertThat(gateway.reload()).isEmpty();
            assertThat(target(gateway)).isEqualTo("two/b");
            assertThat(admin(gateway).json("/settings").path("effective").asText())
                    .contains("attempts: 4");
        }
    }

    @Test
    void changesThatDoNotFitTheFileAreLeftOutAtTheStartAndRefuseAReload() throws Exception {
        try (GatewayFixture gateway = start()) {
            assertThat(admin(gateway)
                            .change("PUT", "/chains/m", "{\"targets\":[\"three/c\",\"one/a\"]}", 0)
                            .status())
                    .isEqualTo(200);
            Path file = folder.resolve("understudy.yaml");
            String without = Files.readString(file)
                    .replaceAll("(?m)^ {2}three:.*\\n", "")
                    .replace("three/z", "two/z");
            Files.writeString(file, without);
            assertThatThrownBy(gateway::reload)
                    .isInstanceOf(InvalidSettings.class)
                    .hasMessageContaining("console: models.m.targets[0]");
            assertThat(target(gateway)).isEqualTo("three/c");
        }
        String providers = """
                server: {host: 127.0.0.1, port: 0, drain: 0s}
                providers:
                  one: {base-url: "${ONE}", api-key: key-of-one}
                """;
        try (GatewayFixture gateway = GatewayFixture.startIn(
                folder, providers + "models: {m: {targets: [one/a]}}", Stores.open(StoreOptions.in(folder)))) {
            gateway.one().answerAlways(answered("one"));
            assertThat(target(gateway)).isEqualTo("one/a");
            AdminClient admin = admin(gateway);
            JsonNode settings = admin.json("/settings");
            assertThat(settings.path("version").asInt()).isEqualTo(1);
            assertThat(settings.path("layer").asText()).contains("three/c");
            assertThat(settings.path("warning").asText()).contains("models.m.targets[0]");
            assertThat(admin.json("/chains").path("warning").asText()).isNotEmpty();

            assertThat(admin.change("POST", "/settings/reset", "", 1).status()).isEqualTo(200);
            assertThat(admin.json("/settings").has("warning")).isFalse();
            assertThat(admin.json("/versions/1").path("layer").asText()).contains("three/c");
        }
    }

    @Test
    void earlierVersionIsRestored() {
        try (GatewayFixture gateway = start()) {
            AdminClient admin = admin(gateway);
            admin.change("PUT", "/chains/m", "{\"targets\":[\"two/b\"]}", 0);
            admin.change("PUT", "/chains/m", "{\"targets\":[\"three/c\"]}", 1);
            assertThat(target(gateway)).isEqualTo("three/c");

            RawAnswer restored = admin.change("POST", "/versions/1/restore", "", 2);

            assertThat(AdminClient.json(restored).path("version").asInt()).isEqualTo(3);
            assertThat(target(gateway)).isEqualTo("two/b");
            assertThat(admin.json("/versions?limit=1").at("/versions/0/note").asText())
                    .contains("version 1");
            assertThat(admin.json("/versions?before=3").path("versions")).hasSize(2);
            assertThat(admin.get("/versions/9").status()).isEqualTo(404);
            assertThat(admin.change("POST", "/settings/reset", "{\"note\":\"enough\"}", 3)
                            .status())
                    .isEqualTo(200);
            assertThat(target(gateway)).isEqualTo("one/a");
        }
    }

    @Test
    void fallbacksAreSwitchedOffForOneChainAndForAll() {
        // A target without fallbacks is retried until the deadline.
        rest = MODELS.replace("deadline: 30s", "deadline: 4s");
        try (GatewayFixture gateway = start()) {
            AdminClient admin = admin(gateway);
            gateway.one().answerAlways(Reply.json(503, "{}"));
            assertThat(target(gateway)).isEqualTo("two/b");

            assertThat(admin.change("PUT", "/chains/m", "{\"on\":false}", 0).status())
                    .isEqualTo(200);
            assertThat(admin.json("/chains").at("/chains/0/on").asBoolean(true)).isFalse();
            RawAnswer alone = gateway.chat(ASK);
            assertThat(alone.status()).isEqualTo(503);
            assertThat(alone.header("understudy-trail").orElse(""))
                    .contains("\"two/b\";outcome=passed_over;reason=fallbacks_off");
            assertThat(admin.change("PUT", "/chains/m", "{\"on\":true}", 1).status())
                    .isEqualTo(200);
            assertThat(target(gateway)).isEqualTo("two/b");

            assertThat(admin.change("PUT", "/fallbacks", "{\"on\":false,\"fallbacks\":[\"two/y\"]}", 2)
                            .status())
                    .isEqualTo(200);
            JsonNode chains = admin.json("/chains");
            assertThat(chains.path("fallbacks_on").asBoolean(true)).isFalse();
            assertThat(chains.path("fallbacks_source").asText()).isEqualTo("changed");
            assertThat(gateway.chat(ASK).status()).isEqualTo(503);
            assertThat(admin.change("PUT", "/fallbacks", "{\"on\":true}", 3).status())
                    .isEqualTo(200);
            assertThat(gateway.chat(ASK.replace("\"m\"", "\"one/x\"")).header("understudy-target"))
                    .contains("two/y");
        }
    }

    @Test
    void previewSaysWhatWouldChangeAndChangesNothing() {
        try (GatewayFixture gateway = start()) {
            AdminClient admin = admin(gateway);

            JsonNode preview = AdminClient.json(admin.send(
                    "POST",
                    "/chains/m/preview",
                    "{\"targets\":[\"three/c\",\"one/a\"],\"deadline\":\"40s\",\"on\":false}"));

            assertThat(preview.path("valid").asBoolean()).isTrue();
            assertThat(preview.path("changes").toString())
                    .contains("target three/c: added at position 1", "target one/a: position 1 -> 2")
                    .contains("target two/b: removed", "deadline: 30s -> 40s", "fallbacks: on -> off");
            assertThat(preview.path("before").asText()).contains("idle: 9s");
            assertThat(preview.path("after").asText()).contains("three/c").doesNotContain("two/b");
            JsonNode invalid =
                    AdminClient.json(admin.send("POST", "/chains/m/preview", "{\"targets\":[\"one/a\",\"one/a\"]}"));
            assertThat(invalid.path("valid").asBoolean(true)).isFalse();
            assertThat(invalid.at("/problems/0/path").asText()).isEqualTo("models.m.targets[1]");
            assertThat(admin.json("/chains").path("version").asInt()).isZero();
            assertThat(target(gateway)).isEqualTo("one/a");
        }
    }

    @Test
    void exportCanTakeThePlaceOfTheFileAndHasNoKey() throws Exception {
        try (GatewayFixture gateway = start()) {
            AdminClient admin = admin(gateway);
            admin.change("PUT", "/chains/a%2Fb%20c", "{\"targets\":[\"two/b\"]}", 0);

            RawAnswer export = admin.get("/settings/export");

            assertThat(export.header("content-type").orElse("")).startsWith("text/yaml");
            assertThat(export.body())
                    .contains("${ONE}", "${UNDERSTUDY_PROVIDERS_ONE_API_KEY}", "a/b c")
                    .doesNotContain("key-of-one");
            assertThat(admin.json("/settings").path("effective").asText())
                    .contains("***", "${ONE}")
                    .doesNotContain("key-of-");
            assertThat(AdminClient.readExport(export.body()).models().keySet()).containsExactly("m", "a/b c");
        }
    }

    @Test
    void membersOfAGroupAreChangedForTheNextCall() {
        rest = """
                groups: {pool: {members: [{target: one/a, weight: 0}, two/b]}}
                models: {m: {targets: [pool, three/c]}}
                """;
        try (GatewayFixture gateway = start()) {
            AdminClient admin = admin(gateway);
            assertThat(target(gateway)).isEqualTo("two/b");
            assertThat(admin.json("/chains").at("/groups/0/source").asText()).isEqualTo("file");

            RawAnswer changed = admin.change(
                    "PUT", "/groups/pool", "{\"members\":[\"one/a\",{\"target\":\"two/b\",\"weight\":0}]}", 0);

            assertThat(changed.status()).isEqualTo(200);
            assertThat(AdminClient.json(changed).at("/groups/0/source").asText())
                    .isEqualTo("changed");
            assertThat(target(gateway)).isEqualTo("one/a");
            assertThat(admin.json("/versions").at("/versions/0/changes").toString())
                    .contains("group pool: member one/a: weight 0 -> none stated")
                    .contains("group pool: member two/b: weight none stated -> 0");
            RawAnswer refused = admin.change(
                    "PUT",
                    "/groups/pool",
                    "{\"strategy\":\"round-robin\",\"members\":[{\"target\":\"one/a\",\"weight\":2},\"four/d\"]}",
                    1);
            assertThat(AdminClient.json(refused).at("/error/problems").findValuesAsText("path"))
                    .contains("groups.pool.members[0].weight", "groups.pool.members[1]");

            assertThat(admin.change("PUT", "/groups/spare", "{\"members\":[\"two/b\"]}", 1)
                            .status())
                    .isEqualTo(200);
            assertThat(admin.change("PUT", "/chains/m", "{\"targets\":[\"spare\"]}", 2)
                            .status())
                    .isEqualTo(200);
            assertThat(target(gateway)).isEqualTo("two/b");
            assertThat(admin.change("DELETE", "/groups/spare", "", 3).status())
                    .as("a chain names it")
                    .isEqualTo(422);
            assertThat(admin.change("DELETE", "/chains/m", "", 3).status()).isEqualTo(200);
            assertThat(admin.change("DELETE", "/groups/pool", "", 4).status()).isEqualTo(200);
            assertThat(target(gateway)).isEqualTo("two/b");
            assertThat(admin.change("DELETE", "/groups/pool", "", 5).status()).isEqualTo(404);
        }
    }
}
