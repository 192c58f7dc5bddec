package dev.understudy.compat.vendors;

import com.google.genai.Client;
import com.google.genai.ResponseStream;
import com.google.genai.errors.ClientException;
import com.google.genai.types.Content;
import com.google.genai.types.FunctionCall;
import com.google.genai.types.FunctionDeclaration;
import com.google.genai.types.FunctionResponse;
import com.google.genai.types.GenerateContentConfig;
import com.google.genai.types.GenerateContentResponse;
import com.google.genai.types.HttpOptions;
import com.google.genai.types.HttpRetryOptions;
import com.google.genai.types.Part;
import com.google.genai.types.Tool;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;

class GenerateContentTest extends CrossingWithAddresses {
    private static final Client CLIENT = Client.builder()
            .apiKey(ANY_KEY)
            .httpOptions(HttpOptions.builder()
                    .baseUrl(gateway())
                    .retryOptions(HttpRetryOptions.builder().attempts(1))
                    .build())
            .build();

    private static final GenerateContentConfig PLAIN =
            GenerateContentConfig.builder().build();

    @AfterAll
    static void close() {
        CLIENT.close();
    }

    @Override
    String say(String model, String words) {
        return text(whole(model, List.of(Content.fromParts(Part.fromText(words))), PLAIN));
    }

    @Override
    String stream(String model, String words) {
        return text(streamed(model, List.of(Content.fromParts(Part.fromText(words))), PLAIN));
    }

    @Override
    String forecast(String model, boolean streamed, Tools tools) {
        GenerateContentConfig config = GenerateContentConfig.builder()
                .tools(Tool.builder()
                        .functionDeclarations(FunctionDeclaration.builder()
                                .name(TOOL)
                                .parametersJsonSchema(TOOL_SCHEMA)
                                .build())
                        .build())
                .build();
        List<Content> contents = new ArrayList<>(List.of(Content.fromParts(Part.fromText(WEATHER))));
        List<Part> said = streamed ? streamed(model, contents, config) : whole(model, contents, config);
        List<Call> calls = said.stream()
                .flatMap(part -> part.functionCall().stream())
                .map(GenerateContentTest::call)
                .toList();
        contents.add(Content.builder().role("model").parts(said).build());
        contents.add(Content.builder()
                .role("user")
                .parts(tools.run(calls).stream()
                        .map(GenerateContentTest::result)
                        .toList())
                .build());
        return text(streamed ? streamed(model, contents, config) : whole(model, contents, config));
    }

    /** Gemini's have none, and then there is nothing but the order. */
    @Override
    Stream<Upstream> withIds() {
        return super.withIds().filter(upstream -> upstream != Upstream.GEMINI);
    }

    private static Call call(FunctionCall call) {
        return new Call(
                call.id().orElse(""),
                call.name().orElseThrow(),
                String.valueOf(call.args().orElseThrow().get("city")));
    }

    private static Part result(Call call) {
        FunctionResponse.Builder response =
                FunctionResponse.builder().name(call.name()).response(Map.of("result", call.result()));
        if (!call.id().isEmpty()) {
            response.id(call.id());
        }
        return Part.builder().functionResponse(response.build()).build();
    }

    @Override
    String look(String model, String base64) {
        return look(model, Part.fromBytes(Base64.getDecoder().decode(base64), "image/png"));
    }

    @Override
    String lookAt(String model, String url) {
        return look(model, Part.fromUri(url, "image/png"));
    }

    private static String look(String model, Part picture) {
        return text(whole(model, List.of(Content.fromParts(picture, Part.fromText(LOOK))), PLAIN));
    }

    @Override
    String city(String model) {
        return text(whole(
                model,
                List.of(Content.fromParts(Part.fromText(WHICH_CITY))),
                GenerateContentConfig.builder()
                        .responseMimeType("application/json")
                        .responseJsonSchema(CITY_SCHEMA)
                        .build()));
    }

    @Override
    Class<? extends Throwable> thrownFor(int status) {
        return ClientException.class;
    }

    private static List<Part> whole(String model, List<Content> contents, GenerateContentConfig config) {
        return CLIENT.models.generateContent(model, contents, config).parts();
    }

    private static List<Part> streamed(String model, List<Content> contents, GenerateContentConfig config) {
        List<Part> parts = new ArrayList<>();
        try (ResponseStream<GenerateContentResponse> stream =
                CLIENT.models.generateContentStream(model, contents, config)) {
            for (GenerateContentResponse piece : stream) {
                if (piece.parts() != null) {
                    parts.addAll(piece.parts());
                }
            }
        }
        return parts;
    }

    private static String text(List<Part> parts) {
        return parts.stream().flatMap(part -> part.text().stream()).collect(Collectors.joining());
    }
}
