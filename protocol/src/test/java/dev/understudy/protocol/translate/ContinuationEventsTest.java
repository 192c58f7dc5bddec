package dev.understudy.protocol.translate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.FailureKind;
import dev.understudy.protocol.neutral.Finish;
import dev.understudy.protocol.neutral.StreamEvent;
import dev.understudy.protocol.neutral.Tokens;
import dev.understudy.protocol.recovery.ContinuationForm;
import dev.understudy.protocol.recovery.DeliveredPart;
import dev.understudy.protocol.recovery.Seam;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ContinuationEventsTest {
    private static final String SENT = "One fine day the quick brown fox jumped over the lazy dog and";

    private final ContinuationEvents continued = new ContinuationEvents(
            new DeliveredPart("id-1", OptionalLong.of(5), OptionalLong.of(100), 20),
            new Seam(SENT, ContinuationForm.PREFILL));

    private List<StreamEvent> pass(StreamEvent... events) {
        List<StreamEvent> passed = new ArrayList<>();
        for (StreamEvent event : events) {
            continued.pass(event, passed::add);
        }
        return passed;
    }

    private static StreamEvent text(String text) {
        return StreamEvent.TextDelta.of(0, text);
    }

    @Test
    void theAnswerKeepsItsIdAndTimeAndNamesTheNewModel() {
        assertThat(pass(new StreamEvent.Begin("id-2", "other", OptionalLong.of(9))))
                .containsExactly(new StreamEvent.Begin("id-1", "other", OptionalLong.of(5)));
    }

    @Test
    void whatIsRepeatedIsLeftOut() {
        List<StreamEvent> passed =
                pass(text(SENT), text(" ran away."), new StreamEvent.Ended(0, Finish.of(Finish.Reason.STOP, "stop")));
        StringBuilder words = new StringBuilder();
        passed.forEach(event -> words.append(event instanceof StreamEvent.TextDelta delta ? delta.text() : ""));
        assertThat(words.toString()).isEqualTo(" ran away.");
        assertThat(passed.getLast()).isInstanceOf(StreamEvent.Ended.class);
        assertThat(continued.failure()).isEmpty();
    }

    @Test
    void whatWasHeldBackComesBeforeACall() {
        List<StreamEvent> passed = pass(text("One"), new StreamEvent.ToolCallBegan(0, 0, "c", "f", ""));
        assertThat(passed.getLast()).isInstanceOf(StreamEvent.ToolCallBegan.class);
        assertThat(passed.getFirst()).isEqualTo(text("One"));
    }

    @Test
    void reasoningHasNoPlaceInTheMiddle() {
        assertThat(pass(new StreamEvent.ReasoningDelta(0, "hm", "x"), new StreamEvent.ReasoningSealed(0, "s", "", "x")))
                .isEmpty();
    }

    @Test
    void tokensOfBothPartsAreCounted() {
        assertThat(pass(new StreamEvent.Counted(Tokens.of(10, 3))))
                .containsExactly(new StreamEvent.Counted(Tokens.of(110, 23)));
        assertThat(pass(new StreamEvent.Counted(Tokens.NONE))).containsExactly(new StreamEvent.Counted(Tokens.NONE));
    }

    @Test
    void anotherAnswerFromTheStartIsOfNoUse() {
        pass(text("One fine day the quick brown fox jumped over the lazy cat, and slept."));
        assertThat(continued.failure().orElseThrow().kind()).isEqualTo(FailureKind.INVALID_OUTPUT);
    }
}
