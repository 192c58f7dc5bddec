package dev.understudy.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.understudy.client.chain.CallSettings;
import dev.understudy.client.chain.FallbackException;
import dev.understudy.client.chain.TargetOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The OpenAI models of LangChain4j against servers of the test: what real exceptions and real streams look like. */
@Timeout(120)
class OpenAiModelsTest {
    private static final String ANSWER = """
            {"id":"1","object":"chat.completion","created":1,"model":"served","choices":[{"index":0,"finish_reason":"stop",
            "message":{"role":"assistant","content":"because"}}],"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}
            """;

    private final List<HttpServer> servers = new ArrayList<>();
    private final CountDownLatch over = new CountDownLatch(1);

    @FunctionalInterface
    private interface Behaviour {
        void on(HttpExchange exchange) throws IOException;
    }

    /** An OpenAI API that does what a test says, and remembers what it was sent. */
    private final class Api {
        private final HttpServer server;
        private final List<String> bodies = new CopyOnWriteArrayList<>();

        Api(Behaviour behaviour) {
            try {
                server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.createContext("/", exchange -> {
                bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
                behaviour.on(exchange);
                exchange.close();
            });
            server.start();
            servers.add(server);
        }

        private String url() {
            return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
        }

        OpenAiChatModel model(String name) {
            return OpenAiChatModel.builder()
                    .baseUrl(url())
                    .apiKey("a-key")
                    .modelName(name)
                    .maxRetries(0)
                    .build();
        }

        OpenAiStreamingChatModel streamingModel(String name) {
            return OpenAiStreamingChatModel.builder()
                    .baseUrl(url())
                    .apiKey("a-key")
                    .modelName(name)
                    .build();
        }
    }

    @AfterEach
    void stop() {
        over.countDown();
        servers.forEach(server -> server.stop(0));
    }

    private static Behaviour status(int status, String body) {
        return exchange -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        };
    }

