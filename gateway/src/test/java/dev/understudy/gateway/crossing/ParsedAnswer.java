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
 * An answer as parsed by a client that supports one dialect only.
 *
 * @param frames of a stream; none of a whole answer
 * @param the errors in a stream
 * @param ends the number of terminal events; 1 for a whole answer
 */
public record ParsedAnswer(NeutralAnswer answer, List<ParsedFrame> frames, List<Failure> failures, long ends) {

    /** Reads a whole or a streamed answer with status 200. */
    public static ParsedAnswer of(ClientDialect client, boolean stream, RawAnswer answer) {
        assertThat(answer.status()).as("%s", answer).isEqualTo(200);
        assertThat(answer.end()).as("%s", answer).isEqualTo(End.COMPLETE);
        assertThat(answer.header("content-type"))
                .as("%s", answer)
                .contains(stream ? client.api().streamType().toString() : "application/json");
        return stream ? streamed(client, answer) : whole(client, answer);
    }

    private static ParsedAnswer whole(ClientDialect client, RawAnswer answer) {
        byte[] body = answer.body().getBytes(UTF_8);
        try {
            return new ParsedAnswer(client.api().dialect().readAnswer(body, 0, body.length), List.of(), List.of(), 1);
        } catch (InvalidAnswer none) {
            throw new AssertionError(client + " cannot read " + answer, none);
        }
    }

    private static ParsedAnswer streamed(ClientDialect client, RawAnswer answer) {
        List<ParsedFrame> frames = client.frames(answer);
        StreamReader reader = client.api().dialect().streamReader();
        AnswerAssembly assembly = new AnswerAssembly();
        List<Failure> failures = new ArrayList<>();
        List<StreamEvent> events = new ArrayList<>();
        for (ParsedFrame frame : frames) {
            assertThat(reader.read(frame.frame(), events::add))
                    .as("%s reads %s", client, frame)
                    .isTrue();
        }
        for (StreamEvent event : events) {
            assembly.take(event);
            if (event instanceof StreamEvent.Failed(Failure failure)) {
                failures.add(failure);
            }
        }
        long ends = events.stream().filter(StreamEvent.Ended.class::isInstance).count();
        return new ParsedAnswer(assembly.answer(), frames, failures, ends);
    }

    /** The text of the only choice. */
    public String text() {
        assertThat(answer.choices()).hasSize(1);
        return answer.choices().getFirst().parts().stream()
                .map(part -> part instanceof Part.Text text ? text.text() : "")
                .collect(Collectors.joining());
    }
}
