package dev.understudy.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.calls.config.Api;
import dev.understudy.calls.inbound.InboundRequest;
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
                "/model//invoke",
                "/model//converse",
                "/openai/deployments/d",
                "/openai/deployments//chat/completions",
                "/openai/deployments/d/nothing",
                "/v1/projects/p/locations/l/publishers/anthropic/models/:rawPredict",
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
        "/openai/deployments/d%2F1/chat/completions, CHAT, d/1, false, DEPLOYMENT",
        "/openai/deployments/d/audio/transcriptions, TRANSCRIPTIONS, d, false, DEPLOYMENT",
        "/model/us.anthropic.claude-x-v1:0/invoke, MESSAGES, us.anthropic.claude-x-v1:0, false, INVOKE",
        "/model/m/invoke-with-response-stream, MESSAGES, m, true, INVOKE",
        "/v1/projects/p/locations/l/publishers/anthropic/models/m@1:rawPredict, MESSAGES, m-1, false, RAW_PREDICT",
        "/v1/projects/p/locations/l/publishers/anthropic/models/m:streamRawPredict, MESSAGES, m, true, RAW_PREDICT",
        "/v1beta/models/m:embedContent, GEMINI_EMBEDDING, m, false, USUAL",
        "/v1beta/models/m:batchEmbedContents, GEMINI_EMBEDDINGS, m, false, USUAL"
    })
    void cloudsNameTheModelInThePath(String path, Api api, String model, boolean stream, InboundRequest.Form form) {
        assertThat(at(path)).contains(new Endpoint(api, Optional.of(model), stream, form));
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/messages/count_tokens, MESSAGES",
        "/v1/projects/p/locations/l/publishers/anthropic/models/m:rawPredict, MESSAGES",
        "/v1beta/models/m:embedContent, GEMINI",
        "/model/m/invoke, CONVERSE",
        "/v1beta/whatever, GEMINI",
        "/v1/models/m:generateContent, GEMINI",
        "/v1/anything, CHAT"
    })
    void errorsAreWrittenInTheDialectOfTheirPath(String path, Api api) {
        assertThat(Endpoint.apiAt(path)).isEqualTo(api);
    }
}
