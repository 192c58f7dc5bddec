package dev.understudy.compat.vendors;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.RateLimitException;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.responses.EasyInputMessage;
import com.openai.models.responses.FunctionTool;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseFormatTextJsonSchemaConfig;
import com.openai.models.responses.ResponseFunctionToolCall;
import com.openai.models.responses.ResponseInputContent;
import com.openai.models.responses.ResponseInputImage;
import com.openai.models.responses.ResponseInputItem;
import com.openai.models.responses.ResponseInputText;
import com.openai.models.responses.ResponseStreamEvent;
import com.openai.models.responses.ResponseTextConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;

class ResponsesTest extends CrossingWithAddresses {
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
        return text(whole(asking(model).input(words)));
    }

    @Override
    String stream(String model, String words) {
        return text(streamed(asking(model).input(words)));
    }

    @Override
    String forecast(String model, boolean streamed, Tools tools) {
        List<ResponseInputItem> items = new ArrayList<>();
        items.add(ResponseInputItem.ofEasyInputMessage(EasyInputMessage.builder()
                .role(EasyInputMessage.Role.USER)
                .content(WEATHER)
                .build()));
        ResponseCreateParams.Builder request = asking(model)
                .inputOfResponse(items)
                .addTool(FunctionTool.builder()
                        .name(TOOL)
                        .parameters(JsonValue.from(TOOL_SCHEMA).convert(FunctionTool.Parameters.class))
                        .strict(false)
                        .build());
        List<ResponseFunctionToolCall> made = (streamed ? streamed(request) : whole(request))
                .output().stream().flatMap(item -> item.functionCall().stream()).toList();
        made.forEach(call -> items.add(ResponseInputItem.ofFunctionCall(call)));
        tools.run(made.stream()
                        .map(call -> Call.of(call.callId(), call.name(), call.arguments()))
                        .toList())
                .forEach(call ->
                        items.add(ResponseInputItem.ofFunctionCallOutput(ResponseInputItem.FunctionCallOutput.builder()
                                .callId(call.id())
                                .output(call.result())
                                .build())));
        request.inputOfResponse(items);
        return text(streamed ? streamed(request) : whole(request));
    }

    @Override
    String look(String model, String base64) {
        return lookAt(model, "data:image/png;base64," + base64);
    }

    @Override
    String lookAt(String model, String url) {
        return text(whole(asking(model)
                .inputOfResponse(List.of(ResponseInputItem.ofEasyInputMessage(EasyInputMessage.builder()
                        .role(EasyInputMessage.Role.USER)
                        .contentOfResponseInputMessageContentList(List.of(
                                ResponseInputContent.ofInputImage(ResponseInputImage.builder()
                                        .detail(ResponseInputImage.Detail.AUTO)
                                        .imageUrl(url)
                                        .build()),
                                ResponseInputContent.ofInputText(
                                        ResponseInputText.builder().text(LOOK).build())))
                        .build())))));
    }

    @Override
    String city(String model) {
        return text(whole(asking(model)
                .input(WHICH_CITY)
                .text(ResponseTextConfig.builder()
                        .format(ResponseFormatTextJsonSchemaConfig.builder()
                                .name("city")
                                .schema(JsonValue.from(CITY_SCHEMA)
                                        .convert(ResponseFormatTextJsonSchemaConfig.Schema.class))
                                .build())
                        .build())));
    }

    @Override
    Class<? extends Throwable> thrownFor(int status) {
        return status == 429 ? RateLimitException.class : BadRequestException.class;
    }

    private static ResponseCreateParams.Builder asking(String model) {
        return ResponseCreateParams.builder().model(model);
    }

    private static Response whole(ResponseCreateParams.Builder request) {
        return CLIENT.responses().create(request.build());
    }

    private static Response streamed(ResponseCreateParams.Builder request) {
        ResponseAccumulator accumulator = ResponseAccumulator.create();
        try (StreamResponse<ResponseStreamEvent> stream = CLIENT.responses().createStreaming(request.build())) {
            stream.stream().forEach(accumulator::accumulate);
        }
        return accumulator.response();
    }

    private static String text(Response response) {
        return response.output().stream()
                .flatMap(item -> item.message().stream())
                .flatMap(message -> message.content().stream())
                .flatMap(content -> content.outputText().stream())
                .map(part -> part.text())
                .collect(Collectors.joining());
    }
}
