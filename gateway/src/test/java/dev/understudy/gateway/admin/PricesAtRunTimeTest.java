package dev.understudy.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.calls.config.Settings;
import dev.understudy.calls.config.TargetName;
import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.store.StoreOptions;
import dev.understudy.store.Stores;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.Reply;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Prices that are changed while the gateway runs: in force for the cost and the budget of the next call, by versions as chains are. */
@Timeout(120)
class PricesAtRunTimeTest {
    private static final String REST = """
            models: {m: {targets: [one/gpt-5.1]}, n: {targets: [two/b]}}
            prices:
              two/*: {input: 2, cached-input: 1, output: 10}
            """;

    @TempDir
    private Path folder;

    private GatewayFixture start() {
        GatewayFixture gateway = GatewayFixture.startIn(folder, REST);
        Reply answer = Reply.json(
                200,
                "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"x\",\"choices\":[{\"index\":0,"
                        + "\"message\":{\"role\":\"assistant\",\"content\":\"hi\"},\"finish_reason\":\"stop\"}],"
                        + "\"usage\":{\"prompt_tokens\":1000,\"completion_tokens\":100,\"total_tokens\":1100}}");
        gateway.upstreams().forEach(upstream -> upstream.answerAlways(answer));
        return gateway;
    }

    /** What the next call of a chain costs, in US dollars, as the log has it. */
    private static String cost(GatewayFixture gateway, String chain) {
        RawAnswer answer =
                gateway.chat("{\"model\":\"" + chain + "\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}");
        return logLine(gateway, answer).replaceFirst(".*\"cost_usd\":([0-9.]+).*", "$1");
    }

    /** Once it is there, the limits of the call's key know of it too. */
    private static String logLine(GatewayFixture gateway, RawAnswer answer) {
        String id = answer.header("understudy-call-id").orElseThrow();
        return gateway.logWith(id).stream()
                .filter(line -> line.contains(id))
                .findFirst()
                .orElseThrow();
    }

    private static RawAnswer put(GatewayFixture gateway, String prices, long version) {
        return new AdminClient(gateway.port())
                .change("PUT", "/prices", "{\"prices\":" + prices + ",\"note\":\"new contract\"}", version);
    }

    private static JsonNode of(JsonNode list, String target) {
        for (JsonNode each : list) {
            if (each.path("target").asText().equals(target)) {
                return each;
            }
        }
        throw new AssertionError(target + " is not in " + list);
    }

    @Test
    void listPricesAndThoseOfTheFileAreListed() {
        try (GatewayFixture gateway = start()) {
            JsonNode document = new AdminClient(gateway.port()).json("/prices");
            JsonNode listed = of(document.path("targets"), "one/gpt-5.1");
            assertThat(listed.path("used").asBoolean()).isTrue();
            assertThat(listed.has("price")).isFalse();
            assertThat(listed.path("input").asText()).isEqualTo("1.25");
            assertThat(listed.path("cached-input").asText()).isEqualTo("0.125");
            assertThat(listed.path("output").asText()).isEqualTo("10");
            JsonNode ofFile = of(document.path("targets"), "two/b");
            assertThat(ofFile.path("price").asText()).isEqualTo("two/*");
            assertThat(ofFile.path("input").asText()).isEqualTo("2");
            assertThat(of(document.path("prices"), "two/*").path("source").asText())
                    .isEqualTo("file");
        }
    }

    @Test
    void editedPriceCountsForTheNextCallAndGoesBeforeThePatternsOfTheFile() {
        try (GatewayFixture gateway = start()) {
            assertThat(cost(gateway, "m")).isEqualTo("0.00225");
            assertThat(cost(gateway, "n")).isEqualTo("0.003");

            RawAnswer changed = put(
                    gateway,
                    "{\"one/gpt-5.1\":{\"input\":\"2.50\",\"cached-input\":\"\",\"output\":20},"
                            + "\"two/b\":{\"input\":4,\"output\":0}}",
                    0);

            assertThat(changed.status()).isEqualTo(200);
            assertThat(changed.header("etag")).contains("\"1\"");
            assertThat(cost(gateway, "m")).isEqualTo("0.0045");
            assertThat(cost(gateway, "n")).isEqualTo("0.004");
            JsonNode document = AdminClient.json(changed);
            assertThat(document.path("prices").findValuesAsText("target"))
                    .containsExactly("one/gpt-5.1", "two/b", "two/*");
            assertThat(of(document.path("prices"), "two/b").path("source").asText())
                    .isEqualTo("console");
            JsonNode version = new AdminClient(gateway.port()).json("/versions").at("/versions/0");
            assertThat(version.path("note").asText()).isEqualTo("new contract");
            assertThat(version.path("changes").toString())
                    .contains("price of one/gpt-5.1: input 2.5, output 20", "price of two/b: input 4, output 0");
        }
    }

