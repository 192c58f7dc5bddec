package dev.understudy.gateway.crossing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.Reply;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A provider's own errors and headers, for callers of its dialect and of others. */
@Timeout(60)
class SameDialectAnswersTest {
    private enum Own {
        CHAT(
                ClientDialect.CHAT,
                Vendor.OPENAI,
                "{ \"error\": {\"message\":\"Bad  request.\",\"type\":\"own_type\",\"param\":\"messages[0]\",\"code\":\"c\","
                        + "\"own\":[\"<f>1.10</f>\"]}, \"x\": 1.10 }"),
        MESSAGES(
                ClientDialect.MESSAGES,
                Vendor.ANTHROPIC,
                "{\"type\":\"error\", \"error\":{\"type\":\"own_type\",\"message\":\"Bad  request.\",\"details\":{\"x\":1.10}},"
                        + " \"request_id\":\"req_1\"}"),
        GEMINI(
                ClientDialect.GEMINI,
                Vendor.GEMINI,
                "{\n  \"error\": {\n    \"code\": 400,\n    \"message\": \"Bad  request.\",\n    \"status\": \"OWN_STATUS\",\n"
                        + "    \"details\": [{\"@type\":\"type.googleapis.com/google.rpc.BadRequest\",\"n\":1.10}]\n  }\n}"),
        CONVERSE(ClientDialect.CONVERSE, Vendor.BEDROCK, "{\"message\":\"Bad  request.\", \"x\":1.10}");

        final ClientDialect client;
        final Vendor vendor;
        final String body;

        Own(ClientDialect client, Vendor vendor, String body) {
            this.client = client;
            this.vendor = vendor;
            this.body = body;
        }
    }

    private static String model(Vendor vendor) {
        return "models: {m: {targets: [" + vendor.provider() + "/m], fallbacks: []}}";
    }

    @ParameterizedTest
    @EnumSource(Own.class)
    void anErrorOfTheCallersDialectIsTheProvidersBody(Own own) {
        try (Crossing crossing = Crossing.forgetful(model(own.vendor))) {
            crossing.at(own.vendor).answerAlways(Reply.json(400, own.body));
            for (boolean stream : new boolean[] {false, true}) {
                RawAnswer answer = crossing.ask(own.client, "m", stream);
                assertThat(answer.status()).isEqualTo(400);
                assertThat(answer.body()
                                .replaceFirst(",\"__type\":\"ValidationException\"", "")
                                .replaceFirst("\\s*,\"attempts\":\\[\\{[^]]*}]", ""))
                        .as(answer.body())
                        .isEqualToNormalizingWhitespace(own.body);
                assertThat(answer.body()).contains("\"Bad  request.\"", "1.10", "\"attempts\":[{\"target\":");
            }
        }
    }

    private static final List<String> FORWARDED = List.of(
            "x-ratelimit-remaining-tokens",
            "anthropic-ratelimit-requests-limit",
            "ratelimitbysize-remaining",
            "request-id",
            "x-request-id",
            "x-amzn-requestid",
            "x-amzn-bedrock-input-token-count",
            "apim-request-id",
            "openai-processing-ms",
            "openai-version");

    /** They name the operator's account, belong to the connection, or are the provider's own business. */
    private static final List<String> KEPT_BACK =
            List.of("openai-organization", "anthropic-organization-id", "set-cookie", "server", "x-powered-by", "via");

    private static String headers(String value) {
        return Stream.concat(FORWARDED.stream(), KEPT_BACK.stream())
                .map(name -> name + ": " + value + "\r\n")
                .collect(Collectors.joining());
    }

    private static Reply well(Vendor vendor, boolean stream, String value) {
        byte[] body = stream ? vendor.stream() : vendor.whole("hi").getBytes(StandardCharsets.UTF_8);
        String type = !stream
                ? "application/json"
                : vendor == Vendor.BEDROCK ? "application/vnd.amazon.eventstream" : "text/event-stream";
        return Reply.start()
                .send("HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\n" + headers(value) + "Content-Length: "
                        + body.length + "\r\n\r\n")
                .send(body);
    }

    @ParameterizedTest
    @EnumSource(Vendor.class)
    void headersOfTheAnsweringTargetReachCallersOfEveryDialect(Vendor second) {
        Vendor first = second.next();
        try (Crossing crossing = Crossing.forgetful(
                "models: {m: {targets: [" + first.provider() + "/m, " + second.provider() + "/m], fallbacks: []}}")) {
            String[] ofFirst = headers("first").split("\r\n");
            crossing.at(first).answerAlways(first.failed(500, ofFirst));
            for (ClientDialect client : ClientDialect.values()) {
                for (boolean stream : new boolean[] {false, true}) {
                    crossing.at(second).answerAlways(well(second, stream, "second"));
                    RawAnswer answer = crossing.ask(client, "m", stream);
                    assertThat(answer.status())
                            .as("%s %s", client, answer.body())
                            .isEqualTo(200);
                    for (String name : FORWARDED) {
                        assertThat(answer.header(name))
                                .as("%s %s %s", client, stream, name)
                                .contains("second");
                    }
                    for (String name : KEPT_BACK) {
                        assertThat(answer.header(name))
                                .as("%s %s", client, name)
                                .isEmpty();
                    }
                }
            }
            crossing.at(second)
                    .answerAlways(second.failed(429, headers("limited").split("\r\n")));
            crossing.at(first).answerAlways(first.failed(429, "Retry-After: 7", "x-ratelimit-limit: 1"));
            RawAnswer limited = crossing.ask(ClientDialect.CHAT, "m", false);
            assertThat(limited.status()).isEqualTo(429);
            assertThat(limited.header("x-ratelimit-limit")).contains("1");
        }
    }
}
