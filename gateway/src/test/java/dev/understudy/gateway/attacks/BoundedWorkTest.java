package dev.understudy.gateway.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.RawCaller;
import dev.understudy.testing.wire.ReceivedRequest;
import dev.understudy.testing.wire.Reply;
import dev.understudy.testing.wire.ScriptedUpstream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a caller's bytes can make expensive ends, and costs that caller alone. All attacks meet the same process. */
@Tag("attack")
@Timeout(240)
class BoundedWorkTest {
    private static final long PATIENCE_SECONDS = 120;
    private static final String CHAT = GatewayProcess.CHAT;
    private static final int MB = 1024 * 1024;
    /** Two of them are less than the memory for answers, a quarter of 512 MB, and twenty are more than the heap. */
    private static final String LARGE_ANSWER = answer("x".repeat(24 * MB));

    @TempDir
    private static Path folder;

    private static ScriptedUpstream upstream;
    private static GatewayProcess gateway;

    @BeforeAll
    static void serve() throws IOException {
        upstream = ScriptedUpstream.start().answerWith(BoundedWorkTest::reply);
        gateway = GatewayProcess.start(folder, """
                server: {port: 0, header-timeout: 3s, max-connections-per-address: 300}
                providers:
                  one: {base-url: "%1$s"}
                  other: {dialect: anthropic, base-url: "%1$s", api-key: k}
                  narrow: {base-url: "%1$s", max-connections: 1}
                models:
                  chain: {targets: [narrow/m, one/m]}
                """.formatted(upstream.baseUrl()));
    }

    @AfterAll
    static void end() {
        gateway.close();
        upstream.close();
    }

    /** After each attack, the process lives, calls are answered, and no memory is held for bodies and answers. */
    @AfterEach
    void nothingIsLeft() {
        goodCall();
        while (gateway.metric("understudy_bodies_bytes") + gateway.metric("understudy_answers_bytes") > 0) {
            LockSupport.parkNanos(50_000_000);
        }
        assertThat(gateway.isAlive()).isTrue();
    }

    private static Reply reply(ReceivedRequest request) {
        String body = request.body();
        if (body.contains("\"hold\"")) {
            return Reply.start().hold();
        }
        if (request.head().contains("/messages ")) {
            return Reply.json(
                    200,
                    "{\"id\":\"m\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\",\"content\":[{\"type\":\"text\","
                            + "\"text\":\"hi\"}],\"stop_reason\":\"end_turn\",\"usage\":{\"input_tokens\":1,\"output_tokens\":1}}");
        }
        if (body.contains("\"large\"")) {
            return Reply.json(200, LARGE_ANSWER);
        }
        String content = body.contains("json_schema") ? "[".repeat(22) + "1" + "]".repeat(22) : "hi";
        return Reply.json(200, answer(content));
    }

    private static String answer(String content) {
        return "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"message\":"
                + "{\"role\":\"assistant\",\"content\":\"" + content + "\"},\"finish_reason\":\"stop\"}]}";
    }

    private static RawAnswer post(String body) {
        return gateway.post(body);
    }

    private static void goodCall() {
        RawAnswer answer = post("{\"model\":\"one/m\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}");
        assertThat(answer.status()).as("%s", answer).isEqualTo(200);
    }

    /** Makes calls at the same time, and good calls meanwhile. */
    private static List<RawAnswer> attack(int times, String body) throws Exception {
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<RawAnswer>> attacks = IntStream.range(0, times)
                    .mapToObj(i -> callers.submit(() -> post(body)))
                    .toList();
            for (int i = 0; i < 10; i++) {
                goodCall();
            }
            List<RawAnswer> answers = new ArrayList<>();
            for (Future<RawAnswer> each : attacks) {
                answers.add(each.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
            }
            return answers;
        }
    }

    private static String withSchema(String schema) {
        return "{\"model\":\"one/m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"understudy\":{\"accept\":{\"json\":true}},"
                + "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"n\",\"schema\":" + schema
                + "}}}";
    }

    /** The answer is delivered, since the check says nothing about it, and the caller is told. */
    private static void assertUnchecked(List<RawAnswer> answers) {
        assertThat(answers).allSatisfy(answer -> {
            assertThat(answer.status()).as("%s", answer).isEqualTo(200);
            assertThat(answer.header("understudy-warning").orElse("")).contains("delivered unchecked");
        });
    }

    /** A provider that sends without end is the same, ended sooner. */
    @Test
    void answersThatTogetherAreLargerThanTheHeap() throws Exception {
        String large =
                "{\"model\":\"one/m\",\"user\":\"large\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]%s}";
        for (String form : List.of(large.formatted(""), large.formatted(",\"stream\":true"))) {
            try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<Integer>> attacks = IntStream.range(0, 20)
                        .mapToObj(i -> callers.submit(() -> post(form).status()))
                        .toList();
                for (int i = 0; i < 10; i++) {
                    goodCall();
                }
                for (Future<Integer> each : attacks) {
                    assertThat(each.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isIn(200, 503);
                }
            }
        }
        assertThat(post(large.formatted("")).body())
                .as("one alone is delivered")
                .isEqualTo(LARGE_ANSWER);
    }

    @Test
    void alternativesOfASchemaThatMultiply() throws Exception {
        assertUnchecked(
                attack(
                        8,
                        withSchema(
                                "{\"$ref\":\"#/$defs/n\",\"$defs\":{\"n\":{\"anyOf\":[{\"type\":\"array\",\"items\":{\"$ref\":\"#/$defs/n\"},"
                                        + "\"minItems\":0},{\"type\":\"array\",\"items\":{\"$ref\":\"#/$defs/n\"},\"maxItems\":99}]}}}")));
    }

