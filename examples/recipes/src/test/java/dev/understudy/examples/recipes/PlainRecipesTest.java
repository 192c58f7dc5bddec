package dev.understudy.examples.recipes;

import static dev.understudy.client.Fallbacks.fallbacks;
import static dev.understudy.examples.recipes.Vendors.error;
import static dev.understudy.examples.recipes.Vendors.geminiSays;
import static dev.understudy.examples.recipes.Vendors.openaiSays;
import static dev.understudy.examples.recipes.Vendors.openaiStreams;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.client.Completion;
import dev.understudy.client.CompletionChunk;
import dev.understudy.client.CompletionRequest;
import dev.understudy.client.CompletionStream;
import dev.understudy.client.Message;
import dev.understudy.client.Understudy;
import dev.understudy.client.UnderstudyBuilder;
import dev.understudy.client.chain.FallbackChain;
import dev.understudy.client.chain.FallbackException;
import dev.understudy.client.chain.FallbackResult;
import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.engine.TrailEntry;
import dev.understudy.testing.wire.Reply;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The recipes of docs/guide with the plain client: what stands in the guide stands here, and runs. */
@Timeout(300)
class PlainRecipesTest {
    private final Vendors vendors = new Vendors();

    @AfterEach
    void stop() {
        vendors.close();
    }

    private static List<String> targets(Completion answer) {
        return answer.trail().attempts().stream().map(TrailEntry::target).toList();
    }

    /** Keywords AI. */
    @Test
    void fallbackModels() {
        vendors.openai.answerAlways(error(500));
        vendors.anthropic.answerAlways(error(529));
        vendors.gemini.answer(geminiSays("Once upon a time"));
        try (Understudy understudy = vendors.builder().retries(0).build()) {
            Completion answer = understudy.completion(CompletionRequest.of("gpt-4o-mini")
                    .user("Tell me a long story")
                    .fallbacks("claude-3-5-sonnet-20240620", "gemini-1.5-pro-002")
                    .build());

            assertThat(answer.text()).isEqualTo("Once upon a time");
            assertThat(targets(answer))
                    .containsExactly(
                            "openai/gpt-4o-mini", "anthropic/claude-3-5-sonnet-20240620", "gemini/gemini-1.5-pro-002");
        }
    }

    /** OpenPipe. */
    @Test
    void fallbackOfAFineTunedModel() {
        vendors.openpipe.answerAlways(error(503));
        vendors.openai.answer(openaiSays("1 2 3"));
        try (Understudy understudy = vendors.builder().retries(0).build()) {
            Completion answer = understudy.completion(CompletionRequest.of("openpipe:my-ft-model")
                    .system("count to 10")
                    .fallbacks("gpt-4-turbo")
                    .build());

            assertThat(answer.text()).isEqualTo("1 2 3");
            assertThat(answer.target()).isEqualTo("openai/gpt-4-turbo");
            assertThat(vendors.openpipe.take().head()).contains("sk-openpipe").doesNotContain("sk-openai");
            assertThat(vendors.openai.take().head()).contains("sk-openai").doesNotContain("sk-openpipe");
        }
    }

    /** OpenPipe's options are understood as they are. */
    @Test
    void fallbackInOpenPipesVocabulary() {
        vendors.openpipe.answerAlways(error(503));
        vendors.openai.answer(openaiSays("1 2 3"));
        try (Understudy understudy = vendors.builder().retries(0).build()) {
            Completion answer = understudy.completion(CompletionRequest.of("openpipe:my-ft-model")
                    .system("count to 10")
                    .set("openpipe", Map.of("fallback", Map.of("model", "gpt-4-turbo", "timeout", 20)))
                    .build());

            assertThat(answer.text()).isEqualTo("1 2 3");
            assertThat(vendors.openai.take().body()).doesNotContain("openpipe");
        }
    }

    /** A limit cancels the attempt and the next target is tried; here of 300 ms. */
    @Test
    void limitOfThePrimary() {
        vendors.openpipe.answerAlways(Reply.start().hold());
        vendors.openai.answer(openaiSays("1 2 3"));
        try (Understudy understudy = vendors.builder().build()) {
            Duration limit = Duration.ofMillis(300);
            Completion answer = understudy.completion(CompletionRequest.of("openpipe:my-ft-model")
                    .system("count to 10")
                    .fallbacks(fallbacks("gpt-4-turbo")
                            .with("timeouts", Map.of("answer", limit.toMillis() + "ms", "when_late", "cancel")))
                    .build());

            assertThat(answer.text()).isEqualTo("1 2 3");
            vendors.openpipe.take().peerClosedNanos(Duration.ofSeconds(30));
            assertThat(answer.trail()
                            .attempts()
                            .getFirst()
                            .failure()
                            .orElseThrow()
                            .kind()
                            .name())
                    .startsWith("TIMEOUT");
        }
    }

