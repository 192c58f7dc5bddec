package dev.understudy.langchain4j;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.understudy.client.chain.CallTrail;
import dev.understudy.client.chain.FallbackResult;
import java.util.Optional;

/** A model's response with the trail of the call. Its message and its metadata are the model's own objects. */
public final class FallbackChatResponse extends ChatResponse {
    private final String target;
    private final CallTrail trail;

    FallbackChatResponse(FallbackResult<ChatResponse> result) {
        super(ChatResponse.builder()
                .aiMessage(result.answer().aiMessage())
                .metadata(result.answer().metadata()));
        this.target = result.target();
        this.trail = result.trail();
    }

    /** The name of the model that answered, as the chain knows it. */
    public String target() {
        return target;
    }

    /** The attempts and skips of the call. */
    public CallTrail trail() {
        return trail;
    }

    /** The trail of a response; empty if it does not come from a fallback model, or was copied since. */
    public static Optional<CallTrail> trailOf(ChatResponse response) {
        return response instanceof FallbackChatResponse ours ? Optional.of(ours.trail()) : Optional.empty();
    }

    /** Equal to a response of a fallback model with the same message and metadata; the trail does not count. */
    @Override
    public boolean equals(Object other) {
        return super.equals(other);
    }

    @Override
    public int hashCode() {
        return super.hashCode();
    }
}
