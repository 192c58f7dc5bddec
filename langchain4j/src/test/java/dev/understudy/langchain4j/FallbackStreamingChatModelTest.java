package dev.understudy.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatModelStreamingEvent;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import dev.langchain4j.model.output.FinishReason;
import dev.understudy.client.chain.CallSettings;
import dev.understudy.client.chain.FallbackException;
import dev.understudy.engine.FailureKind;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FallbackStreamingChatModelTest {
    private static final ChatRequest QUESTION =
            ChatRequest.builder().messages(UserMessage.from("why?")).build();

    private final AtomicInteger callsOfSecond = new AtomicInteger();
    private final StreamingChatModel second = fake(handler -> {
        callsOfSecond.incrementAndGet();
        handler.onPartialResponse("be");
        handler.onPartialResponse("cause");
        handler.onCompleteResponse(response("because"));
    });

    private static StreamingChatModel fake(Consumer<StreamingChatResponseHandler> behaviour) {
        return new StreamingChatModel() {
            @Override
            public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
                behaviour.accept(handler);
            }
        };
    }

    private static ChatResponse response(String text) {
        return ChatResponse.builder().aiMessage(AiMessage.from(text)).build();
    }

    private FallbackStreamingChatModel chain(Consumer<StreamingChatResponseHandler> first) {
        return FallbackStreamingChatModel.builder()
                .model("one", fake(first))
                .model("two", second)
                .settings(CallSettings.builder().retries(0).build())
                .build();
    }

    @Test
    void aStreamThatAContentFilterEmptiedIsDelivered() throws Exception {
        Recorder recorder = new Recorder();
        chain(handler -> handler.onCompleteResponse(ChatResponse.builder()
                        .aiMessage(AiMessage.from(""))
                        .finishReason(FinishReason.CONTENT_FILTER)
                        .build()))
                .chat(QUESTION, recorder);

        assertThat(recorder.response().finishReason()).isEqualTo(FinishReason.CONTENT_FILTER);
        assertThat(recorder.events).isEmpty();
        assertThat(callsOfSecond).hasValue(0);
    }

    /** Collects what a handler is told. */
    private static class Recorder implements StreamingChatResponseHandler {
        final List<String> events = new CopyOnWriteArrayList<>();
        final CompletableFuture<ChatResponse> end = new CompletableFuture<>();

        @Override
        public void onPartialResponse(String text) {
            events.add(text);
        }

        @Override
        public void onPartialThinking(PartialThinking thinking) {
            events.add("thinking " + thinking.text());
        }

        @Override
        public void onPartialToolCall(PartialToolCall call) {
            events.add("partial call " + call.partialArguments());
        }

        @Override
        public void onCompleteToolCall(CompleteToolCall call) {
            events.add("call " + call.toolExecutionRequest().name());
        }

        @Override
        public void onCompleteResponse(ChatResponse response) {
            end.complete(response);
        }

        @Override
        public void onError(Throwable thrown) {
            end.completeExceptionally(thrown);
        }

        ChatResponse response() throws Exception {
            return end.get(30, TimeUnit.SECONDS);
        }

        Throwable error() throws InterruptedException {
            try {
                end.get(30, TimeUnit.SECONDS);
                throw new AssertionError("the stream was complete");
            } catch (java.util.concurrent.ExecutionException failed) {
                return failed.getCause();
            } catch (java.util.concurrent.TimeoutException late) {
                throw new AssertionError(late);
            }
        }
    }

    private final Recorder recorder = new Recorder();

    @Test
    void theFirstModelStreamsAndTheResponseHasItsTrail() throws Exception {
        chain(handler -> {
                    handler.onPartialResponse("hel");
                    handler.onPartialResponse("lo");
                    handler.onCompleteResponse(response("hello"));
                })
                .chat(QUESTION, recorder);

        assertThat(recorder.response().aiMessage().text()).isEqualTo("hello");
        assertThat(recorder.events).containsExactly("hel", "lo");
        assertThat(FallbackChatResponse.trailOf(recorder.response())
                        .orElseThrow()
                        .toString())
                .isEqualTo("one:ok");
        assertThat(callsOfSecond).hasValue(0);
    }

    @Test
    void whatFailsBeforeTheFirstTextIsUnseen() throws Exception {
        chain(handler -> {
                    handler.onPartialResponse("\n");
                    handler.onPartialToolCall(PartialToolCall.builder()
                            .index(0)
                            .id("1")
                            .name("weather")
                            .partialArguments("{\"ci")
                            .build());
                    handler.onError(new RateLimitException("slow down"));
                })
                .chat(QUESTION, recorder);

        assertThat(recorder.response().aiMessage().text()).isEqualTo("because");
        assertThat(recorder.events).containsExactly("be", "cause");
        assertThat(FallbackChatResponse.trailOf(recorder.response())
                        .orElseThrow()
                        .toString())
                .isEqualTo("one:rate_limited, two:ok");
    }

    @Test
    void anExceptionInsteadOfAStreamIsAFailureToo() throws Exception {
        chain(handler -> {
                    throw new IllegalStateException("a defect");
                })
                .chat(QUESTION, recorder);

        assertThat(recorder.response().aiMessage().text()).isEqualTo("because");
    }

    @Test
    void aBlankStreamIsRejected() throws Exception {
        chain(handler -> handler.onCompleteResponse(response(" "))).chat(QUESTION, recorder);

        assertThat(recorder.response().aiMessage().text()).isEqualTo("because");
        assertThat(recorder.events).containsExactly("be", "cause");
    }

    @Test
    void aBreakAfterTheFirstTextSaysThatTheAnswerIsTruncated() throws Exception {
        chain(handler -> {
                    handler.onPartialResponse("half an");
                    handler.onError(new IOException("connection reset"));
                })
                .chat(QUESTION, recorder);

        Throwable error = recorder.error();
        assertThat(error).isInstanceOf(InternalServerException.class).hasMessageContaining("truncated");
        FallbackException failed = FallbackException.in(error).orElseThrow();
        assertThat(failed.isTruncated()).isTrue();
        assertThat(failed.kind()).isEqualTo(FailureKind.TRUNCATED);
        assertThat(recorder.events).containsExactly("half an");
        assertThat(callsOfSecond).hasValue(0);
    }

    @Test
    void whenNoModelStreamsTheModelsOwnExceptionIsKept() throws Exception {
        RateLimitException limited = new RateLimitException("slow down");
        FallbackStreamingChatModel.builder()
                .model("one", fake(handler -> handler.onError(limited)))
                .settings(CallSettings.builder().retries(0).build())
                .build()
                .chat(QUESTION, recorder);

        assertThat(recorder.error()).isSameAs(limited);
        assertThat(FallbackException.in(limited)).isPresent();
    }

    @Test
    void thinkingAndToolCallsComeInOrder() throws Exception {
        ToolExecutionRequest weather = ToolExecutionRequest.builder()
                .id("1")
                .name("weather")
                .arguments("{}")
                .build();
        chain(handler -> {
                    handler.onPartialThinking(new PartialThinking("hm"));
                    handler.onPartialToolCall(PartialToolCall.builder()
                            .index(0)
                            .id("1")
                            .name("weather")
                            .partialArguments("{}")
                            .build());
                    handler.onCompleteToolCall(new CompleteToolCall(0, weather));
                    handler.onCompleteResponse(ChatResponse.builder()
                            .aiMessage(AiMessage.from(weather))
                            .build());
                })
                .chat(QUESTION, recorder);

        assertThat(recorder.response().aiMessage().toolExecutionRequests()).containsExactly(weather);
        assertThat(recorder.events).containsExactly("thinking hm", "partial call {}", "call weather");
    }

    /** A model whose stream a test can follow from outside. */
    private static final class Source implements StreamingHandle {
        private final CountDownLatch cancelled = new CountDownLatch(1);
        private final AtomicInteger sent = new AtomicInteger();

        void send(StreamingChatResponseHandler handler, int most) {
            while (!isCancelled() && sent.get() < most) {
                handler.onPartialResponse(
                        new PartialResponse("text " + sent.getAndIncrement() + " "), new PartialResponseContext(this));
            }
        }

        @Override
        public void cancel() {
            cancelled.countDown();
        }

        @Override
        public boolean isCancelled() {
            return cancelled.getCount() == 0;
        }
    }

    @Test
    void cancellingTheHandleStopsTheModelAndNothingMoreIsTold() throws Exception {
        Source source = new Source();
        CompletableFuture<Boolean> cancelled = new CompletableFuture<>();
        Recorder leaving = new Recorder() {
            @Override
            public void onPartialResponse(PartialResponse partial, PartialResponseContext context) {
                events.add(partial.text());
                if (events.size() == 3) {
                    context.streamingHandle().cancel();
                    cancelled.complete(context.streamingHandle().isCancelled());
                }
            }
        };
        FallbackStreamingChatModel.of(fake(handler -> source.send(handler, 1_000_000_000)))
                .chat(QUESTION, leaving);

        assertThat(cancelled.get(30, TimeUnit.SECONDS)).isTrue();
        assertThat(source.cancelled.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(leaving.events).hasSize(3);
        assertThat(leaving.end).isNotDone();
    }

    @Test
    void aSlowHandlerHoldsTheModelBack() throws Exception {
        Source source = new Source();
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch firstCame = new CountDownLatch(1);
        Recorder slow = new Recorder() {
            @Override
            public void onPartialResponse(String text) {
                firstCame.countDown();
                try {
                    go.await();
                } catch (InterruptedException interrupted) {
                    throw new IllegalStateException(interrupted);
                }
                super.onPartialResponse(text);
            }
        };
        FallbackStreamingChatModel.of(fake(handler -> {
                    source.send(handler, 20_000);
                    handler.onCompleteResponse(response("all"));
                }))
                .chat(QUESTION, slow);
        firstCame.await();
        // The model runs ahead until the pause reaches it, and then stands still.
        int before = -1;
        while (source.sent.get() != before) {
            before = source.sent.get();
            TimeUnit.MILLISECONDS.sleep(300);
        }
        assertThat(before).isLessThan(100);

        go.countDown();
        slow.response();
        assertThat(slow.events).hasSize(20_000);
    }

    @Test
    void whatAHandlerThrowsIsGivenToItAndTheStreamContinues() throws Exception {
        List<Throwable> errors = new CopyOnWriteArrayList<>();
        Recorder failing = new Recorder() {
            @Override
            public void onPartialResponse(String text) {
                super.onPartialResponse(text);
                throw new IllegalStateException("a defect of the handler");
            }

            @Override
            public void onError(Throwable thrown) {
                errors.add(thrown);
            }
        };
        chain(handler -> {
                    handler.onPartialResponse("a");
                    handler.onPartialResponse("b");
                    handler.onCompleteResponse(response("ab"));
                })
                .chat(QUESTION, failing);

        assertThat(failing.response().aiMessage().text()).isEqualTo("ab");
        assertThat(failing.events).containsExactly("a", "b");
        assertThat(errors).hasSize(2);
    }

    @Test
    void aStreamThatStallsIsHedged() throws Exception {
        FallbackStreamingChatModel.builder()
                .model("stalls", fake(handler -> {}))
                .model("two", second)
                .settings(
                        CallSettings.builder().firstToken(Duration.ofMillis(50)).build())
                .build()
                .chat(QUESTION, recorder);

        assertThat(recorder.response().aiMessage().text()).isEqualTo("because");
        assertThat(FallbackChatResponse.trailOf(recorder.response())
                        .orElseThrow()
                        .toString())
                .isEqualTo("stalls:cancelled, two:ok");
    }

    /** Requests one event at a time. */
    private static final class OneByOne implements Flow.Subscriber<ChatModelStreamingEvent> {
        private final List<Object> events = new CopyOnWriteArrayList<>();
        private final CompletableFuture<List<Object>> end = new CompletableFuture<>();
        private Flow.Subscription subscription;

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            given.request(1);
        }

        @Override
        public void onNext(ChatModelStreamingEvent event) {
            events.add(event);
            subscription.request(1);
        }

        @Override
        public void onError(Throwable thrown) {
            end.completeExceptionally(thrown);
        }

        @Override
        public void onComplete() {
            end.complete(events);
        }
    }

    @Test
    void streamsArePublishedAsEventsToo() throws Exception {
        OneByOne subscriber = new OneByOne();
        chain(handler -> handler.onError(new RateLimitException("slow down")))
                .chat(QUESTION)
                .subscribe(subscriber);

        List<Object> events = subscriber.end.get(30, TimeUnit.SECONDS);

        assertThat(events).hasSize(3);
        assertThat(events.subList(0, 2)).containsExactly(new PartialResponse("be"), new PartialResponse("cause"));
        ChatResponse complete = ((CompleteResponse) events.get(2)).chatResponse();
        assertThat(FallbackChatResponse.trailOf(complete).orElseThrow().toString())
                .isEqualTo("one:rate_limited, two:ok");
    }

    @Test
    void aPublishersErrorIsTheModelsOwn() {
        OneByOne subscriber = new OneByOne();
        RateLimitException limited = new RateLimitException("slow down");
        FallbackStreamingChatModel.builder()
                .model("one", fake(handler -> handler.onError(limited)))
                .settings(CallSettings.builder().retries(0).build())
                .build()
                .chat(QUESTION)
                .subscribe(subscriber);

        assertThatThrownBy(() -> subscriber.end.get(30, TimeUnit.SECONDS)).hasCause(limited);
    }
}
