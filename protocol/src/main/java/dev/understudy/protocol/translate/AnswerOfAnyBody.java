package dev.understudy.protocol.translate;

import dev.understudy.engine.Failure;
import dev.understudy.protocol.answer.AnswerListener;
import dev.understudy.protocol.answer.AnswerRules;
import dev.understudy.protocol.answer.BodyStart;
import dev.understudy.protocol.answer.StreamOptions;
import dev.understudy.protocol.answer.WholeAnswerResult;
import dev.understudy.protocol.dialect.Dialect;
import dev.understudy.protocol.dialect.Framing;
import dev.understudy.protocol.dialect.RequestContext;
import dev.understudy.protocol.neutral.AnswerAssembly;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Reads the answer to a request for one body, also where the provider streams it: the events are put together to an answer
 * of their dialect, which is then judged and translated like any other. A stream without its end is truncated, and never
 * an answer.
 */
final class AnswerOfAnyBody implements WholeAnswerResult.Reader {
    private static final List<byte[]> FIELDS =
            List.of(bytes("data:"), bytes("event:"), bytes("id:"), bytes("retry:"), bytes(":"));

    private final Dialect dialect;
    private final AnswerRules rules;
    private final String contentType;
    private final Supplier<RequestContext> context;
    private final WholeAnswerResult.Reader answers;

    /**
     * @param dialect of the answer
     * @param contentType as the response's head names it; empty if it does not
     * @param context what the dialect's writer has to know of the request
     * @param answers judges answers of that dialect
     */
    AnswerOfAnyBody(
            Dialect dialect,
            AnswerRules rules,
            String contentType,
            Supplier<RequestContext> context,
            WholeAnswerResult.Reader answers) {
        this.dialect = dialect;
        this.rules = rules;
        this.contentType = contentType;
        this.context = context;
        this.answers = answers;
    }

    private static byte[] bytes(String field) {
        return field.getBytes(StandardCharsets.US_ASCII);
    }

    /** Keeps the failure of the stream, if it fails. */
    private static final class FailureKeeper implements AnswerListener {
        private Optional<Failure> failure = Optional.empty();

        @Override
        public void event(EventKind event, byte[] array, int offset, int length) {
            // What it says is in the assembly.
        }

        @Override
        public void failed(Failure what, byte[] array, int offset, int length) {
            failure = Optional.of(what);
        }
    }

    @Override
    public WholeAnswerResult read(byte[] array, int offset, int length) {
        return isStream(array, offset, length) ? assembled(array, offset, length) : answers.read(array, offset, length);
    }

    private WholeAnswerResult assembled(byte[] array, int offset, int length) {
        AnswerAssembly assembly = new AnswerAssembly();
        FailureKeeper keeper = new FailureKeeper();
        DialectStream stream = new DialectStream(
                dialect, rules, StreamOutput.assembled(assembly), StreamOptions.LIVE, Math.max(1, length), keeper);
        stream.feed(array, offset, length);
        stream.end();
        if (keeper.failure.isPresent() && !keeper.failure.get().hasDeliverableAnswer()) {
            return new WholeAnswerResult.Rejected(keeper.failure.get(), Optional.empty());
        }
        byte[] answer = dialect.writeAnswer(assembly.answer(), context.get());
        return switch (answers.read(answer, 0, answer.length)) {
            case WholeAnswerResult.Accepted(var usage, var report, var written) ->
                new WholeAnswerResult.Accepted(usage, report, written.or(() -> Optional.of(answer)));
            case WholeAnswerResult.Rejected(var failure, var written) ->
                new WholeAnswerResult.Rejected(
                        failure, failure.hasDeliverableAnswer() ? written.or(() -> Optional.of(answer)) : written);
        };
    }

    /** A body that begins with a bracket is not a stream, whatever its content type. */
    private boolean isStream(byte[] array, int offset, int length) {
        if (dialect.framing() == Framing.EVENT_STREAM) {
            // Frames begin with their length, which is never so large that its first byte counts.
            return length > 0 && array[offset] == 0;
        }
        BodyStart.Kind kind = new BodyStart().look(array, offset, length);
        return switch (kind) {
            case DOCUMENT, PAGE -> false;
            case STREAM, OPEN -> contentType.contains("event-stream") || beginsWithField(array, offset, length);
        };
    }

    private static boolean beginsWithField(byte[] array, int offset, int length) {
        int at = offset;
        int end = offset + length;
        while (at < end && (array[at] <= ' ' || array[at] == (byte) 0xBB || array[at] == (byte) 0xBF)) {
            at++;
        }
        int start = at;
        return FIELDS.stream().anyMatch(field -> startsWith(array, start, end, field));
    }

    private static boolean startsWith(byte[] array, int from, int to, byte[] text) {
        return to - from >= text.length && Arrays.equals(array, from, from + text.length, text, 0, text.length);
    }
}
