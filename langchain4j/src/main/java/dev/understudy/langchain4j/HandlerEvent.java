package dev.understudy.langchain4j;

import dev.langchain4j.model.chat.response.ChatModelStreamingEvent;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialThinkingContext;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.PartialToolCallContext;
import dev.langchain4j.model.chat.response.RawStreamingEvent;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;

/** Something that a model streams, in the two forms in which callers get it. */
sealed interface HandlerEvent {
    /**
     * Calls the handler's method for it.
     *
     * @param handle by which the caller can cancel its stream
     */
    void tell(StreamingChatResponseHandler handler, StreamingHandle handle);

    /** The same for a publisher of events. */
    ChatModelStreamingEvent event();

    record Text(PartialResponse event) implements HandlerEvent {
        @Override
        public void tell(StreamingChatResponseHandler handler, StreamingHandle handle) {
            handler.onPartialResponse(event, new PartialResponseContext(handle));
        }
    }

    record Thinking(PartialThinking event) implements HandlerEvent {
        @Override
        public void tell(StreamingChatResponseHandler handler, StreamingHandle handle) {
            handler.onPartialThinking(event, new PartialThinkingContext(handle));
        }
    }

    record ToolCallPiece(PartialToolCall event) implements HandlerEvent {
        @Override
        public void tell(StreamingChatResponseHandler handler, StreamingHandle handle) {
            handler.onPartialToolCall(event, new PartialToolCallContext(handle));
        }
    }

    record ToolCall(CompleteToolCall event) implements HandlerEvent {
        @Override
        public void tell(StreamingChatResponseHandler handler, StreamingHandle handle) {
            handler.onCompleteToolCall(event);
        }
    }

    /** An event of the provider that LangChain4j does not map. */
    record Raw(Object raw) implements HandlerEvent {
        @Override
        public void tell(StreamingChatResponseHandler handler, StreamingHandle handle) {
            handler.onUnmappedRawEvent(raw);
        }

        @Override
        public ChatModelStreamingEvent event() {
            return RawStreamingEvent.of(raw);
        }
    }
}
