package dev.understudy.gateway.crossing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.ReceivedRequest;
import dev.understudy.testing.wire.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Where caller and target speak the same language, bytes go through as they are, and are judged all the same. */
@Timeout(60)
class SameDialectTest {
    /** Members that are unknown to the gateway, in unusual notation. */
    private static final String ODD = "\"x_new\" : {\"n\":1.10,\"e\":1E5, \"s\":\"\\u00e9\\/\"}";

    private static Vendor vendorOf(ClientDialect client) {
        return switch (client) {
            case CHAT, RESPONSES -> Vendor.OPENAI;
            case MESSAGES -> Vendor.ANTHROPIC;
            case GEMINI, GEMINI_ARRAY -> Vendor.GEMINI;
            case CONVERSE -> Vendor.BEDROCK;
        };
    }

    private static String provider(ClientDialect client) {
        return client == ClientDialect.RESPONSES ? "answers" : vendorOf(client).provider();
    }

    private static String wholeAnswer(ClientDialect client) {
        String answer = client == ClientDialect.RESPONSES
                ? Answers.WHOLE
                : vendorOf(client).whole(Vendor.TEXT);
        return answer.replaceFirst("\\{", "{ " + ODD.replace("\\", "\\\\") + " ,\n");
    }

    @ParameterizedTest
    @EnumSource(ClientDialect.class)
    void wholeAnswersAndRequestsGoThroughToTheByte(ClientDialect client) {
        try (Crossing crossing = Crossing.start("")) {
            Vendor vendor = vendorOf(client);
            crossing.at(vendor).answerAlways(Reply.json(200, wholeAnswer(client)));
            String target = provider(client) + "/m";

            RawAnswer answer = crossing.post(
                    client.path(target, false),
                    client.body(target, false, ODD, "\"understudy\":{\"deadline\":\"20s\"}"));

            assertThat(answer.body()).isEqualTo(wholeAnswer(client));
            assertThat(answer.header("understudy-warning")).isEmpty();
            ReceivedRequest received = crossing.at(vendor).take();
            assertThat(received.body()).isEqualTo(client.body("m", false, ODD));
            assertThat(received.head().lines().findFirst().orElseThrow())
                    .isEqualTo("POST " + upstreamPath(client, false) + " HTTP/1.1");
        }
    }

    private static String upstreamPath(ClientDialect client, boolean stream) {
        return switch (client) {
            case CHAT, RESPONSES, MESSAGES -> "/v1/" + client.api().path();
            case GEMINI, GEMINI_ARRAY ->
                "/v1beta/models/m" + (stream ? ":streamGenerateContent?alt=sse" : ":generateContent");
            case CONVERSE -> "/model/m" + (stream ? "/converse-stream" : "/converse");
        };
    }

    /** The gateway writes an array itself, since no provider streams one. */
    @ParameterizedTest
    @EnumSource(value = ClientDialect.class, mode = Mode.EXCLUDE, names = "GEMINI_ARRAY")
    void streamsGoThroughToTheByte(ClientDialect client) {
        try (Crossing crossing = Crossing.start("")) {
            Vendor vendor = vendorOf(client);
            byte[] stream =
                    odd(client, client == ClientDialect.RESPONSES ? Answers.STREAM.getBytes(UTF_8) : vendor.stream());
            crossing.at(vendor).answerAlways(vendor.streamReply(stream));
            String target = provider(client) + "/m";

            RawAnswer answer = crossing.post(client.path(target, true), client.body(target, true, ODD));

            assertThat(answer.bytes()).as("%s", answer).isEqualTo(withoutPings(stream));
            assertThat(crossing.at(vendor).take().body()).isEqualTo(client.body("m", true, ODD));
        }
    }

    /** With something in front that says nothing. */
    private static byte[] odd(ClientDialect client, byte[] stream) {
        return client == ClientDialect.CONVERSE ? stream : Vendor.joined(": hello\n\n".getBytes(UTF_8), stream);
    }

    /** Signs of life that came before the answer mean nothing any more when it is released. */
    private static byte[] withoutPings(byte[] stream) {
        return new String(stream, ISO_8859_1)
                .replace(": hello\n\n", "")
                .replace("event: ping\ndata: {\"type\":\"ping\"}\n\n", "")
                .getBytes(ISO_8859_1);
    }

    @Test
    void vendorsAreShownTheirKeysInTheirOwnWay() {
        try (Crossing crossing = Crossing.start("").allWell()) {
            for (Vendor vendor : Vendor.values()) {
                crossing.ask(ClientDialect.CHAT, vendor.provider() + "/m", false);
            }

            assertThat(head(crossing, Vendor.OPENAI)).contains("authorization: bearer key-of-openai\r\n");
            assertThat(head(crossing, Vendor.ANTHROPIC))
                    .startsWith("post /v1/messages http/1.1\r\n")
                    .contains(
                            "x-api-key: key-of-anthropic\r\n",
                            "anthropic-version: 2023-06-01\r\n",
                            "content-type: application/json\r\n")
                    .doesNotContain("authorization:");
            assertThat(head(crossing, Vendor.GEMINI))
                    .startsWith("post /v1beta/models/m:generatecontent http/1.1\r\n")
                    .contains("x-goog-api-key: key-of-gemini\r\n")
                    .doesNotContain("authorization:", "anthropic-version");
            assertThat(head(crossing, Vendor.BEDROCK))
                    .startsWith("post /model/m/converse http/1.1\r\n")
                    .contains("authorization: bearer key-of-bedrock\r\n");
        }
    }

