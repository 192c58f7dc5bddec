package dev.understudy.gateway.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.Reply;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every answer says what happened to its call, good or bad, whole or streamed. */
@Timeout(60)
class AnswerHeadersTest {

    private static final String MODEL = "models: {m: {targets: [one/a, two/b]}}";

    private static RawAnswer chat(GatewayFixture gateway, boolean stream, String model) {
        return gateway.chat(stream ? Chats.askStream(model) : Chats.ask(model));
    }

    private static Reply good(boolean stream) {
        return stream ? Chats.streamed() : Chats.answered("hi");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void answerOfThePrimary(boolean stream) {
        try (GatewayFixture gateway = GatewayFixture.start(MODEL)) {
            gateway.one().answerAlways(good(stream));

            RawAnswer answer = chat(gateway, stream, "m");

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("understudy-target")).contains("one/a");
            Trail trail = Trail.of(answer);
            assertThat(trail.outcomes()).containsExactly(stream ? "one/a answering" : "one/a ok");
            assertThat(trail.items().getFirst().parameters()).containsOnlyKeys("outcome", "ms");
            assertThat(trail.askedIn()).isEmpty();
            assertThat(answer.header("understudy-warning")).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void answerOfAFallback(boolean stream) {
        try (GatewayFixture gateway = GatewayFixture.start(MODEL)) {
            gateway.one().answerAlways(Chats.refused(429));
            gateway.two().answerAlways(good(stream));

            RawAnswer answer = chat(gateway, stream, "m");

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("understudy-target")).contains("two/b");
            Trail trail = Trail.of(answer);
            assertThat(trail.outcomes()).containsExactly("one/a rate_limited", stream ? "two/b answering" : "two/b ok");
            assertThat(trail.items().getFirst().parameters()).containsEntry("status", "429");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void errorWhenNoTargetAnswers(boolean stream) {
        try (GatewayFixture gateway = GatewayFixture.start(MODEL)) {
            gateway.one().answerAlways(Chats.refused(404));
            gateway.two().answerAlways(Chats.refused(401));

            RawAnswer answer = chat(gateway, stream, "m");

            // The caller can name another model; only the operator can replace a refused key.
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.header("understudy-target")).contains("one/a");
            assertThat(Trail.of(answer).outcomes()).containsExactly("one/a unknown_model", "two/b auth");
            ErrorBody error = ErrorBody.of(answer);
            assertThat(error.message()).isEqualTo("scripted 404");
            assertThat(error.attempts())
                    .extracting(attempt -> ErrorBody.text(attempt, "target") + " " + ErrorBody.text(attempt, "message"))
                    .containsExactly("one/a scripted 404", "two/b scripted 401");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void errorThatTheCallerMustCorrect(boolean stream) {
        try (GatewayFixture gateway = GatewayFixture.start(MODEL)) {
            gateway.one().answerAlways(Chats.refused(400));
            gateway.two().answerAlways(Chats.refused(422));

            RawAnswer answer = chat(gateway, stream, "m");

            assertThat(answer.status()).isEqualTo(400);
            assertThat(Trail.of(answer).outcomes()).containsExactly("one/a bad_request", "two/b bad_request");
            assertThat(ErrorBody.of(answer).message()).isEqualTo("scripted 400");
        }
    }

    @Test
    void targetThatWasSkipped() {
        try (GatewayFixture gateway = GatewayFixture.start(MODEL)) {
            gateway.two().answerAlways(Chats.answered("hi"));

            RawAnswer answer = gateway.chat(Chats.ask("m", "\"exclude_providers\":[\"one\"]"));

            Trail trail = Trail.of(answer);
            assertThat(trail.outcomes()).containsExactly("one/a passed_over", "two/b ok");
            assertThat(trail.items().getFirst().parameters()).containsEntry("reason", "excluded");
            assertThat(gateway.one().requestCount()).isZero();
        }
    }

    @Test
    void unknownNameBehindAKnownOne() {
        try (GatewayFixture gateway = GatewayFixture.start(MODEL)) {
            gateway.two().answerAlways(Chats.answered("hi"));

            RawAnswer answer = gateway.chat(Chats.ask("mm", "\"fallbacks\":[\"two/b\"]"));

            assertThat(answer.status()).isEqualTo(200);
            assertThat(Trail.of(answer).outcomes()).containsExactly("mm passed_over", "two/b ok");
            assertThat(StructuredList.parse(answer.header("understudy-warning").orElseThrow()))
                    .singleElement()
                    .satisfies(warning -> assertThat(warning.value()).contains("mm", "did you mean m"));
        }
    }

    @Test
    void callsHaveNamesOfTheirOwn() {
        try (GatewayFixture gateway = GatewayFixture.start(MODEL)) {
            gateway.one().answerAlways(Chats.answered("hi"));
            Set<String> ids = new TreeSet<>();
            for (int i = 0; i < 20; i++) {
                ids.add(chat(gateway, false, "m").header("understudy-call-id").orElseThrow());
            }
            assertThat(ids).hasSize(20);
            assertThat(gateway.log(20)).allSatisfy(line -> assertThat(ids).anyMatch(line::contains));
        }
    }
}
