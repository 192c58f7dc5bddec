package dev.understudy.client.openai;

import static dev.understudy.client.openai.OpenAiScene.error;
import static dev.understudy.client.openai.OpenAiScene.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.openai.client.OpenAIClient;
import com.openai.core.RequestOptions;
import com.openai.core.http.HttpMethod;
import com.openai.core.http.HttpRequest;
import com.openai.core.http.HttpResponse;
import com.openai.errors.InternalServerException;
import com.openai.errors.OpenAIIoException;
import com.openai.models.audio.AudioModel;
import com.openai.models.audio.transcriptions.TranscriptionCreateParams;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.files.FileCreateParams;
import com.openai.models.files.FilePurpose;
import dev.understudy.testing.wire.ReceivedRequest;
import dev.understudy.testing.wire.Reply;
import dev.understudy.testing.wire.ScriptedUpstream;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that are no calls, or that cannot be repeated: sent once, as they are, to the SDK's own address. */
class PassThroughTest {
    private final OpenAiScene scene = new OpenAiScene();

    @AfterEach
    void stop() {
        scene.close();
    }

    static Stream<Arguments> others() {
        return Stream.of(
                arguments("GET /v1/models ", (Consumer<OpenAIClient>)
                        client -> client.models().list()),
                arguments("GET /v1/models/m ", (Consumer<OpenAIClient>)
                        client -> client.models().retrieve("m")),
                arguments("DELETE /v1/files/f ", (Consumer<OpenAIClient>)
                        client -> client.files().delete("f")),
                arguments("GET /v1/files/f ", (Consumer<OpenAIClient>)
                        client -> client.files().retrieve("f")),
                arguments("GET /v1/batches/b ", (Consumer<OpenAIClient>)
                        client -> client.batches().retrieve("b")),
                arguments("POST /v1/batches/b/cancel ", (Consumer<OpenAIClient>)
                        client -> client.batches().cancel("b")),
                arguments("GET /v1/fine_tuning/jobs/j ", (Consumer<OpenAIClient>)
                        client -> client.fineTuning().jobs().retrieve("j")),
                arguments("GET /v1/responses/r ", (Consumer<OpenAIClient>)
                        client -> client.responses().retrieve("r")),
                arguments("POST /v1/responses/r/cancel ", (Consumer<OpenAIClient>)
                        client -> client.responses().cancel("r")),
                arguments("GET /v1/chat/completions/c ", (Consumer<OpenAIClient>)
                        client -> client.chat().completions().retrieve("c")),
                arguments("DELETE /v1/chat/completions/c ", (Consumer<OpenAIClient>)
                        client -> client.chat().completions().delete("c")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("others")
    void otherRequestsAreSentOnceAndHaveNoFallback(String begin, Consumer<OpenAIClient> request) {
        scene.primary.answerAlways(error(500));
        OpenAIClient client = scene.client();
        assertThatThrownBy(() -> request.accept(client))
                .isInstanceOfSatisfying(InternalServerException.class, failed -> {
                    assertThat(failed.statusCode()).isEqualTo(500);
                    assertThat(failed.body().toString()).doesNotContain("attempts");
                });
        ReceivedRequest sent = scene.primary.take();
        assertThat(sent.head()).startsWith(begin).contains(OpenAiScene.PRIMARY_KEY);
        assertThat(scene.primary.requestCount()).isEqualTo(1);
        assertThat(scene.backup.requestCount()).isZero();
    }

    @Test
    void aRefusedConnectionOfAnotherRequestIsTheSdksOwnException() {
        OpenAIClient client =
                scene.client(scene.builder().build(), "http://127.0.0.1:" + ScriptedUpstream.unusedPort() + "/v1");
        assertThatThrownBy(() -> client.models().list()).isInstanceOf(OpenAIIoException.class);
    }

    /** A stream that says when it was closed, and cannot be read again. */
    private static final class OneTimeStream extends FilterInputStream {
        private boolean closed;

        private OneTimeStream(byte[] bytes) {
            super(new ByteArrayInputStream(bytes));
        }

        @Override
        public boolean markSupported() {
            return false;
        }

        @Override
        public void close() throws IOException {
            closed = true;
            super.close();
        }
    }

    private static InputStream file(String text) {
        // Not a ByteArrayInputStream, which openai-java reads into memory.
        return new OneTimeStream(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void filesAreUploadedAsStreams() {
        scene.primary.answer(
                Reply.json(
                        200,
                        "{\"id\":\"f\",\"object\":\"file\",\"bytes\":3,\"created_at\":1,\"filename\":\"a\",\"purpose\":\"batch\",\"status\":\"processed\"}"));
        OpenAIClient client = scene.client();
        client.files()
                .create(FileCreateParams.builder()
                        .purpose(FilePurpose.BATCH)
                        .file(file("a file of the application"))
                        .build());
        ReceivedRequest sent = scene.primary.take();
        assertThat(sent.head()).startsWith("POST /v1/files ").contains("multipart/form-data");
        assertThat(sent.body()).contains("a file of the application");
    }

    private static TranscriptionCreateParams transcription(InputStream file) {
        return TranscriptionCreateParams.builder()
                .model(AudioModel.WHISPER_1)
                .file(file)
                .build();
    }

    /** A body that can be read only once is kept if it fits, so that a fallback can have it. */
    @Test
    void aCallWithAFileThatFitsHasItsFallback() {
        scene.primary.answerAlways(error(500));
        scene.backup.answer(Reply.json(200, "{\"text\":\"rescued\"}"));
        OneTimeStream file = new OneTimeStream("sounds of the application".getBytes(StandardCharsets.UTF_8));
        var answer = scene.client(builder -> builder.retries(0))
                .audio()
                .transcriptions()
                .create(transcription(file));
        assertThat(answer.asTranscription().text()).isEqualTo("rescued");
        assertThat(scene.primary.take().body())
                .contains("sounds of the application")
                .contains("whisper-1");
        assertThat(scene.backup.take().body())
                .contains("sounds of the application")
                .contains("gpt-backup")
                .doesNotContain("whisper-1");
        assertThat(file.closed).isTrue();
    }

    private FallbackHttpClient limited(Path folder) throws IOException {
        Path file = folder.resolve("understudy.yaml");
        Files.writeString(
                file,
                "server: {max-body: 2000}\nproviders:\n  backup: {base-url: \"" + scene.backup.baseUrl()
                        + "\", api-key: " + OpenAiScene.BACKUP_KEY + "}\nfallbacks: [backup/gpt-backup]\n");
        return FallbackHttpClient.builder().configuration(file).retries(0).build();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aBodyThatIsTooLongIsSentWithoutFallback(boolean oneTime, @TempDir Path folder) throws IOException {
        scene.primary
                .answer(oneTime ? Reply.json(200, "{\"text\":\"direct\"}") : OpenAiScene.whole("direct"))
                .answerAlways(error(500));
        OpenAIClient client = scene.client(limited(folder), scene.primary.baseUrl());
        String large = "long ".repeat(1_000);
        Runnable call = oneTime
                ? () -> client.audio().transcriptions().create(transcription(file(large)))
                : () -> client.chat()
                        .completions()
                        .create(request().addUserMessage(large).build());
        call.run();
        // The framing of a body of unknown length is in between.
        assertThat(scene.primary.take().body()).contains("long ".repeat(100));
        assertThatThrownBy(call::run).isInstanceOf(InternalServerException.class);
        assertThat(scene.backup.requestCount()).isZero();
        // A short one has it.
        scene.backup.answer(OpenAiScene.whole("rescued"));
        assertThat(OpenAiScene.Mode.SYNC.text(client, request().build())).isEqualTo("rescued");
    }

    /** What cannot be read here is for the endpoint to judge. */
    @ParameterizedTest
    @ValueSource(strings = {"no JSON", "[]", "{\"model\":7,\"messages\":[]}", "{\"model\":\"a\",\"model\":\"b\"}"})
    void aBodyThatCannotBeReadIsSentAsItIs(String body) {
        scene.primary.answer(Reply.json(200, "{}"));
        try (FallbackHttpClient http = scene.builder().build();
                HttpResponse response = http.execute(
                        HttpRequest.builder()
                                .method(HttpMethod.POST)
                                .baseUrl(scene.primary.baseUrl())
                                .addPathSegments("chat", "completions")
                                .body(CancellationTest.jsonBody(body))
                                .build(),
                        RequestOptions.none())) {
            assertThat(response.statusCode()).isEqualTo(200);
        }
        assertThat(scene.primary.take().body()).isEqualTo(body);
        assertThat(scene.backup.requestCount()).isZero();
    }

    @Test
    void theSdkIsToldOnceThatItRetries() {
        scene.primary.answerAlways(error(500));
        scene.backup.answerAlways(error(500));
        OpenAIClient client = new com.openai.client.OpenAIClientImpl(
                OpenAiScene.options(scene.builder().retries(0).build(), scene.primary.baseUrl())
                        .maxRetries(1)
                        .build());
        ChatCompletionCreateParams params = request().build();
        java.util.logging.Logger log = java.util.logging.Logger.getLogger("dev.understudy.client.sdk.SdkCalls");
        java.util.List<String> told = new java.util.concurrent.CopyOnWriteArrayList<>();
        java.util.logging.Handler handler = new java.util.logging.Handler() {
            @Override
            public void publish(java.util.logging.LogRecord entry) {
                told.add(entry.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        log.addHandler(handler);
        try {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> client.chat().completions().create(params))
                        .isInstanceOf(InternalServerException.class);
            }
        } finally {
            log.removeHandler(handler);
            client.close();
        }
        assertThat(told).hasSize(1).first().asString().contains("maxRetries(0)");
    }
}
