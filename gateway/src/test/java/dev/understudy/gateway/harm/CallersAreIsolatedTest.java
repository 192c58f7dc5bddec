package dev.understudy.gateway.harm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.RawCaller;
import dev.understudy.testing.wire.ReceivedRequest;
import dev.understudy.testing.wire.Reply;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests of one caller that its provider refuses change nothing for the calls of another. */
@Timeout(60)
class CallersAreIsolatedTest {
    private static final int CALLS = 20;

    private static final String CONFIGURATION = """
            server:
              port: 0
              drain: 0s
              keys: [{name: a, key: key-of-a}, {name: b, key: key-of-b}]
              admin-key: key-of-admin
            providers:
              one: {base-url: "${ONE}", api-key: key-of-one}
              two: {base-url: "${TWO}", api-key: key-of-two}
            models:
              chain: {targets: [one/m, two/m]}
              alone: {targets: [one/m]}
            """;

    private static final String A = "Authorization: Bearer key-of-a";
    private static final String B = "Authorization: Bearer key-of-b";

    /**
     * @param members of the requests of A
     * @param reply what the provider says to them
     */
    record Hostile(String name, String members, Function<ReceivedRequest, Reply> reply) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Hostile hostile(String name, Reply reply) {
        return new Hostile(name, "\"x\":1", request -> reply);
    }

    static List<Hostile> hostiles() {
        return List.of(
                hostile(
                        "a flagged prompt",
                        Reply.json(
                                403,
                                "{\"error\":{\"code\":403,\"message\":\"vendor/model requires moderation. Your input was"
                                        + " flagged for \\\"misc\\\". No credits were charged.\","
                                        + "\"metadata\":{\"reasons\":[\"misc\"]}}}")),
                hostile("a firewall's page", page()),
                hostile(
                        "a request that is too large",
                        Reply.json(413, Chats.error("Request Entity Too Large", "invalid_request_error", ""))),
                hostile(
                        "a request that is too large for the limit of a minute",
                        Reply.json(
                                429,
                                Chats.error(
                                        "Request too large for gpt-4o in organization org-1 on tokens per min (TPM):"
                                                + " Limit 30000, Requested 48000. The input or output tokens must be"
                                                + " reduced in order to run successfully.",
                                        "tokens",
                                        "rate_limit_exceeded"))),
                hostile(
                        "fewer max_tokens",
                        Reply.json(
                                402,
                                "{\"error\":{\"message\":\"This request requires more credits, or fewer max_tokens. You"
                                        + " requested up to 65536 tokens, but can only afford 4100.\",\"code\":402}}")),
                hostile(
                        "a stale id",
                        Reply.json(
                                404,
                                Chats.error(
                                        "Item with id 'rs_68aa' not found. Items are not persisted when `store` is set"
                                                + " to false. Try again with `store` set to true, or remove this item"
                                                + " from your input.",
                                        "invalid_request_error",
                                        ""))),
                hostile("a wrong request", Reply.json(400, Chats.error("no such role", "invalid_request_error", ""))),
                new Hostile(
                        "little patience",
                        "\"timeout\":0.03",
                        request -> Reply.start().pause(Duration.ofMillis(80)).send(Chats.well(request))));
    }

    private static Reply page() {
        String html = "<!DOCTYPE html><html><head><title>Attention Required!</title></head><body>Sorry, you have been"
                + " blocked</body></html>";
        return Reply.start()
                .send("HTTP/1.1 403 Forbidden\r\nContent-Type: text/html\r\nContent-Length: " + html.length()
                        + "\r\n\r\n" + html);
    }

    private static GatewayFixture start(Hostile hostile) {
        GatewayFixture gateway = GatewayFixture.startWith(CONFIGURATION);
        gateway.one()
                .answerWith(request ->
                        request.body().contains("hostile") ? hostile.reply().apply(request) : Chats.well(request));
        gateway.two().answerWith(Chats::well);
        return gateway;
    }

    @ParameterizedTest
    @MethodSource("hostiles")
    void refusedRequestsOfOneCallerDoNotAffectOthers(Hostile hostile) {
        for (String model : List.of("chain", "alone")) {
            try (GatewayFixture gateway = start(hostile)) {
                for (int i = 0; i < CALLS; i++) {
                    gateway.chat(Chats.askFor("hostile", model, hostile.members()), A);
                }
                assertThat(gateway.one().requestCount())
                        .as("A's own requests are sent all the time")
                        .isGreaterThanOrEqualTo(CALLS);
                assertBIsWell(gateway);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("hostiles")
    void norDoTheyWhileTheOtherCalls(Hostile hostile) {
        try (GatewayFixture gateway = start(hostile)) {
            for (int i = 0; i < CALLS; i++) {
                gateway.chat(Chats.askFor("hostile", "chain", hostile.members()), A);
                assertByPrimaryAtOnce(gateway.chat(Chats.ask("chain"), B));
            }
        }
    }

    @Test
    void callsWithUnknownModelsLeaveTheRetriesToOthers() {
        try (GatewayFixture gateway = start(hostile(
                "unknown model",
                Reply.json(
                        404, Chats.error("The model does not exist", "invalid_request_error", "model_not_found"))))) {
            for (int i = 0; i < 60; i++) {
                RawAnswer answer = gateway.chat(Chats.askFor("hostile", "one/unknown-" + i), A);
                assertThat(answer.status()).isEqualTo(404);
            }
            assertBIsWell(gateway);
        }
    }

    @Test
    void callersThatKeepLeavingDoNotAffectTheProvidersHealth() {
        try (GatewayFixture gateway = start(hostile("silence", Reply.start().hold()))) {
            for (int i = 0; i < CALLS; i++) {
                try (RawCaller caller = gateway.caller()) {
                    caller.post(GatewayFixture.PATH, Chats.askFor("hostile", "chain"), A);
                    gateway.one().take();
                }
            }
            assertBIsWell(gateway);
        }
    }

    private static void assertBIsWell(GatewayFixture gateway) {
        assertByPrimaryAtOnce(gateway.chat(Chats.ask("chain"), B));
        assertByPrimaryAtOnce(gateway.chat(Chats.ask("chain", "\"stream\":true"), B));
        assertThat(stateOf(gateway, "one/m")).isEqualTo("ready");
        AtomicInteger troubles = new AtomicInteger(1);
        gateway.one().answerWith(request -> troubles.getAndDecrement() > 0 ? Chats.failed(500) : Chats.well(request));
        RawAnswer retried = gateway.chat(Chats.ask("alone"), B);
        assertThat(retried.status()).as("retries still work: %s", retried).isEqualTo(200);
        assertThat(retried.header("understudy-attempts")).contains("2");
    }

    private static void assertByPrimaryAtOnce(RawAnswer answer) {
        assertThat(answer.status()).as("%s", answer).isEqualTo(200);
        assertThat(answer.body()).contains(Chats.TEXT);
        assertThat(answer.header("understudy-target")).as("%s", answer).contains("one/m");
        assertThat(answer.header("understudy-attempts")).as("%s", answer).contains("1");
    }

    private static String stateOf(GatewayFixture gateway, String target) {
        try (RawCaller caller = gateway.caller()) {
            String page = caller.send("GET /admin/v1/health HTTP/1.1\r\nHost: x\r\n"
                            + "Authorization: Bearer key-of-admin\r\n\r\n")
                    .readAnswer()
                    .body();
            return new JsonObject(page)
                    .getJsonArray("targets").stream()
                            .map(JsonObject.class::cast)
                            .filter(each -> each.getString("target").equals(target))
                            .findFirst()
                            .orElseThrow()
                            .getString("state");
        }
    }
}
