package dev.understudy.compat.openai;

import static dev.understudy.compat.openai.Gateway.TEN;
import static dev.understudy.compat.openai.Gateway.asking;
import static dev.understudy.compat.openai.Gateway.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.OpenAIClientAsync;
import com.openai.core.JsonValue;
import com.openai.core.http.AsyncStreamResponse;
import com.openai.core.http.HttpResponseFor;
import com.openai.core.http.StreamResponse;
import com.openai.errors.OpenAIException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class StreamsTest {
    private static final OpenAIClient CLIENT = Gateway.client();

    @AfterAll
    static void close() {
        CLIENT.close();
    }

    @Test
    void failedTargetsAreNeverSeenInAStream() {
        try (HttpResponseFor<StreamResponse<ChatCompletionChunk>> response = CLIENT.withRawResponse()
                .chat()
                .completions()
                .createStreaming(asking("gpt-4o-mini")
                        .streamOptions(ChatCompletionStreamOptions.builder()
                                .includeUsage(true)
                                .build())
                        .putAdditionalBodyProperty(
                                "fallback_models", JsonValue.from(List.of("gpt-3.5-turbo", "gpt-4-turbo")))
                        .build())) {
            List<ChatCompletionChunk> chunks = response.parse().stream().toList();

            assertThat(textOf(chunks)).isEqualTo(TEN);
            assertThat(chunks.getLast().usage().orElseThrow().completionTokens())
                    .isEqualTo(10);
            assertThat(chunks).extracting(ChatCompletionChunk::model).containsOnly("ok?tokens=10");
            assertThat(header(response.headers(), "understudy-target")).isEqualTo("rehearsal/ok?tokens=10");
            assertThat(header(response.headers(), "understudy-attempts")).isEqualTo("3");
        }
    }

    @Test
    void aStreamOfTheAsyncClient() throws Exception {
        OpenAIClientAsync client = Gateway.asyncClient();
        try {
            StringBuffer text = new StringBuffer();
            AsyncStreamResponse<ChatCompletionChunk> stream =
                    client.chat().completions().createStreaming(asking("steady").build());
            stream.subscribe(chunk -> text.append(textOf(List.of(chunk))));
            stream.onCompleteFuture().get(20, TimeUnit.SECONDS);

            assertThat(text).hasToString(TEN);
        } finally {
            client.close();
        }
    }

    @Test
    void aStreamThatBreaksOffThrowsAfterTheTextThatCame() {
        StringBuilder text = new StringBuilder();
        try (StreamResponse<ChatCompletionChunk> stream =
                CLIENT.chat().completions().createStreaming(asking("broken-off").build())) {
            assertThatThrownBy(() -> stream.stream().forEach(chunk -> text.append(textOf(List.of(chunk)))))
                    .isInstanceOf(OpenAIException.class);
        }

        assertThat(text).hasToString("one two three four five");
    }

    @Test
    void aStreamThatBreaksIsContinued() {
        ChatCompletionAccumulator whole = ChatCompletionAccumulator.create();
        try (StreamResponse<ChatCompletionChunk> stream =
                CLIENT.chat().completions().createStreaming(asking("taken-over").build())) {
            stream.stream().forEach(whole::accumulate);
        }

        assertThat(whole.chatCompletion().choices().getFirst().message().content())
                .contains("one two three four five six seven eight nine ten");
    }

    private static String textOf(List<ChatCompletionChunk> chunks) {
        StringBuilder text = new StringBuilder();
        chunks.forEach(chunk ->
                chunk.choices().forEach(choice -> choice.delta().content().ifPresent(text::append)));
        return text.toString();
    }
}
