package dev.understudy.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.testing.wire.End;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.RawCaller;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class FaultActsTest {

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
    void cutStreamStopsBehindTheWordThatWasNamed() {
        RawAnswer answer = stage.ask("cut?at=3", true);
        assertThat(answer.end()).isEqualTo(End.CLOSED);
        assertThat(Stage.content(answer.body())).isEqualTo("one two three");
        assertThat(answer.body()).doesNotContain("\"finish_reason\":\"").doesNotContain("[DONE]");
    }

    @Test
    void cutBeforeContentLeavesTheRoleAlone() {
        RawAnswer answer = stage.ask("cut?at=0", true);
        assertThat(answer.events()).hasSize(1);
        assertThat(answer.body()).contains("\"role\":\"assistant\"");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void cutByResetDeliversWhatCameBefore(boolean stream) {
        RawAnswer answer = stage.ask("cut?at=3&how=reset", stream);
        assertThat(answer.end()).isEqualTo(End.RESET);
        assertThat(answer.body()).contains("three").doesNotContain("four");
    }

    @Test
    void cutBodyIsShorterThanItsLength() {
        RawAnswer answer = stage.ask("cut?at=3", false);
        assertThat(answer.end()).isEqualTo(End.CLOSED);
        assertThat(answer.body()).endsWith("\"content\":\"one two three");
        assertThat(answer.header("content-length"))
                .hasValueSatisfying(
                        length -> assertThat(Integer.parseInt(length)).isGreaterThan(answer.bytes().length));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void stallStopsAfterItsTextAndHoldsTheConnection(boolean stream) {
        RawAnswer answer = stage.ask("stall?at=2", stream, Stage.LITTLE);
        assertThat(answer.end()).isEqualTo(End.SILENT);
        assertThat(answer.body()).contains("two").doesNotContain("three");
    }

    @Test
    void pingsMayFollowContent() throws IOException {
        try (RawCaller caller = stage.call()) {
            caller.post(Stage.CHAT, Stage.body("pings?at=1&every=5ms", true)).readHead();
            assertThat(caller.readEvent())
                    .hasValueSatisfying(event -> assertThat(event).contains("role"));
            assertThat(caller.readEvent())
                    .hasValueSatisfying(event -> assertThat(event).contains("one"));
            for (int i = 0; i < 20; i++) {
                assertThat(caller.readEvent()).contains(": ping");
            }
        }
    }

    @Test
    void pingsWithoutAStreamAreWhiteSpace() {
        RawAnswer answer = stage.ask("pings?every=10ms", false, Stage.LITTLE);
        assertThat(answer.end()).isEqualTo(End.ENDLESS);
        assertThat(answer.body()).isBlank().hasSizeGreaterThan(5);
    }

    @Test
    void emptyAnswerHasFourForms() {
        assertThat(stage.ask("empty", false).body()).contains("\"content\":\"\"");
        assertThat(stage.ask("empty?form=space", false).body()).contains("\"content\":\" \\n \"");
        assertThat(stage.ask("empty?form=null", false).body()).contains("\"content\":null");
        assertThat(stage.ask("empty?form=choices", false).body()).contains("\"choices\":[]");

        assertThat(stage.ask("empty", true).events()).hasSize(3);
        assertThat(stage.ask("empty?form=space", true).body()).contains("{\"content\":\" \\n \"}");
        assertThat(stage.ask("empty?form=choices", true).events())
                .hasSize(2)
                .last()
                .isEqualTo("data: [DONE]");
    }

    @Test
    void garbledStreamHasOneBadEventAndContinues() {
        RawAnswer answer = stage.ask("garbled?at=1&tokens=2", true);
        assertThat(answer.events()).hasSize(1 + 1 + 1 + 1 + 2);
        String bad = answer.events().get(2);
        assertThat(bad).startsWith("data: {").doesNotEndWith("}");
        assertThat(Stage.content(answer.body())).isEqualTo("one two");
    }

    @Test
    void garbledBodyIsAPageOrCutJson() {
        RawAnswer page = stage.ask("garbled", false);
        assertThat(page.header("content-type")).contains("text/html");
        assertThat(page.body()).startsWith("<!DOCTYPE html>");
        RawAnswer cut = stage.ask("garbled?how=json&at=2", false);
        assertThat(cut.end()).as("the length is right").isEqualTo(End.COMPLETE);
        assertThat(cut.body()).endsWith("one two");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void framingItselfMayBreak(boolean stream) {
        RawAnswer answer = stage.ask("garbled?how=chunk&at=2", stream);
        assertThat(answer.end()).isEqualTo(End.MALFORMED);
        assertThat(answer.body()).contains("two").doesNotContain("three");
    }

    @Test
    void errorEventHasThreeForms() {
        assertThat(stage.ask("error-event?at=0", true).events())
                .singleElement()
                .asString()
                .startsWith("data: {\"error\":{");
        assertThat(stage.ask("error-event?at=2&form=event", true).events())
                .hasSize(4)
                .last()
                .asString()
                .startsWith("event: error\ndata: {\"error\":{");
        assertThat(stage.ask("error-event?at=0&form=object", true).events())
                .first()
                .asString()
                .startsWith("data: {\"object\":\"error\"");
        assertThat(stage.ask("error-event?at=0&form=object", true).events())
                .last()
                .isEqualTo("data: [DONE]");
        assertThat(stage.ask("error-event", false).body()).startsWith("{\"error\":{");
    }

    @Test
    void unfinishedEndsDifferOnlyInWhatTheyLeaveOut() {
        RawAnswer held = stage.ask("no-done?hold=true", true, Stage.LITTLE);
        assertThat(held.end()).isEqualTo(End.SILENT);
        assertThat(held.events()).last().asString().contains("\"finish_reason\":\"stop\"");
        assertThat(stage.ask("no-done", true).events()).last().asString().contains("\"finish_reason\":\"stop\"");
        assertThat(stage.ask("done-without-finish", true).events()).last().isEqualTo("data: [DONE]");
        assertThat(stage.ask("done-without-finish", false).body()).contains("\"finish_reason\":null");
    }
}
