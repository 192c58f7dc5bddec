package dev.understudy.client.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.openai.client.OpenAIClient;
import com.openai.client.OpenAIClientImpl;
import com.openai.client.okhttp.OkHttpClient;
import com.openai.core.Params;
import com.openai.core.http.AsyncStreamResponse;
import com.openai.core.http.HttpClient;
import com.openai.core.http.HttpResponse;
import com.openai.core.http.HttpResponseFor;
import com.openai.core.http.StreamResponse;
import com.openai.errors.OpenAIServiceException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.understudy.client.http.LinkedFutures;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every method of every service of openai-java, once with the SDK's own HTTP client (OkHttp) and once with {@link FallbackHttpClient}:
 * the server must receive the same request, and the caller the same result or exception. The SDK's own tests are no artifact that a
 * build can get; this does for all methods what those of its services do. WebSockets ({@code connect}), which {@link FallbackHttpClient} does
 * not support, are left out.
 */
@Timeout(600)
class EveryServiceTest {
    /** What an HTTP client adds for the connection, OkHttp's also its own limits on time; and a random key. */
    private static final Set<String> OF_THE_CLIENT = Set.of(
            "host",
            "connection",
            "accept-encoding",
            "content-length",
            "transfer-encoding",
            "user-agent",
            "x-stainless-timeout",
            "x-stainless-read-timeout",
            "idempotency-key");

    private static final Pattern BOUNDARY = Pattern.compile("boundary=\"?([^\";]+)");
    private static final Pattern IDENTITY = Pattern.compile("@[0-9a-f]{4,}");

    /** The methods of an SDK's client in one of its forms. */
    enum Form {
        SYNC {
            @Override
            Object root(OpenAIClient client) {
                return client;
            }
        },
        ASYNC {
            @Override
            Object root(OpenAIClient client) {
                return client.async();
            }
        },
        RAW {
            @Override
            Object root(OpenAIClient client) {
                return client.withRawResponse();
            }
        };

        abstract Object root(OpenAIClient client);
    }

    /** What the server received, as far as it matters. */
    private record Received(
            String method, List<String> path, List<String> query, Map<String, String> headers, String body) {}

    /** A method of a service, reached by these methods from the client. */
    private record Call(List<Method> way, Method method) {
        @Override
        public String toString() {
            return Stream.concat(way.stream(), Stream.of(method))
                    .map(Method::getName)
                    .collect(Collectors.joining("."));
        }

        Class<?> parameters() {
            return method.getParameterTypes()[0];
        }
    }

    /** What a call led to: what the server received, and how it ended for the caller. */
    private record Seen(List<Received> requests, String outcome) {}

    private final SdkParameters parameters = new SdkParameters();
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private volatile boolean fails;
    private HttpServer server;
    private OpenAIClient direct;
    private OpenAIClient withFallbacks;

