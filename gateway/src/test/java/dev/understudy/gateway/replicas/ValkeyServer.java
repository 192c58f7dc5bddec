package dev.understudy.gateway.replicas;

import dev.understudy.testing.wire.ScriptedUpstream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** A Valkey, or a Redis, of this machine's package, that keeps nothing on disk. It can be killed, and started again at its port. */
final class ValkeyServer implements AutoCloseable {
    private final Path program;
    private final int port;
    private Process process;

    private ValkeyServer(Path program) {
        this.program = program;
        this.port = ScriptedUpstream.unusedPort();
        this.process = run();
    }

    /** Starts one; skips the test where none is installed. */
    static ValkeyServer start() {
        Optional<Path> program = program();
        Assumptions.assumeTrue(program.isPresent(), "neither valkey-server nor redis-server is installed");
        return new ValkeyServer(program.orElseThrow());
    }

    private static Optional<Path> program() {
        List<String> folders = List.of(System.getenv().getOrDefault("PATH", "").split(":"));
        return Stream.of("valkey-server", "redis-server")
                .flatMap(name -> folders.stream().map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private Process run() {
        try {
            Process started = new ProcessBuilder(
                            program.toString(),
                            "--bind",
                            "127.0.0.1",
                            "--port",
                            Integer.toString(port),
                            "--save",
                            "",
                            "--appendonly",
                            "no")
                    .redirectErrorStream(true)
                    .start();
            BufferedReader lines = started.inputReader();
            String line = lines.readLine();
            while (line != null && !line.contains("Ready to accept connections")) {
                line = lines.readLine();
            }
            if (line == null) {
                throw new IllegalStateException(program + " has ended by itself");
            }
            return started;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    String url() {
        return "redis://127.0.0.1:" + port;
    }

    /** SIGKILL: it loses all that it knew. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            throw new IllegalStateException("it does not end");
        }
    }

    void startAgain() {
        process = run();
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }
}
