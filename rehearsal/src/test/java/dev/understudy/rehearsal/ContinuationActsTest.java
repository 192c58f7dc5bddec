package dev.understudy.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.BodyLimits;
import dev.understudy.protocol.json.Members;
import dev.understudy.protocol.recovery.Continuation;
import dev.understudy.protocol.recovery.ContinuationForm;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.RawCaller;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** How acts go on with an answer that another one began. */
@Timeout(60)
class ContinuationActsTest {

    private static final String USER = "{\"role\":\"user\",\"content\":\"Count for me.\"}";

    private static Stage stage;

    @BeforeAll
    static void raise() {
        stage = new Stage();
    }

    @AfterAll
    static void lower() {
        stage.close();
    }

    @ParameterizedTest
    @EnumSource
    void everyFormOfAContinuationIsUnderstood(ContinuationForm form) throws BadRequest {
        String rest = Stage.content(said(asGatewayAsks("ok?tokens=5", "one two three", form)));
        assertThat(rest).isEqualTo(" four five");
    }

    @Test
    void refusalConcernsMessagesThatAreToBeCompleted() throws BadRequest {
        for (ContinuationForm form : ContinuationForm.values()) {
            RawAnswer answer = post(asGatewayAsks("ok?tokens=5&goes-on=refuse", "one two three", form));
            if (form == ContinuationForm.TURN) {
                assertThat(answer.status()).isEqualTo(200);
                assertThat(Stage.content(answer.body())).isEqualTo(" four five");
            } else {
                assertThat(answer.status()).as("%s", form).isEqualTo(400);
                assertThat(answer.body())
                        .contains("\"type\":\"invalid_request_error\"")
                        .contains("This model does not support assistant message prefill.");
            }
        }
        assertThat(stage.ask("ok?goes-on=refuse", true).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "ok?tokens=7 | one two three four five | \" six seven\"",
                "ok?tokens=7&goes-on=again | one two three four five | one two three four five six seven",
                "ok?tokens=7&goes-on=overlap | one two three four five | \" two three four five six seven\"",
                "ok?tokens=3&goes-on=overlap | one tw | one two three",
                "ok?tokens=3 | one tw | o three",
                "ok?tokens=3 | one two three | \"\"",
                "ok?tokens=2 | one two three | \" one two\"",
                "ok?tokens=2 | Once upon a time | \" one two\"",
                "ok?tokens=2&goes-on=overlap | Once upon a time | \" one two\"",
                "ok?text=Once+upon+a+time | Once upon | \" a time\"",
            })
    void theTextDependsOnTheBeginning(String model, String begun, String said) {
        assertThat(Stage.content(said(prefilled(model, begun)))).isEqualTo(said);
    }

    @Test
    void limitHoldsForTheRestOfTheText() {
        String body = said(prefilled("ok?tokens=9\",\"max_tokens\":2,\"user\":\"x", "one two three"));
        assertThat(Stage.content(body)).isEqualTo(" four five");
        assertThat(body).contains("\"finish_reason\":\"length\"");
    }

    @Test
    void beginningMayBeInParts() {
        String body = said(body(
                "ok?tokens=3",
                USER,
                "{\"content\":[{\"type\":\"text\",\"text\":\"one\"},{\"type\":\"text\",\"text\":\" two\"}],"
                        + "\"role\":\"assistant\"}"));
        assertThat(Stage.content(body)).isEqualTo(" three");
    }

