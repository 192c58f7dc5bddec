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
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The gateway as a process of its own, as operators start and end it. */
@Timeout(180)
class ProcessTest {
    private static final Pattern ADDRESS = Pattern.compile("listens on http://127\\.0\\.0\\.1:(\\d+)");
    /** What a JVM reports that ended by SIGTERM: 128 + 15. */
    private static final int TERMINATED = 143;

    @TempDir
    private Path folder;

    private Process serve(String yaml) throws IOException {
        Path config = Files.writeString(folder.resolve("understudy.yaml"), yaml);
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        return new ProcessBuilder(
                        java.toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "serve",
                        "--config",
                        config.toString())
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
