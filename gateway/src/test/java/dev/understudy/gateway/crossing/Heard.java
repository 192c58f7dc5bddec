package dev.understudy.gateway.crossing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.Failure;
import dev.understudy.protocol.dialect.InvalidAnswer;
import dev.understudy.protocol.dialect.StreamReader;
import dev.understudy.protocol.neutral.AnswerAssembly;
import dev.understudy.protocol.neutral.NeutralAnswer;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.StreamEvent;
import dev.understudy.testing.wire.End;
import dev.understudy.testing.wire.RawAnswer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * An answer as a caller understands it who knows nothing but its own dialect.
 *
 * @param frames of a stream; none of a whole answer
 * @param failures that a stream tells of
 * @param ends how often a stream says why it ended
 */
public record Heard(NeutralAnswer answer, List<Told> frames, List<Failure> failures, long ends) {

    /** Reads a whole or a streamed answer with status 200. */
    public static Heard of(Tongue tongue, boolean stream, RawAnswer answer) {
        assertThat(answer.status()).as("%s", answer).isEqualTo(200);
        assertThat(answer.end()).as("%s", answer).isEqualTo(End.COMPLETE);
        assertThat(answer.header("content-type"))
                .as("%s", answer)
                .contains(stream ? tongue.api().streamType().toString() : "application/json");
        return stream ? streamed(tongue, answer) : whole(tongue, answer);
    }

    private static Heard whole(Tongue tongue, RawAnswer answer) {
        byte[] body = answer.body().getBytes(UTF_8);
        try {
            return new Heard(tongue.api().dialect().readAnswer(body, 0, body.length), List.of(), List.of(), 1);
        } catch (InvalidAnswer none) {
            throw new AssertionError(tongue + " cannot read " + answer, none);
        }
    }

    private static Heard streamed(Tongue tongue, RawAnswer answer) {
        List<Told> frames = tongue.frames(answer);
        StreamReader reader = tongue.api().dialect().streamReader();
        AnswerAssembly assembly = new AnswerAssembly();
        List<Failure> failures = new ArrayList<>();
        List<StreamEvent> events = new ArrayList<>();
        for (Told frame : frames) {
            assertThat(reader.read(frame.frame(), events::add))
                    .as("%s reads %s", tongue, frame)
                    .isTrue();
        }
        for (StreamEvent event : events) {
            assembly.take(event);
            if (event instanceof StreamEvent.Failed(Failure failure)) {
                failures.add(failure);
            }
        }
        long ends = events.stream().filter(StreamEvent.Ended.class::isInstance).count();
        return new Heard(assembly.answer(), frames, failures, ends);
    }

    /** The words of the only choice. */
    public String text() {
        assertThat(answer.choices()).hasSize(1);
        return answer.choices().getFirst().parts().stream()
                .map(part -> part instanceof Part.Text text ? text.text() : "")
                .collect(Collectors.joining());
    }
}
