package dev.understudy.client.anthropic;

import com.anthropic.core.RequestOptions;
import com.anthropic.core.Timeout;
import com.anthropic.core.http.Headers;
import com.anthropic.core.http.HttpMethod;
import com.anthropic.core.http.HttpRequest;
import com.anthropic.core.http.HttpRequestBody;
import com.anthropic.core.http.QueryParams;
import dev.understudy.client.sdk.SdkBody;
import dev.understudy.client.sdk.SdkRequest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Requests between anthropic-java's types and the neutral ones. */
final class AnthropicRequests {
    private static final int SHORT = 8 << 20;
    private static final int PIECE = 64 * 1024;

    private AnthropicRequests() {}

    static SdkRequest of(HttpRequest request, RequestOptions options) {
        return new SdkRequest(
                request.method().name(),
                request.baseUrl(),
                request.pathSegments(),
                parameters(request.queryParams()),
                headers(request.headers()),
                request.body().map(AnthropicRequests::body),
                options.timeout().flatMap(AnthropicRequests::patience));
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
            public InputStream open(Executor threads) throws IOException {
                return content(body, threads);
            }

            @Override
            public void close() {
                body.close();
            }
        };
    }

    /** The SDK writes bodies and does not let them be read: short ones go through an array, others through a pipe. */
    private static InputStream content(HttpRequestBody body, Executor threads) throws IOException {
        if (body.contentLength() >= 0 && body.contentLength() <= SHORT) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream((int) body.contentLength());
            body.writeTo(bytes);
            return new ByteArrayInputStream(bytes.toByteArray());
        }
        PipedInputStream content = new PipedInputStream(PIECE);
        PipedOutputStream pipe = new PipedOutputStream(content);
        threads.execute(() -> {
            body.writeTo(pipe);
            try {
                pipe.close();
            } catch (IOException readerIsGone) {
                throw new UncheckedIOException(readerIsGone);
            }
        });
        return content;
    }

    /** A request for an HTTP client of anthropic-java. */
    static HttpRequest toSdk(SdkRequest request, Executor threads) {
        HttpRequest.Builder builder = HttpRequest.builder()
                .method(HttpMethod.valueOf(request.method()))
                .baseUrl(request.baseUrl())
                .addPathSegments(request.path().toArray(String[]::new));
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
