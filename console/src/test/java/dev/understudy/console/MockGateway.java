package dev.understudy.console;

import static dev.understudy.console.MockSettings.JSON;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * The console's files and the admin API with its state in memory: what the pages expect of the gateway, with If-Match, problems of
 * settings and server-sent events.
 *
 * <p>{@code main} serves it with sample data, to look at the pages.
 */
final class MockGateway implements AutoCloseable {
    /** What the gateway sends with the pages. */
    static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
            + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "svg", "image/svg+xml");
    private static final String API = "/admin/v1";
    private static final int QUEUE = 100;

    /** A request that changed something, or tried to. */
    record Write(String method, String path, String ifMatch, String author, JsonNode body) {}

    /** An answer of the API that is not the usual one. */
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;
        final transient ObjectNode document;
        final int status;

        Refused(int status, String code, String message) {
            super(message);
            this.status = status;
            document = JSON.createObjectNode();
            document.putObject("error")
                    .put("type", "invalid_request_error")
                    .put("code", code)
                    .put("message", message);
        }
    }

    final MockSettings settings = new MockSettings();
    final List<ObjectNode> calls = new CopyOnWriteArrayList<>();
    /** By the call's id. */
    final Map<String, ObjectNode> contents = new ConcurrentHashMap<>();

    /** For how long contents are kept; empty if they are not. */
    volatile Optional<String> contentsKept = Optional.empty();

    final List<Write> writes = new CopyOnWriteArrayList<>();
    volatile ObjectNode health = JSON.createObjectNode();
    volatile ObjectNode overview = JSON.createObjectNode();
    volatile ArrayNode models = JSON.createArrayNode();
    volatile Optional<String> key = Optional.empty();
    final MockAccess access = new MockAccess();
    final MockDrills drills = new MockDrills();
    final MockSimulations simulations = new MockSimulations();

    private final List<BlockingQueue<String>> readers = new CopyOnWriteArrayList<>();
    private final HttpServer server;

    MockGateway(int port) {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        server.setExecutor(Executors.newCachedThreadPool(runnable -> {
            Thread thread = new Thread(runnable);
            thread.setDaemon(true);
            return thread;
        }));
        server.createContext("/", exchange -> send(exchange, 404, "text/plain", "no such path"));
        server.createContext("/console/", this::file);
        server.createContext(API + "/", this::api);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/console/";
    }

    @Override
    public void close() {
        server.stop(0);
    }

    /** Sends an event to all who follow. */
    void emit(String kind, JsonNode document) {
        readers.forEach(queue -> queue.offer("event: " + kind + "\ndata: " + document + "\n\n"));
    }

    /** A call that ends now. */
    void addCall(ObjectNode call) {
        calls.addFirst(call);
        emit("call", row(call));
    }

    private void file(HttpExchange exchange) throws IOException {
        String name = exchange.getRequestURI().getPath().substring("/console/".length());
        String path = name.isEmpty() ? "index.html" : name;
        try (InputStream file = MockGateway.class.getResourceAsStream("/dev/understudy/console/" + path)) {
            if (file == null) {
                send(exchange, 404, "text/plain", "no such file");
                return;
            }
            exchange.getResponseHeaders().set("content-security-policy", POLICY);
            exchange.getResponseHeaders().set("x-content-type-options", "nosniff");
            send(exchange, 200, TYPES.get(path.substring(path.lastIndexOf('.') + 1)), file.readAllBytes());
        }
    }

    private void api(HttpExchange exchange) throws IOException {
        try {
            if (key.isPresent()
                    && !("Bearer " + key.get())
                            .equals(exchange.getRequestHeaders().getFirst("authorization"))) {
                throw new Refused(
                        401, "invalid_admin_key", "this page needs the admin key (server.admin.key) as a bearer token");
            }
            String path = exchange.getRequestURI().getRawPath().substring(API.length());
            if (path.equals("/events")) {
                follow(exchange);
            } else if (path.equals("/settings/export")) {
                send(exchange, 200, "text/yaml", settings.export());
            } else if (path.matches("/simulate/[^/]+/report")) {
                send(exchange, 200, "text/plain", "<!doctype html><title>What a chain is worth</title>");
            } else {
                json(exchange, 200, answer(exchange, path));
            }
        } catch (Refused refused) {
            json(exchange, refused.status, refused.document);
        } catch (RuntimeException bug) {
            json(exchange, 500, new Refused(500, "internal", String.valueOf(bug)).document);
        }
    }

    private JsonNode answer(HttpExchange exchange, String path) throws IOException {
        String method = exchange.getRequestMethod();
        String[] parts = path.substring(1).split("/");
        String second = parts.length > 1 ? URLDecoder.decode(parts[1], StandardCharsets.UTF_8) : "";
        JsonNode body = method.equals("GET") ? JSON.nullNode() : JSON.readTree(exchange.getRequestBody());
        String author = Optional.ofNullable(exchange.getRequestHeaders().getFirst("understudy-author"))
                .orElse("");
        if (!method.equals("GET")) {
            writes.add(new Write(
                    method,
                    path,
                    Optional.ofNullable(exchange.getRequestHeaders().getFirst("if-match"))
                            .orElse(""),
                    author,
                    body));
        }
        return switch (method + " " + parts[0] + (parts.length > 2 ? "/" + parts[2] : "")) {
            case "GET chains" -> settings.document();
            case "GET prices" -> settings.prices();
            case "GET models" -> JSON.createObjectNode().set("models", models);
            case "GET health" -> second.equals("history") ? Samples.history() : health;
            case "GET overview" -> overview;
            case "GET settings" -> settings.settings();
            case "GET versions" ->
                second.isEmpty()
                        ? settings.versions(
                                number(exchange, "before", Integer.MAX_VALUE), number(exchange, "limit", 50))
                        : settings.versionDocument(Integer.parseInt(second)).orElseThrow(MockGateway::notFound);
            case "GET calls/contents" ->
                Optional.ofNullable(contents.get(second)).orElseThrow(MockGateway::notFound);
            case "GET calls" -> second.isEmpty() ? list(exchange) : call(second);
            case "POST health" -> resetHealth(exchange);
            case "GET keys" -> access.keys();
            case "POST keys" -> access.create(body);
            case "PATCH keys" ->
                access.change(
                        second,
                        body,
                        Optional.ofNullable(exchange.getRequestHeaders().getFirst("if-match")));
            case "DELETE keys" ->
                access.revoke(second, parameter(exchange, "open_gateway").equals("true"));
            case "GET providers" -> access.providers();
            case "PUT providers/key", "DELETE providers/key" -> access.changeKey(second, method.equals("PUT"));
            case "POST providers/test" -> access.test(second);
            case "POST simulate" -> simulations.start((ObjectNode) body);
            case "GET simulate" -> simulations.document();
            case "DELETE simulate" -> simulations.stop();
            case "GET drills" -> drills.document();
            case "POST drills", "DELETE drills" -> {
                JsonNode drill = method.equals("POST")
                        ? drills.start((ObjectNode) body, author)
                                .orElseThrow(() -> new Refused(409, "drill_exists", "a drill of this name is running"))
                        : drills.end(second, author).orElseThrow(MockGateway::notFound);
                emit("drills", JSON.createObjectNode());
                yield drill;
            }
            case "POST try" -> Rehearsed.call(settings, (ObjectNode) body);
            case "POST chains/preview" -> settings.preview(second, (ObjectNode) body);
            default -> write(exchange, method + " " + parts[0], second, body, author);
        };
    }

    /** What changes the settings: needs the version that its author has seen. */
    private synchronized JsonNode write(HttpExchange exchange, String what, String name, JsonNode body, String author) {
        String seen = exchange.getRequestHeaders().getFirst("if-match");
        if (seen == null) {
            throw new Refused(428, "precondition_required", "send If-Match with the version that you have read");
        }
        if (!seen.equals("\"" + settings.version() + "\"")) {
            Refused refused = new Refused(
                    412, "version_conflict", "the settings are at version " + settings.version() + " by now");
            ((ObjectNode) refused.document.get("error")).put("version", settings.version());
            throw refused;
        }
        switch (what) {
            case "PUT chains" -> {
                refuse(settings.problems(name, body));
                settings.put(name, (ObjectNode) body, author);
            }
            case "PUT groups" -> {
                refuse(MockSettings.problemsOfGroup(name, body));
                settings.putGroup(name, body, author);
            }
            case "DELETE groups" -> {
                if (!settings.deleteGroup(name, author)) {
                    throw notFound();
                }
            }
            case "PUT prices" -> {
                refuse(settings.problemsOfPrices(body));
                settings.putPrices(body, author);
            }
            case "DELETE chains" -> {
                if (!settings.delete(name, author)) {
                    throw notFound();
                }
            }
            case "PUT fallbacks" -> settings.putFallbacks((ObjectNode) body, author);
            case "POST settings" -> settings.reset(author);
            case "POST versions" -> {
                if (!settings.restore(Integer.parseInt(name), author)) {
                    throw notFound();
                }
            }
            default -> throw notFound();
        }
        emit("settings", JSON.createObjectNode().put("version", settings.version()));
        return what.startsWith("POST")
                ? JSON.createObjectNode().put("version", settings.version())
                : what.equals("PUT prices") ? settings.prices() : settings.document();
    }

    private static void refuse(ArrayNode problems) {
        if (!problems.isEmpty()) {
            Refused refused =
                    new Refused(422, "invalid_settings", "the settings have " + problems.size() + " problems");
            ((ObjectNode) refused.document.get("error")).set("problems", problems);
            throw refused;
        }
    }

    private static Refused notFound() {
        return new Refused(404, "not_found", "there is no such thing");
    }

    private static int number(HttpExchange exchange, String name, int otherwise) {
        String value = parameter(exchange, name);
        return value.isEmpty() ? otherwise : Integer.parseInt(value);
    }

    private static String parameter(HttpExchange exchange, String name) {
        String query =
                Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse("");
        for (String pair : query.split("&")) {
            if (pair.startsWith(name + "=")) {
                return URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8);
            }
        }
        return "";
    }

    private JsonNode list(HttpExchange exchange) {
        int from = number(exchange, "before", 0);
        int limit = number(exchange, "limit", 50);
        List<ObjectNode> found = calls.stream()
                .filter(call -> List.of("model", "target", "ending", "caller").stream()
                        .allMatch(name -> parameter(exchange, name).isEmpty()
                                || parameter(exchange, name)
                                        .equals(call.path(name).asText())))
                .filter(call -> parameter(exchange, "rescued").isEmpty()
                        || call.path("rescued").asBoolean())
                .filter(call -> call.toString().contains(parameter(exchange, "text")))
                .toList();
        ObjectNode page = JSON.createObjectNode();
        ArrayNode rows = page.putArray("calls");
        found.stream().skip(from).limit(limit).forEach(call -> rows.add(row(call)));
        contentsKept.ifPresent(duration -> page.put("contents_kept", duration));
        page.put("next", from + limit < found.size() ? String.valueOf(from + limit) : null);
        return page;
    }

    private static ObjectNode row(ObjectNode call) {
        return call.deepCopy().without(List.of("trail", "summary"));
    }

    private JsonNode call(String id) {
        ObjectNode found = calls.stream()
                .filter(call -> call.path("id").asText().equals(id))
                .findFirst()
                .orElseThrow(MockGateway::notFound)
                .deepCopy();
        contentsKept.ifPresent(duration -> found.put("contents_kept", duration));
        return found.put("has_contents", contents.containsKey(id));
    }

    private JsonNode resetHealth(HttpExchange exchange) {
        String only = parameter(exchange, "target");
        ObjectNode next = health.deepCopy();
        for (JsonNode each : next.get("targets")) {
            if (only.isEmpty() || only.equals(each.path("target").asText())) {
                ((ObjectNode) each)
                        .put("state", "ready")
                        .without(List.of("until", "scope", "since", "reason", "trips_in_a_row"));
            }
        }
        health = next;
        emit("health", next);
        return JSON.createObjectNode().put("reset", only.isEmpty() ? "all" : only);
    }

    private void follow(HttpExchange exchange) throws IOException {
        BlockingQueue<String> queue = new ArrayBlockingQueue<>(QUEUE);
        exchange.getResponseHeaders().set("content-type", "text/event-stream");
        // First: a page that has seen the headers counts on every event from then on.
        readers.add(queue);
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(": welcome\n\n".getBytes(StandardCharsets.UTF_8));
            out.flush();
            while (true) {
                String event = queue.poll(15, TimeUnit.SECONDS);
                out.write((event == null ? ": still here\n\n" : event).getBytes(StandardCharsets.UTF_8));
                out.flush();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } finally {
            readers.remove(queue);
        }
    }

    private static void json(HttpExchange exchange, int status, JsonNode document) throws IOException {
        send(exchange, status, "application/json", document.toString());
    }

    private static void send(HttpExchange exchange, int status, String type, String text) throws IOException {
        send(exchange, status, type, text.getBytes(StandardCharsets.UTF_8));
    }

    private static void send(HttpExchange exchange, int status, String type, byte[] bytes) throws IOException {
        exchange.getResponseHeaders().set("content-type", type);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    /** Serves the pages with sample data until it is ended. {@code args}: the port. */
    public static void main(String... args) throws InterruptedException {
        try (MockGateway gateway = new MockGateway(args.length > 0 ? Integer.parseInt(args[0]) : 0)) {
            Samples.fill(gateway);
            System.out.println(gateway.url());
            new java.util.concurrent.CountDownLatch(1).await();
        }
    }
}
