package dev.understudy.protocol.translate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.protocol.dialect.RequestContext;
import dev.understudy.protocol.dialect.ResumePoint;
import dev.understudy.protocol.dialect.StreamPosition;
import dev.understudy.protocol.dialect.openai.OpenAiDialect;
import dev.understudy.protocol.neutral.Finish;
import dev.understudy.protocol.neutral.StreamEvent;
import dev.understudy.protocol.recovery.ContinuationForm;
import dev.understudy.protocol.recovery.DeliveredPart;
import dev.understudy.protocol.recovery.Seam;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class StreamOutputTest {
    private final ResumePoint resumePoint = new ResumePoint(StreamPosition.START, "one two");
    private final StreamOutput continued = StreamOutput.continued(
            new OpenAiDialect(),
            new OpenAiDialect()
                    .streamWriter(new RequestContext("{}".getBytes(UTF_8), false, 1), Optional.of(resumePoint)),
            "model",
            new ContinuationEvents(
                    new DeliveredPart("first", OptionalLong.of(1), OptionalLong.empty(), 2),
                    new Seam("one two", ContinuationForm.PREFILL)),
            () -> "MARK".getBytes(UTF_8));

    /** Some clients take nothing more after the reason of the end. */
    @Test
    void theMarkOfTwoAttemptsComesOnceAndBeforeTheEnd() {
        String text = written(StreamEvent.TextDelta.of(0, " three"));
        String end = written(new StreamEvent.Ended(0, Finish.of(Finish.Reason.STOP, "stop")));
        String done = new String(continued.ending(), UTF_8);

        assertThat(text).contains(" three").doesNotContain("MARK");
        assertThat(end).startsWith("MARK").contains("\"finish_reason\":\"stop\"");
        assertThat(done).isEqualTo("data: [DONE]\n\n");
    }

    @Test
    void anAnswerWithoutAReasonOfItsEndIsMarkedAtItsEnd() {
        written(StreamEvent.TextDelta.of(0, " three"));

        assertThat(new String(continued.ending(), UTF_8)).startsWith("MARK");
    }

    private String written(StreamEvent event) {
        continued.nextFrame();
        continued.take(event);
        return new String(continued.written(), UTF_8);
    }
}
