package dev.understudy.spring.actuate;

import dev.understudy.client.chain.FallbackState;
import dev.understudy.client.chain.TargetHealth;
import dev.understudy.engine.FailureKind;
import dev.understudy.engine.PastAttempt;
import dev.understudy.spring.ChainModel;
import dev.understudy.spring.FallbackChatModel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/** {@code /actuator/understudy}: the models of each chain with their circuits and last attempts, and a reset. */
@Endpoint(id = "understudy")
public final class UnderstudyEndpoint {
    private final Map<String, FallbackChatModel> chains;

    /** @param chains by the names of their beans */
    public UnderstudyEndpoint(Map<String, FallbackChatModel> chains) {
        this.chains = Map.copyOf(chains);
    }

    /**
     * The state of the chains.
     *
     * @param chains by the names of their beans
     */
    public record Report(Map<String, List<Target>> chains) {}

    /**
     * The state of one model.
     *
     * @param circuit {@code closed} (it is tried), {@code open} (it is skipped) or {@code half_open} (the next call tries it)
     * @param reason the kind of the failure that opened the circuit, such as {@code rate_limited}; absent while it is closed
     * @param cooldownMs for how many milliseconds it is still skipped
     * @param successRate the share of successes of late, from 0 to 1
     * @param recent its last attempts, the latest first
     */
    public record Target(
            String target,
            String circuit,
            @Nullable String reason,
            long cooldownMs,
            double successRate,
            List<Recent> recent) {}

    /**
     * A past attempt.
     *
     * @param outcome {@code ok}, {@code cancelled} or the kind of the failure
     */
    public record Recent(String outcome, long durationMs) {}

    /** GET. */
    @ReadOperation
    public Report report() {
        Map<String, List<Target>> report = new LinkedHashMap<>();
        chains.keySet().stream().sorted().forEach(name -> report.put(name, targets(chains.get(name))));
        return new Report(report);
    }

    private static List<Target> targets(@Nullable FallbackChatModel chain) {
        return chain == null
                ? List.of()
                : chain.health().stream().map(UnderstudyEndpoint::target).toList();
    }

    private static Target target(TargetHealth health) {
        return new Target(
                health.target(),
                health.circuit().name().toLowerCase(Locale.ROOT),
                health.because().map(FailureKind::wireName).orElse(null),
                health.cooldown().toMillis(),
                Math.round(health.successRate() * 1_000) / 1_000.0,
                health.recent().stream().map(UnderstudyEndpoint::recent).toList());
    }

    private static Recent recent(PastAttempt attempt) {
        return new Recent(attempt.outcome(), TimeUnit.NANOSECONDS.toMillis(attempt.duration()));
    }

    /**
     * POST: closes the circuits of one model, or forgets everything.
     *
     * @param target the model's name in its chain; absent for all models, whose usual times and budgets are then forgotten too
     * @return the state after it
     */
    @WriteOperation
    public Report reset(@Nullable String target) {
        if (target == null || target.isBlank()) {
            chains.values().stream().map(FallbackChatModel::state).distinct().forEach(FallbackState::reset);
            return report();
        }
        List<FallbackState> states = chains.values().stream()
                .filter(chain -> names(chain).contains(target))
                .map(FallbackChatModel::state)
                .distinct()
                .toList();
        if (states.isEmpty()) {
            List<String> known = new ArrayList<>();
            chains.values().forEach(chain -> known.addAll(names(chain)));
            throw new InvalidEndpointRequestException(
                    "no chain has a model named " + target,
                    "the models are " + known.stream().distinct().sorted().toList());
        }
        states.forEach(state -> state.reset(target));
        return report();
    }

    private static List<String> names(FallbackChatModel chain) {
        return chain.models().stream().map(ChainModel::name).toList();
    }
}
