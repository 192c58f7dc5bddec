package dev.understudy.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.ContentFilteredException;
import dev.langchain4j.exception.HttpException;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.LangChain4jException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.TimeoutException;
import dev.langchain4j.exception.UnresolvedModelServerException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.listener.ChatModelErrorContext;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.listener.ChatModelResponseContext;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.openai.OpenAiChatRequestParameters;
import dev.langchain4j.model.output.FinishReason;
import dev.understudy.client.chain.CallSettings;
import dev.understudy.client.chain.FallbackException;
import dev.understudy.client.chain.TargetOptions;
import dev.understudy.engine.FailureKind;
import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class FallbackChatModelTest {
    /** A model that does what a test says, and remembers what it was sent. */
    private static final class FakeModel implements ChatModel {
        private final Function<ChatRequest, ChatResponse> behaviour;
        private final List<ChatRequest> requests = new CopyOnWriteArrayList<>();
        private ChatRequestParameters defaults = ChatRequestParameters.builder().build();
        private Set<Capability> capabilities = Set.of();

        FakeModel(Function<ChatRequest, ChatResponse> behaviour) {
            this.behaviour = behaviour;
        }

        FakeModel with(ChatRequestParameters ownDefaults) {
            defaults = ownDefaults;
            return this;
        }

        FakeModel supporting(Capability... some) {
            capabilities = Set.of(some);
            return this;
        }

        @Override
        public ChatResponse doChat(ChatRequest request) {
            requests.add(request);
            return behaviour.apply(request);
        }

        @Override
        public ChatRequestParameters defaultRequestParameters() {
            return defaults;
        }

        @Override
        public Set<Capability> supportedCapabilities() {
            return capabilities;
        }

        @Override
        public ModelProvider provider() {
            return ModelProvider.MISTRAL_AI;
        }

        ChatRequest received() {
            return requests.getFirst();
        }
    }

    private static ChatResponse text(String text) {
        return ChatResponse.builder().aiMessage(AiMessage.from(text)).build();
    }

    private static FakeModel says(String text) {
        return new FakeModel(request -> text(text));
    }

    private static FakeModel throwing(RuntimeException thrown) {
        return new FakeModel(request -> {
            throw thrown;
        });
    }

    private static FallbackChatModel of(ChatModel first, ChatModel second) {
        return FallbackChatModel.builder()
                .model("one", first)
                .model("two", second)
                .build();
    }

    private static final ChatRequest QUESTION =
            ChatRequest.builder().messages(UserMessage.from("why?")).build();

    @Test
    void theFirstModelAnswersAndTheResponseHasItsTrail() {
        FallbackChatModel model = of(says("because"), says("no idea"));

        ChatResponse response = model.chat(QUESTION);

        assertThat(response.aiMessage().text()).isEqualTo("because");
        assertThat(FallbackChatResponse.trailOf(response).orElseThrow().toString())
                .isEqualTo("one:ok");
        assertThat(((FallbackChatResponse) response).target()).isEqualTo("one");
        assertThat(FallbackChatResponse.trailOf(text("x"))).isEmpty();
        assertThat(model.chat("why?")).isEqualTo("because");
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                Arguments.of(new RateLimitException("slow down"), FailureKind.RATE_LIMITED),
                Arguments.of(
                        new RateLimitException(new HttpException(429, "{\"error\":{\"code\":\"insufficient_quota\"}}")),
                        FailureKind.QUOTA),
                Arguments.of(new AuthenticationException(new HttpException(401, "")), FailureKind.AUTH),
                Arguments.of(new InternalServerException(new HttpException(529, "")), FailureKind.OVERLOADED),
                Arguments.of(new InternalServerException("failed"), FailureKind.SERVER_ERROR),
                Arguments.of(new InvalidRequestException(new HttpException(400, "")), FailureKind.BAD_REQUEST),
                Arguments.of(new InvalidRequestException("top_k"), FailureKind.BAD_REQUEST),
                Arguments.of(new ModelNotFoundException("no such model"), FailureKind.UNKNOWN_MODEL),
                Arguments.of(new TimeoutException("late"), FailureKind.TIMEOUT_FIRST_TOKEN),
                Arguments.of(new TimeoutException(new HttpTimeoutException("late")), FailureKind.TIMEOUT_FIRST_TOKEN),
                Arguments.of(new UnresolvedModelServerException("nowhere"), FailureKind.CONNECTION),
                Arguments.of(new UnsupportedFeatureException("images"), FailureKind.UNSUPPORTED),
                Arguments.of(new LangChain4jException(new IOException("reset")), FailureKind.CONNECTION),
                Arguments.of(new RuntimeException(new IOException("reset")), FailureKind.CONNECTION),
                Arguments.of(new IllegalArgumentException("a defect"), FailureKind.BAD_REQUEST));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void theSecondModelAnswersWhateverTheFirstOneThrows(RuntimeException thrown, FailureKind kind) {
        FallbackChatResponse response =
                (FallbackChatResponse) of(throwing(thrown), says("because")).chat(QUESTION);

        assertThat(response.target()).isEqualTo("two");
        assertThat(response.trail()
                        .attempts()
                        .getFirst()
                        .failure()
                        .orElseThrow()
                        .kind())
                .isEqualTo(kind);
    }

    @ParameterizedTest
    @MethodSource("faults")
    void theModelsOwnExceptionIsKeptWhenNoModelAnswers(RuntimeException thrown, FailureKind kind) {
        FallbackChatModel model = FallbackChatModel.builder()
                .model("one", throwing(thrown))
                .settings(CallSettings.builder().retries(0).build())
                .build();

        Throwable caught = catchThrowable(() -> model.chat(QUESTION));

        assertThat(caught).isSameAs(thrown);
        FallbackException failed = FallbackException.in(caught).orElseThrow();
        assertThat(failed.kind()).isEqualTo(kind);
        assertThat(failed.trail().attempts()).hasSize(1);
        assertThat(failed).hasNoCause();
    }

    @Test
    void contentFiltersEndTheChainUnlessTheSettingsSayOtherwise() {
        ContentFilteredException filtered = new ContentFilteredException(new HttpException(400, "{}"));
        assertThatThrownBy(() -> of(throwing(filtered), says("because")).chat(QUESTION))
                .isSameAs(filtered);

        FallbackChatModel model = FallbackChatModel.builder()
                .model("one", throwing(filtered))
                .model("two", says("because"))
                .settings(CallSettings.builder()
                        .fallbackOn(FailureKind.CONTENT_POLICY)
                        .build())
                .build();
        assertThat(model.chat("why?")).isEqualTo("because");
    }

    @Test
    void anExplicitLimitCancelsAModelThatStalls() {
        CountDownLatch interrupted = new CountDownLatch(1);
        FakeModel stall = new FakeModel(request -> {
            try {
                new CountDownLatch(1).await();
                return text("never");
            } catch (InterruptedException stopped) {
                interrupted.countDown();
                throw new IllegalStateException(stopped);
            }
        });
        FallbackChatModel model = FallbackChatModel.builder()
                .model("one", stall, TargetOptions.DEFAULT.withTimeout(Duration.ofMillis(50)))
                .model("two", says("because"))
                .build();

        assertThat(model.chat("why?")).isEqualTo("because");
        assertThat(awaits(interrupted)).isTrue();
    }

    private static boolean awaits(CountDownLatch latch) {
        try {
            return latch.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    @Test
    void aDeadlineIsLangChain4jsTimeout() {
        FakeModel stall = new FakeModel(request -> {
            awaits(new CountDownLatch(1));
            return text("never");
        });
        FallbackChatModel model = FallbackChatModel.builder()
                .model("one", stall)
                .settings(CallSettings.builder().deadline(Duration.ofMillis(50)).build())
                .build();

        assertThatThrownBy(() -> model.chat(QUESTION))
                .isInstanceOf(TimeoutException.class)
                .hasCauseInstanceOf(FallbackException.class);
    }

    @Test
    void aBlankResponseIsRejectedButNotAToolCallNorTheCallersOwnLimit() {
        assertThat(of(says(" "), says("because")).chat("why?")).isEqualTo("because");

        AiMessage call = AiMessage.from(ToolExecutionRequest.builder()
                .id("1")
                .name("weather")
                .arguments("{}")
                .build());
        FakeModel calls =
                new FakeModel(request -> ChatResponse.builder().aiMessage(call).build());
        assertThat(of(calls, says("because")).chat(QUESTION).aiMessage()).isEqualTo(call);

        FakeModel limited = new FakeModel(request -> ChatResponse.builder()
                .aiMessage(AiMessage.from(" "))
                .finishReason(FinishReason.LENGTH)
                .build());
        ChatRequest oneToken = ChatRequest.builder()
                .messages(UserMessage.from("why?"))
                .maxOutputTokens(1)
                .build();
        assertThat(of(limited, says("because")).chat(oneToken).aiMessage().text())
                .isEqualTo(" ");
        assertThat(of(limited, says("because")).chat(QUESTION).aiMessage().text())
                .isEqualTo("because");
    }

    @Test
    void aResponseThatAContentFilterEmptiedIsDeliveredUnlessTheSettingsSayOtherwise() {
        FakeModel filtered = new FakeModel(request -> ChatResponse.builder()
                .aiMessage(AiMessage.from(""))
                .finishReason(FinishReason.CONTENT_FILTER)
                .build());
        FakeModel second = says("because");

        ChatResponse delivered = of(filtered, second).chat(QUESTION);
        assertThat(delivered.finishReason()).isEqualTo(FinishReason.CONTENT_FILTER);
        assertThat(FallbackChatResponse.trailOf(delivered)).hasToString("Optional[one:content_policy]");
        assertThat(second.requests).isEmpty();

        FallbackChatModel lenient = FallbackChatModel.builder()
                .model("one", filtered)
                .model("two", second)
                .settings(CallSettings.builder()
                        .fallbackOn(FailureKind.CONTENT_POLICY)
                        .build())
                .build();
        assertThat(lenient.chat("why?")).isEqualTo("because");
    }

    @Test
    void aValidatorRejectsResponses() {
        FallbackChatModel model = FallbackChatModel.builder()
                .model("one", says("prose"))
                .model("two", says("{}"))
                .validator((request, response) -> response.aiMessage().text().startsWith("{")
                        ? Optional.empty()
                        : Optional.of(dev.understudy.client.chain.TargetFailures.rejected("no JSON")))
                .build();

        assertThat(model.chat("why?")).isEqualTo("{}");
    }

    @Test
    void eachModelGetsARequestOfItsOwn() {
        FakeModel first = throwing(new RateLimitException("slow down"))
                .with(ChatRequestParameters.builder()
                        .modelName("small")
                        .temperature(0.1)
                        .build());
        FakeModel second = says("because")
                .with(ChatRequestParameters.builder()
                        .modelName("other")
                        .topP(0.5)
                        .build());
        ChatRequest request = ChatRequest.builder()
                .messages(UserMessage.from("why?"))
                .modelName("large")
                .maxOutputTokens(7)
                .build();

        of(first, second).chat(request);

        assertThat(first.received().modelName()).isEqualTo("large");
        assertThat(first.received().temperature()).isEqualTo(0.1);
        assertThat(first.received().maxOutputTokens()).isEqualTo(7);
        assertThat(second.received().modelName()).isEqualTo("other");
        assertThat(second.received().temperature()).isNull();
        assertThat(second.received().topP()).isEqualTo(0.5);
        assertThat(second.received().maxOutputTokens()).isEqualTo(7);
        assertThat(second.received().messages()).isEqualTo(request.messages());
    }

    @Test
    void parametersOfAProviderGoToItsOwnModelsOnly() {
        OpenAiChatRequestParameters ofOpenAi = OpenAiChatRequestParameters.builder()
                .modelName("large")
                .temperature(0.3)
                .seed(42)
                .build();
        ChatRequest request = ChatRequest.builder()
                .messages(UserMessage.from("why?"))
                .parameters(ofOpenAi)
                .build();
        FakeModel first = throwing(new RateLimitException("slow down"))
                .with(OpenAiChatRequestParameters.builder().modelName("small").build());
        FakeModel same = throwing(new RateLimitException("slow down"))
                .with(OpenAiChatRequestParameters.builder().modelName("other").build());
        FakeModel foreign = says("because")
                .with(ChatRequestParameters.builder().modelName("foreign").build());

        FallbackChatModel.builder()
                .model("one", first)
                .model("two", same)
                .model("three", foreign)
                .build()
                .chat(request);

        OpenAiChatRequestParameters atFirst =
                (OpenAiChatRequestParameters) first.received().parameters();
        assertThat(atFirst.seed()).isEqualTo(42);
        assertThat(atFirst.modelName()).isEqualTo("large");
        OpenAiChatRequestParameters atSame =
                (OpenAiChatRequestParameters) same.received().parameters();
        assertThat(atSame.seed()).isEqualTo(42);
        assertThat(atSame.modelName()).isEqualTo("other");
        assertThat(foreign.received().parameters()).isNotInstanceOf(OpenAiChatRequestParameters.class);
        assertThat(foreign.received().modelName()).isEqualTo("foreign");
        assertThat(foreign.received().temperature()).isEqualTo(0.3);
    }

    @Test
    void modelsAreNamedByProviderAndModel() {
        ChatRequestParameters small =
                ChatRequestParameters.builder().modelName("small").build();
        FallbackChatModel model =
                FallbackChatModel.of(says("a").with(small), says("b").with(small), says("c"));

        assertThat(model.targets()).containsExactly("mistral-ai/small", "mistral-ai/small#2", "mistral-ai");
        assertThat(model.health()).hasSize(3);
    }

    @Test
    void callersRelyOnWhatAllModelsSupport() {
        FakeModel json = says("a").supporting(Capability.RESPONSE_FORMAT_JSON_SCHEMA);

        assertThat(of(json, json).supportedCapabilities()).containsExactly(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
        assertThat(of(json, says("b")).supportedCapabilities()).isEmpty();
        assertThat(FallbackChatModel.builder()
                        .model(says("b"))
                        .supportedCapabilities(Set.of(Capability.RESPONSE_FORMAT_JSON_SCHEMA))
                        .build()
                        .supportedCapabilities())
                .hasSize(1);
    }

    @Test
    void listenersOfTheModelAreTold() {
        List<String> events = new CopyOnWriteArrayList<>();
        ChatModelListener listener = new ChatModelListener() {
            @Override
            public void onResponse(ChatModelResponseContext context) {
                events.add("response "
                        + FallbackChatResponse.trailOf(context.chatResponse()).orElseThrow());
            }

            @Override
            public void onError(ChatModelErrorContext context) {
                events.add("error "
                        + FallbackException.in(context.error()).orElseThrow().trail());
            }
        };
        AuthenticationException refused = new AuthenticationException("refused");
        FallbackChatModel.builder()
                .model("one", throwing(refused))
                .model("two", says("because"))
                .listeners(List.of(listener))
                .build()
                .chat("why?");
        FallbackChatModel failing = FallbackChatModel.builder()
                .model("one", throwing(refused))
                .listeners(List.of(listener))
                .build();
        assertThatThrownBy(() -> failing.chat("why?")).isSameAs(refused);

        assertThat(events).containsExactly("response one:auth, two:ok", "error one:auth");
    }

    @Test
    void callsCanBeMadeWithoutWaitingAndCancelled() throws Exception {
        assertThat(of(throwing(new RateLimitException("slow down")), says("because"))
                        .chatAsync(QUESTION)
                        .get(30, TimeUnit.SECONDS)
                        .aiMessage()
                        .text())
                .isEqualTo("because");

        CountDownLatch began = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        FakeModel stall = new FakeModel(request -> {
            began.countDown();
            try {
                new CountDownLatch(1).await();
                return text("never");
            } catch (InterruptedException stopped) {
                interrupted.countDown();
                throw new IllegalStateException(stopped);
            }
        });
        CompletableFuture<ChatResponse> future = FallbackChatModel.of(stall).chatAsync(QUESTION);
        assertThat(awaits(began)).isTrue();
        future.cancel(true);
        assertThat(awaits(interrupted)).isTrue();

        AuthenticationException refused = new AuthenticationException("refused");
        CompletableFuture<ChatResponse> failed =
                FallbackChatModel.of(throwing(refused)).chatAsync(QUESTION);
        assertThatThrownBy(() -> failed.get(30, TimeUnit.SECONDS)).hasCause(refused);
    }

    @Test
    void badArgumentsAreRefusedAtTheCall() {
        assertThatThrownBy(() -> FallbackChatModel.of())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("models is empty");
        assertThatThrownBy(() -> FallbackChatModel.builder().build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("model(model)");
        assertThatThrownBy(() -> FallbackChatModel.builder().model((ChatModel) null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("model is null");
        assertThatThrownBy(() -> FallbackChatModel.builder()
                        .model("one", says("a"))
                        .model("one", says("b"))
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"one\"");
        FallbackChatModel closed = FallbackChatModel.of(says("a"));
        closed.close();
        assertThatThrownBy(() -> closed.chat("why?"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }
}