    @Test
    void conversationThatDoesNotContinueGetsAWholeAnswer() {
        String answered = "{\"role\":\"assistant\",\"content\":\"one two\"}";
        String another = "{\"role\":\"user\",\"content\":\"And now count sheep.\"}";
        String goOn = "{\"role\":\"user\",\"content\":\"Please continue.\"}";
        String nothing = "{\"role\":\"assistant\",\"content\":null}";
        String tool = "{\"role\":\"tool\",\"content\":\"continue\"}";

        assertThat(List.of(
                        Stage.content(said(body("ok?tokens=3", USER, answered, another))),
                        Stage.content(said(body("ok?tokens=3", USER, goOn))),
                        Stage.content(said(body("ok?tokens=3", USER, answered, tool))),
                        Stage.content(said(body("ok?tokens=3", USER, nothing)))))
                .containsOnly("one two three");
        assertThat(Stage.content(said(body("ok?tokens=3", USER, answered, goOn))))
                .isEqualTo(" three");
    }

    @Test
    void unknownFormIsReportedEvenWithoutTextToContinue() {
        assertThat(stage.ask("ok?goes-on=backwards", false).body())
                .contains("'goes-on' must be one of rest, again, overlap, refuse")
                .contains("\"param\":\"model\"");
    }

    /** Whichever act begins and whichever continues: the caller reads one text. */
    @ParameterizedTest
    @MethodSource("actsThatSpeak")
    void actsWithTextHaveTheSameText(Act act) {
        String model = act.id() + parametersToSpeakWith(act);
        Duration patience = act == Act.STALL || act == Act.PINGS ? Stage.LITTLE : Stage.ENOUGH;
        RawAnswer fresh = post(Stage.body(model, true), patience);
        RawAnswer rest = post(prefilled(model, "one two three"), patience);

        assertThat(Stage.content(fresh.body())).startsWith("one two three four");
        assertThat(CountingText.text(2000)).startsWith(Stage.content(fresh.body()));
        assertThat(Stage.content(rest.body())).startsWith(" four five");
        assertThat(CountingText.text(2000)).startsWith("one two three" + Stage.content(rest.body()));
    }

    @ParameterizedTest
    @MethodSource("actsThatGoOn")
    void actsThatGoOnMayRefuseTo(Act act) {
        String model = act.id() + "?goes-on=refuse" + (act == Act.SLOW ? "&ttft=0" : "");
        assertThat(said(prefilled(model, "one two three"))).contains("assistant message prefill");
    }

    private static Stream<Act> actsThatGoOn() {
        return Arrays.stream(Act.values()).filter(act -> act.signature().contains("goes-on="));
    }

    private static Stream<Act> actsThatSpeak() {
        // The first two never get to a word, and compressed words are not seen here.
        return actsThatGoOn().filter(act -> act != Act.HEADERS_THEN_NOTHING && act != Act.ROLE_ONLY && act != Act.GZIP);
    }

    private static String parametersToSpeakWith(Act act) {
        return switch (act) {
            case SLOW -> "?ttft=0";
            case FILTERED -> "?mode=finish&at=10";
            case PINGS -> "?at=10&every=5ms";
            case BIG -> "?bytes=4000";
            case TINY -> "?tokens=500";
            // What stands behind the event that cannot be read is no word.
            case GARBLED -> "?how=chunk";
            default -> "";
        };
    }

    private static RawAnswer post(String body) {
        return post(body, Stage.ENOUGH);
    }

    private static RawAnswer post(String body, Duration patience) {
        try (RawCaller caller = stage.call().waitAtMost(patience)) {
            return caller.post(Stage.CHAT, body).readAnswer();
        }
    }

    private static String said(String body) {
        return post(body).body();
    }

    private static String asGatewayAsks(String model, String text, ContinuationForm form) throws BadRequest {
        Members request = Members.scan(body("any", USER).getBytes(StandardCharsets.UTF_8), BodyLimits.ofDefaults());
        return new String(new Continuation(text, 3).bodyFor(request, model, List.of(), form), StandardCharsets.UTF_8);
    }

    private static String prefilled(String model, String text) {
        return body(model, USER, "{\"role\":\"assistant\",\"content\":\"" + text + "\"}");
    }

    private static String body(String model, String... messages) {
        return "{\"model\":\"" + model + "\",\"stream\":true,\"messages\":[" + String.join(",", messages) + "]}";
    }
}
