package dev.understudy.gateway.call;

import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.engine.Signal;
import dev.understudy.protocol.HeaderLookup;
import dev.understudy.protocol.answer.Usage;
import dev.understudy.protocol.answer.WholeAnswerResult;
import dev.understudy.protocol.failure.Classifier;
import io.netty.buffer.ByteBuf;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Reads an answer that comes in one piece, good or bad: keeps its bytes until the end and judges them then, so that half
 * an answer is never delivered.
 */
final class WholeAnswer implements UpstreamBodyReader {
    static final CharSequence JSON = HttpHeaders.createOptimized("application/json");

    private static final int LARGEST_ANSWER = 64 * 1024 * 1024;
    /** An error says what it says in its first lines. */
    private static final int LARGEST_ERROR = 256 * 1024;

    /** Room for the usual answer that does not say its length. */
    private static final int SMALL = 1024;
    /** What is made room for before it has come. */
    private static final int LARGE = 64 * 1024;

    private final int attempt;
    private final int status;
    private final HeaderLookup headers;
    private final WholeAnswerResult.Reader reader;
    private final Consumer<Signal> engine;
    private final Buffer body;
    private Optional<Buffer> written = Optional.empty();
    private Usage usage = Usage.NONE;
    private boolean cut;

    /** @param announced how many bytes are to come, as far as the provider said so; a hint, and not believed */
    WholeAnswer(
            int attempt,
            int status,
            int announced,
            HeaderLookup headers,
            WholeAnswerResult.Reader reader,
            Consumer<Signal> engine) {
        this.attempt = attempt;
        this.status = status;
        this.headers = headers;
        this.reader = reader;
        this.engine = engine;
        this.body = Buffer.buffer(Math.clamp(announced, SMALL, LARGE));
    }

    private boolean isSuccess() {
        return status / 100 == 2;
    }

    @Override
    public void bytes(byte[] array, int offset, int length) {
        if (cut) {
            return;
        }
        int room = (isSuccess() ? LARGEST_ANSWER : LARGEST_ERROR) - body.length();
        body.appendBytes(array, offset, Math.min(room, length));
        if (length > room) {
            cut = true;
            judge();
        } else if (isSuccess()) {
            engine.accept(
                    isBlank(array, offset, length)
                            ? new Signal.Alive(attempt, Signal.Sign.BYTES)
                            : new Signal.Progress(attempt, 0, false));
        }
    }

    /** Blank lines keep a connection alive; they are no part of an answer. */
    private static boolean isBlank(byte[] array, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            if (array[i] > ' ' || array[i] < 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void end() {
        if (!cut) {
            judge();
        }
    }

    private void judge() {
        engine.accept(isSuccess() ? judgeAnswer() : new Signal.Failed(attempt, classify()));
    }

    private Signal judgeAnswer() {
        if (cut) {
            return malformed("the answer is larger than " + LARGEST_ANSWER + " bytes");
        }
        ByteBuf bytes = ((BufferInternal) body).getByteBuf();
        return switch (reader.read(bytes.array(), bytes.arrayOffset(), bytes.readableBytes())) {
            case WholeAnswerResult.Rejected(Failure failure, var body) -> {
                written = body.map(Buffer::buffer);
                yield new Signal.Failed(attempt, failure);
            }
            case WholeAnswerResult.Accepted(Usage counted, var body) -> {
                usage = counted;
                written = body.map(Buffer::buffer);
                yield new Signal.Completed(attempt);
            }
        };
    }

    private Signal malformed(String message) {
        return new Signal.Failed(attempt, Failure.of(FailureKind.MALFORMED, message));
    }

    private Failure classify() {
        return Classifier.classify(status, headers, body.getBytes(), System.currentTimeMillis());
    }

    @Override
    public boolean isComplete() {
        return false;
    }

    @Override
    public Failure brokenBy(Throwable cause) {
        if (!isSuccess()) {
            // The status says enough, even if its explanation was cut.
            return classify();
        }
        return ConnectionFailures.insideAnswer(cause, false);
    }

    @Override
    public byte[] held() {
        return body().getBytes();
    }

    /** The answer as the caller is to have it. */
    Buffer body() {
        return written.orElse(body);
    }

    /** What the answer is called: what its head said, if it goes out as it came. */
    CharSequence contentType() {
        return written.isPresent()
                ? JSON
                : headers.first("content-type").<CharSequence>map(type -> type).orElse(JSON);
    }

    @Override
    public OptionalLong promptTokens() {
        return usage.promptTokens();
    }

    @Override
    public OptionalLong completionTokens() {
        return usage.completionTokens();
    }
}
