package dev.understudy.client.openai;

import com.openai.core.RequestOptions;
import com.openai.core.Timeout;
import com.openai.core.http.Headers;
import com.openai.core.http.HttpMethod;
import com.openai.core.http.HttpRequest;
import com.openai.core.http.HttpRequestBody;
import com.openai.core.http.QueryParams;
import dev.understudy.client.sdk.SdkBody;
import dev.understudy.client.sdk.SdkRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Requests between openai-java's types and the neutral ones. */
final class OpenAiRequests {
    private OpenAiRequests() {}

    static SdkRequest of(HttpRequest request, RequestOptions options) {
        return new SdkRequest(
                request.method().name(),
                request.baseUrl(),
                request.pathSegments(),
                parameters(request.queryParams()),
                headers(request.headers()),
                Optional.ofNullable(request.body()).map(OpenAiRequests::body),
                Optional.ofNullable(options.getTimeout()).flatMap(OpenAiRequests::patience));
    }

    /** The shorter of the time for the whole and of that without a byte; zero means none. */
    private static Optional<Duration> patience(Timeout timeout) {
        Duration whole = timeout.request();
        Duration silence = timeout.read();
        if (whole.isZero()) {
            return silence.isZero() ? Optional.empty() : Optional.of(silence);
        }
        return Optional.of(silence.isZero() || silence.compareTo(whole) > 0 ? whole : silence);
    }

    static Map<String, List<String>> headers(Headers headers) {
        Map<String, List<String>> all = new LinkedHashMap<>();
        headers.names().forEach(name -> all.put(name, headers.values(name)));
        return all;
    }

    static Map<String, List<String>> parameters(QueryParams parameters) {
        Map<String, List<String>> all = new LinkedHashMap<>();
        parameters.keys().forEach(name -> all.put(name, parameters.values(name)));
        return all;
    }

    private static SdkBody body(HttpRequestBody body) {
        return new SdkBody() {
            @Override
            public String contentType() {
                return Objects.requireNonNullElse(body.contentType(), "");
            }

            @Override
            public long length() {
                return body.contentLength();
            }

            @Override
            public boolean isRepeatable() {
                return body.repeatable();
            }

            @Override
            public InputStream open(Executor threads) {
                return body.content();
            }

            @Override
            public void close() {
                body.close();
            }
        };
    }

    /** A request for an HTTP client of openai-java. */
    static HttpRequest toSdk(SdkRequest request, Executor threads) {
        HttpRequest.Builder builder = HttpRequest.builder()
                .method(HttpMethod.valueOf(request.method()))
                .baseUrl(request.baseUrl())
                .pathSegments(request.path());
        request.headers().forEach(builder::putHeaders);
        request.query().forEach(builder::putQueryParams);
        request.body().ifPresent(body -> builder.body(toSdk(body, threads)));
        return builder.build();
    }

    private static HttpRequestBody toSdk(SdkBody body, Executor threads) {
        return new HttpRequestBody() {
            @Override
            public void writeTo(OutputStream to) {
                try (InputStream content = body.open(threads)) {
                    content.transferTo(to);
                } catch (IOException failed) {
                    throw new UncheckedIOException(failed);
                }
            }

            @Override
            public @Nullable String contentType() {
                return body.contentType().isEmpty() ? null : body.contentType();
            }

            @Override
            public long contentLength() {
                return body.length();
            }

            @Override
            public boolean repeatable() {
                return body.isRepeatable();
            }

            @Override
            public void close() {
                body.close();
            }
        };
    }

    /** The time for a request that {@link #patience} bounds. */
    static RequestOptions options(SdkRequest request) {
        return request.patience()
                .map(time -> RequestOptions.builder().timeout(time).build())
                .orElseGet(RequestOptions::none);
    }
}
