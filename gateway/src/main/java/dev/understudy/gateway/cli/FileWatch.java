package dev.understudy.gateway.cli;

import dev.understudy.calls.config.InvalidSettings;
import dev.understudy.calls.config.SettingsDocument;
import dev.understudy.calls.config.SettingsSource;
import java.time.Duration;
import java.util.Optional;

/**
 * Notices that the configuration file has changed, by its text: editors and Kubernetes replace files, so that neither a time nor a file
 * handle says it reliably. A text counts when it was the same at two looks in a row, so that a file which is being written is left alone.
 */
final class FileWatch {
    private static final Duration PERIOD = Duration.ofSeconds(1);

    private final SettingsSource source;
    /** The text that was put in force, or tried in vain. */
    private Optional<String> known;
    /** The text of the last look. */
    private Optional<String> seen;

    /**
     * Begins with the text as it is now.
     *
     * @throws InvalidSettings if there is no file, or it cannot be read
     */
    FileWatch(SettingsSource source) throws InvalidSettings {
        SettingsDocument now = source.document();
        if (now.text().isEmpty()) {
            throw ConfigOption.nothingToReload();
        }
        this.source = source;
        this.known = now.text();
        this.seen = now.text();
    }

    /** Looks every second, on a thread of its own, for as long as the process runs. */
    void start(Runnable reload) {
        Thread.ofPlatform().daemon().name("understudy-file-watch").start(() -> {
            try {
                while (true) {
                    Thread.sleep(PERIOD);
                    if (pollChange()) {
                        reload.run();
                    }
                }
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** Looks at the file: whether it has a text that no look has reported yet, and that was the same at the last look. */
    boolean pollChange() {
        Optional<String> now = text();
        boolean settled = now.isPresent() && now.equals(seen);
        seen = now;
        if (!settled || now.equals(known)) {
            return false;
        }
        known = now;
        return true;
    }

    /** Empty while the file is away: a replacement may be on its way, and what is in force stays in force. */
    private Optional<String> text() {
        try {
            return source.document().text();
        } catch (InvalidSettings unreadable) {
            return Optional.empty();
        }
    }
}
