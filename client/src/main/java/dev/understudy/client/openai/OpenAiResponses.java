package dev.understudy.client.openai;

import com.openai.core.http.Headers;
import com.openai.core.http.HttpResponse;
import dev.understudy.client.sdk.SdkResponse;
import java.io.InputStream;

/** Responses between openai-java's types and the neutral ones. */
final class OpenAiResponses {
    private OpenAiResponses() {}

    static HttpResponse toSdk(SdkResponse response) {
        Headers.Builder headers = Headers.builder();
        response.headers().forEach(headers::put);
        return new SdkHttpResponse(response, headers.build());
    }

    static SdkResponse of(HttpResponse response) {
        return new SdkResponse(
                response.statusCode(), OpenAiRequests.headers(response.headers()), response.body(), response::close);
    }

    private record SdkHttpResponse(SdkResponse response, Headers headers) implements HttpResponse {
        @Override
        public int statusCode() {
            return response.status();
        }

        @Override
        public InputStream body() {
            return response.body();
        }

        @Override
        public void close() {
            response.close().run();
        }
    }
}
