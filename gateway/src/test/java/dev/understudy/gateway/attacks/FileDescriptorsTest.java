package dev.understudy.gateway.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.RawCaller;
import dev.understudy.testing.wire.ReceivedRequest;
import dev.understudy.testing.wire.Reply;
import dev.understudy.testing.wire.ScriptedUpstream;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Callers who take all file descriptors of the process do not end it, and no provider is blamed for it. */
@Tag("attack")
@Timeout(240)
class FileDescriptorsTest {
    private static final String ASK = "{\"model\":\"chain\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";
    private static final String HOLD = "{\"model\":\"chain\",\"messages\":[{\"role\":\"user\",\"content\":\"hold\"}]}";

    @TempDir
    private Path folder;

    private final List<RawCaller> idle = new ArrayList<>();
    private ScriptedUpstream upstream;

    @BeforeEach
    void answer() {
        upstream = ScriptedUpstream.start().answerWith(FileDescriptorsTest::reply);
    }

    @AfterEach
    void end() {
        leave();
        upstream.close();
    }

    private void leave() {
        idle.forEach(RawCaller::close);
        idle.clear();
    }

    private static Reply reply(ReceivedRequest request) {
        return request.body().contains("\"hold\"")
                ? Reply.start().hold()
                : Reply.json(
                        200,
                        "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
                                + "\"message\":{\"role\":\"assistant\",\"content\":\"hi\"},\"finish_reason\":\"stop\"}]}");
    }

    private String config() {
        return """
                server: {port: 0}
                providers:
                  one: {base-url: "%1$s"}
                  two: {base-url: "%1$s"}
                  gone: {base-url: "http://127.0.0.1:1/v1"}
                models:
                  chain: {targets: [one/m, two/m]}
                """.formatted(upstream.baseUrl());
    }

    private static RawAnswer ask(RawCaller caller) {
        return caller.post(GatewayProcess.CHAT, ASK).readAnswer();
    }

    private static int files(GatewayProcess gateway) {
        String[] open = new File("/proc/" + gateway.pid() + "/fd").list();
        return open == null ? 0 : open.length;
    }

    /** Idle connections do not get all that there is, so that calls have upstream connections. */
    @Test
    void idleConnectionsLeaveDescriptorsForCalls() throws Exception {
        try (GatewayProcess gateway = GatewayProcess.startWithFiles(400, folder, config());
                RawCaller early = gateway.caller();
                RawCaller holding = gateway.caller()) {
            assertThat(ask(early).status()).isEqualTo(200);
            holding.post(GatewayProcess.CHAT, HOLD);
            for (int i = 0; i < 600; i++) {
                idle.add(gateway.caller());
            }
            assertThat(idle.getLast().readBeyond()).as("it was closed").isEmpty();

            RawAnswer answer = ask(early);
            assertThat(answer.status()).as("%s", answer).isEqualTo(200);
            assertThat(answer.header("understudy-trail").orElse("")).doesNotContain("gateway_busy");
            leave();
            while (gateway.isAlive() && refused(gateway)) {
                LockSupport.parkNanos(50_000_000);
            }
            assertThat(gateway.metric("understudy_connections_refused")).isGreaterThan(100);
        }
    }

    private static boolean refused(GatewayProcess gateway) {
        try {
            return gateway.post(ASK).status() != 200;
        } catch (RuntimeException | AssertionError closed) {
            return true;
        }
    }

    /** Whatever has taken the last descriptor, it was not the provider. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void aCallWithoutDescriptorIsTheGatewaysOwnFailure() throws Exception {
        try (GatewayProcess gateway = GatewayProcess.start(folder, config());
                RawCaller early = gateway.caller()) {
            List<RawCaller> further = Stream.generate(gateway::caller)
                    .limit(6 + Runtime.getRuntime().availableProcessors())
                    .toList();
            idle.addAll(further);
            awaitClasses(gateway);
            assertThat(ask(early).status()).isEqualTo(200);
            int most = files(gateway) + 20;
            Process limiting = new ProcessBuilder("prlimit", "--pid", "" + gateway.pid(), "--nofile=" + most).start();
            assertThat(limiting.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(limiting.exitValue()).isZero();
            for (int i = 0; i < 200; i++) {
                idle.add(gateway.caller());
            }
            while (files(gateway) < most) {
                LockSupport.parkNanos(20_000_000);
            }

            RawAnswer reused = ask(early);
            assertThat(reused.status())
                    .as("over a connection that is there: %s", reused)
                    .isEqualTo(200);

            for (RawAnswer without : answersWithoutConnection(further)) {
                assertThat(without.status()).as("%s", without).isEqualTo(503);
                assertThat(without.header("understudy-trail").orElse(""))
                        .contains("\"one/m\";outcome=gateway_busy", "\"two/m\";outcome=gateway_busy");
                assertThat(without.body()).contains("file descriptor");
            }

            leave();
            while (files(gateway) >= most) {
                LockSupport.parkNanos(20_000_000);
            }
            RawAnswer after = ask(early);
            assertThat(after.status()).as("%s", after).isEqualTo(200);
            assertThat(after.header("understudy-target")).as("nothing cools").contains("one/m");
            assertThat(gateway.isAlive()).isTrue();
        }
    }

    /** What this test needs is loaded before: here the classes are files of their own, which need descriptors. */
    private static void awaitClasses(GatewayProcess gateway) {
        while (!gateway.page("/readyz").equals("ok\n")) {
            LockSupport.parkNanos(20_000_000);
        }
        assertThat(gateway.post(ASK.replace("chain", "gone/m")).status()).isEqualTo(503);
        assertThat(gateway.metric("understudy_connections_refused")).isZero();
    }

    /** Each event loop may keep an upstream connection, on which one of the calls waits for its answer. */
    private static List<RawAnswer> answersWithoutConnection(List<RawCaller> callers) throws Exception {
        BlockingQueue<RawAnswer> answers = new LinkedBlockingQueue<>();
        for (RawCaller caller : callers) {
            caller.post(GatewayProcess.CHAT, HOLD);
            Thread.ofVirtual().start(() -> answers.add(caller.readAnswer()));
        }
        List<RawAnswer> without = new ArrayList<>();
        while (without.size() < callers.size() - Runtime.getRuntime().availableProcessors()) {
            without.add(answers.take());
        }
        return without;
    }
}
