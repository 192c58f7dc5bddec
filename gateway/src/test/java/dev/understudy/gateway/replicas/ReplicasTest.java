package dev.understudy.gateway.replicas;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.testing.wire.Reply;
import dev.understudy.testing.wire.ScriptedUpstream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Three gateways in this process, with a Valkey of their own. */
@Timeout(120)
class ReplicasTest {
    private static final String QUICK = "defaults: {retry: {attempts: 0}, cooldown: {after: 3, base: 2s, cap: 2s}}";
    private static final String SLOW =
            "defaults: {retry: {attempts: 0}, cooldown: {after: 3, base: 60s, cap: 60s, quick-cap: 60s}}";
    private static final Reply FAULT = Reply.json(500, "{\"error\":{\"message\":\"scripted\"}}");
    private static final Reply ANSWER = Reply.json(
            200,
            "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"real\",\"choices\":[{\"index\":0,"
                    + "\"message\":{\"role\":\"assistant\",\"content\":\"hi\"},\"finish_reason\":\"stop\"}],"
                    + "\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2,\"total_tokens\":5}}");

    private final ScriptedUpstream one = ScriptedUpstream.start().answerAlways(ANSWER);
    private final ScriptedUpstream two = ScriptedUpstream.start().answerAlways(ANSWER);
    private final List<Replica> replicas = new ArrayList<>();
    private ValkeyServer valkey;

    @BeforeEach
    void start() {
        valkey = ValkeyServer.start();
    }

    @AfterEach
    void stop() throws Exception {
        for (Replica each : replicas) {
            each.close();
        }
        valkey.close();
        one.close();
        two.close();
    }

    private Replica replica(String keyLimits, String rest) {
        Replica started = Replica.start(Replica.yaml(valkey.url(), one.baseUrl(), two.baseUrl(), keyLimits, rest));
        replicas.add(started);
        return started;
    }

    private void threeReplicas(String keyLimits, String rest) {
        for (int i = 0; i < 3; i++) {
            replica(keyLimits, rest);
        }
        awaitAll(each -> each.isConnected() && each.known() == 3);
    }

    private interface Condition {
        boolean holds(Replica replica);
    }

    private long awaitAll(Condition condition) {
        return await(() -> replicas.stream().allMatch(condition::holds));
    }

