package dev.understudy.langchain4j;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialThinkingContext;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.PartialToolCallContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import dev.understudy.client.chain.AttemptSink;
import dev.understudy.engine.Signal;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Receives what one model of a chain streams.
 *
 * <p>A model that is ahead of the caller waits inside its own callback, as it does for a slow handler without a chain.
 */
final class ModelHandler implements StreamingChatResponseHandler {
    private final AttemptSink<HandlerEvent, ChatResponse> sink;
    private final AtomicBoolean handleIsKnown = new AtomicBoolean();
    private volatile boolean textCame;

    ModelHandler(AttemptSink<HandlerEvent, ChatResponse> sink) {
        this.sink = sink;
    }

    @Override
    public void onPartialResponse(String text) {
        HandlerEvent event = new HandlerEvent.Text(new PartialResponse(text));
        if (textCame || !ChatAnswers.isInvisible(text)) {
            textCame = true;
            sink.content(event, text.length());
        } else {
            sink.hold(event, Signal.Sign.BYTES);
        }
        waitForCaller();
    }

    @Override
    public void onPartialResponse(PartialResponse partial, PartialResponseContext context) {
        cancelThrough(context.streamingHandle());
        onPartialResponse(partial.text());
    }

    @Override
    public void onPartialThinking(PartialThinking partial) {
        sink.reasoning(new HandlerEvent.Thinking(partial));
        waitForCaller();
    }

    @Override
    public void onPartialThinking(PartialThinking partial, PartialThinkingContext context) {
        cancelThrough(context.streamingHandle());
        onPartialThinking(partial);
    }

    @Override
    public void onPartialToolCall(PartialToolCall partial) {
        sink.hold(new HandlerEvent.ToolCallPiece(partial), Signal.Sign.TOOL_CALL);
        waitForCaller();
    }

    @Override
    public void onPartialToolCall(PartialToolCall partial, PartialToolCallContext context) {
        cancelThrough(context.streamingHandle());
        onPartialToolCall(partial);
    }

    @Override
    public void onCompleteToolCall(CompleteToolCall call) {
        sink.content(new HandlerEvent.ToolCall(call));
        waitForCaller();
    }

    @Override
    public void onUnmappedRawEvent(Object event) {
        sink.hold(new HandlerEvent.Raw(event), Signal.Sign.BYTES);
    }

    @Override
    public void onCompleteResponse(ChatResponse response) {
        sink.complete(response);
    }

    @Override
    public void onError(Throwable thrown) {
        sink.failed(thrown);
    }

    /** The model tells its handle with each event; one is enough. */
    private void cancelThrough(StreamingHandle handle) {
        if (handleIsKnown.compareAndSet(false, true)) {
            sink.onCancel(handle::cancel);
        }
    }

    private void waitForCaller() {
        try {
            sink.awaitReady();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
