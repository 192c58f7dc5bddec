package dev.understudy.simulator.world;

import dev.understudy.engine.FailureKind;
import java.util.Optional;

/**
 * What sets one model of a provider apart from its others, which share its key.
 *
 * @param reasoning how it reasons, if it does
 * @param refused what the key meets at this model and at no other: no allowance, no permission
 */
public record ModelProfile(Optional<Reasoning> reasoning, Optional<FailureKind> refused) {
    /** Answers, and does not reason. */
    public static final ModelProfile PLAIN = new ModelProfile(Optional.empty(), Optional.empty());

    /** A model that reasons. */
    public static ModelProfile reasoning(Reasoning how) {
        return new ModelProfile(Optional.of(how), Optional.empty());
    }
}
