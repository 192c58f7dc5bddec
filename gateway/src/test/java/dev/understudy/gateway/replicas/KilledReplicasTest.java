package dev.understudy.gateway.replicas;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.testing.wire.Reply;
import dev.understudy.testing.wire.ScriptedUpstream;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Under load, Valkey and one of three replicas are killed by turns, at moments that a seed chooses: every call that a living replica
 * got is answered, by its primary, and what was killed takes part again when it is back.
 *
 * <p>{@code -Dunderstudy.replicas.kills=50 -Dunderstudy.replicas.seed=…} for more rounds and other moments.
 */
@Timeout(1_800)
class KilledReplicasTest {
    private static final int ROUNDS = Integer.getInteger("understudy.replicas.kills", 2);
    private static final long SEED = Long.getLong("understudy.replicas.seed", 15L);
    private static final String REST = "defaults: {retry: {attempts: 0}}\nprices: {\"one/a\": {input: 1, output: 1}}";
    private static final String LIMITS = "requests-per-minute: 60000, budget: {day: 1000}";
    private static final Reply ANSWER = Reply.json(
            200,
            "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"real\",\"choices\":[{\"index\":0,"
                    + "\"message\":{\"role\":\"assistant\",\"content\":\"hi\"},\"finish_reason\":\"stop\"}],"
                    + "\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2,\"total_tokens\":5}}");

    /** The replica that is killed: writes its port, and lives until then. */
    static final class Child {
        private Child() {}

        public static void main(String[] arguments) throws Exception {
            Replica replica = Replica.start(arguments[0]);
            System.out.println("port " + replica.port());
            System.out.flush();
            while (System.in.read() >= 0) {
                // Ends with its parent.
            }
            Runtime.getRuntime().halt(0);
        }
    }

    private record Running(Process process, int port) {
        static Running start(String yaml) throws IOException {
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-XX:+UseSerialGC",
                            "--enable-native-access=ALL-UNNAMED",
                            "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Child.class.getName(),
                            yaml)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            BufferedReader lines = process.inputReader();
            String line = lines.readLine();
            assertThat(line).startsWith("port ");
            return new Running(process, Integer.parseInt(line.substring(5)));
        }

        void kill() throws InterruptedException {
            process.toHandle().destroyForcibly();
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue())
                    .as("killed, and not ended by itself")
                    .isEqualTo(137);
        }
    }

    /** Calls one replica again and again. */
    private static final class Caller implements AutoCloseable {
        private final int port;
        private final Queue<String> failures;
        private final AtomicInteger answered;
        private final Thread thread;
        private volatile boolean stopping;

        Caller(int port, Queue<String> failures, AtomicInteger answered) {
            this.port = port;
            this.failures = failures;
            this.answered = answered;
            this.thread = Thread.ofPlatform().daemon().start(this::run);
        }

        private void run() {
            try (HttpClient client =
                    HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
                while (!stopping) {
                    try {
                        HttpResponse<String> answer = Replica.call(client, port);
                        String target =
                                answer.headers().firstValue("understudy-target").orElse("");
                        if (answer.statusCode() == 200 && target.equals("one/a")) {
                            answered.incrementAndGet();
                        } else {
                            failures.add(answer.statusCode() + " of " + target + ": " + answer.body());
                        }
                    } catch (IOException failed) {
                        if (!stopping) {
                            failures.add(failed.toString());
                        }
                    }
                    LockSupport.parkNanos(Duration.ofMillis(2).toNanos());
                }
            }
        }

        /** Its replica will be killed: what fails from now on does not count. */
        void expectTheWorst() {
            stopping = true;
        }

        @Override
        public void close() {
            stopping = true;
            try {
                thread.join(30_000);
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
        }
    }

    private static void await(Replica replica, int known) {
        long began = System.nanoTime();
        while (!replica.isConnected() || replica.known() != known) {
            assertThat(System.nanoTime() - began)
                    .as("%d are known of %d", replica.known(), known)
                    .isLessThan(TimeUnit.SECONDS.toNanos(20));
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
    }

    @Test
    void noCallFailsThatNeedNot() throws Exception {
        Random random = new Random(SEED);
        Queue<String> failures = new ConcurrentLinkedQueue<>();
        AtomicInteger answered = new AtomicInteger();
        try (ScriptedUpstream one = ScriptedUpstream.start().answerAlways(ANSWER);
                ScriptedUpstream two = ScriptedUpstream.start().answerAlways(ANSWER);
                ValkeyServer valkey = ValkeyServer.start()) {
            String yaml = Replica.yaml(valkey.url(), one.baseUrl(), two.baseUrl(), LIMITS, REST);
            List<Caller> callers = new ArrayList<>();
            try (Replica first = Replica.start(yaml);
                    Replica second = Replica.start(yaml)) {
                try {
                    callers.add(new Caller(first.port(), failures, answered));
                    callers.add(new Caller(second.port(), failures, answered));
                    Running third = Running.start(yaml);
                    for (int round = 1; round <= ROUNDS; round++) {
                        String which = "round " + round + " of seed " + SEED;
                        int before = answered.get();
                        try (Caller atThird = new Caller(third.port(), failures, answered)) {
                            await(first, 3);
                            LockSupport.parkNanos(random.nextInt(300_000_000));
                            if (round % 2 == 1) {
                                valkey.kill();
                                LockSupport.parkNanos(random.nextInt(700_000_000));
                                valkey.startAgain();
                            } else {
                                atThird.expectTheWorst();
                                third.kill();
                                third = Running.start(yaml);
                            }
                        }
                        await(second, 3);
                        assertThat(failures).as(which).isEmpty();
                        assertThat(answered.get() - before).as(which).isGreaterThan(20);
                        one.forgetRequests();
                    }
                    third.kill();
                } finally {
                    callers.forEach(Caller::close);
                }
            }
            assertThat(two.requestCount()).as("calls that left their primary").isZero();
        }
        assertThat(failures).isEmpty();
    }
}
