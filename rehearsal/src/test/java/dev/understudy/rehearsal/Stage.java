package dev.understudy.rehearsal;

import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.RawCaller;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A rehearsal provider for tests, and the usual ways to ask it. */
final class Stage implements AutoCloseable {

    static final String CHAT = "/v1/chat/completions";

    /** For an answer that comes to an end, also on a machine that is busy. */
    static final Duration ENOUGH = Duration.ofSeconds(15);

    /** For one that does not. */
    static final Duration LITTLE = Duration.ofMillis(600);

    private static final Pattern CONTENT = Pattern.compile("\"content\":\"((?:[^\"\\\\]++|\\\\.)*+)\"");

    private final Vertx vertx = Vertx.vertx();
    private final RehearsalProvider provider;

    Stage() {
        provider = await(RehearsalProvider.start(vertx));
    }

    /** With so few connections that a test can use them up. */
    Stage(int maxConnections) {
        provider = await(RehearsalProvider.start(vertx, maxConnections));
    }

    RehearsalProvider provider() {
        return provider;
    }

    RawCaller call() {
        return RawCaller.connect(provider.port());
    }

    RawAnswer ask(String model, boolean stream) {
        return ask(model, stream, ENOUGH);
    }

    RawAnswer ask(String model, boolean stream, Duration patience) {
        try (RawCaller caller = call().waitAtMost(patience)) {
            return caller.post(CHAT, body(model, stream)).readAnswer();
        }
    }

    static String body(String model, boolean stream) {
        return "{\"model\":\"" + model + "\",\"stream\":" + stream
                + ",\"messages\":[{\"role\":\"user\",\"content\":\"Count for me.\"}]}";
    }

    /** All content in a body, streamed or not, put together; without undoing JSON's escapes. */
    static String content(String body) {
        return CONTENT.matcher(body).results().map(match -> match.group(1)).collect(Collectors.joining());
    }

    /** Waits for a state that another thread brings about. */
    static boolean becomes(BooleanSupplier state) {
        long started = System.nanoTime();
        while (!state.getAsBoolean()) {
            if (System.nanoTime() - started > TimeUnit.SECONDS.toNanos(5)) {
                return false;
            }
            Thread.onSpinWait();
        }
        return true;
    }

    static <T> T await(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(5, TimeUnit.SECONDS)
                .join();
    }

    @Override
    public void close() {
        await(provider.close());
        await(vertx.close());
    }
}
