package dev.understudy.client.openai;

import static dev.understudy.client.openai.OpenAiScene.begun;
import static dev.understudy.client.openai.OpenAiScene.content;
import static dev.understudy.client.openai.OpenAiScene.request;
import static org.assertj.core.api.Assertions.assertThat;

import com.openai.client.OpenAIClient;
import com.openai.core.RequestOptions;
import com.openai.core.http.AsyncStreamResponse;
import com.openai.core.http.HttpMethod;
import com.openai.core.http.HttpRequest;
import com.openai.core.http.HttpRequestBody;
import com.openai.core.http.HttpResponse;
import com.openai.core.http.StreamResponse;
import com.openai.errors.OpenAIIoException;
import com.openai.models.chat.completions.ChatCompletionChunk;
import dev.understudy.testing.wire.LeavingCaller;
import dev.understudy.testing.wire.LeavingCaller.Leaving;
import dev.understudy.testing.wire.Reply;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a caller ends, ends at the wire: with the JDK's HTTP client, and with one of openai-java. */
class CancellationTest {
    /** Seconds until a test that hangs ends. */
    private static final long LIMIT = 30;

    private final OpenAiScene scene = new OpenAiScene();

    @AfterEach
    void stop() {
        scene.close();
    }

    private FallbackHttpClient http(boolean withSdksClient) {
        return withSdksClient
                ? scene.builder().httpClient(OpenAiScene.direct()).build()
                : scene.builder().build();
    }

