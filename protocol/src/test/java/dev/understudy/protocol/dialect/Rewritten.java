package dev.understudy.protocol.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.Failure;
import dev.understudy.protocol.answer.AnswerListener;
import dev.understudy.protocol.answer.AnswerRules;
import dev.understudy.protocol.answer.AnswerStream;
import dev.understudy.protocol.answer.StreamOptions;
import dev.understudy.protocol.translate.DialectStream;
import dev.understudy.protocol.translate.StreamOutput;
import java.io.ByteArrayOutputStream;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;

/** A stream that came in pieces of any size, and what the caller had of it. */
final class Rewritten implements AnswerListener {
    /** Some recorded requests set a limit, which a model of theirs spent on its reasoning. */
    private static final AnswerRules LIMITED = AnswerRules.of(false, 1, OptionalLong.of(100), false);

    static final int LARGEST_FRAME = 1 << 22;

    final ByteArrayOutputStream written = new ByteArrayOutputStream();

    /** What belongs to a call that is not complete. */
    private final ByteArrayOutputStream held = new ByteArrayOutputStream();

    final AnswerStream stream;
    String failed = "";
    boolean finished;

    Rewritten(Dialect dialect, StreamOutput output) {
        this.stream = new DialectStream(dialect, LIMITED, output, new StreamOptions(true, true), LARGEST_FRAME, this);
    }

    /** In another dialect, or in the same one anew. */
    static Rewritten in(Dialect from, Dialect to, RequestContext context) {
        return new Rewritten(from, StreamOutput.written(to, to.streamWriter(context, Optional.empty()), ""));
    }

    void feed(byte[] bytes, Random random) {
        int most = 1 + random.nextInt(random.nextInt(10) == 0 ? 3 : 2_000);
        for (int at = 0; at < bytes.length; ) {
            int length = Math.min(bytes.length - at, 1 + random.nextInt(most));
            stream.feed(bytes, at, length);
            at += length;
        }
        stream.end();
        if (finished) {
            written.writeBytes(stream.ending());
        }
        assertThat(stream.characters()).isNotNegative();
        assertThat(stream.completionTokens()).isNotNegative();
        assertThat(stream.usage()).isNotNull();
    }

    @Override
    public void event(EventKind event, byte[] array, int offset, int length) {
        finished |= event == EventKind.FINISH;
        held.write(array, offset, length);
        if (!stream.toolCallOpen()) {
            written.writeBytes(held.toByteArray());
            held.reset();
        }
    }

    @Override
    public void failed(Failure failure, byte[] array, int offset, int length) {
        failed = failure.kind() + " " + failure.message();
        finished |= failure.hasDeliverableAnswer();
        written.write(array, offset, length);
    }
}
