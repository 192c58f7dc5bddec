package dev.understudy.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.gateway.config.Api;
import io.vertx.core.http.HttpServerRequest;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {

    /** A request of which nothing is known but its query. */
    private static HttpServerRequest request(String alt) {
        Map<String, String> parameters = alt.isEmpty() ? Map.of() : Map.of("alt", alt);
        return (HttpServerRequest) Proxy.newProxyInstance(
                EndpointTest.class.getClassLoader(),
                new Class<?>[] {HttpServerRequest.class},
                (proxy, method, given) -> {
                    assertThat(method.getName()).isEqualTo("getParam");
                    return parameters.get(String.valueOf(given[0]));
                });
    }

    private static Optional<Endpoint> at(String path) {
        return Endpoint.of(path, request(""));
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/chat/completions, CHAT",
        "/chat/completions, CHAT",
        "/api/v1/chat/completions, CHAT",
        "/v1/responses, RESPONSES",
        "/v1/messages, MESSAGES",
        "/v1/completions, COMPLETIONS",
        "/v1/embeddings, EMBEDDINGS",
        "/v1/images/generations, IMAGE_GENERATIONS",
        "/v1/audio/speech, SPEECH",
        "/v1/audio/transcriptions, TRANSCRIPTIONS",
        "/v1/moderations, MODERATIONS",
        "/rerank, RERANK"
    })
    void fixedPathsNameTheirApi(String path, Api api) {
        assertThat(at(path)).contains(new Endpoint(api, Optional.empty(), false));
    }

    @ParameterizedTest
    @CsvSource({
        "/v1beta/models/gemini-x:generateContent, '', GEMINI, gemini-x, false",
        "/v1beta/models/gemini-x:streamGenerateContent, sse, GEMINI, gemini-x, true",
        "/v1beta/models/gemini-x:streamGenerateContent, '', GEMINI_ARRAY, gemini-x, true",
        "/v1beta/models/gemini-x:streamGenerateContent, json, GEMINI_ARRAY, gemini-x, true",
        "/v1/models/a/b:generateContent, '', GEMINI, a/b, false",
        "/v1beta/models/a%2Fb:generateContent, '', GEMINI, a/b, false",
        "/v1/projects/p/locations/l/publishers/google/models/g:generateContent, '', GEMINI, g, false",
        "/v1beta/models/a:b:generateContent, '', GEMINI, a:b, false",
        "/model/us.anthropic.claude-v1%3A0/converse, '', CONVERSE, us.anthropic.claude-v1:0, false",
        "/model/openai/gpt/converse-stream, '', CONVERSE, openai/gpt, true",
        "/model/a+b/converse, '', CONVERSE, a+b, false",
        "/model/50%/converse, '', CONVERSE, 50%, false"
    })
    void othersNameTheModelToo(String path, String alt, Api api, String model, boolean stream) {
        assertThat(Endpoint.of(path, request(alt))).contains(new Endpoint(api, Optional.of(model), stream));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/v1",
                "/v1/",
                "/v1/nothing",
                "/model/",
                "/model/m",
                "/model/m/invoke",
                "/model//converse",
                "/model/%20/converse",
                "/v1beta/models/:generateContent",
                "/v1beta/models/m:countTokens",
                "/v1/models/m",
                "/v1/models"
            })
    void nothingElseTakesCalls(String path) {
        assertThat(at(path)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/messages/count_tokens, MESSAGES",
        "/model/m/invoke, CONVERSE",
        "/v1beta/whatever, GEMINI",
        "/v1/models/m:generateContent, GEMINI",
        "/v1/anything, CHAT"
    })
    void errorsAreWrittenInTheDialectOfTheirPath(String path, Api api) {
        assertThat(Endpoint.apiAt(path)).isEqualTo(api);
    }
}
