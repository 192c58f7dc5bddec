package dev.understudy.simulator.run;

import dev.understudy.engine.SharedState;
import dev.understudy.engine.Target;
import dev.understudy.simulator.world.EventQueue;
import dev.understudy.simulator.world.Spell;
import java.util.OptionalLong;

/** How long the circuit of the primary stays open after its outages are over. */
final class Recoveries {
    private final Target first;
    private final Providers providers;
    private final SharedState shared;
    private final Measures measures;
    private OptionalLong wellSince = OptionalLong.empty();

    Recoveries(ChainSettings chain, Providers providers, SharedState shared, Measures measures) {
        this.first = ChainSettings.target(chain.targets().getFirst());
        this.providers = providers;
        this.shared = shared;
        this.measures = measures;
    }

    void watch(EventQueue queue) {
        for (Spell spell : providers.of(first.name()).weather().spells()) {
            if (spell.state() == Spell.State.DOWN) {
                queue.at(spell.until(), this::over);
            }
        }
    }

    private void over(long now) {
        if (!shared.health().availability(first, now).isReady()) {
            wellSince = OptionalLong.of(now);
        }
    }

    /** A target delivered content. */
    void alive(Target target, long now) {
        if (wellSince.isPresent() && target.equals(first)) {
            measures.recovered(now - wellSince.getAsLong());
            wellSince = OptionalLong.empty();
        }
    }
}
