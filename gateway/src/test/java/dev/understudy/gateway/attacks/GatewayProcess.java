package dev.understudy.gateway.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.gateway.cli.Main;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.RawCaller;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A gateway as a process of its own, with a heap of 512 MB. */
final class GatewayProcess implements AutoCloseable {
    static final String CHAT = "/v1/chat/completions";

    private static final Pattern ADDRESS = Pattern.compile("listens on http://127\\.0\\.0\\.1:(\\d+)");
    /** For an answer, on a machine that is busy with an attack. */
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private final Path folder;
    private final Process process;
    private final int port;

    private GatewayProcess(Path folder, Process process) throws IOException {
        this.folder = folder;
        this.process = process;
        this.port = awaitPort();
    }

    /** @param folder for its configuration and what it prints */
    static GatewayProcess start(Path folder, String yaml) throws IOException {
        return started(folder, yaml, List.of());
    }

    /** The same with a limit on its open files ({@code ulimit -n}). */
    static GatewayProcess startWithFiles(int files, Path folder, String yaml) throws IOException {
        return started(folder, yaml, List.of("sh", "-c", "ulimit -n " + files + " && exec \"$@\"", "sh"));
    }

    private static GatewayProcess started(Path folder, String yaml, List<String> before) throws IOException {
        Path config = Files.writeString(folder.resolve("understudy.yaml"), yaml);
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "serve",
                "--config",
                config.toString(),
                "--data",
                folder.resolve("data").toString()));
        Process process = new ProcessBuilder(command)
                .redirectOutput(folder.resolve("output").toFile())
                .redirectError(folder.resolve("errors").toFile())
                .start();
        try {
            return new GatewayProcess(folder, process);
        } catch (IOException | AssertionError broken) {
            process.destroyForcibly();
            throw broken;
        }
    }

    private int awaitPort() throws IOException {
        while (true) {
            Matcher address = ADDRESS.matcher(Files.readString(folder.resolve("output")));
            if (address.find()) {
                return Integer.parseInt(address.group(1));
            }
            assertThat(process.isAlive()).as("%s", errors()).isTrue();
            LockSupport.parkNanos(20_000_000);
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    /** What it has printed to its standard error so far. */
    String errors() {
        try {
            return Files.readString(folder.resolve("errors"));
        } catch (IOException cannotRead) {
            throw new UncheckedIOException(cannotRead);
        }
    }

    /** A new connection that waits long for its answers. */
    RawCaller caller() {
        return RawCaller.connect(port).waitAtMost(PATIENCE);
    }

    /** A chat completion on a connection of its own. */
    RawAnswer post(String body, String... headerLines) {
        try (RawCaller caller = caller()) {
            return caller.post(CHAT, body, headerLines).readAnswer();
        }
    }

    /** A page on a connection of its own. */
    String page(String path) {
        try (RawCaller caller = caller()) {
            return caller.get(path).readAnswer().body();
        }
    }

    /** A number of its metrics page. */
    double metric(String name) {
        Matcher value = Pattern.compile("(?m)^" + Pattern.quote(name) + " ([0-9.E+-]+)$")
                .matcher(page("/metrics"));
        assertThat(value.find()).as(name).isTrue();
        return Double.parseDouble(value.group(1));
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