    /** OpenPipe's custom client: any server with OpenAI's API. */
    @Test
    void customServer() {
        vendors.openai.answerAlways(error(500));
        vendors.openpipe.answer(openaiSays("1 2 3"));
        URI baseUrl = URI.create(vendors.openpipe.baseUrl());
        String apiKey = "key-of-my-server";
        UnderstudyBuilder builder = vendors.builder();
        Understudy understudy = builder.provider("mine", baseUrl, apiKey).build();
        Completion answer = understudy.completion(CompletionRequest.of("gpt-4o-mini")
                .system("count to 10")
                .fallbacks("mine/my-model")
                .build());

        assertThat(answer.target()).isEqualTo("mine/my-model");
        assertThat(vendors.openpipe.take().head()).contains("Bearer " + apiKey);
        understudy.close();
    }

    /** LiteLLM: a bad model first, 45 seconds in all, and a minute without a model that has failed. */
    @Test
    void completionWithFallbacks() {
        vendors.openai.answerAlways(openaiSays("I cannot see the weather."));
        UnderstudyBuilder builder = vendors.builder();
        List<Message> messages = List.of(Message.user("What is the weather in San Francisco?"));
        Understudy understudy = builder.deadline(Duration.ofSeconds(45))
                .cooldown(Duration.ofSeconds(60))
                .build();
        Completion answer = understudy.completion(CompletionRequest.of("bad-model")
                .messages(messages)
                .fallbacks("gpt-3.5-turbo", "command-nightly")
                .build());

        assertThat(answer.target()).isEqualTo("openai/gpt-3.5-turbo");
        assertThat(answer.trail().skips()).extracting(TrailEntry::target).contains("bad-model");
        understudy.close();
    }

    /** LiteLLM's cooldown: the model that failed is skipped by the next call. */
    @Test
    void cooldown() {
        vendors.anthropic.answerAlways(error(500));
        vendors.openai.answerAlways(openaiSays("Hi"));
        try (Understudy understudy =
                vendors.builder().cooldown(Duration.ofSeconds(60)).retries(0).build()) {
            CompletionRequest request = CompletionRequest.of("claude-sonnet-4-5")
                    .user("Hello")
                    .fallbacks("gpt-3.5-turbo")
                    .build();
            assertThat(targets(understudy.completion(request))).hasSize(2);
            assertThat(targets(understudy.completion(request))).containsExactly("openai/gpt-3.5-turbo");
            assertThat(vendors.anthropic.requestCount()).isEqualTo(1);
        }
    }

    /** The guide of 2025: retry with backoff first. */
    @Test
    void retriesFirst() {
        vendors.openai.answer(error(503)).answer(error(503)).answer(openaiSays("Because of Rayleigh scattering."));
        try (Understudy understudy = vendors.builder().retries(2).build()) {
            Completion answer = understudy.completion(CompletionRequest.of("gpt-4o")
                    .user("Why is the sky blue?")
                    .fallbacks(fallbacks("gpt-4o-mini").retries(2))
                    .build());

            assertThat(answer.text()).isEqualTo("Because of Rayleigh scattering.");
            assertThat(targets(answer)).containsExactly("openai/gpt-4o", "openai/gpt-4o", "openai/gpt-4o");
        }
    }

    /** A blank answer is a failure. */
    @Test
    void blankAnswers() {
        vendors.openai.answer(openaiSays("  ")).answer(openaiSays("Because of Rayleigh scattering."));
        try (Understudy understudy = vendors.builder().retries(0).build()) {
            Completion answer = understudy.completion(CompletionRequest.of("gpt-4o")
                    .user("Why is the sky blue?")
                    .fallbacks("gpt-4o-mini")
                    .build());

            assertThat(answer.target()).isEqualTo("openai/gpt-4o-mini");
        }
    }

    /** Checks of answers. */
    @Test
    void checkedAnswers() {
        vendors.openai.answer(openaiSays("no JSON")).answer(openaiSays("{\\\"city\\\": \\\"Paris\\\"}"));
        try (Understudy understudy = vendors.builder().retries(0).build()) {
            Completion answer = understudy.completion(CompletionRequest.of("gpt-4o")
                    .user("Which city is the capital of France? Answer in JSON.")
                    .fallbacks(fallbacks("gpt-4o-mini").with("accept", Map.of("json", true, "min_length", 10)))
                    .build());

            assertThat(answer.target()).isEqualTo("openai/gpt-4o-mini");
        }
    }

