package dev.understudy.spring;

import dev.understudy.client.chain.AttemptSink;
import dev.understudy.engine.Signal;
import java.io.EOFException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.ChatOptions;
import reactor.core.publisher.BaseSubscriber;
import reactor.util.context.Context;

/**
 * Passes one model's stream to the chain. Requests the next part when the last one has found its place, and none while the
 * caller does not keep up.
 */
final class ModelStream extends BaseSubscriber<ChatResponse> {
    private final AttemptSink<ChatResponse, ModelAnswer> sink;
    private final Context context;
    private final @Nullable ChatOptions options;
    private final AtomicBoolean namesFinishReasons;

    /** The part with the finish reason, or else the last one: what follows it, such as the usage, does not say why the answer ended. */
    private Optional<ChatResponse> end = Optional.empty();

    private boolean contentCame;
    private boolean finished;

    private final AtomicBoolean waits = new AtomicBoolean();

    /**
     * @param options of the prompt
     * @param namesFinishReasons whether the model has named one in a stream before; then a stream without one was cut off
     */
    ModelStream(
            AttemptSink<ChatResponse, ModelAnswer> sink,
            Context context,
            @Nullable ChatOptions options,
            AtomicBoolean namesFinishReasons) {
        this.sink = sink;
        this.context = context;
        this.options = options;
        this.namesFinishReasons = namesFinishReasons;
    }

    @Override
    public Context currentContext() {
        return context;
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
        sink.onCancel(this::cancel);
        sink.onReady(this::requestIfWaiting);
        request(1);
    }

    @Override
    protected void hookOnNext(ChatResponse part) {
        boolean finishes = ModelAnswer.isFinished(part);
        if (finishes || !finished) {
            end = Optional.of(part);
        }
        if (finishes) {
            finished = true;
            namesFinishReasons.set(true);
        }
        if (ModelAnswer.hasContent(part)) {
            contentCame = true;
            sink.content(part, ModelAnswer.characters(part));
        } else if (!contentCame && ModelAnswer.hasReasoning(part)) {
            sink.reasoning(part);
        } else {
            sink.hold(part, Signal.Sign.BYTES);
        }
        waits.set(true);
        if (sink.isReady()) {
            requestIfWaiting();
        }
    }

    private void requestIfWaiting() {
        if (waits.compareAndSet(true, false)) {
            request(1);
        }
    }

    @Override
    protected void hookOnComplete() {
        if (!finished && contentCame && namesFinishReasons.get()) {
            sink.failed(new EOFException("the stream ended without a finish reason"));
            return;
        }
        complete();
    }

    private void complete() {
        ChatResponse whole = end.orElseGet(() -> new ChatResponse(List.of()));
        sink.complete(ModelAnswer.ended(whole, contentCame, options));
    }

    @Override
    protected void hookOnError(Throwable thrown) {
        if (finished && contentCame) {
            // The answer is whole; what broke is the rest of the stream, such as the usage.
            complete();
        } else {
            sink.failed(thrown);
        }
    }
}
