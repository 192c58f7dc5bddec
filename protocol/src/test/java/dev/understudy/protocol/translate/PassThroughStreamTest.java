package dev.understudy.protocol.translate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.Failure;
import dev.understudy.protocol.answer.AnswerListener;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Streams that are passed on without being understood. */
class PassThroughStreamTest {
    private final List<String> transcript = new ArrayList<>();
    private final PassThroughStream stream = new PassThroughStream(new AnswerListener() {
        @Override
        public void event(EventKind event, byte[] array, int offset, int length) {
            transcript.add(event + " " + new String(array, offset, length, StandardCharsets.UTF_8));
        }

        @Override
        public void failed(Failure failure, byte[] array, int offset, int length) {
            transcript.add(failure.kind().wireName());
        }
    });

    @Test
    void isPassedOnAsItComesAndEndsWhenItEnds() {
        byte[] bytes = "some sound".getBytes(StandardCharsets.UTF_8);
        stream.feed(bytes, 0, 4);
        stream.feed(bytes, 4, 6);
        stream.end();
        assertThat(transcript).containsExactly("CONTENT some", "CONTENT  sound", "FINISH ", "DONE ");
        assertThat(stream.continuable()).isFalse();
        assertThat(stream.ending()).isEmpty();
    }

    @Test
    void oneWithNothingInItIsNone() {
        stream.end();
        assertThat(transcript).containsExactly("truncated");
    }
}
