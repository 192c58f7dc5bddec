package dev.understudy.compat.vendors;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.RateLimitException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.ResponseFormatJsonSchema;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionContentPart;
import com.openai.models.chat.completions.ChatCompletionContentPartImage;
import com.openai.models.chat.completions.ChatCompletionContentPartText;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionFunctionTool;
import com.openai.models.chat.completions.ChatCompletionMessage;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import java.util.List;
import org.junit.jupiter.api.AfterAll;

class ChatCompletionsTest extends CrossingWithAddresses {
    private static final OpenAIClient CLIENT = OpenAIOkHttpClient.builder()
            .baseUrl(gateway() + "/v1")
            .apiKey(ANY_KEY)
            .maxRetries(0)
            .build();

    @AfterAll
    static void close() {
        CLIENT.close();
    }

    @Override
    String say(String model, String words) {
        return text(whole(asking(model).addUserMessage(words)));
    }

    @Override
    String stream(String model, String words) {
        return text(streamed(asking(model).addUserMessage(words)));
    }

    @Override
    String forecast(String model, boolean streamed, Tools tools) {
        ChatCompletionCreateParams.Builder request = asking(model)
                .addUserMessage(WEATHER)
                .addTool(ChatCompletionFunctionTool.builder()
                        .function(FunctionDefinition.builder()
                                .name(TOOL)
                                .parameters(JsonValue.from(TOOL_SCHEMA).convert(FunctionParameters.class))
                                .build())
                        .build());
        ChatCompletionMessage message = streamed ? streamed(request) : whole(request);
        List<Call> calls = message.toolCalls().orElseThrow().stream()
                .map(call -> call.asFunction())
                .map(call -> Call.of(
                        call.id(), call.function().name(), call.function().arguments()))
                .toList();
        request.addMessage(message);
        tools.run(calls)
                .forEach(call -> request.addMessage(ChatCompletionToolMessageParam.builder()
                        .toolCallId(call.id())
                        .content(call.result())
                        .build()));
        return text(streamed ? streamed(request) : whole(request));
    }

    @Override
    String look(String model, String base64) {
        return lookAt(model, "data:image/png;base64," + base64);
    }

    @Override
    String lookAt(String model, String url) {
        return text(whole(asking(model)
                .addUserMessageOfArrayOfContentParts(List.of(
                        ChatCompletionContentPart.ofImageUrl(ChatCompletionContentPartImage.builder()
                                .imageUrl(ChatCompletionContentPartImage.ImageUrl.builder()
                                        .url(url)
                                        .build())
                                .build()),
                        ChatCompletionContentPart.ofText(ChatCompletionContentPartText.builder()
                                .text(LOOK)
                                .build())))));
    }

    @Override
    String city(String model) {
        return text(whole(asking(model)
                .addUserMessage(WHICH_CITY)
                .responseFormat(ResponseFormatJsonSchema.builder()
                        .jsonSchema(ResponseFormatJsonSchema.JsonSchema.builder()
                                .name("city")
                                .strict(true)
                                .schema(JsonValue.from(CITY_SCHEMA)
                                        .convert(ResponseFormatJsonSchema.JsonSchema.Schema.class))
                                .build())
                        .build())));
    }

    @Override
    Class<? extends Throwable> thrownFor(int status) {
        return status == 429 ? RateLimitException.class : BadRequestException.class;
    }

    private static ChatCompletionCreateParams.Builder asking(String model) {
        return ChatCompletionCreateParams.builder().model(model);
    }

    private static ChatCompletionMessage whole(ChatCompletionCreateParams.Builder request) {
        return CLIENT.chat()
                .completions()
                .create(request.build())
                .choices()
                .getFirst()
                .message();
    }

    private static ChatCompletionMessage streamed(ChatCompletionCreateParams.Builder request) {
        ChatCompletionAccumulator accumulator = ChatCompletionAccumulator.create();
        try (StreamResponse<ChatCompletionChunk> stream =
                CLIENT.chat().completions().createStreaming(request.build())) {
            stream.stream().forEach(accumulator::accumulate);
        }
        return accumulator.chatCompletion().choices().getFirst().message();
    }

    private static String text(ChatCompletionMessage message) {
        return message.content().orElse("");
    }
}
