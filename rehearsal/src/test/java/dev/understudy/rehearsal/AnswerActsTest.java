package dev.understudy.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import dev.understudy.testing.wire.End;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.RawCaller;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class AnswerActsTest {

    private static Stage stage;

    @BeforeAll
    static void raise() {
        stage = new Stage();
    }

    @AfterAll
    static void lower() {
        stage.close();
    }

    @Test
    void wholeCompletionHasAllThatClientsRead() throws IOException {
        RawAnswer answer = stage.ask("ok?tokens=3", false);

        assertThat(answer.header("content-type")).contains("application/json");
        assertThat(answer.body())
                .contains("\"object\":\"chat.completion\"")
                .contains("\"model\":\"ok?tokens=3\"")
                .contains("{\"role\":\"assistant\",\"content\":\"one two three\",\"refusal\":null}")
                .contains("\"usage\":{\"prompt_tokens\":4,\"completion_tokens\":3,\"total_tokens\":7}");
        assertIsJson(answer.body());
    }

    @Test
    void streamHasRoleThenTextThenFinishThenDone() throws IOException {
        RawAnswer answer = stage.ask("ok?tokens=2", true);

        List<String> events = answer.events();
        assertThat(answer.header("content-type")).contains("text/event-stream; charset=utf-8");
        assertThat(events).hasSize(5);
        assertThat(events.get(0)).contains("\"delta\":{\"role\":\"assistant\",\"content\":\"\",\"refusal\":null}");
        assertThat(events.get(1)).contains("\"delta\":{\"content\":\"one\"}").contains("\"finish_reason\":null");
        assertThat(events.get(2)).contains("\"delta\":{\"content\":\" two\"}");
        assertThat(events.get(3)).contains("\"delta\":{}").contains("\"finish_reason\":\"stop\"");
        assertThat(events.get(4)).isEqualTo("data: [DONE]");
        for (String event : events.subList(0, 4)) {
            assertIsJson(event.substring("data: ".length()));
        }
    }

    @Test
    void usageComesInAStreamOnlyOnRequest() {
        try (RawCaller caller = stage.call()) {
            RawAnswer asked = caller.post(
                            Stage.CHAT,
                            "{\"stream_options\":{\"include_usage\":true},\"stream\":true,\"messages\":[],\"model\":\"ok\"}")
                    .readAnswer();
            assertThat(asked.events().get(62)).contains("\"choices\":[],\"usage\":{\"prompt_tokens\":0");
        }
        assertThat(stage.ask("ok", true).body()).doesNotContain("usage");
        assertThat(stage.ask("usage-last?late=20ms", true).events().get(62)).contains("\"completion_tokens\":60");
    }

    @Test
    void callersLimitEndsTheAnswerByLength() {
        try (RawCaller caller = stage.call()) {
            RawAnswer answer = caller.post(Stage.CHAT, "{\"model\":\"ok\",\"messages\":[],\"max_tokens\":2}")
                    .readAnswer();
            assertThat(answer.body()).contains("\"one two\"").contains("\"finish_reason\":\"length\"");
        }
    }

    @Test
    void givenTextIsSentUnchanged() {
        RawAnswer answer = stage.ask("ok?text=Say+%22h%C3%A9%22%20%26%20go", true);
        assertThat(Stage.content(answer.body())).isEqualTo("Say \\\"hé\\\" & go");
        assertThat(answer.events()).hasSize(1 + 4 + 2);
    }

    @Test
    void latenessIsRealInBothForms() throws IOException {
        long started = System.nanoTime();
        stage.ask("slow?ttft=60ms&gap=20ms&tokens=3", false);
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isGreaterThanOrEqualTo(Duration.ofMillis(100));

        long asked = System.nanoTime();
        stage.ask("slow?ttft=60ms&gap=20ms&tokens=3", true);
        assertThat(Duration.ofNanos(System.nanoTime() - asked)).isGreaterThanOrEqualTo(Duration.ofMillis(100));

        try (RawCaller caller = stage.call()) {
            caller.post(Stage.CHAT, Stage.body("slow?ttft=1m", true));
            assertThat(caller.readHead().status())
                    .as("a stream's headers do not wait for the first token")
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void compressedAnswerDecodes(boolean stream) throws IOException {
        RawAnswer answer = stage.ask("gzip", stream);
        assertThat(answer.header("content-encoding")).contains("gzip");
        try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(answer.bytes()))) {
            String body = new String(gzip.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(Stage.content(body)).isEqualTo(CountingText.text(60));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void http10HasNeitherLengthNorChunks(boolean stream) {
        RawAnswer answer = stage.ask("http10", stream);
        assertThat(answer.head().version()).isEqualTo("HTTP/1.0");
        assertThat(answer.header("content-length")).isEmpty();
        assertThat(answer.header("transfer-encoding")).isEmpty();
        assertThat(Stage.content(answer.body())).isEqualTo(CountingText.text(60));
    }

    @Test
    void bigEventIsOneEventOfTwoMegabytes() {
        RawAnswer answer = stage.ask("big", true);
        assertThat(answer.events()).hasSize(4);
        assertThat(Stage.content(answer.events().get(1))).hasSize(2 * 1024 * 1024);
    }

    @Test
    void tinyEventsAreTenThousand() {
        RawAnswer answer = stage.ask("tiny", true);
        assertThat(answer.events()).hasSize(1 + 10_000 + 2);
        assertThat(answer.end()).isEqualTo(End.COMPLETE);
        assertThat(Stage.content(answer.body())).isEqualTo(CountingText.text(10_000));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void jsonAnswerIsAnObject(boolean stream) {
        assertThat(Stage.content(stage.ask("json?tokens=2", stream).body()))
                .isEqualTo("{\\\"count\\\":2,\\\"words\\\":[\\\"one\\\",\\\"two\\\"]}");
    }

    @Test
    void toolCallNamesTheCallersTool() throws IOException {
        String body = "{\"model\":\"tool-call\",\"messages\":[],\"tools\":[{\"type\":\"function\",\"function\":"
                + "{\"parameters\":{\"properties\":{\"name\":{\"type\":\"string\"}}},\"name\":\"look_up\"}}]}";
        try (RawCaller caller = stage.call()) {
            RawAnswer answer = caller.post(Stage.CHAT, body).readAnswer();
            assertThat(answer.body())
                    .contains("\"type\":\"function\",\"function\":{\"name\":\"look_up\",\"arguments\":"
                            + "\"{\\\"city\\\":\\\"Paris\\\",\\\"unit\\\":\\\"celsius\\\"}\"}");
            assertIsJson(answer.body());
        }
        assertThat(stage.ask("tool-call", false).body()).contains("\"name\":\"get_weather\"");
    }

    @Test
    void toolCallCanBeCutInsideItsArguments() {
        RawAnswer stream = stage.ask("tool-call?cut=true", true);
        assertThat(stream.end()).isEqualTo(End.CLOSED);
        assertThat(stream.events()).hasSize(1 + 4);
        assertThat(stream.body()).doesNotContain("\"finish_reason\":\"").contains("\"arguments\":\"Paris\"");

        RawAnswer whole = stage.ask("tool-call?cut=true", false);
        assertThat(whole.end()).isEqualTo(End.CLOSED);
        assertThat(whole.body()).endsWith("\"arguments\":\"{\\\"city\\\":\\\"Paris");
    }

    static void assertIsJson(String text) throws IOException {
        try (JsonParser json = new JsonFactory().createParser(text)) {
            json.nextToken();
            json.skipChildren();
            assertThat(json.nextToken()).isNull();
        }
    }
}
