package dev.understudy.spring.actuate;

import dev.understudy.client.chain.TargetHealth.Circuit;
import dev.understudy.spring.ChainModel;
import dev.understudy.spring.FallbackChatModel;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Map;

/**
 * The gauge {@code understudy.circuit.open} of each model: 1 while it is skipped, 0 while it is tried. Tags: {@code
 * understudy.chain}, the chain's bean, and {@code understudy.target}, the model's name in it.
 */
public final class CircuitMeters implements MeterBinder {
    private final Map<String, FallbackChatModel> chains;

    /** @param chains by the names of their beans */
    public CircuitMeters(Map<String, FallbackChatModel> chains) {
        this.chains = Map.copyOf(chains);
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        chains.forEach((name, chain) -> {
            for (ChainModel model : chain.models()) {
                Gauge.builder("understudy.circuit.open", chain, from -> isOpen(from, model.name()) ? 1 : 0)
                        .description("Whether the model is skipped after failures")
                        .tag("understudy.chain", name)
                        .tag("understudy.target", model.name())
                        .register(registry);
            }
        });
    }

    private static boolean isOpen(FallbackChatModel chain, String model) {
        return chain.state().health(model).circuit() == Circuit.OPEN;
    }
}