    @Test
    void priceOfTheFileIsChangedAmountByAmountAndPutBack() {
        try (GatewayFixture gateway = start()) {
            assertThat(put(gateway, "{\"two/*\":{\"output\":30}}", 0).status()).isEqualTo(200);
            assertThat(cost(gateway, "n")).isEqualTo("0.005");
            AdminClient admin = new AdminClient(gateway.port());
            JsonNode stated = of(admin.json("/prices").path("prices"), "two/*");
            assertThat(stated.path("source").asText()).isEqualTo("changed");
            assertThat(stated.path("cached-input").asText()).isEqualTo("1");
            assertThat(admin.json("/versions").at("/versions/0/changes").toString())
                    .contains("price of two/*: output 10 -> 30");

            assertThat(put(gateway, "{\"two/*\":null}", 1).status()).isEqualTo(200);
            assertThat(cost(gateway, "n")).isEqualTo("0.003");
            assertThat(admin.json("/settings").path("layer").asText()).isEmpty();

            assertThat(admin.change("POST", "/versions/1/restore", "", 2).status())
                    .isEqualTo(200);
            assertThat(cost(gateway, "n")).isEqualTo("0.005");
            assertThat(admin.change("POST", "/settings/reset", "", 3).status()).isEqualTo(200);
            assertThat(cost(gateway, "n")).isEqualTo("0.003");
        }
    }

    @Test
    void impossibleAmountIsRefusedWithItsPathAndNothingIsChanged() {
        try (GatewayFixture gateway = start()) {
            RawAnswer refused = put(
                    gateway,
                    "{\"one/gpt-5.1\":{\"input\":\"a lot\",\"output\":-1},\"gpt-5.1\":{\"input\":1,\"output\":1},"
                            + "\"two/b\":{\"input\":1}}",
                    0);
            assertThat(refused.status()).isEqualTo(422);
            JsonNode problems = AdminClient.json(refused).at("/error/problems");
            assertThat(problems.findValuesAsText("path"))
                    .containsExactlyInAnyOrder(
                            "prices.\"one/gpt-5.1\".input",
                            "prices.\"one/gpt-5.1\".output",
                            "prices.\"gpt-5.1\"",
                            "prices.\"two/b\"");
            assertThat(problems.toString()).contains("is not an amount of US dollars");
            assertThat(AdminClient.json(put(gateway, "{\"two/b\":{\"input\":1e999,\"output\":1}}", 0))
                            .at("/error/problems/0/path")
                            .asText())
                    .isEqualTo("prices.\"two/b\".input");
            assertThat(put(gateway, "{\"two/b\":[]}", 0).status()).isEqualTo(422);
            assertThat(put(gateway, "7", 0).status()).isEqualTo(422);
            assertThat(new AdminClient(gateway.port())
                            .send("PUT", "/prices", "{\"prices\":{}}")
                            .status())
                    .isEqualTo(428);
            assertThat(put(gateway, "{\"two/b\":{\"input\":1,\"output\":1}}", 5).status())
                    .isEqualTo(412);
            assertThat(new AdminClient(gateway.port()).json("/versions").path("versions"))
                    .isEmpty();
            assertThat(cost(gateway, "n")).isEqualTo("0.003");
        }
    }

    @Test
    void exportHasThePricesInTheOrderInWhichTheyAreTried() throws Exception {
        try (GatewayFixture gateway = start()) {
            put(gateway, "{\"two/b*\":{\"input\":7,\"output\":1},\"two/b\":{\"input\":4,\"output\":1}}", 0);

            String export =
                    new AdminClient(gateway.port()).get("/settings/export").body();

            Settings settings = AdminClient.readExport(export);
            assertThat(settings.prices().keySet()).containsExactly("two/b", "two/b*", "two/*");
            assertThat(settings.priceOf(new TargetName("two", "b"))
                            .orElseThrow()
                            .input())
                    .isEqualTo(4_000_000);
            assertThat(settings.priceOf(new TargetName("two", "c"))
                            .orElseThrow()
                            .input())
                    .isEqualTo(2_000_000);
        }
    }

    @Test
    void targetWithoutAPriceIsCalledForAKeyThatNeedsOneAsSoonAsItHasOne() {
        String yaml = GatewayFixture.withProviders("models: {m: {targets: [one/a]}}\n")
                .replace(
                        "drain: 0s",
                        "drain: 0s, admin: {open: true}, keys: [{name: team, key: team-key, budget: {day: 1, unpriced: refuse}}]");
        try (GatewayFixture gateway = GatewayFixture.startIn(folder, yaml, Stores.open(StoreOptions.in(folder)))) {
            gateway.one()
                    .answerAlways(
                            Reply.json(
                                    200,
                                    "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"x\",\"choices\":[{\"index\":0,"
                                            + "\"message\":{\"role\":\"assistant\",\"content\":\"hi\"},\"finish_reason\":\"stop\"}],"
                                            + "\"usage\":{\"prompt_tokens\":1000000,\"completion_tokens\":1,\"total_tokens\":1000001}}"));
            String body = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}";
            assertThat(gateway.chat(body, "Authorization: Bearer team-key").status())
                    .isNotEqualTo(200);
            assertThat(gateway.one().connectionCount()).isZero();

            assertThat(put(gateway, "{\"one/*\":{\"input\":2,\"output\":0}}", 0).status())
                    .isEqualTo(200);

            RawAnswer first = gateway.chat(body, "Authorization: Bearer team-key");
            assertThat(first.status()).isEqualTo(200);
            assertThat(logLine(gateway, first)).contains("\"cost_usd\":2");
            RawAnswer beyond = gateway.chat(body, "Authorization: Bearer team-key");
            assertThat(beyond.status()).as("the budget of a dollar is spent").isEqualTo(429);
        }
    }
}
