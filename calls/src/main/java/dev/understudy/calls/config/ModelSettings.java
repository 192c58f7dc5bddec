package dev.understudy.calls.config;

import java.util.List;
import java.util.Optional;

/**
 * A name that callers may use, and the targets behind it.
 *
 * @param name the name
 * @param targets the targets in the order in which they are tried, the members of a group one after the other; never empty
 * @param fallbacks further names to fall back to after the targets; empty if the configuration does not state them, an empty
 *     list if it excludes all of them
 * @param sameVectors whether its targets give the same embedding for the same text, so that one can stand in for another
 * @param defaults what holds for calls of this model
 */
public record ModelSettings(
        String name,
        List<TargetSettings> targets,
        Optional<List<String>> fallbacks,
        boolean sameVectors,
        Defaults defaults) {
    public ModelSettings {
        targets = List.copyOf(targets);
        fallbacks = fallbacks.map(List::copyOf);
    }
}
