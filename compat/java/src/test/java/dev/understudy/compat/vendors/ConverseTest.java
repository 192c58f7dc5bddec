package dev.understudy.compat.vendors;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeAsyncClient;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeBaseClientBuilder;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClient;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlockDeltaEvent;
import software.amazon.awssdk.services.bedrockruntime.model.ConversationRole;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseRequest;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamRequest;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamResponseHandler;
import software.amazon.awssdk.services.bedrockruntime.model.ImageFormat;
import software.amazon.awssdk.services.bedrockruntime.model.Message;
import software.amazon.awssdk.services.bedrockruntime.model.OutputFormatType;
import software.amazon.awssdk.services.bedrockruntime.model.ThrottlingException;
import software.amazon.awssdk.services.bedrockruntime.model.Tool;
import software.amazon.awssdk.services.bedrockruntime.model.ToolConfiguration;
import software.amazon.awssdk.services.bedrockruntime.model.ToolInputSchema;
import software.amazon.awssdk.services.bedrockruntime.model.ToolResultContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ToolUseBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ValidationException;

class ConverseTest extends Crossing {
    private static final BedrockRuntimeClient CLIENT =
            atTheGateway(BedrockRuntimeClient.builder()).build();
    private static final BedrockRuntimeAsyncClient STREAMS =
            atTheGateway(BedrockRuntimeAsyncClient.builder()).build();

    private static <B extends BedrockRuntimeBaseClientBuilder<B, ?>> B atTheGateway(B builder) {
        return builder.endpointOverride(URI.create(gateway()))
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(ANY_KEY, ANY_KEY)))
                .overrideConfiguration(with -> with.retryStrategy(DefaultRetryStrategy.doNotRetry()));
    }

    @AfterAll
    static void close() {
        CLIENT.close();
        STREAMS.close();
    }

    @Override
    String say(String model, String words) {
        return text(whole(ConverseRequest.builder().modelId(model).messages(user(ContentBlock.fromText(words)))));
    }

    @Override
    String stream(String model, String words) {
        return text(streamed(ConverseRequest.builder().modelId(model).messages(user(ContentBlock.fromText(words)))));
    }

    @Override
    String forecast(String model, boolean streamed, Tools tools) {
        List<Message> messages = new ArrayList<>(List.of(user(ContentBlock.fromText(WEATHER))));
        ConverseRequest.Builder request = ConverseRequest.builder()
                .modelId(model)
                .messages(messages)
                .toolConfig(ToolConfiguration.builder()
                        .tools(Tool.builder()
                                .toolSpec(spec ->
                                        spec.name(TOOL).inputSchema(ToolInputSchema.fromJson(document(TOOL_SCHEMA))))
                                .build())
                        .build());
        Message message = streamed ? streamed(request) : whole(request);
        List<Call> calls = message.content().stream()
                .filter(block -> block.toolUse() != null)
                .map(ContentBlock::toolUse)
                .map(use -> new Call(
                        use.toolUseId(),
                        use.name(),
                        use.input().asMap().get("city").asString()))
                .toList();
        messages.add(message);
        messages.add(user(tools.run(calls).stream()
                .map(call -> ContentBlock.fromToolResult(
                        result -> result.toolUseId(call.id()).content(ToolResultContentBlock.fromText(call.result()))))
                .toArray(ContentBlock[]::new)));
        request.messages(messages);
        return text(streamed ? streamed(request) : whole(request));
    }

    @Override
    String look(String model, String base64) {
        SdkBytes bytes = SdkBytes.fromByteArray(Base64.getDecoder().decode(base64));
        return text(whole(ConverseRequest.builder()
                .modelId(model)
                .messages(user(
                        ContentBlock.fromImage(
                                image -> image.format(ImageFormat.PNG).source(source -> source.bytes(bytes))),
                        ContentBlock.fromText(LOOK)))));
    }

    @Override
    String city(String model) {
        return text(whole(ConverseRequest.builder()
                .modelId(model)
                .messages(user(ContentBlock.fromText(WHICH_CITY)))
                .outputConfig(output -> output.textFormat(format -> format.type(OutputFormatType.JSON_SCHEMA)
                        .structure(structure -> structure.jsonSchema(
                                schema -> schema.name("city").schema(json(CITY_SCHEMA))))))));
    }

    @Override
    Class<? extends Throwable> thrownFor(int status) {
        return status == 429 ? ThrottlingException.class : ValidationException.class;
    }

    private static Message user(ContentBlock... blocks) {
        return Message.builder().role(ConversationRole.USER).content(blocks).build();
    }

    private static Message whole(ConverseRequest.Builder request) {
        return CLIENT.converse(request.build()).output().message();
    }

    private static Message streamed(ConverseRequest.Builder builder) {
        ConverseRequest request = builder.build();
        Pieces pieces = new Pieces();
        ConverseStreamRequest.Builder stream =
                ConverseStreamRequest.builder().modelId(request.modelId()).messages(request.messages());
        if (request.toolConfig() != null) {
            stream.toolConfig(request.toolConfig());
        }
        try {
            STREAMS.converseStream(
                            stream.build(),
                            ConverseStreamResponseHandler.builder()
                                    .subscriber(ConverseStreamResponseHandler.Visitor.builder()
                                            .onContentBlockStart(start -> pieces.begin(
                                                    start.contentBlockIndex(),
                                                    start.start().toolUse().toolUseId(),
                                                    start.start().toolUse().name()))
                                            .onContentBlockDelta(pieces::add)
                                            .build())
                                    .build())
                    .join();
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw failed;
        }
        return pieces.message();
    }

    /** The blocks of a stream, put together. */
    private static final class Pieces {
        private final Map<Integer, ToolUseBlock.Builder> uses = new TreeMap<>();
        private final Map<Integer, StringBuilder> said = new TreeMap<>();

        void begin(int index, String id, String name) {
            uses.put(index, ToolUseBlock.builder().toolUseId(id).name(name));
        }

        void add(ContentBlockDeltaEvent event) {
            String piece = event.delta().toolUse() == null
                    ? event.delta().text()
                    : event.delta().toolUse().input();
            said.computeIfAbsent(event.contentBlockIndex(), index -> new StringBuilder())
                    .append(piece);
        }

        Message message() {
            return Message.builder()
                    .role(ConversationRole.ASSISTANT)
                    .content(said.entrySet().stream()
                            .map(block -> block(block.getKey(), block.getValue().toString()))
                            .toList())
                    .build();
        }

        private ContentBlock block(int index, String text) {
            ToolUseBlock.Builder use = uses.get(index);
            return use == null
                    ? ContentBlock.fromText(text)
                    : ContentBlock.fromToolUse(use.input(document(read(text))).build());
        }
    }

    private static String text(Message message) {
        return message.content().stream()
                .filter(block -> block.text() != null)
                .map(ContentBlock::text)
                .collect(Collectors.joining());
    }

    private static Document document(Object value) {
        return switch (value) {
            case Map<?, ?> map ->
                Document.fromMap(map.entrySet().stream()
                        .collect(Collectors.toMap(
                                member -> String.valueOf(member.getKey()), member -> document(member.getValue()))));
            case List<?> list ->
                Document.fromList(list.stream().map(ConverseTest::document).toList());
            default -> Document.fromString(String.valueOf(value));
        };
    }

    private static String json(Object value) {
        try {
            return new ObjectMapper().writeValueAsString(value);
        } catch (JsonProcessingException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static Object read(String json) {
        try {
            return new ObjectMapper().readValue(json, Map.class);
        } catch (JsonProcessingException broken) {
            throw new AssertionError("the arguments are no JSON: " + json, broken);
        }
    }
}