    @BeforeEach
    void begin() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
        direct = client(OkHttpClient.builder().build());
        withFallbacks = client(OpenAiScene.bare().build());
    }

    @AfterEach
    void end() {
        direct.close();
        withFallbacks.close();
        server.stop(0);
        threads.close();
    }

    private OpenAIClient client(HttpClient http) {
        String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
        return new OpenAIClientImpl(
                OpenAiScene.options(http, url).adminApiKey("admin-key").build());
    }

    @ParameterizedTest
    @EnumSource
    void everyMethodSendsTheSameRequestAndEndsInTheSameWay(Form form, TestReporter reporter) {
        Set<String> noParameters = new TreeSet<>();
        List<String> differences = new ArrayList<>();
        int compared = 0;
        for (Call call : calls(form)) {
            // An error of the server is read by the same code in all forms.
            for (boolean failing : form == Form.SYNC ? List.of(false, true) : List.of(false)) {
                fails = failing;
                Optional<Seen> without = direct(call, form);
                if (without.isEmpty()) {
                    noParameters.add(call.toString());
                    break;
                }
                compared += failing ? 0 : 1;
                Seen with = seen(call, form.root(withFallbacks));
                if (!with.equals(without.get())) {
                    differences.add(call + (failing ? " (400)" : "") + "\n  without: " + without.get() + "\n  with:    "
                            + with);
                }
            }
        }
        reporter.publishEntry(form + " methods compared: " + compared + ", differences: " + differences.size());
        assertThat(differences).isEmpty();
        assertThat(noParameters)
                .as("methods for which no parameters can be made")
                .isEmpty();
        assertThat(compared).as("methods").isGreaterThan(350);
    }

    // The methods.

    private List<Call> calls(Form form) {
        List<Call> all = new ArrayList<>();
        Class<?> root = Arrays.stream(form.root(direct).getClass().getInterfaces())
                .filter(each -> each.getName().startsWith("com.openai.client."))
                .findFirst()
                .orElseThrow();
        collect(root, List.of(), all);
        return all;
    }

    private static void collect(Class<?> service, List<Method> way, List<Call> all) {
        List<Method> methods = Arrays.stream(service.getMethods())
                .sorted(Comparator.comparing(Method::toGenericString))
                .toList();
        for (Method method : methods) {
            Class<?>[] types = method.getParameterTypes();
            if (types.length == 1
                    && Params.class.isAssignableFrom(types[0])
                    && !types[0].getSimpleName().startsWith("Structured")
                    && !method.getName().startsWith("connect")) {
                all.add(new Call(way, method));
            } else if (types.length == 0
                    && method.getReturnType().getName().startsWith("com.openai.services.")
                    && !method.getName().equals("withRawResponse")) {
                List<Method> further = new ArrayList<>(way);
                further.add(method);
                collect(method.getReturnType(), further, all);
            }
        }
    }

    /** The call without Understudy; empty if there are no parameters with which the SDK sends a request. */
    private Optional<Seen> direct(Call call, Form form) {
        Optional<Seen> seen;
        do {
            seen = parameters.of(call.parameters()).isPresent()
                    ? Optional.of(seen(call, form.root(direct)))
                    : Optional.empty();
        } while (seen.isPresent()
                && parameters.learn(call.parameters(), seen.get().outcome()));
        return seen.filter(each -> each.requests().size() == 1);
    }

    private static Object invoke(Call call, Object root, Params params) throws Throwable {
        try {
            Object service = root;
            for (Method step : call.way()) {
                service = step.invoke(service);
            }
            return call.method().invoke(service, params);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
        }
    }

    private Seen seen(Call call, Object root) {
        received.clear();
        String outcome;
        try {
            outcome = described(
                    invoke(call, root, parameters.of(call.parameters()).orElseThrow()));
        } catch (Throwable thrown) {
            outcome = describedException(LinkedFutures.unwrapped(thrown));
        }
        return new Seen(List.copyOf(received), outcome);
    }

    // What the caller gets.

    private static String described(Object result) throws Exception {
        return switch (result) {
            case null -> "nothing";
            case CompletableFuture<?> future -> described(await(future));
            case AsyncStreamResponse<?> stream -> {
                List<Object> items = new CopyOnWriteArrayList<>();
                stream.subscribe(items::add);
                await(stream.onCompleteFuture());
                yield described(items);
            }
            case StreamResponse<?> stream -> {
                try (stream) {
                    yield described(stream.stream().toList());
                }
            }
            case HttpResponseFor<?> raw -> {
                try (raw) {
                    yield head(raw) + " " + described(raw.parse());
                }
            }
            case HttpResponse raw -> {
                try (raw) {
                    yield head(raw) + " " + new String(raw.body().readAllBytes(), UTF_8);
                }
            }
            default -> IDENTITY.matcher(result.toString()).replaceAll("");
        };
    }

    private static Object await(CompletableFuture<?> future) {
        try {
            return future.orTimeout(60, TimeUnit.SECONDS).join();
        } catch (CompletionException failed) {
            if (LinkedFutures.unwrapped(failed) instanceof RuntimeException cause) {
                throw cause;
            }
            throw failed;
        }
    }

    private static String head(HttpResponse response) {
        // The character set of an event stream is always UTF-8, and need not be named.
        return response.statusCode() + " "
                + response.headers().values("content-type").toString().replace("; charset=utf-8", "") + " "
                + response.headers().values("x-request-id");
    }

    private static String describedException(Throwable thrown) {
        return thrown instanceof OpenAIServiceException told
                ? told.getClass().getSimpleName() + " " + told.statusCode() + " " + told.code() + " " + told.type()
                : thrown.toString();
    }

    // The server.

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            Received request = received(exchange, body);
            received.add(request);
            boolean streams = request.body().contains("\"stream\":true")
                    || request.query().contains("stream=true")
                    || request.body().contains("name=\"stream\"");
            String path = request.method() + " " + String.join("/", request.path());
            byte[] reply =
                    (fails ? FAILURE : streams ? GoodReplies.stream(path) : GoodReplies.whole(path)).getBytes(UTF_8);
            String type =
                    streams ? "text/event-stream" : path.endsWith("/audio/speech") ? "audio/mpeg" : "application/json";
            exchange.getResponseHeaders().set("Content-Type", fails ? "application/json" : type);
            exchange.getResponseHeaders().set("x-request-id", "req_1");
            exchange.sendResponseHeaders(fails ? 400 : 200, reply.length);
            exchange.getResponseBody().write(reply);
        }
    }

    private static final String FAILURE =
            "{\"error\":{\"message\":\"told to fail\",\"type\":\"invalid_request_error\",\"param\":null,\"code\":\"test_code\"}}";

    private static Received received(HttpExchange exchange, byte[] body) {
        Map<String, String> headers = new TreeMap<>();
        exchange.getRequestHeaders().forEach((name, values) -> {
            String key = name.toLowerCase(Locale.ROOT);
            if (!OF_THE_CLIENT.contains(key)) {
                headers.put(key, String.join(", ", values));
            }
        });
        String text = new String(body, UTF_8);
        Matcher boundary = BOUNDARY.matcher(headers.getOrDefault("content-type", ""));
        if (boundary.find()) {
            // A new one in each request.
            String random = boundary.group(1);
            text = text.replace(random, "BOUNDARY");
            headers.computeIfPresent("content-type", (name, value) -> value.replace(random, "BOUNDARY"));
        }
        return new Received(
                exchange.getRequestMethod(),
                decoded(exchange.getRequestURI().getRawPath(), "/"),
                decoded(
                        Optional.ofNullable(exchange.getRequestURI().getRawQuery())
                                .orElse(""),
                        "&"),
                headers,
                text);
    }

    /** HTTP clients encode different characters where they need not. */
    private static List<String> decoded(String text, String separator) {
        return Arrays.stream(text.split(separator))
                .map(part -> URLDecoder.decode(separator.equals("/") ? part.replace("+", "%2B") : part, UTF_8))
                .toList();
    }
}
