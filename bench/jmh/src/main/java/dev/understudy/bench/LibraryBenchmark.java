package dev.understudy.bench;

import com.openai.client.OpenAIClient;
import com.openai.client.OpenAIClientImpl;
import com.openai.core.ClientOptions;
import com.openai.core.RequestOptions;
import com.openai.core.http.Headers;
import com.openai.core.http.HttpClient;
import com.openai.core.http.HttpRequest;
import com.openai.core.http.HttpResponse;
import com.openai.core.http.StreamResponse;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.sun.management.OperatingSystemMXBean;
import dev.understudy.client.openai.FallbackHttpClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What a call of openai-java takes with our HTTP client inside, beside the same SDK over the JDK's HTTP client alone. Both send to the
 * same upstream, a process of its own on this machine; the difference is what the library adds.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class LibraryBenchmark {
    /** Which HTTP client the SDK has. */
    @Param({"JDK", "UNDERSTUDY"})
    public Client client;

    private Process upstream;
    private OpenAIClient sdk;
    private ChatCompletionCreateParams params;

    /** The two ways to send. */
    public enum Client {
        JDK,
        UNDERSTUDY
    }

    /** The processor time of this process, all of its threads, by the calls of a round. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Cpu {
        private final OperatingSystemMXBean system =
                (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        private long startedAt;
        private long calls;

        @Setup(Level.Iteration)
        public void begin() {
            calls = 0;
            startedAt = system.getProcessCpuTime();
        }

        /** Microseconds for each call. */
        public double cpu() {
            return calls == 0 ? 0 : (system.getProcessCpuTime() - startedAt) / 1e3 / calls;
        }
    }

    @Setup
    public void begin() throws IOException {
        upstream = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LibraryUpstream.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String port = upstream.inputReader().readLine();
        HttpClient http =
                switch (client) {
                    case JDK -> new Direct();
                    case UNDERSTUDY ->
                        FallbackHttpClient.builder()
                                .environment(Map.of())
                                .provider("backup", Map.of("base-url", "http://127.0.0.1:" + port + "/v1"), "sk-backup")
                                .fallback("backup/m")
                                .build();
                };
        sdk = new OpenAIClientImpl(ClientOptions.builder()
                .httpClient(http)
                .baseUrl("http://127.0.0.1:" + port + "/v1")
                .apiKey("sk-primary")
                .maxRetries(0)
                .build());
        params = ChatCompletionCreateParams.builder()
                .model("m")
                .addUserMessage("x".repeat(400))
                .build();
    }

    @TearDown
    public void end() throws InterruptedException {
        sdk.close();
        upstream.destroy();
        upstream.waitFor();
    }

    /** A whole answer of 0.7 KB. */
    @Benchmark
    public String sdkWhole(Cpu cpu) {
        cpu.calls++;
        return sdk.chat().completions().create(params).choices().getFirst().message().content().orElseThrow();
    }

    /** A stream of sixty pieces. */
    @Benchmark
    public long sdkStream60(Cpu cpu) {
        cpu.calls++;
        try (StreamResponse<ChatCompletionChunk> stream = sdk.chat().completions().createStreaming(params)) {
            long pieces = stream.stream().count();
            if (pieces != LibraryUpstream.PIECES) {
                throw new IllegalStateException(pieces + " pieces");
            }
            return pieces;
        }
    }

    /** The least that an HTTP client of the SDK can do. */
    private static final class Direct implements HttpClient {
        private final java.net.http.HttpClient jdk = java.net.http.HttpClient.newHttpClient();

        @Override
        public HttpResponse execute(HttpRequest request, RequestOptions options) {
            try {
                return response(jdk.send(toJdk(request), BodyHandlers.ofInputStream()));
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(interrupted);
            }
        }

        @Override
        public CompletableFuture<HttpResponse> executeAsync(HttpRequest request, RequestOptions options) {
            return jdk.sendAsync(toJdk(request), BodyHandlers.ofInputStream()).thenApply(Direct::response);
        }

        private static java.net.http.HttpRequest toJdk(HttpRequest request) {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            request.body().writeTo(body);
            java.net.http.HttpRequest.Builder builder = java.net.http.HttpRequest.newBuilder(URI.create(request.url()))
                    .version(java.net.http.HttpClient.Version.HTTP_1_1)
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofByteArray(body.toByteArray()));
            request.headers()
                    .names()
                    .forEach(name -> request.headers().values(name).forEach(value -> builder.header(name, value)));
            return builder.build();
        }

        private static HttpResponse response(java.net.http.HttpResponse<InputStream> received) {
            Headers.Builder headers = Headers.builder();
            received.headers().map().forEach(headers::put);
            Headers all = headers.build();
            return new HttpResponse() {
                @Override
                public int statusCode() {
                    return received.statusCode();
                }

                @Override
                public Headers headers() {
                    return all;
                }

                @Override
                public InputStream body() {
                    return received.body();
                }

                @Override
                public void close() {
                    try {
                        received.body().close();
                    } catch (IOException gone) {
                        throw new UncheckedIOException(gone);
                    }
                }
            };
        }

        @Override
        public void close() {
            jdk.close();
        }
    }
}
