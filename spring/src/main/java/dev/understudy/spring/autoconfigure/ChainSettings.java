package dev.understudy.spring.autoconfigure;

import dev.understudy.client.chain.CallSettings;
import dev.understudy.client.chain.TargetOptions;
import dev.understudy.engine.CooldownPolicy;
import dev.understudy.engine.FailureKind;
import dev.understudy.engine.RetryPolicy;
import dev.understudy.protocol.options.FallbackOnValues;
import dev.understudy.protocol.options.WhenLate;
import dev.understudy.spring.autoconfigure.UnderstudyProperties.Cooldown;
import dev.understudy.spring.autoconfigure.UnderstudyProperties.Retry;
import dev.understudy.spring.autoconfigure.UnderstudyProperties.Target;
import dev.understudy.spring.autoconfigure.UnderstudyProperties.Timeouts;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/** Makes the settings of calls from {@code understudy.*}. */
final class ChainSettings {
    private static final Duration DEFAULT_ANSWER = Duration.ofSeconds(20);
    private static final Duration DEFAULT_FIRST_TOKEN = Duration.ofSeconds(10);

    private ChainSettings() {}

    static CallSettings of(UnderstudyProperties properties) {
        CallSettings.Builder settings = CallSettings.builder()
                .cap(properties.getCap())
                .retry(retry(properties.getRetry()))
                .cooldown(cooldown(properties.getCooldown()))
                .hedging(properties.getHedging().isEnabled())
                .acceptEmpty(properties.getAccept().isEmpty())
                .fallbackOn(properties.getFallbackOn().stream()
                        .map(FallbackOnValues::parse)
                        .toArray(FailureKind[]::new));
        Optional.ofNullable(properties.getDeadline()).ifPresent(settings::deadline);
        Timeouts timeouts = properties.getTimeouts();
        settings.firstToken(timeouts.getFirstToken());
        settings.idle(timeouts.getIdle());
        Optional.ofNullable(timeouts.getAnswer())
                .or(() -> usualAnswer(timeouts.getFirstToken()))
                .ifPresent(settings::answer);
        Optional.ofNullable(timeouts.getReasoning()).ifPresent(settings::reasoning);
        settings.cancelWhenLate(timeouts.getWhenLate() == WhenLate.CANCEL);
        return settings.build();
    }

    /** Where the first token has its own late mark, that of the whole answer follows it. */
    private static Optional<Duration> usualAnswer(Duration firstToken) {
        return firstToken.equals(DEFAULT_FIRST_TOKEN) ? Optional.of(DEFAULT_ANSWER) : Optional.empty();
    }

    /** A number of retries that is set holds also when no other model is left. */
    private static RetryPolicy retry(Retry retry) {
        Optional<Integer> attempts = Optional.ofNullable(retry.getAttempts());
        return new RetryPolicy(
                attempts.orElse(RetryPolicy.ofDefaults().attempts()),
                retry.getBase(),
                retry.getCap(),
                retry.getPatience(),
                attempts.isEmpty());
    }

    private static CooldownPolicy cooldown(Cooldown cooldown) {
        Duration quickCap = Optional.ofNullable(cooldown.getQuickCap())
                .orElse(shorter(CooldownPolicy.QUICK_CAP, cooldown.getCap()));
        return new CooldownPolicy(
                cooldown.getAfter(),
                cooldown.getSuccessRate().share(),
                cooldown.getBase(),
                cooldown.getCap(),
                quickCap,
                cooldown.getCredential(),
                cooldown.getHintCap());
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    static TargetOptions target(Target target) {
        return new TargetOptions(
                Optional.ofNullable(target.getTimeout()),
                target.isReasons(),
                Optional.ofNullable(target.getContextWindow())
                        .map(OptionalInt::of)
                        .orElse(OptionalInt.empty()));
    }
}
