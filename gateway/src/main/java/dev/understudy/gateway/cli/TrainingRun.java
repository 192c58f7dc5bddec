package dev.understudy.gateway.cli;

import dev.understudy.rehearsal.RehearsalProvider;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * A training run for the JVM's AOT cache (JEP 514 and 515): serves calls like those of a busy gateway for some seconds, so that the cache
 * has the classes of the serving path and the profiles of its methods. The launcher runs it once after each build.
 *
 * <p>The gateway runs in a process of its own, whose command the arguments are, without {@code serve}: the profiles contain what it does,
 * and neither its callers nor the provider behind it, which are here.
 *
 * <p>{@code java -cp understudy.jar dev.understudy.gateway.cli.TrainingRun java -XX:AOTCacheOutput=FILE … -jar understudy.jar}
 */
public final class TrainingRun {
    private static final int CALLERS = 16;
    private static final Duration TIME = Duration.ofSeconds(20);
    /** For the start of the gateway, and for its end, in which the JVM writes the cache. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final int HTTP_OK = 200;

    private static final String PROMPT =
            "\"messages\":[{\"role\":\"system\",\"content\":\"Answer in two sentences.\"},{\"role\":\"user\",\"content\":\"What is a hedge?\"}]";

    /** What callers send in turn: mostly what is passed through, and something of everything else. */
    private static final List<Call> CALLS = List.of(
            new Call("/v1/chat/completions", "{\"model\":\"trained\",\"temperature\":0.7," + PROMPT + "}"),
            new Call("/v1/chat/completions", "{\"model\":\"trained\",\"stream\":true," + PROMPT + "}"),
            new Call("/v1/chat/completions", "{\"model\":\"trained\",\"user\":\"u\"," + PROMPT + "}"),
            new Call(
                    "/v1/messages",
                    "{\"model\":\"trained\",\"max_tokens\":90,\"stream\":true," + PROMPT.replace("system", "user")
                            + "}"),
            new Call("/v1/chat/completions", "{\"model\":\"one/ok\",\"max_tokens\":120," + PROMPT + "}"),
            new Call("/v1/responses", "{\"model\":\"trained\",\"input\":\"What is a hedge?\",\"stream\":true}"),
            new Call("/v1/chat/completions", "{\"model\":\"trained\",\"temperature\":0.1," + PROMPT + "}"),
            new Call(
                    "/v1/messages",
                    "{\"model\":\"trained\",\"max_tokens\":90," + PROMPT.replace("system", "user") + "}"),
            new Call("/v1/chat/completions", "{\"model\":\"failing\",\"stream\":true," + PROMPT + "}"),
            new Call("/v1/responses", "{\"model\":\"trained\",\"input\":\"What is a hedge?\"}"));

    private TrainingRun() {}

    private record Call(String path, String body) {}

    /**
     * Runs the gateway of the command, and ends with 0 if it served every call.
     *
     * @param command the JVM with its options, up to the jar
     */
    public static void main(String[] command) throws IOException, InterruptedException, ExecutionException {
        System.exit(run(List.of(command), TIME) ? 0 : 1);
    }

    /**
     * Runs the gateway of a command, and calls it for a time.
     *
     * @return whether it ended when it was to
     * @throws IOException if it did not start
     * @throws ExecutionException if a call was not answered with 200
     */
    static boolean run(List<String> command, Duration time)
            throws IOException, InterruptedException, ExecutionException {
        Path folder = Files.createTempDirectory("understudy-training-");
        Vertx vertx = Vertx.vertx();
        try {
            RehearsalProvider provider = RehearsalProvider.start(vertx)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get();
            return served(command, time, folder, provider);
        } finally {
            vertx.close();
            StoreFolder.delete(folder);
        }
    }

    private static boolean served(List<String> command, Duration time, Path folder, RehearsalProvider provider)
            throws IOException, InterruptedException, ExecutionException {
        Path configuration = Files.writeString(folder.resolve("understudy.yaml"), """
                providers:
                  one: {dialect: openai, base-url: "%s", auth: none}
                models:
                  trained: {targets: [one/ok, one/ok-too]}
                  failing: {targets: [one/error, one/ok]}
                """.formatted(provider.baseUrl()));
        int port = freePort();
        List<String> whole = new ArrayList<>(command);
        whole.addAll(List.of("serve", "--config", configuration.toString(), "--port", String.valueOf(port)));
        whole.addAll(List.of("--data", folder.resolve("data").toString()));
        Process gateway = new ProcessBuilder(whole)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            URI base = URI.create("http://127.0.0.1:" + port);
            waitUntilReady(client, base, gateway);
            load(client, base, time);
            gateway.destroy();
            return gateway.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } finally {
            gateway.destroyForcibly();
        }
    }

    private static void waitUntilReady(HttpClient client, URI base, Process gateway)
            throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() - end < 0 && gateway.isAlive()) {
            try {
                HttpRequest ready =
                        HttpRequest.newBuilder(base.resolve("/readyz")).build();
                if (client.send(ready, BodyHandlers.discarding()).statusCode() == HTTP_OK) {
                    return;
                }
            } catch (IOException notYet) {
                // It does not listen yet; the time limit ends this.
            }
            Thread.sleep(50);
        }
        throw new IOException("the gateway of the training run did not become ready");
    }

    private static void load(HttpClient client, URI base, Duration time)
            throws InterruptedException, ExecutionException {
        long end = System.nanoTime() + time.toNanos();
        try (ExecutorService callers = Executors.newFixedThreadPool(CALLERS)) {
            List<Future<?>> all = new ArrayList<>();
            for (int caller = 0; caller < CALLERS; caller++) {
                int first = caller;
                all.add(callers.submit(() -> {
                    for (int next = first; System.nanoTime() - end < 0; next++) {
                        send(client, base, CALLS.get(next % CALLS.size()));
                    }
                    return null;
                }));
            }
            for (Future<?> each : all) {
                each.get();
            }
        }
    }

    private static void send(HttpClient client, URI base, Call call) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(base.resolve(call.path()))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(call.body()))
                .build();
        HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
        if (response.statusCode() != HTTP_OK) {
            throw new IOException(call.path() + " was answered with " + response.statusCode() + ": " + response.body());
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
