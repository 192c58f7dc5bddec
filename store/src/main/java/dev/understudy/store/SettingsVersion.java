package dev.understudy.store;

import java.time.Instant;
import java.util.List;

/**
 * A version of the settings; see {@link SettingsChange} for its texts.
 *
 * @param version its number; the first is 1
 * @param at when it was made, in whole milliseconds
 */
public record SettingsVersion(
        long version, Instant at, String author, String note, List<String> changes, String layer) {
    public SettingsVersion {
        changes = List.copyOf(changes);
    }
}
