package dev.understudy.spring;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A local server with OpenAI's Chat Completions. Does what it was told, in this order, and the last of it again and again. */
public final class FakeOpenAi implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Queue<Answer> answers = new ArrayDeque<>();

    public final List<Request> requests = new CopyOnWriteArrayList<>();

    public record Request(String authorization, String body) {}

    private interface Answer {
        void send(HttpExchange exchange) throws IOException;
    }

    public FakeOpenAi() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
    }

    private void handle(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        requests.add(new Request(exchange.getRequestHeaders().getFirst("Authorization"), body));
        next().send(exchange);
    }

    private synchronized Answer next() {
        return answers.size() > 1 ? answers.remove() : answers.element();
    }

    private synchronized void add(Answer answer) {
        answers.add(answer);
    }

    /** Forgets what it was told before. */
    public synchronized FakeOpenAi instead() {
        answers.clear();
        return this;
    }

    public void fails(int status, String body, String... header) {
        add(exchange -> {
            if (header.length == 2) {
                exchange.getResponseHeaders().add(header[0], header[1]);
            }
            send(exchange, status, body);
        });
    }

    public void answers(String text) {
        add(exchange -> send(exchange, 200, """
                {"id":"c-1","object":"chat.completion","created":1,"model":"fake","choices":[{"index":0,"finish_reason":"stop",\
                "message":{"role":"assistant","content":"%s","refusal":null}}],\
                "usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}""".formatted(text)));
    }

    public void callsTool(String name, String arguments) {
        add(exchange -> send(exchange, 200, """
                {"id":"c-1","object":"chat.completion","created":1,"model":"fake","choices":[{"index":0,"finish_reason":"tool_calls",\
                "message":{"role":"assistant","content":null,"refusal":null,"tool_calls":[{"id":"call-1","type":"function",\
                "function":{"name":"%s","arguments":"%s"}}]}}]}""".formatted(name, arguments.replace("\"", "\\\""))));
    }

    public void streams(String... parts) {
        add(exchange -> {
            try (OutputStream body = begin(exchange)) {
                event(body, chunk("{\"role\":\"assistant\",\"content\":\"\"}", "null"));
                for (String part : parts) {
                    event(body, chunk("{\"content\":\"" + part + "\"}", "null"));
                }
                event(body, chunk("{}", "\"stop\""));
                event(body, "[DONE]");
            }
        });
    }

    /** The end of the body comes where the rest of the answer should. */
    public void cutsOffAfter(String... parts) {
        instead().add(exchange -> {
            try (OutputStream body = begin(exchange)) {
                for (String part : parts) {
                    event(body, chunk("{\"content\":\"" + part + "\"}", "null"));
                }
            }
        });
    }

    private static String chunk(String delta, String finishReason) {
        return "{\"id\":\"c-1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"fake\",\"choices\":[{\"index\":0,"
                + "\"delta\":" + delta + ",\"finish_reason\":" + finishReason + "}]}";
    }

    private static OutputStream begin(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        return exchange.getResponseBody();
    }

    private static void event(OutputStream body, String data) throws IOException {
        body.write(("data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8));
        body.flush();
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        try (OutputStream body = exchange.getResponseBody()) {
            body.write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