    /** A check in Java, over functions of the application. */
    @Test
    void checksOfOnesOwn() {
        record Weather(String city, int degrees) {}
        FallbackChain<String, Weather> chain = FallbackChain.<String, Weather>builder()
                .target("primary", city -> new Weather(city, 900))
                .target("fallback", city -> new Weather(city, 21))
                .validator((city, weather) -> weather.degrees() > 60
                        ? Optional.of(Failure.of(FailureKind.INVALID_OUTPUT, "no weather of this planet"))
                        : Optional.empty())
                .build();
        FallbackResult<Weather> result = chain.call("Paris");

        assertThat(result.answer().degrees()).isEqualTo(21);
        assertThat(result.target()).isEqualTo("fallback");
    }

    @Test
    void asynchronously() throws Exception {
        vendors.openai.answer(error(503)).answer(openaiSays("Because of Rayleigh scattering."));
        try (Understudy understudy = vendors.builder().retries(0).build()) {
            CompletableFuture<String> text = understudy
                    .completionAsync(CompletionRequest.of("gpt-4.1")
                            .user("Why is the sky blue?")
                            .fallbacks("gpt-4.1-mini")
                            .build())
                    .thenApply(Completion::text);

            assertThat(text.get(60, TimeUnit.SECONDS)).isEqualTo("Because of Rayleigh scattering.");
        }
    }

    @Test
    void streaming() {
        vendors.openai.answer(error(503)).answer(openaiStreams("Because of ", "Rayleigh scattering."));
        StringBuilder seen = new StringBuilder();
        try (Understudy understudy = vendors.builder().retries(0).build()) {
            CompletionRequest request = CompletionRequest.of("gpt-4o")
                    .user("Why is the sky blue?")
                    .fallbacks("gpt-4o-mini")
                    .build();
            try (CompletionStream stream = understudy.stream(request)) {
                while (stream.hasNext()) {
                    CompletionChunk chunk = stream.next();
                    seen.append(chunk.text());
                }
            }

            assertThat(seen).hasToString("Because of Rayleigh scattering.");
        }
    }

    /** The providers whose keys the environment has. */
    @Test
    void keysFromTheEnvironment() {
        vendors.openai.answerAlways(openaiSays("Hi"));
        Map<String, String> environment =
                Map.of("OPENAI_API_KEY", "sk-of-environment-0123456789", "OPENAI_BASE_URL", vendors.openai.baseUrl());
        try (Understudy understudy =
                Understudy.builder().environment(environment).build()) {
            assertThat(understudy
                            .completion(CompletionRequest.of("gpt-4o-mini")
                                    .user("Hello")
                                    .build())
                            .text())
                    .isEqualTo("Hi");
            assertThat(vendors.openai.take().head()).contains("Bearer sk-of-environment-0123456789");
        }
        assertThatThrownBy(() -> Understudy.builder().environment(Map.of()).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("OPENAI_API_KEY");
    }

    /** The configuration of the gateway, in the library. */
    @Test
    void configurationFile() {
        Path file = Path.of("..", "gateway", "understudy.yaml");
        try (Understudy understudy = Understudy.builder()
                .file(file)
                .environment(Map.of(
                        "OPENAI_API_KEY", "sk-openai-0123456789",
                        "ANTHROPIC_API_KEY", "sk-ant-0123456789",
                        "OPENPIPE_API_KEY", "sk-openpipe-0123456789"))
                .build()) {
            assertThat(understudy.models()).contains("assistant", "openpipe:my-ft-model");
            assertThat(understudy.warnings()).isEmpty();
        }
    }

    @Test
    void whenNoTargetCanAnswer() {
        vendors.openai.answerAlways(error(503));
        vendors.anthropic.answerAlways(error(529));
        try (Understudy understudy =
                vendors.builder().retries(0).deadline(Duration.ofSeconds(2)).build()) {
            CompletionRequest request = CompletionRequest.of("gpt-4o")
                    .user("Hello")
                    .fallbacks("claude-sonnet-4-5")
                    .build();
            String seen = "";
            try {
                seen = understudy.completion(request).text();
            } catch (FallbackException failed) {
                seen = failed.kind() + " " + failed.verdict().status() + " " + failed.trail();
            }

            assertThat(seen).contains("503").contains("openai/gpt-4o").contains("anthropic/claude-sonnet-4-5");
        }
    }
}
