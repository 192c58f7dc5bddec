package dev.understudy.gateway.wire;

import dev.understudy.calls.config.Environment;
import dev.understudy.calls.config.InvalidSettings;
import dev.understudy.calls.config.SettingsDocument;
import dev.understudy.calls.config.SettingsReader;
import dev.understudy.calls.config.SettingsSource;
import dev.understudy.gateway.Gateway;
import dev.understudy.gateway.admin.RuntimeSettings;
import dev.understudy.gateway.log.AccessLog;
import dev.understudy.store.Store;
import dev.understudy.store.StoreOptions;
import dev.understudy.store.Stores;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.RawCaller;
import dev.understudy.testing.wire.ScriptedUpstream;
import io.vertx.core.Future;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/**
 * A running gateway on a free port, with three scripted upstreams as its providers {@code one}, {@code two} and {@code
 * three}.
 *
 * <pre>{@code
 * try (GatewayFixture gateway = GatewayFixture.start("models: {m: {targets: [one/a, two/b]}}")) {
 *     gateway.one().answerAlways(Reply.json(503, "{}"));
 *     gateway.two().answerAlways(Reply.json(200, answer));
 *     RawAnswer seen = gateway.chat("{\"model\":\"m\",\"messages\":[]}");
 * }
 * }</pre>
 *
 * <p>Each has its own health, budgets and connections, so what one test breaks no other meets.
 */
public final class GatewayFixture implements AutoCloseable {

    public static final String PATH = "/v1/chat/completions";

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static final String PROVIDERS = """
            server: {host: 127.0.0.1, port: 0, drain: 0s}
            providers:
              one: {base-url: "${ONE}", api-key: key-of-one}
              two: {base-url: "${TWO}", api-key: key-of-two}
              three: {base-url: "${THREE}", api-key: key-of-three}
            """;

    private final ScriptedUpstream one = ScriptedUpstream.start();
    private final ScriptedUpstream two = ScriptedUpstream.start();
    private final ScriptedUpstream three = ScriptedUpstream.start();
    private final ByteArrayOutputStream logged = new ByteArrayOutputStream();
    private final AccessLog log = AccessLog.to(logged);
    private final Optional<Store> store;
    private volatile String text;
    private final Gateway gateway;

    private GatewayFixture(String yaml, Map<String, String> further, Optional<Data> data, boolean changes) {
        try {
            Map<String, String> variables = new HashMap<>(Map.of(
                    "ONE", one.baseUrl(),
                    "TWO", two.baseUrl(),
                    "THREE", three.baseUrl(),
                    "ONE_PORT", Integer.toString(one.port()),
                    "TWO_PORT", Integer.toString(two.port()),
                    "THREE_PORT", Integer.toString(three.port())));
            variables.putAll(further);
            Environment environment = Environment.of(variables);
            SettingsReader reader = new SettingsReader(environment);
            store = data.map(Data::store);
            text = yaml;
            SettingsSource source = data.isPresent()
                    ? new FileSource(Files.writeString(data.get().folder().resolve("understudy.yaml"), yaml), reader)
                    : new TextSource(reader);
            gateway = get(
                    changes
                            ? Gateway.start(RuntimeSettings.open(source, store, "there is no store"), log, environment)
                            : Gateway.start(reader.read("test.yaml", yaml), log, environment));
        } catch (IOException failed) {
            throw new AssertionError("the configuration cannot be written", failed);
        } catch (InvalidSettings broken) {
            throw new AssertionError("the test's configuration is wrong: " + broken.problems(), broken);
        }
    }

    /**
     * Starts with the three providers.
     *
     * @param rest the configuration after {@code server} and {@code providers}
     */
    public static GatewayFixture start(String rest) {
        return new GatewayFixture(PROVIDERS + rest, Map.of(), Optional.empty(), true);
    }

    /** The same as a gateway inside another program, whose settings do not change. */
    public static GatewayFixture startFixed(String rest) {
        return new GatewayFixture(PROVIDERS + rest, Map.of(), Optional.empty(), false);
    }

    /**
     * The same with a configuration file that can be changed and a store, which is closed with the gateway.
     *
     * @param folder for both; what is there already is used
     */
    public static GatewayFixture startIn(Path folder, String rest) {
        return startIn(folder, PROVIDERS + rest, Stores.open(StoreOptions.in(folder)));
    }

