package dev.understudy.client.anthropic;

import com.anthropic.core.http.Headers;
import com.anthropic.core.http.HttpResponse;
import dev.understudy.client.sdk.SdkResponse;
import java.io.InputStream;

/** Responses between anthropic-java's types and the neutral ones. */
final class AnthropicResponses {
    private AnthropicResponses() {}

    static HttpResponse toSdk(SdkResponse response) {
        Headers.Builder headers = Headers.builder();
        response.headers().forEach(headers::put);
        return new SdkHttpResponse(response, headers.build());
    }

    static SdkResponse of(HttpResponse response) {
        return new SdkResponse(
                response.statusCode(), AnthropicRequests.headers(response.headers()), response.body(), response::close);
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
