package dev.understudy.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.testing.wire.End;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.RawCaller;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class RehearsalProviderTest {

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
    void connectionIsKeptForTheNextRequest() {
        try (RawCaller caller = stage.call()) {
            for (String model : new String[] {"ok", "down", "gzip", "empty", "garbled", "unknown", "ok?wrong=1"}) {
                for (boolean stream : new boolean[] {true, false}) {
                    RawAnswer answer =
                            caller.post(Stage.CHAT, Stage.body(model, stream)).readAnswer();
                    assertThat(answer.end()).as(model).isEqualTo(End.COMPLETE);
                }
            }
            assertThat(caller.get("/v1/models").readAnswer().status()).isEqualTo(200);
        }
    }

    @Test
    void requestsSentAheadAreAnsweredInOrder() {
        try (RawCaller caller = stage.call()) {
            for (int i = 1; i <= 50; i++) {
                caller.post(Stage.CHAT, Stage.body("ok?text=answer-" + i, i % 2 == 0));
            }
            for (int i = 1; i <= 50; i++) {
                assertThat(caller.readAnswer().body()).contains("answer-" + i + "\"");
            }
        }
    }

    @Test
    void callerMayAskForTheConnectionToBeClosed() throws IOException {
        try (RawCaller caller = stage.call()) {
            RawAnswer answer = caller.post(Stage.CHAT, Stage.body("ok", true), "Connection: close")
                    .readAnswer();
            assertThat(answer.end()).isEqualTo(End.COMPLETE);
            assertThat(caller.readBeyond()).isEmpty();
        }
    }

    @Test
    void callerMayWaitBeforeItSendsTheBody() throws IOException {
        String body = Stage.body("ok", false);
        try (RawCaller caller = stage.call()) {
            caller.send("POST " + Stage.CHAT + " HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: "
                    + body.length() + "\r\n\r\n");
            assertThat(caller.readHead().status()).isEqualTo(100);
            assertThat(caller.send(body).readAnswer().status()).isEqualTo(200);
        }
    }

    @Test
    void modelsAreListedWithWhatTheyDo() throws IOException {
        try (RawCaller caller = stage.call()) {
            String list = caller.get("/v1/models").readAnswer().body();
            AnswerActsTest.assertIsJson(list);
            for (Act act : Act.values()) {
                assertThat(list).contains("\"id\":\"" + act.id() + "\"").contains(act.description());
            }
        }
    }

    @Test
    void unknownModelIsAnsweredWithTheKnownOnes() {
        RawAnswer answer = stage.ask("gpt-5", false);
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.body())
                .contains("model_not_found")
                .contains("ok, slow, down")
                .contains("once.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "ok?attempts=3         | 'ok' has no parameter 'attempts'",
                "ok?tokens=many        | 'tokens' must be a whole number",
                "ok?tokens=20001       | 'tokens' must be a whole number from 0 to 20000",
                "ok?ttft=soon          | 'ttft' must be a time",
                "ok?ttft=2h            | 'ttft' must be a time",
                "cut?how=gently        | 'how' must be one of close, reset",
                "ok?tokens             | is not 'parameter=value'",
                "ok?tokens=1&tokens=2  | says 'tokens' twice",
                "ok?text=%zz           | not percent-encoded",
                "flaky?p=2             | 'p' must be a number from 0 to 1",
                "flaky?as=flaky        | 'as' must name another act",
                "flaky?as=nothing&x=1  | 'as' must name another act",
                "once?as=down&at=3     | 'once' has no parameter 'at'",
                "down?status=99        | 'status' must be from 200 to 599",
            })
    void mistakeInANameIsReportedAndNotPlayed(String model, String sentence) {
        RawAnswer answer = stage.ask(model, true);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).contains(sentence).contains("\"param\":\"model\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"messages\":[]}                       | Missing required parameter: 'model'",
                "{\"model\":\"ok\"}                      | Missing required parameter: 'messages'",
                "{\"model\":1,\"messages\":[]}           | 'model' must be a string",
                "{\"model\":\"ok\",\"messages\":{}}      | 'messages' must be an array",
                "{\"model\":\"ok\",\"messages\":[]       | could not be read as JSON",
                "{\"model\":\"ok\",\"messages\":[]}{}    | continues after",
                "[]                                      | must be a JSON object",
                "{\"model\":\"ok\",\"messages\":[],\"max_tokens\":0} | 'max_tokens' must be",
            })
    void badBodyIsTheCallersFault(String body, String sentence) {
        try (RawCaller caller = stage.call()) {
            RawAnswer answer = caller.post(Stage.CHAT, body).readAnswer();
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body()).contains(sentence);
        }
    }

    @Test
    void otherPathsAndMethodsAreRefused() {
        try (RawCaller caller = stage.call()) {
            assertThat(caller.get("/v2").readAnswer().status()).isEqualTo(404);
            assertThat(caller.get(Stage.CHAT).readAnswer().header("allow")).contains("POST");
            assertThat(caller.post("/v1/models", "{}").readAnswer().status()).isEqualTo(405);
        }
    }

    @Test
    void brokenRequestIsAnsweredAndTheConnectionClosed() throws IOException {
        try (RawCaller caller = stage.call()) {
            RawAnswer answer = caller.send("GET /v1/models\r\n\r\n").readAnswer();
            assertThat(answer.status()).isEqualTo(400);
            assertThat(caller.readBeyond()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"silent", "stall", "pings", "slow?ttft=1m", "headers-then-nothing", "no-done?hold=true"})
    void callerThatLeavesEndsTheExchangeAtOnce(String model) throws IOException {
        RawCaller caller = stage.call();
        long before = stage.provider().requestsSeen(model);
        caller.post(Stage.CHAT, Stage.body(model, true));
        assertThat(Stage.becomes(() -> stage.provider().requestsSeen(model) == before + 1))
                .isTrue();
        assertThat(Stage.becomes(() -> stage.provider().openExchanges() == 1)).isTrue();

        long left = System.nanoTime();
        caller.close();

        assertThat(Stage.becomes(() -> stage.provider().openExchanges() == 0)).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - left)).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void callerThatDoesNotReadHoldsTheAnswerBack() throws IOException {
        // Every event repeats the model's name, so this is about 9 MB: more than the system buffers for one socket.
        int words = 2000;
        String model = "ok?text=" + "w+".repeat(words - 1) + "w";
        try (RawCaller caller = RawCaller.connectWithLittleRoom(stage.provider().port())) {
            caller.post(Stage.CHAT, Stage.body(model, true)).readHead();
            try (RawCaller other = stage.call()) {
                assertThat(other.post(Stage.CHAT, Stage.body("tiny", true))
                                .readAnswer()
                                .end())
                        .as("others are served meanwhile")
                        .isEqualTo(End.COMPLETE);
            }
            assertThat(Stage.becomes(() -> stage.provider().openExchanges() == 1))
                    .as("the first answer still waits for its reader")
                    .isTrue();

            RawAnswer rest = caller.readRest();
            assertThat(rest.end()).isEqualTo(End.COMPLETE);
            assertThat(rest.events()).hasSize(1 + words + 2);
        }
        assertThat(Stage.becomes(() -> stage.provider().openExchanges() == 0)).isTrue();
    }

    @Test
    void longNameIsRefusedBecauseEveryEventWouldRepeatIt() {
        assertThat(stage.ask("ok?text=" + "w".repeat(9000), true).status()).isEqualTo(400);
    }

    @Test
    void abruptCallerIsNoTrouble() {
        for (int i = 0; i < 20; i++) {
            RawCaller caller = stage.call().post(Stage.CHAT, Stage.body("tiny", true));
            caller.reset();
        }
        assertThat(Stage.becomes(() -> stage.provider().openExchanges() == 0)).isTrue();
        assertThat(stage.ask("ok", true).end()).isEqualTo(End.COMPLETE);
    }

    @Test
    void callerThatSendsTooMuchAheadIsCutOff() {
        try (RawCaller caller = stage.call()) {
            caller.post(Stage.CHAT, Stage.body("silent", true)).send(new byte[100 * 1024]);
            assertThat(caller.readAnswer().end()).isIn(End.CLOSED, End.RESET);
        }
    }

    @Test
    void connectionsAreLimitedAndComeBackWhenClosed() {
        try (Stage small = new Stage(2);
                RawCaller first = small.call()) {
            RawCaller second = small.call();
            assertThat(first.get("/v1/models").readAnswer().status()).isEqualTo(200);
            assertThat(second.get("/v1/models").readAnswer().status()).isEqualTo(200);
            try (RawCaller third = small.call()) {
                assertThat(third.readAnswer().end()).isEqualTo(End.CLOSED);
            }
            second.close();
            assertThat(Stage.becomes(() -> small.ask("ok", false).status() == 200))
                    .isTrue();
        }
    }

    @Test
    void requestsAreCountedByTheirWholeName() {
        stage.ask("ok?tokens=7", false);
        stage.ask("ok?tokens=7", true);
        assertThat(stage.provider().requestsSeen("ok?tokens=7")).isEqualTo(2);
        assertThat(stage.provider().requestsSeen("never")).isZero();
    }

    @Test
    void closingReleasesCallers() {
        Stage other = new Stage();
        try (RawCaller caller = other.call().post(Stage.CHAT, Stage.body("silent", true))) {
            assertThat(Stage.becomes(() -> other.provider().openExchanges() == 1))
                    .isTrue();
            other.close();
            assertThat(caller.readAnswer().end()).isIn(End.CLOSED, End.RESET);
        }
    }
}
