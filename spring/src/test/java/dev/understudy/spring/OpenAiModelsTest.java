package dev.understudy.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.openai.errors.InternalServerException;
import dev.understudy.client.chain.CallSettings;
import dev.understudy.client.chain.FallbackException;
import dev.understudy.engine.TrailEntry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.client.advisor.ToolCallingAdvisor;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.model.tool.ToolCallingManager;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.ai.openai.OpenAiChatOptions;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.function.FunctionToolCallback;

/**
 * Spring AI's own models, through its own client, against two local servers. Whether a cancelled stream closes the connection is
 * not tested here: the SDK below Spring AI leaves it open now and then, without Understudy as well. That the model's stream is
 * cancelled is tested in {@link FallbackChatModelStreamTest}.
 */
@Timeout(120)
class OpenAiModelsTest {
    private final FakeOpenAi first = new FakeOpenAi();
    private final FakeOpenAi second = new FakeOpenAi();
    private FallbackChatModel model;
    private ChatClient client;

    @BeforeEach
    void begin() {
        model = FallbackChatModel.builder()
                .settings(CallSettings.builder().retries(0).build())
                .model("first", openAi(first, "gpt-first"))
                .model("second", openAi(second, "gpt-second"))
                .build();
        client = ChatClient.create(model);
    }

    @AfterEach
    void end() {
        first.close();
        second.close();
    }

    private static OpenAiChatModel openAi(FakeOpenAi server, String name) {
        return OpenAiChatModel.builder()
                .options(OpenAiChatOptions.builder()
                        .baseUrl(server.url())
                        .apiKey(name + "-key")
                        .model(name)
                        .maxRetries(0)
                        .timeout(Duration.ofSeconds(60))
                        .build())
                .build();
    }

    @Test
    void thePrimaryAnswers() {
        first.answers("From the first.");

        assertThat(client.prompt("Hello").call().content()).isEqualTo("From the first.");
        assertThat(second.requests).isEmpty();
    }

    @Test
    void aCallFallsBackWithTheKeyAndTheModelOfTheFallback() {
        first.fails(500, "{\"error\":{\"message\":\"broken\"}}");
        second.answers("From the second.");

        ChatResponse response = client.prompt("Hello")
                .options(OpenAiChatOptions.builder().temperature(0.5).seed(9))
                .call()
                .chatResponse();

        assertThat(FakeModel.text(response)).isEqualTo("From the second.");
        assertThat(FallbackChatModel.trail(response).orElseThrow().attempts())
                .extracting(TrailEntry::outcome)
                .containsExactly("server_error", "ok");
        assertThat(first.requests.getFirst().body()).contains("\"gpt-first\"").contains("\"seed\":9");
        FakeOpenAi.Request fallback = second.requests.getFirst();
        assertThat(fallback.body()).contains("\"gpt-second\"").contains("0.5").doesNotContain("seed");
        assertThat(fallback.authorization()).isEqualTo("Bearer gpt-second-key");
    }

    @Test
    void aRateLimitIsReadWithItsHint() {
        first.fails(429, "{\"error\":{\"message\":\"slow\",\"code\":\"rate_limit_exceeded\"}}", "retry-after", "20");
        second.answers("From the second.");

        client.prompt("Hello").call().content();

        assertThat(model.health().getFirst().because())
                .hasValueSatisfying(kind -> assertThat(kind.wireName()).isEqualTo("rate_limited"));
        assertThat(model.health().getFirst().cooldown()).isBetween(Duration.ofSeconds(5), Duration.ofSeconds(20));
    }

    @Test
    void aStreamFallsBackBeforeItsFirstContent() {
        first.fails(503, "{}");
        second.streams("From ", "the ", "second.");

        List<String> parts =
                client.prompt("Hello").stream().content().collectList().block();

        assertThat(String.join("", parts)).isEqualTo("From the second.");
        assertThat(second.requests.getFirst().body())
                .contains("\"stream\":true")
                .contains("gpt-second");
    }

    @Test
    void theLastPartOfAStreamHasTheTrail() {
        first.streams("From ", "the ", "first.");

        List<ChatResponse> parts =
                model.stream(new Prompt("Hello")).collectList().block();

        assertThat(FallbackChatModel.trail(parts.getLast())).isPresent();
        assertThat(parts.stream().filter(part -> FallbackChatModel.trail(part).isPresent()))
                .hasSize(1);
    }

    @Test
    void aStreamThatIsCutOffAfterTheFirstContentIsTruncated() {
        first.streams("Whole.");
        client.prompt("Hello").stream().content().blockLast();
        first.cutsOffAfter("From ", "the ");

        FallbackException failed = catchThrowableOfType(
                FallbackException.class,
                () -> client.prompt("Hello").stream().content().blockLast());

        assertThat(failed.isTruncated()).isTrue();
        assertThat(second.requests).isEmpty();
    }

    @Test
    void toolsAreExecutedOnceAcrossAFallback() {
        AtomicInteger executed = new AtomicInteger();
        ToolCallback weather = FunctionToolCallback.builder("weather", (City city) -> {
                    executed.incrementAndGet();
                    return "rain in " + city.name();
                })
                .inputType(City.class)
                .build();
        // The first model asks for the tool; it is down when it should read the result, and the second one reads it.
        first.callsTool("weather", "{\"name\":\"Berlin\"}");
        first.fails(500, "{}");
        second.answers("It rains.");

        String answer = ChatClient.builder(model)
                .defaultAdvisors(ToolCallingAdvisor.builder()
                        .toolCallingManager(ToolCallingManager.builder().build())
                        .build())
                .build()
                .prompt("How is the weather?")
                .tools(weather)
                .call()
                .content();

        assertThat(answer).isEqualTo("It rains.");
        assertThat(executed).hasValue(1);
        assertThat(second.requests.getFirst().body()).contains("rain in Berlin").contains("\"weather\"");
    }

    record City(String name) {}

    @Test
    void ifBothFailTheCauseIsTheSdksException() {
        first.fails(500, "{\"error\":{\"message\":\"first\"}}");
        second.fails(500, "{\"error\":{\"message\":\"second\"}}");

        FallbackException failed = catchThrowableOfType(
                FallbackException.class, () -> client.prompt("Hello").call().content());

        assertThat(failed).hasCauseInstanceOf(InternalServerException.class);
        assertThat(failed.trail().attempts()).hasSize(2);
    }
}
