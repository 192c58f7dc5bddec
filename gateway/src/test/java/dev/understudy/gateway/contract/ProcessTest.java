package dev.understudy.gateway.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.gateway.cli.Main;
import dev.understudy.testing.wire.End;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.RawCaller;
import dev.understudy.testing.wire.Reply;
import dev.understudy.testing.wire.ScriptedUpstream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The gateway as a process of its own, as operators start and end it. */
@Timeout(180)
class ProcessTest {
    private static final Pattern ADDRESS = Pattern.compile("listens on http://127\\.0\\.0\\.1:(\\d+)");
    /** What a JVM reports that ended by SIGTERM: 128 + 15. */
    private static final int TERMINATED = 143;

    /** What a JVM reports that ran out of memory with {@code -XX:+ExitOnOutOfMemoryError}. */
    private static final int OUT_OF_MEMORY = 3;

    @TempDir
    private Path folder;

    private Process serve(String yaml) throws IOException {
        return serve(yaml, Main.class, "-XX:TieredStopAtLevel=1");
    }

    private Process serve(String yaml, Class<?> main, String... options) throws IOException {
        Path config = Files.writeString(folder.resolve("understudy.yaml"), yaml);
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        List<String> command = new ArrayList<>(List.of(java.toString()));
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(
                "serve",
                "--config",
                config.toString(),
                "--data",
                folder.resolve("data").toString()));
        return new ProcessBuilder(command)
                .redirectOutput(folder.resolve("output").toFile())
                .redirectError(folder.resolve("errors").toFile())
                .start();
    }

    @Test
    void terminatedProcessFinishesItsStreamAndItsLog() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        try (ScriptedUpstream upstream = ScriptedUpstream.start()) {
            upstream.answerAlways(Reply.eventStream()
                    .event(Chats.content("first"))
                    .await(goOn)
                    .event(Chats.delta("{}", "\"stop\""))
                    .event("[DONE]")
                    .lastChunk());
            Process process = serve("""
                    server: {port: 0, drain: 60s}
                    providers: {one: {base-url: "%s"}}
                    """.formatted(upstream.baseUrl()));
            try {
                RawCaller caller = RawCaller.connect(port(process))
                        .waitAtMost(Duration.ofSeconds(60))
                        .post("/v1/chat/completions", Chats.askStream("one/m"));
                assertThat(caller.readHead().status()).isEqualTo(200);
                assertThat(caller.readEvent()).isPresent();

                process.destroy();
                assertThat(process.waitFor(300, TimeUnit.MILLISECONDS)).isFalse();
                goOn.countDown();

                RawAnswer rest = caller.readRest();
                assertThat(rest.end()).isEqualTo(End.COMPLETE);
                assertThat(rest.body()).endsWith("data: [DONE]\n\n");
                assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
                assertThat(process.exitValue()).isIn(0, TERMINATED);
                assertThat(output()).anyMatch(line -> line.contains("\"ending\":\"answered\""));
                assertThat(folder.resolve("errors")).content().doesNotContain("Exception");
            } finally {
                process.destroyForcibly();
            }
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void hangupReloadsTheFileOrReportsAllThatIsWrongWithIt() throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.start()) {
            upstream.answerAlways(Chats.answered("hi"));
            String before = """
                    server: {port: 0, drain: 0s}
                    providers: {one: {base-url: "%s"}}
                    """.formatted(upstream.baseUrl());
            Process process = serve(before);
            try {
                int port = port(process);
                assertThat(statusOf(port, "one/m")).isEqualTo(200);

                rewrite(before + "models: {m: {targets: [nine/m]}}\ndefault: {}\n");
                signal("HUP", process);
                awaitError("not reloaded");
                awaitError("understudy.yaml:3: models.m.targets");
                awaitError("understudy.yaml:4: ");
                assertThat(statusOf(port, "one/m")).isEqualTo(200);

                rewrite(before.replace("port: 0", "port: 1") + "models: {m: {targets: [one/m]}}\n");
                signal("HUP", process);
                awaitError("was reloaded: 1 providers, 1 models");
                awaitError("only after a restart: server.port");
                assertThat(statusOf(port, "m")).isEqualTo(200);
                assertThat(process.isAlive()).isTrue();
            } finally {
                process.destroyForcibly();
            }
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void hangupAfterTheFileIsGoneChangesNothing() throws Exception {
        Process process = serve("server: {port: 0, drain: 0s}\nproviders: {rehearsal: {}}\n");
        try {
            int port = port(process);
            Files.delete(folder.resolve("understudy.yaml"));
            signal("HUP", process);
            awaitError("no such file");
            assertThat(statusOf(port, "rehearsal/ok")).isEqualTo(200);
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void furtherTerminationSignalEndsTheDrain() throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.start()) {
            upstream.answerAlways(
                    Reply.eventStream().event(Chats.content("first")).hold());
            Process process = serve("""
                    server: {port: 0, drain: 600s}
                    providers: {one: {base-url: "%s"}}
                    """.formatted(upstream.baseUrl()));
            try (RawCaller caller =
                    RawCaller.connect(port(process)).post("/v1/chat/completions", Chats.askStream("one/m"))) {
                assertThat(caller.waitAtMost(Duration.ofSeconds(60)).readHead().status())
                        .isEqualTo(200);
                // The first begins the drain; one that comes a second or more after it ends the process.
                do {
                    signal("TERM", process);
                } while (!process.waitFor(500, TimeUnit.MILLISECONDS));
                assertThat(process.exitValue()).isEqualTo(TERMINATED);
                awaitError("ended by a further SIGTERM");
            } finally {
                process.destroyForcibly();
            }
        }
    }

    @Test
    void processThatRunsOutOfMemoryEndsWithAStatusAndALastLine() throws Exception {
        String option = "-XX:+ExitOnOutOfMemoryError";
        assertThat(Path.of("..", "understudy")).content().contains(option);
        Process process =
                serve("server: {port: 0}\nproviders: {rehearsal: {}}\n", ServeWithoutMemory.class, "-Xmx64m", option);
        try {
            assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(OUT_OF_MEMORY);
            assertThat(output().getLast()).contains("Terminating due to java.lang.OutOfMemoryError: Java heap space");
        } finally {
            process.destroyForcibly();
        }
    }

    /** A gateway in a process whose memory runs out, in code that even catches the error. */
    static final class ServeWithoutMemory {
        private static final List<byte[]> KEPT = new ArrayList<>();

        private ServeWithoutMemory() {}

        public static void main(String[] arguments) {
            Thread.ofPlatform().daemon().start(() -> {
                while (true) {
                    try {
                        KEPT.add(new byte[1 << 20]);
                    } catch (OutOfMemoryError swallowed) {
                        KEPT.clear();
                    }
                }
            });
            Main.main(arguments);
        }
    }

    private static void signal(String name, Process process) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    private void rewrite(String yaml) throws IOException {
        Files.writeString(folder.resolve("understudy.yaml"), yaml);
    }

    private static int statusOf(int port, String model) {
        try (RawCaller caller = RawCaller.connect(port).waitAtMost(Duration.ofSeconds(60))) {
            return caller.post("/v1/chat/completions", Chats.ask(model))
                    .readAnswer()
                    .status();
        }
    }

    private void awaitError(String text) throws IOException {
        long began = System.nanoTime();
        while (!Files.readString(folder.resolve("errors")).contains(text)) {
            if (System.nanoTime() - began > TimeUnit.SECONDS.toNanos(60)) {
                throw new AssertionError(
                        "no '" + text + "' in the errors: " + Files.readString(folder.resolve("errors")));
            }
            LockSupport.parkNanos(20_000_000);
        }
    }

    @Test
    void portInUseIsReportedAndTheProcessEnds() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Process process = serve("""
                    server: {port: %d}
                    providers: {one: {base-url: "http://127.0.0.1:1/v1"}, rehearsal: {}}
                    """.formatted(taken.getLocalPort()));
            try {
                assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
                assertThat(process.exitValue()).isEqualTo(1);
                assertThat(output()).noneMatch(line -> line.contains("listens"));
                assertThat(folder.resolve("errors"))
                        .content()
                        .contains("127.0.0.1:" + taken.getLocalPort(), "in use")
                        .doesNotContain("\tat ");
            } finally {
                process.destroyForcibly();
            }
        }
    }

    private int port(Process process) throws IOException {
        while (process.isAlive()) {
            Matcher address = ADDRESS.matcher(String.join("\n", output()));
            if (address.find()) {
                return Integer.parseInt(address.group(1));
            }
            LockSupport.parkNanos(20_000_000);
        }
        throw new AssertionError("the process ended without listening: " + output());
    }

    private List<String> output() throws IOException {
        return Files.readAllLines(folder.resolve("output"));
    }
}
