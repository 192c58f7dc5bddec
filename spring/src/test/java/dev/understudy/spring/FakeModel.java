package dev.understudy.spring;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.metadata.ChatGenerationMetadata;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import reactor.core.publisher.Flux;

/** A chat model that does what its test says, and remembers what it was sent. */
public final class FakeModel implements ChatModel {
    private final ChatOptions options;
    private final Function<Prompt, ChatResponse> answer;
    private final Function<Prompt, Flux<ChatResponse>> stream;

    public final List<Prompt> prompts = new CopyOnWriteArrayList<>();
    public final AtomicInteger cancelled = new AtomicInteger();

    private FakeModel(
            ChatOptions options, Function<Prompt, ChatResponse> answer, Function<Prompt, Flux<ChatResponse>> stream) {
        this.options = options;
        this.answer = answer;
        this.stream = stream;
    }

    public static FakeModel answering(String text) {
        return answeringWith(prompt -> response(text));
    }

    public static FakeModel answeringWith(Function<Prompt, ChatResponse> answer) {
        return new FakeModel(ChatOptions.builder().build(), answer, prompt -> Flux.just(answer.apply(prompt)));
    }

    public static FakeModel failing(RuntimeException thrown) {
        return answeringWith(prompt -> {
            throw thrown;
        });
    }

    /** Says nothing until it is interrupted or cancelled. */
    public static FakeModel silent() {
        return new FakeModel(ChatOptions.builder().build(), null, prompt -> Flux.never());
    }

    public static FakeModel streaming(Flux<ChatResponse> parts) {
        return new FakeModel(ChatOptions.builder().build(), null, prompt -> parts);
    }

    public FakeModel with(ChatOptions own) {
        return new FakeModel(own, answer, stream);
    }

    public static ChatResponse response(String text) {
        return response(text, "STOP");
    }

    public static ChatResponse response(String text, String finishReason) {
        return new ChatResponse(List.of(new Generation(
                new AssistantMessage(text),
                ChatGenerationMetadata.builder().finishReason(finishReason).build())));
    }

    /** A part of a stream. */
    public static ChatResponse part(String text) {
        return new ChatResponse(List.of(new Generation(new AssistantMessage(text))));
    }

    public static String text(ChatResponse response) {
        return response.getResult().getOutput().getText();
    }

    @Override
    public ChatOptions getOptions() {
        return options;
    }

    @Override
    public ChatResponse call(Prompt prompt) {
        prompts.add(prompt);
        if (answer != null) {
            return answer.apply(prompt);
        }
        try {
            new CountDownLatch(1).await();
            throw new IllegalStateException("a latch that is never counted down was");
        } catch (InterruptedException interrupted) {
            cancelled.incrementAndGet();
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    @Override
    public Flux<ChatResponse> stream(Prompt prompt) {
        prompts.add(prompt);
        return stream.apply(prompt).doOnCancel(cancelled::incrementAndGet);
    }
}
