package dev.understudy.calls.upstream;

import dev.understudy.calls.bytes.Bytes;
import dev.understudy.calls.bytes.BytesBuilder;
import dev.understudy.calls.inbound.InboundRequest;
import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.engine.Signal;
import dev.understudy.protocol.HeaderLookup;
import dev.understudy.protocol.answer.AnswerReport;
import dev.understudy.protocol.answer.Usage;
import dev.understudy.protocol.answer.WholeAnswerResult;
import dev.understudy.protocol.failure.Classifier;
import dev.understudy.protocol.failure.SecretsInUse;
import dev.understudy.protocol.model.PromptTokens;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Reads a response that is not streamed, success or error: buffers its bytes until the end and classifies them then, so that
 * half an answer is never delivered.
 */
public final class WholeAnswer implements UpstreamBodyReader {
    private static final int LARGEST_ANSWER = 64 * 1024 * 1024;
    /** The part of an error's body that is read. */
    private static final int LARGEST_ERROR = 256 * 1024;

    /** Answers up to this many bytes are read within milliseconds; larger ones are read off the event loop. */
    private static final int QUICKLY_READ = 256 * 1024;

    /** The first buffer for an answer without a content length. */
    private static final int SMALL = 1024;
    /** The largest buffer that is allocated before the bytes have arrived. */
    private static final int LARGE = 64 * 1024;

    private final int attempt;
    private final int status;
    private final HeaderLookup headers;
    private final WholeAnswerResult.Reader reader;
    private final OffLoop offLoop;
    private final Consumer<Signal> engine;
    private final BytesBuilder body;
    private Optional<Bytes> written = Optional.empty();
    private Usage usage = Usage.NONE;
    private AnswerReport report = AnswerReport.NONE;
    private boolean cut;

    /** Evaluates a large answer on a thread of its own, and passes the result to the engine on the loop. */
    @FunctionalInterface
    interface OffLoop {
        void evaluate(int bytes, Supplier<Signal> evaluation);
    }

    /** @param announced the content length that the provider stated, or 0; used for the first buffer only */
    WholeAnswer(
            int attempt,
            int status,
            int announced,
            HeaderLookup headers,
            WholeAnswerResult.Reader reader,
            OffLoop offLoop,
            Consumer<Signal> engine) {
        this.offLoop = offLoop;
        this.attempt = attempt;
        this.status = status;
        this.headers = headers;
        this.reader = reader;
        this.engine = engine;
        this.body = new BytesBuilder(Math.clamp(announced, SMALL, LARGE));
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
        body.append(array, offset, Math.min(room, length));
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

    /** Providers send blank lines as keep-alives; they are not part of the answer. */
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
        if (!isSuccess()) {
            engine.accept(new Signal.Failed(attempt, classify()));
        } else if (cut) {
            body.take();
            engine.accept(malformed("the answer is larger than " + LARGEST_ANSWER + " bytes"));
        } else if (body.length() > QUICKLY_READ) {
            offLoop.evaluate(body.length(), this::judgeAnswer);
        } else {
            engine.accept(judgeAnswer());
        }
    }

    private Signal judgeAnswer() {
        Bytes bytes = body.view();
        return switch (reader.read(bytes.array(), bytes.offset(), bytes.length())) {
            case WholeAnswerResult.Rejected(Failure failure, var body) -> {
                written = body.map(Bytes::of);
                yield new Signal.Failed(attempt, failure);
            }
            case WholeAnswerResult.Accepted(Usage counted, AnswerReport reported, var body) -> {
                usage = counted;
                report = reported;
                written = body.map(Bytes::of);
                yield new Signal.Completed(attempt);
            }
        };
    }

    private Signal malformed(String message) {
        return new Signal.Failed(attempt, Failure.of(FailureKind.MALFORMED, message));
    }

    private Failure classify() {
        return Classifier.classify(status, headers, body.toArray(), System.currentTimeMillis());
    }

    /** The status of the response. */
    int status() {
        return status;
    }

    /** The body of an error response that was read to its end. */
    Optional<byte[]> refusal() {
        return isSuccess() || cut ? Optional.empty() : Optional.of(SecretsInUse.redact(body.toArray()));
    }

    @Override
    public boolean isComplete() {
        return false;
    }

    @Override
    public Failure brokenBy(Throwable cause) {
        if (!isSuccess()) {
            // The status is enough to classify the failure, even if its explanation was cut.
            return classify();
        }
        return ConnectionFailures.insideAnswer(cause, false);
    }

    @Override
    public byte[] held() {
        return body().toArray();
    }

    @Override
    public long kept() {
        return body.length();
    }

    @Override
    public void forgetKept() {
        cut = true;
        body.take();
    }

    /** The answer in the caller's dialect. */
    public Bytes body() {
        return written.orElseGet(body::view);
    }

    /** The answer's content type: the upstream's own if the body is passed through. */
    public String contentType() {
        return written.isPresent()
                ? InboundRequest.JSON
                : headers.first("content-type").map(SecretsInUse::redact).orElse(InboundRequest.JSON);
    }

    @Override
    public Usage usage() {
        return usage;
    }

    @Override
    public AnswerReport providerReport() {
        return report;
    }

    @Override
    public long estimatedCompletionTokens() {
        return usage.completionTokens().orElseGet(() -> PromptTokens.estimate(body.toArray()));
    }
}
