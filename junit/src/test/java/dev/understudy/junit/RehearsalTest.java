package dev.understudy.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a plain HTTP client receives for each name. */
@ExtendWith(RehearsalExtension.class)
class RehearsalTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private static HttpRequest request(Rehearsal rehearsal, String model, boolean stream) {
        String body = "{\"model\":\"" + model + "\",\"stream\":" + stream
                + ",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}],"
                + "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"weather\",\"parameters\":{\"type\":\"object\"}}}]}";
        return HttpRequest.newBuilder(URI.create(rehearsal.baseUrl() + "/chat/completions"))
                .timeout(LONG)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    private static HttpResponse<String> send(Rehearsal rehearsal, String model, boolean stream)
            throws IOException, InterruptedException {
        return CLIENT.send(request(rehearsal, model, stream), HttpResponse.BodyHandlers.ofString());
    }

    private static Arguments row(int status, String contained, Function<Rehearsal, String> model) {
        return arguments(status, contained, model);
    }

    static Stream<Arguments> whole() {
        return Stream.of(
                row(200, "one two three", Rehearsal::ok),
                row(200, "Good day & welcome", rehearsal -> rehearsal.ok("Good day & welcome")),
                row(200, "one two three", rehearsal -> rehearsal.slow(Duration.ofMillis(20))),
                row(200, "\"weather\"", Rehearsal::toolCall),
                row(200, "{\\\"", Rehearsal::json),
                row(503, "down", Rehearsal::down),
                row(502, "error", rehearsal -> rehearsal.error(502)),
                row(503, "overloaded", Rehearsal::overloaded),
                row(429, "rate_limit_exceeded", rehearsal -> rehearsal.throttled(Duration.ofSeconds(5))),
                row(429, "insufficient_quota", Rehearsal::quotaExhausted),
                row(401, "invalid_api_key", Rehearsal::unauthorized),
                row(403, "access_denied", Rehearsal::forbidden),
                row(404, "model_not_found", Rehearsal::missing),
                row(400, "invalid_request_error", Rehearsal::badRequest),
                row(400, "context_length_exceeded", Rehearsal::tooLong),
                row(400, "content", Rehearsal::filtered),
                row(200, "\"content\":\"\"", Rehearsal::blank),
                row(200, "<html", Rehearsal::garbled),
                row(500, "error", Rehearsal::failsOnce),
                row(503, "down", rehearsal -> rehearsal.flaky(1, 7)),
                row(200, "one two three", rehearsal -> rehearsal.flaky(0, 7)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("whole")
    void answersAsItsNameSays(int status, String contained, Function<Rehearsal, String> model, Rehearsal rehearsal)
            throws Exception {
        String name = model.apply(rehearsal);
        HttpResponse<String> response = send(rehearsal, name, false);
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.body().toLowerCase()).contains(contained.toLowerCase());
        assertThat(rehearsal.requests(name)).isEqualTo(1);
    }

    @Test
    void aRateLimitSaysWhenToRetry(Rehearsal rehearsal) throws Exception {
        assertThat(send(rehearsal, rehearsal.throttled(Duration.ofSeconds(5)), false)
                        .headers()
                        .firstValue("retry-after"))
                .contains("5");
    }

    static Stream<Arguments> broken() {
        return Stream.of(
                arguments("refused", (Function<Rehearsal, String>) Rehearsal::refused),
                arguments("reset", (Function<Rehearsal, String>) Rehearsal::reset),
                arguments("cut", (Function<Rehearsal, String>) rehearsal -> rehearsal.cutAfter(3)),
                arguments("reset later", (Function<Rehearsal, String>) rehearsal -> rehearsal.resetAfter(3)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("broken")
    void breaksTheConnection(String name, Function<Rehearsal, String> model, Rehearsal rehearsal) {
        assertThatThrownBy(() -> send(rehearsal, model.apply(rehearsal), true)).isInstanceOf(IOException.class);
    }

    @Test
    void anErrorComesBehindAGoodStatus(Rehearsal rehearsal) throws Exception {
        HttpResponse<String> response = send(rehearsal, rehearsal.errorAfter(2), true);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body())
                .contains("one")
                .contains("two")
                .doesNotContain("three")
                .contains("\"error\"");
    }

    @Test
    void stallsUntilTheCallerLeaves(Rehearsal rehearsal) {
        for (String model : new String[] {rehearsal.silent(), rehearsal.stallAfter(2)}) {
            CompletableFuture<HttpResponse<String>> answer =
                    CLIENT.sendAsync(request(rehearsal, model, true), HttpResponse.BodyHandlers.ofString());
            awaitOpen(rehearsal, 1);
            assertThat(answer).isNotDone();
            answer.cancel(true);
            awaitOpen(rehearsal, 0);
        }
    }

    private static void awaitOpen(Rehearsal rehearsal, int count) {
        long began = System.nanoTime();
        while (rehearsal.openRequests() != count) {
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(LONG);
            Thread.onSpinWait();
        }
    }

    @Test
    void countsAndForgets(Rehearsal rehearsal) throws Exception {
        assertThat(send(rehearsal, rehearsal.failsOnce(), false).statusCode()).isEqualTo(500);
        assertThat(send(rehearsal, rehearsal.failsOnce(), false).statusCode()).isEqualTo(200);
        send(rehearsal, rehearsal.ok(), false);
        assertThat(rehearsal.requests(rehearsal.failsOnce())).isEqualTo(2);
        assertThat(rehearsal.requests()).isEqualTo(3);
        rehearsal.forget();
        assertThat(rehearsal.requests(rehearsal.failsOnce())).isZero();
        assertThat(rehearsal.requests()).isZero();
        assertThat(send(rehearsal, rehearsal.failsOnce(), false).statusCode()).isEqualTo(500);
    }

    @Test
    void wrongArgumentsAreNamed(Rehearsal rehearsal) {
        assertThatThrownBy(() -> rehearsal.ok("")).hasMessageContaining("text is empty");
        assertThatThrownBy(() -> rehearsal.error(200)).hasMessageContaining("status is 200");
        assertThatThrownBy(() -> rehearsal.slow(Duration.ofSeconds(-1))).hasMessageContaining("late is PT-1S");
        assertThatThrownBy(() -> rehearsal.throttled(Duration.ofDays(1))).hasMessageContaining("retryAfter is PT24H");
        assertThatThrownBy(() -> rehearsal.cutAfter(-1)).hasMessageContaining("words is -1");
        assertThatThrownBy(() -> rehearsal.flaky(1.5, 1)).hasMessageContaining("share is 1.5");
    }
}