    @Test
    void definitionsOfASchemaThatDouble() throws Exception {
        String definitions = IntStream.range(0, 40)
                .mapToObj(i -> "\"a" + i + "\":{\"allOf\":[{\"$ref\":\"#/$defs/a" + (i + 1)
                        + "\"},{\"$ref\":\"#/$defs/a" + (i + 1) + "\"}]}")
                .collect(Collectors.joining(","));
        assertUnchecked(attack(
                20,
                withSchema("{\"$ref\":\"#/$defs/a0\",\"$defs\":{" + definitions + ",\"a40\":{\"type\":\"array\"}}}")));
    }

    @Test
    void patternsOfASchemaThatFillTheHeap() throws Exception {
        String patterns = IntStream.range(0, 8_000)
                .mapToObj(i -> "\"p" + i + "\":{\"pattern\":\"^a{1,900}" + i + "$\"}")
                .collect(Collectors.joining(","));
        assertUnchecked(attack(4, withSchema("{\"properties\":{" + patterns + "}}")));
    }

    @Test
    void hundredThousandMessagesOfOneRole() throws Exception {
        String message = "{\"role\":\"user\",\"content\":\"x\"}";
        String body = "{\"model\":\"other/m\",\"messages\":[" + (message + ",").repeat(99_999) + message + "]}";
        assertThat(attack(4, body))
                .allSatisfy(
                        answer -> assertThat(answer.status()).as("%s", answer).isEqualTo(200));
    }

    /** Each empty object is three bytes, and a hundred in a tree. */
    @Test
    void aBodyWhoseTreeTakesFarMoreMemoryThanItsBytes() throws Exception {
        String body = "{\"model\":\"other/m\",\"messages\":[" + "{},".repeat(3_000_000) + "{}]}";
        assertThat(attack(4, body))
                .allSatisfy(
                        answer -> assertThat(answer.status()).as("%s", answer).isIn(400, 413, 503));
    }

    /** For a few of them at once, reading takes many seconds of processor time. Calls on the same event loops continue. */
    @Test
    void bodiesOfMillionsOfSmallValues() throws Exception {
        String body = "{\"model\":\"one/m\",\"messages\":[],\"tools\":[" + "1,".repeat(10_000_000) + "1]}";
        assertThat(attack(3, body))
                .allSatisfy(
                        answer -> assertThat(answer.status()).as("%s", answer).isIn(200, 429, 503));
    }

    @Test
    void bodiesThatNeverEnd() {
        List<RawCaller> halves = new ArrayList<>();
        byte[] most = new byte[23_000_000];
        try {
            for (int i = 0; i < 12; i++) {
                RawCaller half = gateway.caller();
                halves.add(half);
                half.send("POST " + CHAT + " HTTP/1.1\r\nhost: x\r\ncontent-length: 24000000\r\n\r\n");
                try {
                    half.send(most);
                } catch (RuntimeException refusedMeanwhile) {
                    // The gateway has closed the connection.
                }
                goodCall();
            }
            // A long body of a caller who sends it finds room.
            RawAnswer answer = post("{\"model\":\"one/m\",\"messages\":[{\"role\":\"user\",\"content\":\""
                    + "x".repeat(10_000_000) + "\"}]}");
            assertThat(answer.status()).as("%s", answer).isEqualTo(200);
        } finally {
            halves.forEach(RawCaller::close);
        }
    }

    @Test
    void headsThatNeverEnd() throws IOException {
        List<RawCaller> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 200; i++) {
                RawCaller caller = gateway.caller();
                slow.add(caller);
                caller.send("POST " + CHAT + " HTTP/1.1\r\nhost: x\r\nx-a: ");
            }
            goodCall();
            for (RawCaller caller : slow) {
                assertThat(caller.readBeyond()).isEmpty();
            }
        } finally {
            slow.forEach(RawCaller::close);
        }
    }

    /** Those beyond the limit are closed at once; the others stay, since idle connections do no harm. */
    @Test
    void connectionsWithoutEnd() throws IOException {
        List<RawCaller> idle = new ArrayList<>();
        try {
            for (int i = 0; i < 300; i++) {
                idle.add(gateway.caller());
            }
            try (RawCaller oneMore = gateway.caller()) {
                assertThat(oneMore.readBeyond()).isEmpty();
            }
            RawAnswer answer = idle.getFirst()
                    .post(CHAT, "{\"model\":\"one/m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}")
                    .readAnswer();
            assertThat(answer.status()).isEqualTo(200);
        } finally {
            idle.forEach(RawCaller::close);
        }
        boolean[] admitted = {false};
        while (!admitted[0]) {
            try {
                goodCall();
                admitted[0] = true;
            } catch (RuntimeException | AssertionError notClosedYet) {
                LockSupport.parkNanos(50_000_000);
            }
        }
    }

    /** The provider is not at fault if the gateway has no connection left: the next target answers, and nothing cools. */
    @Test
    void anOwnLimitIsNoFaultOfAProvider() throws IOException {
        try (RawCaller holding = gateway.caller()) {
            holding.post(CHAT, "{\"model\":\"narrow/m\",\"messages\":[{\"role\":\"user\",\"content\":\"hold\"}]}");
            while (upstream.requests().stream()
                    .noneMatch(request -> request.body().contains("\"hold\""))) {
                LockSupport.parkNanos(20_000_000);
            }
            RawAnswer answer = post("{\"model\":\"chain\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}");
            assertThat(answer.status()).as("%s", answer).isEqualTo(200);
            assertThat(answer.header("understudy-target")).contains("one/m");
            assertThat(answer.header("understudy-trail").orElse("")).contains("gateway_busy");
        }
        RawAnswer after = post("{\"model\":\"chain\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}");
        assertThat(after.header("understudy-target")).contains("narrow/m");
    }
}
