package dev.understudy.client.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.engine.CooldownPolicy;
import dev.understudy.engine.FailureKind;
import dev.understudy.engine.RetryPolicy;
import dev.understudy.engine.Timeouts;
import java.time.Duration;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Bad input is refused at the call that brings it, by the argument's name and with a remedy. */
class BadArgumentsTest {
    private static final BlockingTarget<String, String> GOOD = question -> "hi";

    private static FallbackChain.Builder<String, String> chain() {
        return FallbackChain.builder();
    }

    static Stream<Arguments> badArguments() {
        return Stream.of(
                of("name is null", () -> chain().target(null, GOOD)),
                of("name is \"\"", () -> chain().target("", GOOD)),
                of("provider/model", () -> chain().target(" ", GOOD)),
                of("provider/model", () -> chain().target("openai/", GOOD)),
                of("function of target one is null", () -> chain().target("one", null)),
                of("function of target one is null", () -> chain().asyncTarget("one", null)),
                of("options of target one", () -> chain().target("one", GOOD, null)),
                of(
                        "two targets are named \"one\"",
                        () -> chain().target("one", GOOD).target("one", GOOD)),
                of("settings is null", () -> chain().settings(null)),
                of("classifier is null", () -> chain().classifier(null)),
                of("validator is null", () -> chain().validator(null)),
                of("blank is null", () -> chain().blank(null)),
                of("requestSize is null", () -> chain().requestSize(null)),
                of("listener is null", () -> chain().listener(null)),
                of("state is null", () -> chain().state(null)),
                of("executor is null", () -> chain().executor(null)),
                of("loop is null", () -> chain().loop(null)),
                of("random is null", () -> chain().random(null)),
                of("request is null", () -> chain().target("one", GOOD).build().call(null)),
                of("request is null", () -> chain().target("one", GOOD).build().callAsync(null)),
                of("deadline is PT-1S", () -> CallSettings.builder().deadline(Duration.ofSeconds(-1))),
                of("deadline is PT0S", () -> CallSettings.builder().deadline(Duration.ZERO)),
                of("cap is PT0S", () -> CallSettings.builder().cap(Duration.ZERO)),
                of("longest time is seven days", () -> CallSettings.builder().cap(Duration.ofDays(8))),
                of("firstToken", () -> CallSettings.builder().firstToken(Duration.ZERO)),
                of("idle", () -> CallSettings.builder().idle(null)),
                of("answer", () -> CallSettings.builder().answer(Duration.ofMillis(-1))),
                of("reasoning", () -> CallSettings.builder().reasoning(Duration.ZERO)),
                of("attemptTimeout", () -> CallSettings.builder().attemptTimeout(Duration.ZERO)),
                of("use 0 for no retries", () -> CallSettings.builder().retries(-1)),
                of("cooldown is PT0S", () -> CallSettings.builder().cooldown(Duration.ZERO)),
                of("a kind in fallbackOn", () -> CallSettings.builder().fallbackOn((FailureKind) null)),
                of(
                        "raise retry.cap or lower retry.base",
                        () -> CallSettings.builder()
                                .retry(new RetryPolicy(1, Duration.ofSeconds(9), Duration.ofSeconds(1), Duration.ZERO))
                                .build()),
                of(
                        "cooldown.after is 0",
                        () -> CallSettings.builder()
                                .cooldown(new CooldownPolicy(
                                        0, 0, Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1)))
                                .build()),
                of(
                        "cooldown.successRate is 2.0",
                        () -> CallSettings.builder()
                                .cooldown(new CooldownPolicy(
                                        1, 2, Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1)))
                                .build()),
                of(
                        "timeouts.idle",
                        () -> CallSettings.builder()
                                .timeouts(new Timeouts(
                                        Duration.ofSeconds(1),
                                        Duration.ofSeconds(1),
                                        Duration.ZERO,
                                        Duration.ofSeconds(1),
                                        java.util.Optional.empty()))
                                .build()),
                of("retryBudget is 2.0", () -> FallbackState.create(2, 0.1)),
                of("hedgingBudget is NaN", () -> FallbackState.create(0.1, Double.NaN)),
                of("timeout is PT0S", () -> TargetOptions.DEFAULT.withTimeout(Duration.ZERO)),
                of("contextWindow is 0", () -> TargetOptions.DEFAULT.withContextWindow(0)));
    }

    private static Arguments of(String message, ThrowingCallable call) {
        return Arguments.of(message, call);
    }

    @ParameterizedTest
    @MethodSource("badArguments")
    void areRefused(String message, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(message);
    }

    @Test
    void aChainWithoutTargetsIsNotBuilt() {
        assertThatThrownBy(() -> chain().build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("target(name, function)");
    }

    @Test
    void theDefaultsAreThoseOfTheGateway() {
        CallSettings settings = CallSettings.ofDefaults();
        assertThat(settings.deadline()).isEmpty();
        assertThat(settings.cap()).isEqualTo(Duration.ofMinutes(10));
        assertThat(settings.timeouts()).isEqualTo(Timeouts.ofDefaults());
        assertThat(settings.retry()).isEqualTo(RetryPolicy.ofDefaults());
        assertThat(settings.cooldown()).isEqualTo(CooldownPolicy.ofDefaults());
        assertThat(settings.hedging()).isTrue();
        assertThat(settings.acceptEmpty()).isFalse();
        assertThat(CallSettings.builder().build()).isEqualTo(settings);
    }

    @Test
    void lateMarksThatAreNotSetFollowThoseThatAre() {
        Timeouts timeouts = CallSettings.builder()
                .firstToken(Duration.ofSeconds(30))
                .build()
                .timeouts();

        assertThat(timeouts.answer()).isEqualTo(Duration.ofSeconds(90));
        assertThat(timeouts.reasoning()).isEqualTo(Duration.ofSeconds(90));
        assertThat(timeouts.idle()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void theClassicCooldownIsExpressible() {
        CooldownPolicy policy =
                CallSettings.builder().cooldown(Duration.ofSeconds(60)).build().cooldown();

        assertThat(policy.after()).isOne();
        assertThat(policy.base()).isEqualTo(Duration.ofSeconds(60));
        assertThat(policy.quickCap()).isEqualTo(Duration.ofSeconds(60));
    }
}
