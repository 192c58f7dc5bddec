package dev.understudy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A target that is reached with several keys. */
class SeveralKeysTest {

    @ParameterizedTest
    @EnumSource(
            value = FailureKind.class,
            names = {"RATE_LIMITED", "QUOTA", "AUTH"})
    void whatConcernsAKeyIsRetriedWithTheNext(FailureKind kind) {
        CallScript call = CallScript.chain("a/m", "a/m#2", "b/m");
        call.begin();
        assertThat(call.failed(1, kind)).contains("start 2 a/m");
    }

    @ParameterizedTest
    @EnumSource(
            value = FailureKind.class,
            names = {"OVERLOADED", "UNKNOWN_MODEL", "UNSUPPORTED", "TIMEOUT_FIRST_TOKEN", "INVALID_OUTPUT"})
    void whatConcernsTheModelIsNot(FailureKind kind) {
        CallScript call = CallScript.chain("a/m", "a/m#2", "b/m");
        call.begin();
        assertThat(call.failed(1, kind)).contains("start 2 b/m");
    }

    @Test
    void aKeyThatIsUsedUpIsSkippedByLaterCalls() {
        CallScript call = CallScript.chain("a/m", "a/m#2");
        call.begin();
        call.failed(1, FailureKind.QUOTA);
        call.completed(2);
        assertThat(call.then("a/m", "a/m#2").begin()).contains("start 1 a/m");
        assertThat(call.then("a/m", "b/m").begin()).contains("start 1 b/m");
    }
}