    /** @return after how many milliseconds it holds */
    private static long await(BooleanSupplier condition) {
        long began = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - began).isLessThan(TimeUnit.SECONDS.toNanos(20));
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
    }

    @Test
    void aCircuitThatOpensAtOneIsKnownAtTheOthersWithinASecond() throws Exception {
        threeReplicas("", SLOW);
        one.answerAlways(FAULT);
        for (int i = 0; i < 3; i++) {
            assertThat(replicas.get(0).call()).isEqualTo(200);
        }
        assertThat(one.requestCount()).isEqualTo(3);
        assertThat(replicas.get(0).state("one/a")).isEqualTo("cooling");
        long millis = awaitAll(each -> each.state("one/a").equals("cooling"));
        assertThat(millis).isLessThan(1_000);
        for (Replica each : replicas) {
            assertThat(each.call()).isEqualTo(200);
        }
        assertThat(one.requestCount()).as("nobody has to find out again").isEqualTo(3);

        Replica later = replica("", SLOW);
        await(() -> later.state("one/a").equals("cooling"));
        assertThat(later.call()).isEqualTo(200);
        assertThat(one.requestCount()).isEqualTo(3);

        awaitAll(each -> each.known() == 4);
        replicas.get(1).resetHealth();
        assertThat(awaitAll(each -> !each.state("one/a").equals("cooling")))
                .as("a reset is for all")
                .isLessThan(1_000);
        assertThat(replicas.get(0).page("/metrics"))
                .contains("understudy_replicas_connected 1.0", "understudy_replicas_known 4.0");
    }

    @Test
    void oneTrialClosesTheCircuitEverywhere() throws Exception {
        threeReplicas("", QUICK);
        one.answerAlways(FAULT);
        for (int i = 0; i < 3; i++) {
            assertThat(replicas.get(0).call()).isEqualTo(200);
        }
        awaitAll(each -> each.state("one/a").equals("cooling"));
        one.answerAlways(ANSWER);
        await(() -> {
            call(replicas.get(1));
            return replicas.get(1).state("one/a").equals("ready") && one.requestCount() > 3;
        });
        assertThat(awaitAll(each -> each.state("one/a").equals("ready"))).isLessThan(1_000);
        int before = one.requestCount();
        assertThat(replicas.get(0).call()).isEqualTo(200);
        assertThat(replicas.get(2).call()).isEqualTo(200);
        assertThat(one.requestCount()).isEqualTo(before + 2);
    }

    private static int call(Replica replica) {
        try {
            return replica.call();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** The bucket and its refill over the time that it took. */
    @Test
    void aLimitHoldsOverAllReplicas() throws Exception {
        threeReplicas("requests-per-minute: 300", QUICK);
        long began = System.nanoTime();
        long end = began + TimeUnit.SECONDS.toNanos(5);
        int admitted = 0;
        ExecutorService callers = Executors.newFixedThreadPool(6);
        try {
            List<Future<Integer>> counts = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                Replica replica = replicas.get(i % 3);
                counts.add(callers.submit(() -> {
                    int accepted = 0;
                    while (System.nanoTime() - end < 0) {
                        accepted += replica.call() == 200 ? 1 : 0;
                        LockSupport.parkNanos(Duration.ofMillis(3).toNanos());
                    }
                    return accepted;
                }));
            }
            for (Future<Integer> each : counts) {
                admitted += each.get();
            }
        } finally {
            callers.shutdownNow();
        }
        double expected = 300 + 5 * (System.nanoTime() - began) / 1e9;
        assertThat((double) admitted).isBetween(expected * 0.95, expected * 1.05);
    }

    @Test
    void aBudgetIsSpentByAllReplicas() throws Exception {
        threeReplicas("budget: {day: 0.001}", QUICK + "\nprices: {\"one/a\": {input: 100, output: 100}}");
        // Five tokens for 500 millionths of a dollar: two calls.
        assertThat(replicas.get(0).call()).isEqualTo(200);
        assertThat(replicas.get(1).call()).isEqualTo(200);
        await(() -> call(replicas.get(2)) == 429);
        await(() -> call(replicas.get(0)) == 429);
        // Who starts anew knows what was spent.
        Replica later = replica("budget: {day: 0.001}", QUICK + "\nprices: {\"one/a\": {input: 100, output: 100}}");
        await(later::isConnected);
        await(() -> call(later) == 429);
    }

    @Test
    void noCallNoticesThatValkeyIsLost() throws Exception {
        threeReplicas("requests-per-minute: 100000", QUICK);
        valkey.kill();
        for (int i = 0; i < 30; i++) {
            assertThat(replicas.get(i % 3).call()).isEqualTo(200);
        }
        awaitAll(each -> !each.isConnected());
        assertThat(replicas.get(0).page("/readyz")).isEqualTo("ok\n");
        for (int i = 0; i < 30; i++) {
            assertThat(replicas.get(i % 3).call()).isEqualTo(200);
        }
        valkey.startAgain();
        awaitAll(each -> each.isConnected() && each.known() == 3);
        for (int i = 0; i < 30; i++) {
            assertThat(replicas.get(i % 3).call()).isEqualTo(200);
        }
        // And what happens then is told again.
        one.answerAlways(FAULT);
        for (int i = 0; i < 5; i++) {
            assertThat(replicas.get(2).call()).isEqualTo(200);
        }
        assertThat(awaitAll(each -> each.state("one/a").equals("cooling"))).isLessThan(1_000);
    }

    @Test
    void aGatewayStartsWithoutValkey() throws Exception {
        valkey.kill();
        Replica alone = replica("requests-per-minute: 1000", QUICK);
        assertThat(alone.call()).isEqualTo(200);
        assertThat(alone.page("/readyz")).isEqualTo("ok\n");
        assertThat(alone.isConnected()).isFalse();
        valkey.startAgain();
        await(alone::isConnected);
        assertThat(alone.call()).isEqualTo(200);
    }
}
