package dev.understudy.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.Reply;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What callers send and receive is kept where the configuration says so, and nowhere else. */
@Timeout(120)
class ContentsOfCallsTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String MODELS = "models: {m: {targets: [one/a, two/b]}}\n";
    private static final String ON = MODELS
            + "store: {contents: {enabled: on, retention: 2d, redact: [emails], redact-patterns: ['CUST-[0-9]+']}}\n";
    private static final String SAID = "<script>alert(1)</script> from ann@example.org, CUST-77, with key-of-one";
    private static final String ASK =
            "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"" + SAID + "\"}]}";
    private static final Reply ANSWER = Reply.json(
            200,
            "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"x\",\"choices\":[{\"index\":0,"
                    + "\"message\":{\"role\":\"assistant\",\"content\":\"Dear bob@example.org\"},"
                    + "\"finish_reason\":\"stop\"}]}");

    @TempDir
    private Path folder;

    private static String call(GatewayFixture gateway, String body, String... headers) throws InterruptedException {
        RawAnswer answer = gateway.chat(body, headers);
        String id = answer.header("understudy-call-id").orElseThrow();
        // The call is recorded after its answer.
        gateway.logWith(id);
        assertThat(gateway.store().calls().awaitWritten(SOON)).isTrue();
        return id;
    }

    /** The thread that redacts may still be at it when the record is written. */
    private static JsonNode contents(GatewayFixture gateway, String id) throws Exception {
        long end = System.nanoTime() + SOON.toNanos();
        while (!gateway.store().contents().has(id)) {
            assertThat(System.nanoTime()).as("contents of " + id).isLessThan(end);
            Thread.onSpinWait();
        }
        JsonNode call = new AdminClient(gateway.port()).json("/calls/" + id);
        assertThat(call.path("has_contents").asBoolean()).isTrue();
        return new AdminClient(gateway.port()).json("/calls/" + id + "/contents");
    }

    @Test
    void nothingIsKeptUnlessItIsConfigured() throws Exception {
        try (GatewayFixture gateway = GatewayFixture.startIn(folder, MODELS)) {
            gateway.one().answerAlways(ANSWER);
            String id = call(gateway, ASK);
            AdminClient admin = new AdminClient(gateway.port());

            assertThat(admin.json("/calls").has("contents_kept")).isFalse();
            assertThat(admin.json("/calls/" + id).path("has_contents").asBoolean(true))
                    .isFalse();
            assertThat(admin.get("/calls/" + id + "/contents").status()).isEqualTo(404);
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(each -> each.getFileName().toString().startsWith("understudy.db"))
                    .toList()) {
                assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                        .doesNotContain("ann@example.org", "bob@example.org");
            }
        }
    }

    @Test
    void whatWasSentAndReceivedIsKeptRedacted() throws Exception {
        try (GatewayFixture gateway = GatewayFixture.startIn(folder, ON)) {
            gateway.one().answerAlways(ANSWER);
            JsonNode contents = contents(gateway, call(gateway, ASK, "x-secret: never-kept"));

            assertThat(contents.at("/sent/text").asText())
                    .isEqualTo(ASK.replace("ann@example.org", "[redacted]")
                            .replace("CUST-77", "[redacted]")
                            .replace("key-of-one", "[redacted]"));
            assertThat(contents.at("/sent/bytes").asInt()).isEqualTo(ASK.length());
            assertThat(contents.at("/received/text").asText())
                    .contains("Dear [redacted]")
                    .doesNotContain("bob");
            assertThat(contents.at("/received/type").asText()).isEqualTo("application/json");
            assertThat(contents.toString()).doesNotContain("never-kept");
            assertThat(new AdminClient(gateway.port())
                            .json("/calls")
                            .path("contents_kept")
                            .asText())
                    .isEqualTo("2d");
        }
    }

    @Test
    void streamsErrorsAndRescuedCallsAreKeptAsTheCallerReceivedThem() throws Exception {
        try (GatewayFixture gateway = GatewayFixture.startIn(folder, ON)) {
            gateway.one().answerAlways(Reply.json(400, "{\"error\":{\"message\":\"no such thing\"}}"));
            JsonNode failed = contents(gateway, call(gateway, "{\"model\":\"m\",\"messages\":[]}"));
            assertThat(failed.at("/received/text").asText()).contains("no such thing");

            gateway.one().answerAlways(Reply.json(503, "{}"));
            gateway.two()
                    .answerAlways(Reply.eventStream()
                            .event(
                                    "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"x\","
                                            + "\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"Dear bob@ex\"}}]}")
                            .event("{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"x\","
                                    + "\"choices\":[{\"index\":0,\"delta\":{\"content\":\"ample.org!\"},"
                                    + "\"finish_reason\":\"stop\"}]}")
                            .event("[DONE]")
                            .lastChunk());
            JsonNode stream = contents(gateway, call(gateway, ASK.replace("{\"model\"", "{\"stream\":true,\"model\"")));
            assertThat(stream.at("/received/text").asText()).isEqualTo("Dear [redacted]!");
            assertThat(stream.at("/received/type").asText()).startsWith("text/event-stream");
        }
    }

    @Test
    void aReloadTurnsItOnAndOff() throws Exception {
        try (GatewayFixture gateway = GatewayFixture.startIn(folder, MODELS)) {
            gateway.one().answerAlways(ANSWER);
            Files.writeString(folder.resolve("understudy.yaml"), GatewayFixture.withProviders(ON));
            assertThat(gateway.reload()).containsExactly("store.contents.retention");
            contents(gateway, call(gateway, ASK));

            Files.writeString(folder.resolve("understudy.yaml"), GatewayFixture.withProviders(MODELS));
            gateway.reload();
            String id = call(gateway, ASK);
            assertThat(new AdminClient(gateway.port()).json("/calls").has("contents_kept"))
                    .isFalse();
            assertThat(gateway.store().contents().has(id)).isFalse();
        }
    }
}