    /** The same with the whole configuration, and a store of the test's own. */
    public static GatewayFixture startIn(Path folder, String yaml, Store store) {
        return new GatewayFixture(yaml, Map.of(), Optional.of(new Data(folder, store)), true);
    }

    private record Data(Path folder, Store store) {}

    private record FileSource(Path file, SettingsReader reader) implements SettingsSource {
        @Override
        public SettingsDocument document() throws InvalidSettings {
            return SettingsReader.document(file);
        }
    }

    /** The configuration that was named last. */
    private final class TextSource implements SettingsSource {
        private final SettingsReader reader;

        private TextSource(SettingsReader reader) {
            this.reader = reader;
        }

        @Override
        public SettingsDocument document() {
            return new SettingsDocument("test.yaml", Optional.of(text));
        }

        @Override
        public SettingsReader reader() {
            return reader;
        }
    }

    /** The store of {@link #startIn}. */
    public Store store() {
        return store.orElseThrow();
    }

    /** Reads the file of {@link #startIn} again, as at a signal. */
    public List<String> reload() throws InvalidSettings {
        return gateway.reload();
    }

    /**
     * Starts with a configuration that names its own providers: {@code ${ONE}}, {@code ${TWO}} and {@code ${THREE}} are
     * the upstreams' base URLs, {@code ${ONE_PORT}} and so on their ports. It should say {@code server: {port: 0, drain:
     * 0s}}.
     */
    public static GatewayFixture startWith(String yaml) {
        return startWith(yaml, Map.of());
    }

    /** The same, with further environment variables. */
    public static GatewayFixture startWith(String yaml, Map<String, String> variables) {
        return new GatewayFixture(yaml, variables, Optional.empty(), true);
    }

    public ScriptedUpstream one() {
        return one;
    }

    public ScriptedUpstream two() {
        return two;
    }

    public ScriptedUpstream three() {
        return three;
    }

    public List<ScriptedUpstream> upstreams() {
        return List.of(one, two, three);
    }

    public int port() {
        return gateway.port();
    }

    /** The port of the operator's pages, where the configuration gives them one. */
    public int adminPort() {
        return gateway.adminPort().orElseThrow();
    }

    /** A new caller, connected. */
    public RawCaller caller() {
        return RawCaller.connect(gateway.port());
    }

    /** One call on a connection of its own, to its end. Header lines come without their line ends. */
    public RawAnswer chat(String json, String... headerLines) {
        try (RawCaller caller = caller().waitAtMost(LIMIT)) {
            return caller.post(PATH, json, headerLines).readAnswer();
        }
    }

    /** The access log until now, once it has this many lines. */
    public List<String> log(int lines) {
        return logOnce(written -> written.size() >= lines, lines + " lines");
    }

    /** The access log until now, once a line of it has this text: lines of earlier calls may still be missing. */
    public List<String> logWith(String text) {
        return logOnce(written -> written.stream().anyMatch(line -> line.contains(text)), text);
    }

    private List<String> logOnce(Predicate<List<String>> enough, String what) {
        long started = System.nanoTime();
        List<String> written = wholeLines();
        while (!enough.test(written)) {
            if (System.nanoTime() - started > LIMIT.toNanos()) {
                throw new AssertionError("no " + what + " in the log: " + written);
            }
            Thread.onSpinWait();
            written = wholeLines();
        }
        return written;
    }

    private List<String> wholeLines() {
        String text = logged.toString(StandardCharsets.UTF_8);
        return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    }

    /** The settings of {@link #start} with another rest, for {@link #reload}. */
    public static String withProviders(String rest) {
        return PROVIDERS + rest;
    }

    /** Reads another configuration, which may use the same variables. Returns the names of ignored settings. */
    public Future<List<String>> reload(String yaml) {
        text = yaml;
        try {
            return Future.succeededFuture(gateway.reload());
        } catch (InvalidSettings refused) {
            return Future.failedFuture(refused);
        }
    }

    /** Begins to stop, as at the end of the process: no more connections, and time for the calls at work. */
    public Future<Void> stop() {
        return gateway.stop();
    }

    @Override
    public void close() {
        get(gateway.stop());
        log.close();
        store.ifPresent(Store::close);
        upstreams().forEach(ScriptedUpstream::close);
    }

    private static <T> T get(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException failed) {
            throw new AssertionError("the gateway did not start or stop", failed);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", stop);
        }
    }
}
