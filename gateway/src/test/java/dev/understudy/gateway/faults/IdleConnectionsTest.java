package dev.understudy.gateway.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.testing.faults.Answers;
import dev.understudy.testing.faults.Delivery;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.RawCaller;
import dev.understudy.testing.wire.ReceivedRequest;
import dev.understudy.testing.wire.Reply;
import dev.understudy.testing.wire.ScriptedUpstream;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A provider closes connections that it takes for idle at the moment at which requests arrive on them. */
@Timeout(60)
class IdleConnectionsTest {
    private static final int CALLERS = 8;
    private static final String CHAIN = "models: {chain: {targets: [one/a, two/b]}}";
    private static final Reply CLOSED = Reply.start().close();

    static Stream<Arguments> ends() {
        return Stream.of(CLOSED, Reply.start().reset())
                .flatMap(end -> Stream.of(Delivery.values()).map(delivery -> Arguments.of(delivery, end)));
    }

    @ParameterizedTest
    @MethodSource("ends")
    void noCallNoticesThem(Delivery delivery, Reply end) throws Exception {
        try (GatewayFixture gateway = GatewayFixture.start(CHAIN)) {
            // All callers wait for one another, so that as many connections are open after that.
            CountDownLatch arrived = new CountDownLatch(CALLERS);
            gateway.one()
                    .answerWith(oncePerConnection(
                            request -> {
                                arrived.countDown();
                                return Reply.start().await(arrived).send(Answers.good(delivery));
                            },
                            end));
            for (int round = 0; round < 3; round++) {
                for (RawAnswer seen : together(gateway, delivery)) {
                    assertThat(seen.body()).as("%s", seen).isEqualTo(Answers.goodBody(delivery));
                    assertThat(seen.header("understudy-target")).contains("one/a");
                    assertThat(seen.header("understudy-attempts")).contains("1");
                }
            }
            assertThat(gateway.one().connectionCount()).isGreaterThan(CALLERS);
            assertThat(gateway.two().requestCount()).isZero();
        }
    }

    @Test
    void aNewConnectionThatEndsTooIsAFailure() {
        try (GatewayFixture gateway = GatewayFixture.start(CHAIN);
                // The requests of one caller are served by one event loop, which has one connection to each provider.
                RawCaller caller = gateway.caller()) {
            ScriptedUpstream one =
                    gateway.one().answer(Answers.good(Delivery.WHOLE)).answerAlways(CLOSED);
            gateway.two().answerAlways(Answers.good(Delivery.WHOLE));
            chat(caller, Delivery.WHOLE.request("chain"));

            RawAnswer seen = chat(caller, Delivery.WHOLE.request("chain"));

            assertThat(seen.header("understudy-trail").orElse(""))
                    .matches("\"one/a\";outcome=connection;ms=\\d+, \"one/a\";outcome=connection;ms=\\d+,"
                            + " \"two/b\";outcome=ok;ms=\\d+");
            assertThat(one.requestCount())
                    .as("the answered one, and of two attempts one that was sent again")
                    .isEqualTo(4);
        }
    }

    @Test
    void aLongRequestIsRetriedLikeAnyOther() {
        try (GatewayFixture gateway = GatewayFixture.start(CHAIN);
                RawCaller caller = gateway.caller()) {
            gateway.one()
                    .answer(Answers.good(Delivery.WHOLE))
                    .answer(CLOSED)
                    .answerAlways(Answers.good(Delivery.WHOLE));
            chat(caller, Delivery.WHOLE.request("chain"));

            RawAnswer seen = chat(
                    caller, Delivery.WHOLE.request("chain").replace("\"Hi\"", "\"" + "x".repeat(1_100_000) + "\""));

            assertThat(seen.header("understudy-trail").orElse(""))
                    .matches("\"one/a\";outcome=connection;ms=\\d+, \"one/a\";outcome=ok;ms=\\d+");
        }
    }

    private static RawAnswer chat(RawCaller caller, String request) {
        return caller.post(GatewayFixture.PATH, request).readAnswer();
    }

    private static Function<ReceivedRequest, Reply> oncePerConnection(
            Function<ReceivedRequest, Reply> first, Reply further) {
        Set<Integer> connections = ConcurrentHashMap.newKeySet();
        return request -> connections.add(request.connection()) ? first.apply(request) : further;
    }

    private static List<RawAnswer> together(GatewayFixture gateway, Delivery delivery) throws Exception {
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<RawAnswer>> answers = Stream.generate(
                            () -> callers.submit(() -> gateway.chat(delivery.request("chain"))))
                    .limit(CALLERS)
                    .toList();
            return answers.stream().map(IdleConnectionsTest::get).toList();
        }
    }

    private static RawAnswer get(Future<RawAnswer> answer) {
        try {
            return answer.get();
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }
}
