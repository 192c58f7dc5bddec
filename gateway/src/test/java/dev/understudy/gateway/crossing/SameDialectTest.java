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
    /** Members that no version of this gateway has heard of, spelled in unusual ways. */
    private static final String ODD = "\"x_new\" : {\"n\":1.10,\"e\":1E5, \"s\":\"\\u00e9\\/\"}";

    private static Vendor vendorOf(Tongue tongue) {
        return switch (tongue) {
            case CHAT, RESPONSES -> Vendor.OPENAI;
            case MESSAGES -> Vendor.ANTHROPIC;
            case GEMINI, GEMINI_ARRAY -> Vendor.GEMINI;
            case CONVERSE -> Vendor.BEDROCK;
        };
    }

    private static String provider(Tongue tongue) {
        return tongue == Tongue.RESPONSES ? "answers" : vendorOf(tongue).provider();
    }

    private static String wholeAnswer(Tongue tongue) {
        String answer =
                tongue == Tongue.RESPONSES ? Answers.WHOLE : vendorOf(tongue).whole(Vendor.TEXT);
        return answer.replaceFirst("\\{", "{ " + ODD.replace("\\", "\\\\") + " ,\n");
    }

    @ParameterizedTest
    @EnumSource(Tongue.class)
    void wholeAnswersAndRequestsGoThroughToTheByte(Tongue tongue) {
        try (Crossing crossing = Crossing.start("")) {
            Vendor vendor = vendorOf(tongue);
            crossing.at(vendor).answerAlways(Reply.json(200, wholeAnswer(tongue)));
            String target = provider(tongue) + "/m";

            RawAnswer answer = crossing.post(
                    tongue.path(target, false),
                    tongue.body(target, false, ODD, "\"understudy\":{\"deadline\":\"20s\"}"));

            assertThat(answer.body()).isEqualTo(wholeAnswer(tongue));
            assertThat(answer.header("understudy-warning")).isEmpty();
            ReceivedRequest received = crossing.at(vendor).take();
            assertThat(received.body()).isEqualTo(tongue.body("m", false, ODD));
            assertThat(received.head().lines().findFirst().orElseThrow())
                    .isEqualTo("POST " + upstreamPath(tongue, false) + " HTTP/1.1");
        }
    }

    private static String upstreamPath(Tongue tongue, boolean stream) {
        return switch (tongue) {
            case CHAT, RESPONSES, MESSAGES -> "/v1/" + tongue.api().path();
            case GEMINI, GEMINI_ARRAY ->
                "/v1beta/models/m" + (stream ? ":streamGenerateContent?alt=sse" : ":generateContent");
            case CONVERSE -> "/model/m" + (stream ? "/converse-stream" : "/converse");
        };
    }

    /** An array is written by us, for nobody streams one upstream. */
    @ParameterizedTest
    @EnumSource(value = Tongue.class, mode = Mode.EXCLUDE, names = "GEMINI_ARRAY")
    void streamsGoThroughToTheByte(Tongue tongue) {
        try (Crossing crossing = Crossing.start("")) {
            Vendor vendor = vendorOf(tongue);
            byte[] stream = odd(tongue, tongue == Tongue.RESPONSES ? Answers.STREAM.getBytes(UTF_8) : vendor.stream());
            crossing.at(vendor).answerAlways(vendor.streamReply(stream));
            String target = provider(tongue) + "/m";

            RawAnswer answer = crossing.post(tongue.path(target, true), tongue.body(target, true, ODD));

            assertThat(answer.bytes()).as("%s", answer).isEqualTo(withoutPings(stream));
            assertThat(crossing.at(vendor).take().body()).isEqualTo(tongue.body("m", true, ODD));
        }
    }

    /** With something in front that says nothing. */
    private static byte[] odd(Tongue tongue, byte[] stream) {
        return tongue == Tongue.CONVERSE ? stream : Vendor.joined(": hello\n\n".getBytes(UTF_8), stream);
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
                crossing.ask(Tongue.CHAT, vendor.provider() + "/m", false);
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

    /** Features in trial are switched on in headers; nobody else knows what they mean. */
    @Test
    void betasOfAnthropicsReachAnthropicAndNobodyElse() {
        try (Crossing crossing = Crossing.forgetful("models: {m: {targets: [anthropic/m, gemini/m]}}")
                .allWell()) {
            crossing.at(Vendor.ANTHROPIC).answerAlways(Vendor.ANTHROPIC.failed(500));
            String path = Tongue.MESSAGES.path("m", false);
            crossing.post(path, Tongue.MESSAGES.body("m", false), "anthropic-beta: context-1m", "anthropic-beta: x-2");

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
            value = Tongue.class,
            names = {"MESSAGES", "CHAT"})
    void aMessageWithoutItsStopIsNotComplete(Tongue tongue) {
        try (Crossing crossing = Crossing.forgetful("")) {
            List<byte[]> end = Vendor.ANTHROPIC.end();
            crossing.at(Vendor.ANTHROPIC)
                    .answerWith(request -> Vendor.ANTHROPIC
                            .begun(12)
                            .await(crossing.shown())
                            .chunk(end.get(0))
                            .chunk(end.get(1))
                            .lastChunk());

            Heard heard = Heard.of(tongue, true, crossing.ask(tongue, "anthropic/m", true));

            assertThat(heard.text()).isEqualTo(Vendor.TEXT);
            Grammar.assertBrokenOff(tongue, heard);
        }
    }

    @Test
    void aFrameWithAWrongChecksumIsNoAnswer() {
        try (Crossing crossing = Crossing.forgetful("models: {m: {targets: [bedrock/m, gemini/m]}}")
                .allWell()) {
            byte[] stream = Vendor.BEDROCK.stream();
            stream[stream.length / 3] ^= 1;
            crossing.at(Vendor.BEDROCK).answerAlways(Vendor.BEDROCK.streamReply(stream));

            RawAnswer answer = crossing.ask(Tongue.CONVERSE, "m", true);

            assertThat(answer.header("understudy-trail").orElse("")).contains("\"bedrock/m\";outcome=malformed");
            assertThat(Heard.of(Tongue.CONVERSE, true, answer).text()).isEqualTo(Vendor.TEXT);
        }
    }

    @Test
    void anotherVendorGoesOnWhereAFrameIsBroken() {
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

            Heard heard = Heard.of(Tongue.CONVERSE, true, crossing.ask(Tongue.CONVERSE, "m", true));

            assertThat(heard.text()).isEqualTo(Vendor.TEXT);
            Grammar.assertComplete(Tongue.CONVERSE, heard);
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