    private static Behaviour stream(String... texts) {
        return exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, 0);
            OutputStream out = exchange.getResponseBody();
            for (String text : texts) {
                out.write(chunk("{\"content\":\"" + text + "\"}", "null"));
                out.flush();
            }
            out.write(chunk("{}", "\"stop\""));
            out.write("data: [DONE]\n\n".getBytes(StandardCharsets.UTF_8));
            out.close();
        };
    }

    private static byte[] chunk(String delta, String finish) {
        return ("data: {\"id\":\"1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"served\","
                        + "\"choices\":[{\"index\":0,\"delta\":" + delta + ",\"finish_reason\":" + finish + "}]}\n\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    private Behaviour stall() {
        return exchange -> {
            try {
                over.await();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        };
    }

    private static final String LIMITED = "{\"error\":{\"message\":\"Rate limit reached\",\"type\":\"requests\","
            + "\"code\":\"rate_limit_exceeded\"}}";

    @Test
    void aSecondServerAnswersAndEachGetsItsOwnModelName() {
        Api limited = new Api(status(429, LIMITED));
        Api good = new Api(status(200, ANSWER));
        FallbackChatModel model = FallbackChatModel.of(limited.model("gpt-primary"), good.model("gpt-fallback"));

        ChatResponse response = model.chat(dev.langchain4j.data.message.UserMessage.from("why?"));

        assertThat(response.aiMessage().text()).isEqualTo("because");
        assertThat(response.tokenUsage().totalTokenCount()).isEqualTo(2);
        assertThat(FallbackChatResponse.trailOf(response).orElseThrow().toString())
                .isEqualTo("openai/gpt-primary:rate_limited, openai/gpt-fallback:ok");
        assertThat(limited.bodies.getFirst()).contains("gpt-primary");
        assertThat(good.bodies)
                .singleElement()
                .asString()
                .contains("gpt-fallback")
                .doesNotContain("gpt-primary");
    }

    @Test
    void errorsAreClassifiedByTheirBodies() {
        Api quota = new Api(status(
                429,
                "{\"error\":{\"message\":\"You exceeded your current quota\","
                        + "\"type\":\"insufficient_quota\",\"code\":\"insufficient_quota\"}}"));
        Api tooLong =
                new Api(status(400, "{\"error\":{\"message\":\"too long\",\"code\":\"context_length_exceeded\"}}"));
        Api failing = new Api(status(500, ""));
        Api garbled = new Api(status(200, "<html>"));
        Api blank = new Api(status(200, ANSWER.replace("because", " ")));
        Api good = new Api(status(200, ANSWER));
        FallbackChatModel model = FallbackChatModel.builder()
                .models(List.of(
                        quota.model("quota"),
                        tooLong.model("small"),
                        failing.model("failing"),
                        garbled.model("garbled"),
                        blank.model("blank"),
                        good.model("good")))
                .settings(CallSettings.builder().retries(0).build())
                .build();

        ChatResponse response = model.chat(dev.langchain4j.data.message.UserMessage.from("why?"));

        assertThat(response.aiMessage().text()).isEqualTo("because");
        assertThat(FallbackChatResponse.trailOf(response).orElseThrow().toString())
                .startsWith("openai/quota:quota, openai/small:context_length, openai/failing:server_error, ")
                .endsWith("openai/blank:empty, openai/good:ok");
    }

    @Test
    void aServerThatStallsIsCancelled() {
        Api stalling = new Api(stall());
        Api good = new Api(status(200, ANSWER));
        FallbackChatModel model = FallbackChatModel.builder()
                .model("stalls", stalling.model("a"), TargetOptions.DEFAULT.withTimeout(Duration.ofMillis(300)))
                .model("good", good.model("b"))
                .build();

        assertThat(model.chat("why?")).isEqualTo("because");
    }

    @Test
    void aServerThatCannotBeReachedIsAConnectionFailure() {
        Api gone = new Api(status(200, ANSWER));
        OpenAiChatModel unreachable = gone.model("gone");
        gone.server.stop(0);
        Api good = new Api(status(200, ANSWER));

        ChatResponse response = FallbackChatModel.builder()
                .model("gone", unreachable)
                .model("good", good.model("good"))
                .settings(CallSettings.builder().retries(0).build())
                .build()
                .chat(dev.langchain4j.data.message.UserMessage.from("why?"));

        assertThat(FallbackChatResponse.trailOf(response).orElseThrow().toString())
                .isEqualTo("gone:connection, good:ok");
    }

    @Test
    void theModelsExceptionIsKept() {
        Api refusing =
                new Api(status(401, "{\"error\":{\"message\":\"Incorrect API key\",\"code\":\"invalid_api_key\"}}"));

        Throwable thrown =
                catchThrowable(() -> FallbackChatModel.of(refusing.model("a")).chat("why?"));

        assertThat(thrown).isInstanceOf(AuthenticationException.class);
        assertThat(FallbackException.in(thrown).orElseThrow().verdict().status())
                .isEqualTo(502);
    }

    // Streams.

    private static CompletableFuture<ChatResponse> stream(FallbackStreamingChatModel model, List<String> texts) {
        CompletableFuture<ChatResponse> end = new CompletableFuture<>();
        model.chat("why?", new StreamingChatResponseHandler() {
            @Override
            public void onPartialResponse(String text) {
                texts.add(text);
            }

            @Override
            public void onCompleteResponse(ChatResponse response) {
                end.complete(response);
            }

            @Override
            public void onError(Throwable thrown) {
                end.completeExceptionally(thrown);
            }
        });
        return end;
    }

    @Test
    void aSecondServerStreams() throws Exception {
        Api failing = new Api(status(503, ""));
        Api good = new Api(stream("be", "cause"));
        List<String> texts = new CopyOnWriteArrayList<>();

        ChatResponse response = stream(
                        FallbackStreamingChatModel.of(failing.streamingModel("a"), good.streamingModel("b")), texts)
                .get(60, TimeUnit.SECONDS);

        assertThat(texts).containsExactly("be", "cause");
        assertThat(response.aiMessage().text()).isEqualTo("because");
        assertThat(FallbackChatResponse.trailOf(response)
                        .orElseThrow()
                        .attempts()
                        .getLast()
                        .target())
                .isEqualTo("openai/b");
        assertThat(good.bodies.getFirst()).contains("\"b\"");
    }

    @Test
    void aSecondServerStreamsBesideOneThatStalls() throws Exception {
        Api stalling = new Api(stall());
        Api good = new Api(stream("be", "cause"));
        List<String> texts = new CopyOnWriteArrayList<>();
        FallbackStreamingChatModel model = FallbackStreamingChatModel.builder()
                .model("stalls", stalling.streamingModel("a"))
                .model("good", good.streamingModel("b"))
                .settings(CallSettings.builder()
                        .firstToken(Duration.ofMillis(300))
                        .build())
                .build();

        ChatResponse response = stream(model, texts).get(60, TimeUnit.SECONDS);

        assertThat(texts).containsExactly("be", "cause");
        assertThat(FallbackChatResponse.trailOf(response).orElseThrow().toString())
                .isEqualTo("stalls:cancelled, good:ok");
    }

    @Test
    void aStreamThatBreaksAfterTextIsTruncated() throws Exception {
        Api cut = new Api(exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            // Longer than what comes: the connection closes too early.
            exchange.sendResponseHeaders(200, 100_000);
            exchange.getResponseBody().write(chunk("{\"content\":\"half an\"}", "null"));
            exchange.getResponseBody().flush();
        });
        Api good = new Api(stream("other"));
        List<String> texts = new CopyOnWriteArrayList<>();

        CompletableFuture<ChatResponse> end =
                stream(FallbackStreamingChatModel.of(cut.streamingModel("a"), good.streamingModel("b")), texts);

        Throwable thrown = catchThrowable(() -> end.get(60, TimeUnit.SECONDS));
        assertThat(thrown).isInstanceOf(ExecutionException.class);
        assertThat(FallbackException.in(thrown).orElseThrow().isTruncated()).isTrue();
        assertThat(texts).containsExactly("half an");
        assertThat(good.bodies).isEmpty();
    }
}
