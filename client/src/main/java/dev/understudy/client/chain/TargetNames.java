package dev.understudy.client.chain;

import dev.understudy.engine.Target;
import dev.understudy.engine.TrailEntry;
import java.util.List;

/**
 * Names of targets in the application, and the engine's for the same. The engine's have two parts, {@code provider/model}; a
 * name without a slash is a provider whose model has no name.
 *
 * <p>Of two objects with names that begin alike it is not known whether they share a key or an address, so each target has its
 * own: a failure of one closes no other.
 */
final class TargetNames {
    private TargetNames() {}

    static Target target(String name) {
        int slash = name.indexOf('/');
        return slash < 0
                ? new Target(name, "", name, name)
                : new Target(name.substring(0, slash), name.substring(slash + 1), name, name);
    }

    static String of(Target target) {
        return shown(target.name());
    }

    static String shown(String name) {
        return name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
    }

    static TrailEntry shown(TrailEntry entry) {
        return entry.target().endsWith("/")
                ? new TrailEntry(
                        shown(entry.target()),
                        entry.attempt(),
                        entry.attemptKind(),
                        entry.state(),
                        entry.failure(),
                        entry.reason(),
                        entry.start(),
                        entry.duration())
                : entry;
    }

    static CallTrail trail(List<TrailEntry> entries) {
        return new CallTrail(entries.stream().map(TargetNames::shown).toList());
    }
}
