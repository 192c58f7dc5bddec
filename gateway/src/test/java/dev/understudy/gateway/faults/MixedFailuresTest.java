package dev.understudy.gateway.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.testing.faults.Answers;
import dev.understudy.testing.faults.Delivery;
import dev.understudy.testing.faults.Limits;
import dev.understudy.testing.wire.End;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.Reply;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each target fails in its own way: which status is of use to the caller, and is the first error still there? */
@Timeout(120)
class MixedFailuresTest {
    private static final Reply DOWN = Reply.json(500, Answers.error("down", "server_error", ""));
    private static final Reply HANGS_UP = Reply.start().close();
    private static final Reply UNKNOWN = Reply.json(404, Answers.error("no such model", "", "model_not_found"));
    private static final Reply BAD_KEY = Reply.json(401, Answers.error("bad key", "", "invalid_api_key"));
    private static final Reply BAD_REQUEST =
            Reply.json(400, Answers.error("messages: wrong", "invalid_request_error", ""));
    private static final Reply NOT_HERE = Reply.json(400, Answers.error("no images here", "", "unsupported_value"));
    private static final Reply NONSENSE = Reply.json(200, "<html></html>");

    /**
     * @param replies what each of the three targets says, always
     * @param retryAfter the header; empty if there is none
     * @param message how the error's message begins
     * @param outcomes of the attempts, in order
     */
    record Mixture(
            String name,
            List<Reply> replies,
            int status,
            Optional<String> retryAfter,
            String message,
            String... outcomes) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Mixture> mixtures() {
        return List.of(
                mixture(
                                "all limited: the soonest counts",
                                429,
                                "20",
                                "slow down 30",
                                "rate_limited",
                                "rate_limited",
                                "rate_limited")
                        .of(limited(30), limited(20), limited(40)),
                mixture(
                                "limited, then down",
                                503,
                                "",
                                "slow down 30",
                                "rate_limited",
                                "server_error",
                                "server_error",
                                "server_error",
                                "server_error")
                        .of(limited(30), DOWN, DOWN),
                mixture(
                                "down in different ways",
                                503,
                                "",
                                "down",
                                "server_error",
                                "server_error",
                                "connection",
                                "connection",
                                "server_error",
                                "server_error")
                        .of(DOWN, HANGS_UP, DOWN),
                mixture(
                                "down, then the request is wrong: a refusal hides no failure that passes",
                                503,
                                "",
                                "down",
                                "server_error",
                                "server_error",
                                "bad_request",
                                "server_error",
                                "server_error")
                        .of(DOWN, BAD_REQUEST, DOWN),
                mixture(
                                "no provider has the model",
                                404,
                                "",
                                "no such model",
                                "unknown_model",
                                "unknown_model",
                                "unknown_model")
                        .of(UNKNOWN, UNKNOWN, UNKNOWN),
                mixture("no target supports it", 400, "", "no images here", "unsupported", "unsupported", "unsupported")
                        .of(NOT_HERE, NOT_HERE, NOT_HERE),
                mixture("keys refused everywhere: not the caller's 401", 502, "", "bad key", "auth", "auth", "auth")
                        .of(BAD_KEY, BAD_KEY, BAD_KEY),
                mixture(
                                "nonsense, then down",
                                503,
                                "",
                                "HTML",
                                "malformed",
                                "malformed",
                                "server_error",
                                "server_error",
                                "server_error",
                                "server_error")
                        .of(NONSENSE, DOWN, DOWN));
    }

    private static Reply limited(int seconds) {
        return Reply.json(
                429,
                Answers.error("slow down " + seconds, "requests", "rate_limit_exceeded"),
                "Retry-After: " + seconds);
    }

    private interface Unfinished {
        Mixture of(Reply... replies);
    }

    private static Unfinished mixture(String name, int status, String retryAfter, String message, String... outcomes) {
        Optional<String> header = Optional.of(retryAfter).filter(text -> !text.isEmpty());
        return replies -> new Mixture(name, List.of(replies), status, header, message, outcomes);
    }

    @ParameterizedTest
    @MethodSource("mixtures")
    void statusIsTheMostUsefulAndNoErrorIsLost(Mixture mixture) {
        for (Delivery delivery : Delivery.values()) {
            try (GatewayFixture gateway = GatewayFixture.start(Limits.NONE.configuration(true))) {
                for (int i = 0; i < 3; i++) {
                    gateway.upstreams().get(i).answerAlways(mixture.replies().get(i));
                }

                RawAnswer seen = gateway.chat(delivery.request("chain"));

                assertThat(seen.end()).isEqualTo(End.COMPLETE);
                assertThat(seen.status()).as("%s", seen).isEqualTo(mixture.status());
                assertThat(seen.body()).startsWith("{\"error\":{\"message\":\"" + mixture.message());
                assertThat(seen.header("understudy-target"))
                        .as("whose error it is")
                        .contains("one/a");
                assertThat(seen.header("retry-after")).isEqualTo(mixture.retryAfter());
                assertThat(Seen.in(seen).errorAttempts()).as("%s", seen).isEqualTo(mixture.outcomes().length);
                String order = String.join("\\b.*\"outcome\":\"", mixture.outcomes());
                assertThat(seen.body()).containsPattern("\"outcome\":\"" + order);
            }
        }
    }
}
