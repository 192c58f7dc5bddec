package dev.understudy.langchain4j;

import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatModelStreamingEvent;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.understudy.client.chain.FallbackException;
import dev.understudy.client.chain.FallbackState;
import dev.understudy.client.chain.StreamingCall;
import dev.understudy.client.chain.StreamingChain;
import dev.understudy.client.chain.TargetHealth;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Flow;

/**
 * A streaming chat model over others: when one fails or stalls before the first text or tool call, the next one answers, and
 * the handler sees none of it. After that the answer is one model's: if it breaks then, {@code onError} gets an exception
 * that carries a {@link FallbackException} which says that the answer is truncated.
 *
 * <p>Partial thinking is forwarded as it comes, and tool calls when they are complete unless text came before them. Requests
 * are remapped for each model as by {@link FallbackChatModel}, and the complete response is a {@link FallbackChatResponse}.
 * {@code StreamingHandle.cancel()} ends the requests to all models; nothing is called after it.
 */
public final class FallbackStreamingChatModel implements StreamingChatModel, AutoCloseable {
    private final StreamingChain<ChatRequest, HandlerEvent, ChatResponse> chain;
    private final List<ChatModelListener> listeners;
    private final Set<Capability> capabilities;

    private FallbackStreamingChatModel(Builder builder) {
        StreamingChain.Builder<ChatRequest, HandlerEvent, ChatResponse> targets =
                builder.applyTo(StreamingChain.builder());
        for (ModelChainBuilder.Named<StreamingChatModel> named : builder.models()) {
            boolean isFirst = named.equals(builder.models().getFirst());
            StreamingChatModel model = named.model();
            targets.target(
                    named.name(),
                    (request, sink) -> model.chat(
                            RequestRemapping.forModel(request, isFirst, model.defaultRequestParameters()),
                            new ModelHandler(sink)),
                    named.options());
        }
        this.chain = targets.build();
        this.listeners = builder.chatListeners();
        this.capabilities = builder.capabilities(StreamingChatModel::supportedCapabilities);
    }

    /** The models in the order in which they are tried, with every default. */
    public static FallbackStreamingChatModel of(StreamingChatModel... models) {
        return builder().models(List.of(models)).build();
    }

    /** A chain without models, to be completed. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
        StreamingCall<HandlerEvent, ChatResponse> call = chain.stream(request);
        call.subscribe(new HandlerSubscriber(handler, call.result()));
    }

    /** The same as a publisher; the call begins when it is subscribed to. A subscriber's demand holds the model back. */
    @Override
    public Flow.Publisher<ChatModelStreamingEvent> doChat(ChatRequest request) {
        return subscriber -> {
            StreamingCall<HandlerEvent, ChatResponse> call = chain.stream(request);
            call.subscribe(new EventSubscriber(subscriber, call.result()));
        };
    }

    @Override
    public List<ChatModelListener> listeners() {
        return listeners;
    }

    /** What all models support, unless the builder was told otherwise. */
    @Override
    public Set<Capability> supportedCapabilities() {
        return capabilities;
    }

    /** The names of the models, in order. */
    public List<String> targets() {
        return chain.targets();
    }

    /** How the models are, in order. */
    public List<TargetHealth> health() {
        return chain.health();
    }

    /** What the calls know together. */
    public FallbackState state() {
        return chain.state();
    }

    /** Ends the use of this model: new calls are refused. The models of the chain stay open. */
    @Override
    public void close() {
        chain.close();
    }

    /** Makes a fallback model. Each method checks its arguments. */
    public static final class Builder extends ModelChainBuilder<StreamingChatModel, Builder> {
        private Builder() {}

        @Override
        Builder self() {
            return this;
        }

        @Override
        String nameOf(StreamingChatModel model, List<String> taken) {
            return ModelNames.of(model, model.provider(), model.defaultRequestParameters(), taken);
        }

        /**
         * Makes the model.
         *
         * @throws IllegalStateException if it has no models
         */
        public FallbackStreamingChatModel build() {
            return new FallbackStreamingChatModel(this);
        }
    }
}