    private OpenAIClient client(boolean withSdksClient) {
        return scene.client(http(withSdksClient), scene.primary.baseUrl());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @SuppressWarnings("MustBeClosedChecker") // When it is closed is what is tested.
    void aClosedStreamEndsTheUpstreamRequest(boolean withSdksClient) throws Exception {
        scene.primary.answerAlways(begun().event(content("one")).hold());
        OpenAIClient client = client(withSdksClient);
        LeavingCaller.endsItsUpstreamRequest(() -> {
            StreamResponse<ChatCompletionChunk> stream =
                    client.chat().completions().createStreaming(request().build());
            Iterator<ChatCompletionChunk> chunks = stream.stream().iterator();
            chunks.next();
            assertThat(OpenAiScene.textOf(chunks.next())).isEqualTo("one");
            return new Leaving(scene.primary.take(), stream::close);
        });
        assertThat(scene.backup.requestCount()).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aClosedAsyncStreamEndsTheUpstreamRequest(boolean withSdksClient) throws Exception {
        scene.primary.answerAlways(begun().event(content("one")).hold());
        OpenAIClient client = client(withSdksClient);
        LeavingCaller.endsItsUpstreamRequest(() -> {
            CountDownLatch first = new CountDownLatch(2);
            AsyncStreamResponse<ChatCompletionChunk> stream = client.async()
                    .chat()
                    .completions()
                    .createStreaming(request().build());
            stream.subscribe(chunk -> first.countDown());
            assertThat(first.await(LIMIT, TimeUnit.SECONDS)).isTrue();
            return new Leaving(scene.primary.take(), stream::close);
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anInterruptEndsTheUpstreamRequest(boolean withSdksClient) throws Exception {
        scene.primary.answerAlways(Reply.start().hold());
        OpenAIClient client = client(withSdksClient);
        BlockingQueue<Throwable> thrown = new LinkedBlockingQueue<>();
        LeavingCaller.endsItsUpstreamRequest(() -> {
            Thread caller = Thread.ofPlatform().start(() -> {
                try {
                    client.chat().completions().create(request().build());
                } catch (OpenAIIoException left) {
                    thrown.add(Thread.currentThread().isInterrupted() ? left : new AssertionError("not interrupted"));
                }
            });
            return new Leaving(scene.primary.take(), caller::interrupt);
        });
        assertThat(thrown.poll(LIMIT, TimeUnit.SECONDS)).isInstanceOf(OpenAIIoException.class);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anInterruptWhileAStreamIsReadEndsTheUpstreamRequest(boolean withSdksClient) throws Exception {
        scene.primary.answerAlways(begun().event(content("one")).hold());
        OpenAIClient client = client(withSdksClient);
        BlockingQueue<Throwable> thrown = new LinkedBlockingQueue<>();
        LeavingCaller.endsItsUpstreamRequest(() -> {
            CountDownLatch reading = new CountDownLatch(2);
            Thread caller = Thread.ofPlatform().start(() -> {
                try (StreamResponse<ChatCompletionChunk> stream =
                        client.chat().completions().createStreaming(request().build())) {
                    stream.stream().forEach(chunk -> reading.countDown());
                } catch (RuntimeException left) {
                    thrown.add(left);
                }
            });
            assertThat(reading.await(LIMIT, TimeUnit.SECONDS)).isTrue();
            return new Leaving(scene.primary.take(), caller::interrupt);
        });
        assertThat(thrown.poll(LIMIT, TimeUnit.SECONDS)).isInstanceOf(OpenAIIoException.class);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aCancelledFutureOfTheHttpClientEndsTheUpstreamRequest(boolean withSdksClient) throws Exception {
        scene.primary.answerAlways(Reply.start().hold());
        try (FallbackHttpClient http = http(withSdksClient)) {
            LeavingCaller.endsItsUpstreamRequest(() -> {
                CompletableFuture<HttpResponse> response =
                        http.executeAsync(rawRequest("{\"model\":\"m\",\"messages\":[]}"), RequestOptions.none());
                return new Leaving(scene.primary.take(), () -> response.cancel(true));
            });
        }
    }

    private HttpRequest rawRequest(String body) {
        return HttpRequest.builder()
                .method(HttpMethod.POST)
                .baseUrl(scene.primary.baseUrl())
                .addPathSegments("chat", "completions")
                .body(jsonBody(body))
                .build();
    }

    static HttpRequestBody jsonBody(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new HttpRequestBody() {
            @Override
            public void writeTo(OutputStream to) {
                try {
                    to.write(bytes);
                } catch (IOException failed) {
                    throw new java.io.UncheckedIOException(failed);
                }
            }

            @Override
            public String contentType() {
                return "application/json";
            }

            @Override
            public long contentLength() {
                return bytes.length;
            }

            @Override
            public boolean repeatable() {
                return true;
            }

            @Override
            public void close() {
                // Holds nothing.
            }
        };
    }

    /** A caller that does not read holds the provider back; then it gets everything. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aSlowReaderHoldsTheProviderBack(boolean withSdksClient) throws Exception {
        int pieces = 1_500;
        int size = 60_000;
        AtomicLong written = new AtomicLong();
        String large = "x".repeat(size);
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                try (Socket socket = server.accept()) {
                    readRequest(new BufferedInputStream(socket.getInputStream()));
                    OutputStream out = socket.getOutputStream();
                    out.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
                    for (int i = 0; i < pieces; i++) {
                        byte[] event = ("data: " + content(large) + "\n\n").getBytes(StandardCharsets.US_ASCII);
                        out.write(event);
                        written.addAndGet(event.length);
                    }
                    out.write(("data: " + OpenAiScene.chunk("{}", "\"stop\"") + "\n\ndata: [DONE]\n\n")
                            .getBytes(StandardCharsets.US_ASCII));
                } catch (IOException gone) {
                    written.set(-1);
                }
            });
            OpenAIClient client =
                    scene.client(http(withSdksClient), "http://127.0.0.1:" + server.getLocalPort() + "/v1");
            try (StreamResponse<ChatCompletionChunk> stream =
                    client.chat().completions().createStreaming(request().build())) {
                Iterator<ChatCompletionChunk> chunks = stream.stream().iterator();
                chunks.next();
                awaitStandstill(written);
                assertThat(written.get()).isLessThan((long) pieces * size / 2);
                long text = size;
                while (chunks.hasNext()) {
                    text += OpenAiScene.textOf(chunks.next()).length();
                }
                assertThat(text).isEqualTo((long) pieces * size);
            }
        }
    }

    /** The whole of it: closing a socket with unread bytes resets the connection. */
    private static void readRequest(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            head.append((char) in.read());
        }
        String lower = head.toString().toLowerCase(Locale.ROOT);
        String length = lower.substring(lower.indexOf("content-length:") + "content-length:".length());
        in.readNBytes(Integer.parseInt(length.substring(0, length.indexOf('\r')).strip()));
    }

    private static void awaitStandstill(AtomicLong count) throws InterruptedException {
        long last = -1;
        for (int i = 0; i < 100 && last != count.get(); i++) {
            last = count.get();
            TimeUnit.MILLISECONDS.sleep(300);
        }
        assertThat(count.get()).as("the provider could write without end").isEqualTo(last);
    }
}
