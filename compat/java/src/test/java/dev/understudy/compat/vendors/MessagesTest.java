package dev.understudy.compat.vendors;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.JsonValue;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.errors.BadRequestException;
import com.anthropic.errors.RateLimitException;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.Base64ImageSource;
import com.anthropic.models.messages.ContentBlock;
import com.anthropic.models.messages.ContentBlockParam;
import com.anthropic.models.messages.ImageBlockParam;
import com.anthropic.models.messages.JsonOutputFormat;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.OutputConfig;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.Tool;
import com.anthropic.models.messages.ToolResultBlockParam;
import com.anthropic.models.messages.UrlImageSource;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;

class MessagesTest extends CrossingWithAddresses {
    private static final AnthropicClient CLIENT = AnthropicOkHttpClient.builder()
            .baseUrl(gateway())
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
        MessageCreateParams.Builder request = asking(model)
                .addUserMessage(WEATHER)
                .addTool(Tool.builder()
                        .name(TOOL)
                        .inputSchema(JsonValue.from(TOOL_SCHEMA).convert(Tool.InputSchema.class))
                        .build());
        Message message = streamed ? streamed(request) : whole(request);
        List<Call> calls = message.content().stream()
                .flatMap(block -> block.toolUse().stream())
                .map(use -> Call.of(
                        use.id(),
                        use.name(),
                        use._input().convert(JsonNode.class).toString()))
                .toList();
        request.addMessage(message)
                .addUserMessageOfContentBlockParams(tools.run(calls).stream()
                        .map(call -> ContentBlockParam.ofToolResult(ToolResultBlockParam.builder()
                                .toolUseId(call.id())
                                .content(call.result())
                                .build()))
                        .toList());
        return text(streamed ? streamed(request) : whole(request));
    }

    @Override
    String look(String model, String base64) {
        return look(
                model,
                ImageBlockParam.Source.ofBase64(Base64ImageSource.builder()
                        .mediaType(Base64ImageSource.MediaType.IMAGE_PNG)
                        .data(base64)
                        .build()));
    }

    @Override
    String lookAt(String model, String url) {
        return look(
                model,
                ImageBlockParam.Source.ofUrl(UrlImageSource.builder().url(url).build()));
    }

    private static String look(String model, ImageBlockParam.Source picture) {
        return text(whole(asking(model)
                .addUserMessageOfContentBlockParams(
                        List.of(ContentBlockParam.ofImage(picture), ContentBlockParam.ofText(LOOK)))));
    }

    @Override
    String city(String model) {
        return text(whole(asking(model)
                .addUserMessage(WHICH_CITY)
                .outputConfig(OutputConfig.builder()
                        .format(JsonOutputFormat.builder()
                                .schema(JsonValue.from(CITY_SCHEMA).convert(JsonOutputFormat.Schema.class))
                                .build())
                        .build())));
    }

    @Override
    Class<? extends Throwable> thrownFor(int status) {
        return status == 429 ? RateLimitException.class : BadRequestException.class;
    }

    private static MessageCreateParams.Builder asking(String model) {
        return MessageCreateParams.builder().model(model).maxTokens(100);
    }

    private static Message whole(MessageCreateParams.Builder request) {
        return CLIENT.messages().create(request.build());
    }

    private static Message streamed(MessageCreateParams.Builder request) {
        MessageAccumulator accumulator = MessageAccumulator.create();
        try (StreamResponse<RawMessageStreamEvent> stream = CLIENT.messages().createStreaming(request.build())) {
            stream.stream().forEach(accumulator::accumulate);
        }
        return accumulator.message();
    }

    private static String text(Message message) {
        return message.content().stream()
                .flatMap((ContentBlock block) -> block.text().stream())
                .map(block -> block.text())
                .collect(Collectors.joining());
    }
}
