package dev.understudy.gateway.contract;

import static dev.understudy.gateway.contract.Http2Caller.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.testing.faults.Answers;
import dev.understudy.testing.faults.Delivery;
import dev.understudy.testing.wire.Reply;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Callers that use HTTP/2, with prior knowledge or by an upgrade, get what callers of HTTP/1.1 get. */
@Timeout(60)
class Http2CallersTest {
    private static final int CALLS = 100;
    private static final int KB = 1024;

    private final Http2Caller caller = new Http2Caller();

    @AfterEach
    void close() throws Exception {
        caller.close();
    }

    /** The JDK's client offers an upgrade with its first request to an address, whatever the request is. */
    @ParameterizedTest
    @CsvSource({"WHOLE, 1", "STREAM, 1", "WHOLE, 3000000", "STREAM, 100000"})
    void theFirstRequestOfAConnectionUpgradesIt(Delivery delivery, int length) throws Exception {
        try (GatewayFixture gateway = GatewayFixture.start("");
                java.net.http.HttpClient jdk = java.net.http.HttpClient.newHttpClient()) {
            gateway.one().answerAlways(Answers.good(delivery));
            String body = delivery.request("one/a").replace("\"Hi\"", "\"" + "x".repeat(length) + "\"");
            for (int i = 0; i < 3; i++) {
                HttpResponse<String> answer = jdk.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + GatewayFixture.PATH))
                                .header("content-type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
                assertThat(answer.version()).isEqualTo(java.net.http.HttpClient.Version.HTTP_2);
                assertThat(answer.body()).isEqualTo(Answers.goodBody(delivery));
                assertThat(gateway.one().take().body()).contains("x".repeat(length));
            }
        }
    }

    @Test
    void aHundredCallsShareAConnection() throws Exception {
        try (GatewayFixture gateway = GatewayFixture.start("")) {
            CountDownLatch all = new CountDownLatch(CALLS);
            gateway.one().answerWith(request -> {
                all.countDown();
                return Reply.start().await(all).send(Answers.good(delivery(request.body())));
            });
            List<HttpClientRequest> calls = new ArrayList<>();
            List<Future<Buffer>> bodies = new ArrayList<>();
            for (int i = 0; i < CALLS; i++) {
                HttpClientRequest call = caller.chat(gateway);
                bodies.add(call.response().compose(HttpClientResponse::body));
                call.end(Buffer.buffer(Delivery.values()[i % 2].request("one/a")));
                calls.add(call);
            }
            for (int i = 0; i < CALLS; i++) {
                assertThat(get(bodies.get(i))).hasToString(Answers.goodBody(Delivery.values()[i % 2]));
                assertThat(calls.get(i).connection()).isSameAs(calls.getFirst().connection());
            }
        }
    }

    /** The JDK's client fails calls beyond the limit of streams, and makes no second connection. */
    @Test
    void manyCallsOfAnApplicationAtOnceSucceed() throws Exception {
        int calls = 300;
        try (GatewayFixture gateway = GatewayFixture.start("");
                java.net.http.HttpClient jdk = java.net.http.HttpClient.newHttpClient()) {
            CountDownLatch all = new CountDownLatch(calls);
            gateway.one().answer(Answers.good(Delivery.WHOLE)).answerWith(request -> {
                all.countDown();
                return Reply.start().await(all).send(Answers.good(Delivery.WHOLE));
            });
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:" + gateway.port() + GatewayFixture.PATH))
                    .header("content-type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(Delivery.WHOLE.request("one/a")))
                    .build();
            // The connection is there.
            assertThat(jdk.send(request, HttpResponse.BodyHandlers.ofString()).version())
                    .isEqualTo(java.net.http.HttpClient.Version.HTTP_2);
            List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
            for (int i = 0; i < calls; i++) {
                answers.add(jdk.sendAsync(request, HttpResponse.BodyHandlers.ofString()));
            }
            for (CompletableFuture<HttpResponse<String>> answer : answers) {
                assertThat(answer.get(30, TimeUnit.SECONDS).body()).isEqualTo(Answers.goodBody(Delivery.WHOLE));
            }
        }
    }

    /** An application or a proxy has one connection for all its users. */
    @Test
    void manyCancelledCallsCostTheOthersNothing() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        try (GatewayFixture gateway = GatewayFixture.start("")) {
            gateway.one()
                    .answer(Reply.eventStream()
                            .event(Chats.content("a"))
                            .await(goOn)
                            .chunk(Chats.STREAM)
                            .lastChunk())
                    .answerAlways(Reply.start().hold());
            HttpClientRequest neighbour = caller.chat(gateway);
            Future<Buffer> all = neighbour.response().compose(HttpClientResponse::body);
            neighbour.end(Buffer.buffer(Chats.askStream("one/m")));
            get(neighbour.response());
            gateway.one().take();
            for (int i = 0; i < 300; i++) {
                HttpClientRequest call = caller.chat(gateway);
                assertThat(call.connection()).isSameAs(neighbour.connection());
                get(call.end(Buffer.buffer(Chats.askStream("one/m"))));
                gateway.one().take();
                call.reset();
            }
            goOn.countDown();
            assertThat(get(all).toString()).endsWith("data: [DONE]\n\n");
        }
    }

    /** As many as over HTTP/1.1. */
    @ParameterizedTest
    @CsvSource({"7, 200", "50, 200"})
    void longHeadersAreAccepted(int kilobytes, int status) throws Exception {
        try (GatewayFixture gateway = GatewayFixture.start("")) {
            gateway.one().answerAlways(Answers.good(Delivery.WHOLE));
            HttpClientRequest call = caller.chat(gateway).putHeader("x-long", "x".repeat(kilobytes * KB));
            call.end(Buffer.buffer(Delivery.WHOLE.request("one/a")));
            assertThat(get(call.response()).statusCode()).isEqualTo(status);
        }
    }

    @Test
    void aGatewayThatStopsFinishesItsCallsAndSaysSo() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        try (GatewayFixture gateway = GatewayFixture.startWith("""
                server: {port: 0, drain: 30s}
                providers: {one: {base-url: "${ONE}"}}
                """)) {
            gateway.one()
                    .answer(Reply.eventStream()
                            .event(Chats.content("a"))
                            .await(goOn)
                            .chunk(Chats.STREAM)
                            .lastChunk());
            HttpClientRequest call = caller.chat(gateway);
            Future<Buffer> body = call.response().compose(HttpClientResponse::body);
            CountDownLatch goAway = new CountDownLatch(1);
            call.connection().goAwayHandler(received -> goAway.countDown());
            call.end(Buffer.buffer(Chats.askStream("one/m")));
            get(call.response());

            Future<Void> stopped = gateway.stop();

            assertThat(goAway.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(stopped.isComplete()).isFalse();
            goOn.countDown();
            assertThat(get(body).toString()).endsWith("data: [DONE]\n\n");
            get(stopped);
        }
    }

    private static Delivery delivery(String request) {
        return request.contains("\"stream\":true") ? Delivery.STREAM : Delivery.WHOLE;
    }
}
