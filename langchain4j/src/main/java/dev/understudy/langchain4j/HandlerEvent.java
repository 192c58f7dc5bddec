package dev.understudy.langchain4j;

import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;

/** One call of a handler's method, to be made when the caller should see it. */
@FunctionalInterface
interface HandlerEvent {
    /** @param handle by which the caller can cancel its stream */
    void tell(StreamingChatResponseHandler handler, StreamingHandle handle);
}
