package dev.understudy.gateway.crossing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.Reply;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Providers and proxies that repeat a key in an error: no caller of any dialect, no header and no log line has it. */
@Timeout(120)
class EchoedKeysTest {
    private static Crossing crossing;

    @BeforeAll
    static void start() {
        crossing = Crossing.forgetful(Crossing.chainFrom(Vendor.OPENAI)).allWell();
    }

    @AfterAll
    static void stop() {
        crossing.close();
    }

    static List<Arguments> pairs() {
        List<Arguments> pairs = new ArrayList<>();
        for (ClientDialect client : ClientDialect.values()) {
            for (Vendor vendor : Vendor.values()) {
                pairs.add(Arguments.of(client, vendor));
            }
        }
        return pairs;
    }

    private static String keyOf(Vendor vendor) {
        return "key-of-" + vendor.provider();
    }

    /** Each as it stands in the source of a JSON string, with what must not remain of it. */
    private static Map<String, String> encodings(String key) {
        Map<String, String> encodings = new LinkedHashMap<>();
        encodings.put(key, key);
        encodings.put(key.replace("-", "%2D"), "%2Dof%2D");
        encodings.put(key.replace("-", "\\u002d"), "key-of");
        encodings.put(key.replace("-", "\\\\u002d"), "u002dof");
        for (String before : List.of("", "u", "us")) {
            String base64 = Base64.getEncoder().encodeToString((before + key + "!!").getBytes(UTF_8));
            encodings.put(base64.replace("/", "\\/"), base64.substring(4, 14));
        }
        return encodings;
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void inTheBodyOfAnErrorAndInItsHeaders(ClientDialect client, Vendor vendor) {
        String key = keyOf(vendor);
        encodings(key).forEach((encoded, rest) -> {
            String error = vendor.error(401).replace("scripted trouble", "you sent " + encoded + " to us");
            crossing.at(vendor)
                    .answerAlways(Reply.json(401, error, "request-id: r-" + key, "x-request-id: " + encoded));
            for (boolean stream : new boolean[] {false, true}) {
                RawAnswer answer = crossing.ask(client, vendor.provider() + "/m", stream);
                assertHidden(answer, key, rest);
                assertThat(answer.header("request-id")).contains("r-[redacted]");
                assertThat(answer.body()).contains("you sent ").contains("[redacted]");
            }
        });
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void inAnErrorInsideAStream(ClientDialect client, Vendor vendor) {
        String key = keyOf(vendor);
        encodings(key).forEach((encoded, rest) -> {
            crossing.at(vendor)
                    .answerAlways(
                            vendor.begun(3).chunk(trouble(vendor, encoded)).lastChunk());
            RawAnswer answer = crossing.ask(client, vendor.provider() + "/m", true);
            assertHidden(answer, key, rest);
        });
    }

    /** An error where the whole answer was due. */
    @ParameterizedTest
    @MethodSource("pairs")
    void inAnErrorWithStatus200(ClientDialect client, Vendor vendor) {
        String key = keyOf(vendor);
        String error = vendor.error(401).replace("scripted trouble", "you sent " + key.replace("-", "\\u002D"));
        crossing.at(vendor).answerAlways(Reply.json(200, error));
        for (boolean stream : new boolean[] {false, true}) {
            assertHidden(crossing.ask(client, vendor.provider() + "/m", stream), key, "key-of");
        }
    }

    private static byte[] trouble(Vendor vendor, String encoded) {
        String said = "you sent " + encoded;
        return vendor == Vendor.BEDROCK
                ? AmazonFrames.exception("internalServerException", "{\"message\":\"" + said + "\"}")
                : new String(vendor.trouble(), UTF_8)
                        .replace("scripted trouble", said)
                        .getBytes(UTF_8);
    }

    private static void assertHidden(RawAnswer answer, String key, String rest) {
        String all = answer.head() + new String(answer.bytes(), ISO_8859_1);
        assertThat(all).doesNotContain(key).doesNotContain(rest);
    }

    @Test
    void inErrorsThatArePassedThroughBesideCalls() {
        String key = keyOf(Vendor.ANTHROPIC);
        String body =
                "{\"model\":\"anthropic/m\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";
        crossing.at(Vendor.ANTHROPIC)
                .answerAlways(Reply.json(
                        400,
                        "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"you sent "
                                + key.replace("-", "\\u002d") + "\"}}",
                        "request-id: " + key));
        RawAnswer count = crossing.post("/v1/messages/count_tokens", body);
        assertThat(count.status()).isEqualTo(400);
        assertThat(count.body()).contains("you sent [redacted]");
        assertHidden(count, key, "key-of");

        String answers = "key-of-answers";
        crossing.at(Vendor.OPENAI)
                .answerAlways(Reply.json(404, "{\"error\":{\"message\":\"you sent " + answers + "\"}}"));
        try (var caller = crossing.gateway().caller()) {
            RawAnswer stored = caller.get("/v1/responses/resp_1").readAnswer();
            assertThat(stored.status()).isEqualTo(404);
            assertThat(stored.body()).isEqualTo("{\"error\":{\"message\":\"you sent [redacted]\"}}");
        }
    }

    /** The error of another dialect's router that repeats the key which a caller brought, and the gateway's own. */
    @Test
    void aKeyThatTheCallerBroughtAndTheGatewaysOwn() {
        try (Crossing locked =
                Crossing.withCallerKeys("[sesame-0123456789]", "").allWell()) {
            String brought = "brought/0123456789";
            String error = Vendor.OPENAI
                    .error(401)
                    .replace("scripted trouble", "you sent " + brought.replace("/", "\\/") + " for sesame-0123456789");
            locked.at(Vendor.OPENAI).answerAlways(Reply.json(401, error));
            RawAnswer answer = locked.post(
                    "/v1/chat/completions",
                    ClientDialect.CHAT.body(
                            "openai/m",
                            false,
                            "\"customer_credentials\":{\"openai\":{\"api_key\":\"" + brought + "\"}}"),
                    "authorization: Bearer sesame-0123456789");
            assertThat(answer.status()).isEqualTo(502);
            assertThat(locked.at(Vendor.OPENAI).take().head()).contains(brought);
            assertThat(answer.body()).contains("you sent [redacted] for [redacted]");
            assertThat(locked.gateway().log(1).getFirst()).doesNotContain("0123456789");
        }
    }
}
