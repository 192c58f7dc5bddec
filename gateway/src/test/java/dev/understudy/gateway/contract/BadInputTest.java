package dev.understudy.gateway.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.RawCaller;
import dev.understudy.testing.wire.ScriptedUpstream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Invalid requests are rejected before they reach a provider, with a helpful message, and the server keeps running. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputTest {

    private GatewayFixture gateway;

    /**
     * @param hazard for people
     * @param status the one that is due
     * @param code OpenAI's code
     * @param param the field that is at fault; empty for none
     */
    @SuppressWarnings("ArrayRecordComponent") // Never changed or compared.
    record Case(String hazard, byte[] body, int status, String code, String param) {
        Case(String hazard, String body, int status, String code, String param) {
            this(hazard, body.getBytes(StandardCharsets.UTF_8), status, code, param);
        }

        @Override
        public String toString() {
            return hazard;
        }
    }

    static List<Case> cases() {
        String messages = Chats.MESSAGES;
        return List.of(
                new Case("nothing", "", 400, "invalid_json", ""),
                new Case("blanks", " \n", 400, "invalid_json", ""),
                new Case("no JSON", "model=one/m", 400, "invalid_json", ""),
                new Case("half an object", "{\"model\":\"one/m\",", 400, "invalid_json", ""),
                new Case("half a string", "{\"model\":\"one/m", 400, "invalid_json", ""),
                new Case("two objects", Chats.ask("one/m") + "{}", 400, "invalid_json", ""),
                new Case("a list", "[" + Chats.ask("one/m") + "]", 400, "invalid_json", ""),
                new Case("a string", "\"one/m\"", 400, "invalid_json", ""),
                new Case("null", "null", 400, "invalid_json", ""),
                new Case("a bare word", "{\"model\":\"one/m\"," + messages + ",\"n\":NaN}", 400, "invalid_json", ""),
                new Case("a trailing comma", "{\"model\":\"one/m\"," + messages + ",}", 400, "invalid_json", ""),
                new Case("a comment", "{/**/\"model\":\"one/m\"," + messages + "}", 400, "invalid_json", ""),
                new Case("a leading zero", "{\"model\":\"one/m\"," + messages + ",\"n\":01}", 400, "invalid_json", ""),
                new Case(
                        "a raw line break in a string",
                        "{\"model\":\"one\n/m\"," + messages + "}",
                        400,
                        "invalid_json",
                        ""),
                new Case(
                        "UTF-16",
                        ("\ufeff" + Chats.ask("one/m")).getBytes(StandardCharsets.UTF_16LE),
                        400,
                        "invalid_json",
                        ""),
                new Case("bad UTF-8", withBytes(0xc3, 0x28), 400, "invalid_json", ""),
                new Case("overlong UTF-8", withBytes(0xc0, 0xaf), 400, "invalid_json", ""),
                new Case("half a character", withBytes(0xf0, 0x9f, 0x98), 400, "invalid_json", ""),
                new Case("a surrogate in UTF-8", withBytes(0xed, 0xa0, 0x80), 400, "invalid_json", ""),
                new Case("no model", "{" + messages + "}", 400, "missing_required_parameter", "model"),
                new Case(
                        "a null model",
                        "{\"model\":null," + messages + "}",
                        400,
                        "missing_required_parameter",
                        "model"),
                new Case("a model that is a number", "{\"model\":5," + messages + "}", 400, "invalid_value", "model"),
                new Case(
                        "a model that is a list",
                        "{\"model\":[\"one/m\"]," + messages + "}",
                        400,
                        "invalid_value",
                        "model"),
                new Case("an empty model", "{\"model\":\" \"," + messages + "}", 400, "invalid_value", "model"),
                new Case(
                        "two models",
                        "{\"model\":\"one/m\"," + messages + ",\"model\":\"two/m\"}",
                        400,
                        "duplicate_parameter",
                        "model"),
                new Case(
                        "two models, one escaped",
                        "{\"model\":\"one/m\"," + messages + ",\"m\\u006fdel\":\"two/m\"}",
                        400,
                        "duplicate_parameter",
                        "model"),
                new Case("no messages", "{\"model\":\"one/m\"}", 400, "missing_required_parameter", "messages"),
                new Case(
                        "messages that are a string",
                        "{\"model\":\"one/m\",\"messages\":\"hi\"}",
                        400,
                        "invalid_value",
                        "messages"),
                new Case(
                        "stream that is a string",
                        Chats.ask("one/m", "\"stream\":\"yes\""),
                        400,
                        "invalid_value",
                        "stream"),
                new Case(
                        "fallbacks that are a string",
                        Chats.ask("one/m", "\"fallbacks\":\"two/m\""),
                        400,
                        "invalid_value",
                        "fallbacks"),
                new Case(
                        "a fallback that is a number",
                        Chats.ask("one/m", "\"fallbacks\":[7]"),
                        400,
                        "invalid_value",
                        "fallbacks[0]"),
                new Case(
                        "fallback_models that are an object",
                        Chats.ask("one/m", "\"fallback_models\":{\"a\":1}"),
                        400,
                        "invalid_value",
                        "fallback_models"),
                new Case(
                        "models that are a string",
                        Chats.ask("one/m", "\"models\":\"two/m\""),
                        400,
                        "invalid_value",
                        "models"),
                new Case(
                        "an openpipe fallback that is a string",
                        Chats.ask("one/m", "\"openpipe\":{\"fallback\":\"two/m\"}"),
                        400,
                        "invalid_value",
                        "openpipe.fallback"),
                new Case(
                        "understudy's fallbacks as a string",
                        Chats.ask("one/m", "\"understudy\":{\"fallbacks\":\"two/m\"}"),
                        400,
                        "invalid_value",
                        "understudy.fallbacks"),
                new Case(
                        "a slip in understudy's words",
                        Chats.ask("one/m", "\"understudy\":{\"fallback\":[]}"),
                        400,
                        "unknown_parameter",
                        "understudy.fallback"),
                new Case(
                        "a deadline without a unit",
                        Chats.ask("one/m", "\"understudy\":{\"deadline\":\"soon\"}"),
                        400,
                        "invalid_value",
                        "understudy.deadline"),
                new Case("a negative timeout", Chats.ask("one/m", "\"timeout\":-1"), 400, "invalid_value", "timeout"),
                new Case(
                        "an address of the caller's choice",
                        Chats.ask("one/m", "\"api_base\":\"http://169.254.169.254/\""),
                        400,
                        "upstream_url_not_allowed",
                        "api_base"),
                new Case(
                        "objects nested to the bottom",
                        "{\"model\":\"one/m\"," + messages + ",\"x\":" + "{\"a\":".repeat(100_000) + "1"
                                + "}".repeat(100_000) + "}",
                        400,
                        "invalid_json",
                        ""),
                new Case(
                        "lists nested without end",
                        "{\"model\":\"one/m\"," + messages + ",\"x\":" + "[".repeat(200_000),
                        400,
                        "invalid_json",
                        ""),
                new Case(
                        "nested fallbacks",
                        Chats.ask("one/m", "\"fallbacks\":" + "[".repeat(5_000) + "]".repeat(5_000)),
                        400,
                        "invalid_json",
                        ""),
                new Case("an unknown model", Chats.ask("assistent"), 404, "model_not_found", "model"),
                new Case("an unknown provider", Chats.ask("four/m"), 404, "model_not_found", "model"),
                new Case(
                        "a model of a provider that is not there",
                        Chats.ask("gpt-5.1"),
                        404,
                        "model_not_found",
                        "model"),
                new Case(
                        "no target left",
                        Chats.ask("one/m", "\"exclude_providers\":[\"one\"]"),
                        400,
                        "no_target_left",
                        ""));
    }

    private static byte[] withBytes(int... bytes) {
        byte[] around = Chats.ask("one/m", "\"user\":\"#\"").getBytes(StandardCharsets.ISO_8859_1);
        int at = new String(around, StandardCharsets.ISO_8859_1).indexOf('#');
        byte[] body = new byte[around.length - 1 + bytes.length];
        System.arraycopy(around, 0, body, 0, at);
        for (int i = 0; i < bytes.length; i++) {
            body[at + i] = (byte) bytes[i];
        }
        System.arraycopy(around, at + 1, body, at + bytes.length, around.length - at - 1);
        return body;
    }

    @BeforeAll
    void start() {
        gateway = GatewayFixture.start("models: {assistant: {targets: [two/m]}}");
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void isRefusedAndNothingIsSent(Case bad) {
        try (RawCaller caller = gateway.caller()) {
            RawAnswer answer = post(caller, bad.body());

            assertThat(answer.status()).as("%s", answer).isEqualTo(bad.status());
            ErrorBody error = ErrorBody.of(answer);
            assertThat(error.type()).isEqualTo("invalid_request_error");
            assertThat(error.code()).as(error.message()).isEqualTo(bad.code());
            assertThat(error.param()).as(error.message()).isEqualTo(bad.param());
            assertThat(error.message()).hasSizeLessThan(1_000);
            assertThat(error.attempts()).isEmpty();
            assertThat(answer.header("understudy-attempts")).contains("0");
            assertThat(answer.header("understudy-call-id")).isPresent();

            // The same connection serves on.
            assertThat(caller.get("/healthz").readAnswer().status()).isEqualTo(200);
        }
        assertThat(gateway.upstreams())
                .extracting(ScriptedUpstream::connectionCount)
                .containsOnly(0);
    }

    private static RawAnswer post(RawCaller caller, byte[] body) {
        return caller.send(
                        "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: " + body.length + "\r\n\r\n")
                .send(body)
                .readAnswer();
    }
}
