package dev.understudy.spring.actuate;

import dev.understudy.client.chain.TargetHealth;
import dev.understudy.client.chain.TargetHealth.Circuit;
import dev.understudy.engine.FailureKind;
import dev.understudy.spring.FallbackChatModel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * The health of a chain: {@code UP} while one of its models at least is tried, {@code DOWN} while the circuits of all are open.
 * The details name each model with {@code closed}, {@code half_open}, or {@code open} and the reason.
 */
public final class UnderstudyHealthIndicator implements HealthIndicator {
    private final FallbackChatModel chain;

    /** @param chain whose health it is */
    public UnderstudyHealthIndicator(FallbackChatModel chain) {
        this.chain = chain;
    }

    @Override
    public Health health() {
        List<TargetHealth> targets = chain.health();
        boolean up = targets.stream().anyMatch(target -> target.circuit() != Circuit.OPEN);
        Map<String, Object> details = new LinkedHashMap<>();
        targets.forEach(target -> details.put(target.target(), text(target)));
        return (up ? Health.up() : Health.down()).withDetails(details).build();
    }

    private static String text(TargetHealth target) {
        return switch (target.circuit()) {
            case CLOSED -> "closed";
            case HALF_OPEN -> "half_open";
            case OPEN ->
                "open (" + target.because().map(FailureKind::wireName).orElse("unknown") + "), for another "
                        + target.cooldown().toSeconds() + " s";
        };
    }
}
