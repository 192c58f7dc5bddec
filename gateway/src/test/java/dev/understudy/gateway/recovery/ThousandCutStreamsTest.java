package dev.understudy.gateway.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.RawCaller;
import dev.understudy.testing.wire.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A thousand streams at once, each cut at a place of its own: a thousand exact answers. */
@Timeout(180)
class ThousandCutStreamsTest {
    private static final int STREAMS = 1_000;
    private static final Pattern CONTENT = Pattern.compile("\"content\":\"([^\"]*)\"");
    private static final Pattern NUMBER = Pattern.compile("stream number (\\d+)");

    @Test
    void areAThousandExactAnswers() throws Exception {
        // The health board would pass the primary over after three cuts, and there would be nothing left to cut.
        String configuration = """
                defaults:
                  deadline: 2m
                  timeouts: {connect: 60s, first-token: 60s, idle: 60s, answer: 60s}
                  cooldown: {after: 1000, success-rate: 0%}
                  retry: {attempts: 0}
                  overlap: {enabled: false}
                models:
                  chain: {targets: [one/a, two/b]}
                """;
        try (GatewayFixture gateway = GatewayFixture.start(configuration);
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            CountDownLatch allAtWork = new CountDownLatch(STREAMS);
            gateway.one().answerWith(request -> {
                allAtWork.countDown();
                return cut(numberOf(request.body()), allAtWork);
            });
            gateway.two().answerWith(request -> Canonical.well("b", request));
            List<Future<RawAnswer>> answers = new ArrayList<>();
            for (int i = 0; i < STREAMS; i++) {
                int number = i;
                answers.add(callers.submit(() -> call(gateway, number)));
            }
            int continued = 0;
            for (Future<RawAnswer> answer : answers) {
                String body = answer.get(150, TimeUnit.SECONDS).body();
                String text = CONTENT.matcher(body)
                        .results()
                        .map(found -> found.group(1))
                        .reduce("", String::concat);
                assertThat(text).as("%s", body).isEqualTo(Canonical.TEXT);
                assertThat(body).containsOnlyOnce("\"finish_reason\":\"stop\"").endsWith("data: [DONE]\n\n");
                continued += body.contains("\"recovery\":\"continue\"") ? 1 : 0;
            }
            // Those that were cut before their first token began anew, unseen.
            assertThat(continued).isGreaterThan(STREAMS * 8 / 10);
        }
    }

    /** Somewhere in the bytes of the stream, whatever stands there. */
    private static Reply cut(int number, CountDownLatch allAtWork) {
        Random random = new Random(number);
        StringBuilder events = new StringBuilder();
        for (String token : Canonical.TOKENS) {
            events.append("data: ").append(Canonical.text("a", token)).append("\n\n");
        }
        String begun = events.substring(0, random.nextInt(events.length()));
        Reply reply = Reply.eventStream().await(allAtWork);
        reply = begun.isEmpty() ? reply : reply.chunk(begun);
        return random.nextBoolean() ? reply.close() : reply.lastChunk();
    }

    private static RawAnswer call(GatewayFixture gateway, int number) throws Exception {
        try (RawCaller caller = gateway.caller().waitAtMost(Duration.ofSeconds(120))) {
            return caller.post(
                            GatewayFixture.PATH,
                            "{\"model\":\"chain\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":"
                                    + "\"stream number " + number + "\"}]}")
                    .readAnswer();
        }
    }

    private static int numberOf(String body) {
        var number = NUMBER.matcher(body);
        assertThat(number.find()).isTrue();
        return Integer.parseInt(number.group(1));
    }
}