    /** Beta features are switched on in headers, which only their vendor understands. */
    @Test
    void anthropicsBetaHeadersReachAnthropicOnly() {
        try (Crossing crossing = Crossing.forgetful("models: {m: {targets: [anthropic/m, gemini/m]}}")
                .allWell()) {
            crossing.at(Vendor.ANTHROPIC).answerAlways(Vendor.ANTHROPIC.failed(500));
            String path = ClientDialect.MESSAGES.path("m", false);
            crossing.post(
                    path, ClientDialect.MESSAGES.body("m", false), "anthropic-beta: context-1m", "anthropic-beta: x-2");

            assertThat(head(crossing, Vendor.ANTHROPIC)).contains("anthropic-beta: context-1m,x-2\r\n");
            assertThat(head(crossing, Vendor.GEMINI)).doesNotContain("anthropic-beta");
        }
    }

    private static String head(Crossing crossing, Vendor vendor) {
        return crossing.at(vendor).take().head().toLowerCase(Locale.ROOT);
    }

    /** The reason of the end has come, but not the end. */
    @ParameterizedTest
    @EnumSource(
            value = ClientDialect.class,
            names = {"MESSAGES", "CHAT"})
    void aMessageWithoutItsStopIsNotComplete(ClientDialect client) {
        try (Crossing crossing = Crossing.forgetful("")) {
            List<byte[]> end = Vendor.ANTHROPIC.end();
            crossing.at(Vendor.ANTHROPIC)
                    .answerWith(request -> Vendor.ANTHROPIC
                            .begun(12)
                            .await(crossing.shown())
                            .chunk(end.get(0))
                            .chunk(end.get(1))
                            .lastChunk());

            ParsedAnswer parsed = ParsedAnswer.of(client, true, crossing.ask(client, "anthropic/m", true));

            assertThat(parsed.text()).isEqualTo(Vendor.TEXT);
            Grammar.assertBrokenOff(client, parsed);
        }
    }

    @Test
    void aFrameWithAWrongChecksumIsNoAnswer() {
        try (Crossing crossing = Crossing.forgetful("models: {m: {targets: [bedrock/m, gemini/m]}}")
                .allWell()) {
            byte[] stream = Vendor.BEDROCK.stream();
            stream[stream.length / 3] ^= 1;
            crossing.at(Vendor.BEDROCK).answerAlways(Vendor.BEDROCK.streamReply(stream));

            RawAnswer answer = crossing.ask(ClientDialect.CONVERSE, "m", true);

            assertThat(answer.header("understudy-trail").orElse("")).contains("\"bedrock/m\";outcome=malformed");
            assertThat(ParsedAnswer.of(ClientDialect.CONVERSE, true, answer).text())
                    .isEqualTo(Vendor.TEXT);
        }
    }

    @Test
    void anotherVendorContinuesAfterABrokenFrame() {
        try (Crossing crossing = Crossing.forgetful("models: {m: {targets: [bedrock/m, gemini/m]}}")
                .allWell()) {
            byte[] frame = Vendor.BEDROCK.text(" word99");
            frame[frame.length - 1] ^= 1;
            crossing.at(Vendor.BEDROCK)
                    .answerWith(request -> Vendor.BEDROCK
                            .begun(5)
                            .await(crossing.shown())
                            .chunk(frame)
                            .lastChunk());

            ParsedAnswer parsed =
                    ParsedAnswer.of(ClientDialect.CONVERSE, true, crossing.ask(ClientDialect.CONVERSE, "m", true));

            assertThat(parsed.text()).isEqualTo(Vendor.TEXT);
            Grammar.assertComplete(ClientDialect.CONVERSE, parsed);
        }
    }

    /** Answers of OpenAI's Responses. */
    private static final class Answers {
        static final String OUTPUT =
                "[{\"id\":\"msg_1\",\"type\":\"message\",\"status\":\"completed\",\"role\":\"assistant\",\"content\":"
                        + "[{\"type\":\"output_text\",\"text\":\"" + Vendor.TEXT + "\",\"annotations\":[]}]}]";
        static final String WHOLE = response("completed", OUTPUT);
        static final String STREAM = stream();

        private static String response(String status, String output) {
            return "{\"id\":\"resp_1\",\"object\":\"response\",\"created_at\":7,\"status\":\"" + status
                    + "\",\"model\":\"gpt-real\",\"output\":" + output
                    + ",\"usage\":{\"input_tokens\":5,\"output_tokens\":12,\"total_tokens\":17}}";
        }

        private static String stream() {
            List<String> events = new ArrayList<>();
            events.add("response.created\",\"response\":" + response("in_progress", "[]"));
            events.add(
                    "response.output_item.added\",\"output_index\":0,\"item\":{\"id\":\"msg_1\",\"type\":\"message\","
                            + "\"status\":\"in_progress\",\"role\":\"assistant\",\"content\":[]}");
            events.add("response.content_part.added\",\"item_id\":\"msg_1\",\"output_index\":0,\"content_index\":0,"
                    + "\"part\":{\"type\":\"output_text\",\"text\":\"\",\"annotations\":[]}");
            events.add("response.not_heard_of\",\"x\":1.10");
            for (String word : Vendor.WORDS) {
                events.add("response.output_text.delta\",\"item_id\":\"msg_1\",\"output_index\":0,\"content_index\":0,"
                        + "\"delta\":\"" + word + "\"");
            }
            events.add("response.completed\",\"response\":" + response("completed", OUTPUT));
            StringBuilder stream = new StringBuilder();
            for (int i = 0; i < events.size(); i++) {
                String event = events.get(i);
                stream.append("event: ").append(event, 0, event.indexOf('"'));
                stream.append("\ndata: {\"sequence_number\":").append(i);
                stream.append(",\"type\":\"").append(event).append("}\n\n");
            }
            return stream.toString();
        }
    }
}
