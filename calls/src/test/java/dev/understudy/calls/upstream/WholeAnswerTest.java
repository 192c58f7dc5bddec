package dev.understudy.calls.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.engine.Signal;
import dev.understudy.protocol.HeaderLookup;
import dev.understudy.protocol.answer.AnswerReport;
import dev.understudy.protocol.answer.Usage;
import dev.understudy.protocol.answer.WholeAnswerResult;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Large answers are evaluated off the loop, and what is kept of an answer is known and can be dropped. */
class WholeAnswerTest {
    private static final int LARGE = 300 * 1024;

    private final List<Signal> signals = new ArrayList<>();
    private final List<Supplier<Signal>> offLoop = new ArrayList<>();
    private int read;

    private WholeAnswer answer(int status) {
        WholeAnswerResult.Reader reader = (array, offset, length) -> {
            read += length;
            return new WholeAnswerResult.Accepted(Usage.NONE, AnswerReport.NONE, Optional.empty());
        };
        return new WholeAnswer(
                1,
                status,
                0,
                HeaderLookup.NONE,
                reader,
                (bytes, evaluation) -> {
                    assertThat(bytes).isEqualTo(LARGE);
                    offLoop.add(evaluation);
                },
                signals::add);
    }

    private static byte[] bytes(int length) {
        return "x".repeat(length).getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void aSmallAnswerIsEvaluatedAtOnce() {
        WholeAnswer small = answer(200);
        small.bytes(bytes(1000), 0, 1000);
        small.end();

        assertThat(signals).last().isEqualTo(new Signal.Completed(1));
        assertThat(offLoop).isEmpty();
    }

    @Test
    void aLargeAnswerIsEvaluatedElsewhere() {
        WholeAnswer large = answer(200);
        large.bytes(bytes(LARGE), 0, LARGE);
        large.end();

        assertThat(read).as("nothing is read on the loop").isZero();
        assertThat(signals).containsExactly(new Signal.Progress(1, 0, false));

        assertThat(offLoop).hasSize(1);
        assertThat(offLoop.getFirst().get()).isEqualTo(new Signal.Completed(1));
        assertThat(read).isEqualTo(LARGE);
        assertThat(large.body().length()).isEqualTo(LARGE);
    }

    @Test
    void whatIsKeptIsKnownAndCanBeDropped() {
        WholeAnswer large = answer(200);
        large.bytes(bytes(LARGE), 0, LARGE);
        assertThat(large.kept()).isEqualTo(LARGE);

        large.forgetKept();
        assertThat(large.kept()).isZero();
        large.bytes(bytes(10), 0, 10);
        large.end();
        assertThat(large.kept()).isZero();
        assertThat(signals).as("no result after it was dropped").containsExactly(new Signal.Progress(1, 0, false));
    }

    @Test
    void ofAnErrorOnlyTheBeginningIsKept() {
        WholeAnswer error = answer(500);
        error.bytes(bytes(LARGE), 0, LARGE);

        assertThat(error.kept()).isEqualTo(256 * 1024);
        assertThat(signals).singleElement().satisfies(signal -> {
            Failure failure = ((Signal.Failed) signal).failure();
            assertThat(failure.kind()).isEqualTo(FailureKind.SERVER_ERROR);
        });
    }
}
