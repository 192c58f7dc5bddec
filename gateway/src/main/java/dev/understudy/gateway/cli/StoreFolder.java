package dev.understudy.gateway.cli;

import dev.understudy.calls.config.Environment;
import dev.understudy.calls.config.InvalidSettings;
import dev.understudy.calls.config.SettingsDocument;
import dev.understudy.calls.config.StoreSettings;
import dev.understudy.store.Store;
import dev.understudy.store.StoreOptions;
import dev.understudy.store.StoreStatus;
import dev.understudy.store.Stores;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds and opens the store of {@code understudy serve}: a folder, or the database that the configuration names. */
final class StoreFolder {
    private static final int DIGEST_BYTES = 4;

    private StoreFolder() {}

    /**
     * A store, or the reason why there is none.
     *
     * @param described where it is, or why it is not there; for people
     */
    record Opened(Optional<Store> store, String described) {}

    /**
     * Opens the store. The usual folder may be missing, as in a container whose files cannot be written; the gateway then serves without
     * a store. A folder that was named must be usable.
     *
     * @param configuration to which the changes in the store belong
     * @param named the folder of {@code --data}
     * @throws InvalidSettings if the folder that was named cannot be written
     */
    static Opened open(
            StoreSettings settings, SettingsDocument configuration, Optional<Path> named, Environment environment)
            throws InvalidSettings {
        if (settings.url().isPresent()) {
            return opened(StoreOptions.at(settings.url().get(), Optional.empty(), Optional.empty()), settings);
        }
        Optional<Path> folder = named.or(() -> usual(environment, configuration));
        if (folder.isEmpty()) {
            return new Opened(
                    Optional.empty(),
                    "there is no store, because the folder of this user is not known; name one with --data, or set store.url");
        }
        try {
            Files.createDirectories(folder.get());
        } catch (IOException failed) {
            return unusable(folder.get(), named.isPresent(), "cannot be created (" + failed + ")");
        }
        return Files.isWritable(folder.get())
                ? opened(StoreOptions.in(folder.get()), settings)
                : unusable(folder.get(), named.isPresent(), "cannot be written");
    }

    private static Opened unusable(Path folder, boolean wasNamed, String why) throws InvalidSettings {
        if (wasNamed) {
            throw InvalidSettings.inUse("--data", "the folder " + folder + " " + why + "; name another");
        }
        return new Opened(
                Optional.empty(),
                "there is no store, because the folder " + folder + " " + why
                        + ": calls are not recorded, and settings cannot be changed at run time; name a folder with --data, or set"
                        + " store.url");
    }

    private static Opened opened(StoreOptions options, StoreSettings settings) {
        Store store = Stores.open(options.keeping(settings.retention(), settings.maxCalls())
                .keepingContents(
                        settings.contents().retention(), settings.contents().maxCalls()));
        StoreStatus status = store.status();
        String place = options.place() instanceof StoreOptions.Place.Folder(Path folder)
                ? folder.toAbsolutePath().toString()
                : options.place().toString();
        return new Opened(
                Optional.of(store),
                "data: " + place
                        + status.recovery().map(what -> " (" + what + ")").orElse("")
                        + (status.available() ? "" : "; not available now: " + status.message()));
    }

    /**
     * The place for what programs keep, by the specification of base directories that Linux desktops follow. Each configuration has a
     * folder of its own, so that changes of one gateway never apply to another that the same user starts.
     */
    static Optional<Path> usual(Environment environment, SettingsDocument configuration) {
        return environment
                .get("XDG_STATE_HOME")
                .map(Path::of)
                .filter(Path::isAbsolute)
                .or(() -> environment.get("HOME").map(home -> Path.of(home, ".local", "state")))
                .map(state -> state.resolve("understudy").resolve(folderOf(configuration)));
    }

    /** Deletes a temporary folder with all that is in it. */
    static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }

    /** The name of the file, which people recognize, and a digest of its path, which differs where the name does not. */
    private static String folderOf(SettingsDocument configuration) {
        if (configuration.text().isEmpty()) {
            return configuration.name();
        }
        Path file = Path.of(configuration.name()).toAbsolutePath().normalize();
        return file.getFileName() + "-" + digest(file.toString());
    }

    private static String digest(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, DIGEST_BYTES);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
