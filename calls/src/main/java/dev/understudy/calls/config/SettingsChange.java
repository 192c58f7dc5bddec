package dev.understudy.calls.config;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a running gateway takes over from settings that were read again.
 *
 * @param settings the settings that are in force from now on
 * @param ignored the names of changed settings that need a restart; {@code settings} has their former values
 * @param changedAccounts providers that were removed, or have another address, key or header, as they were before
 */
public record SettingsChange(Settings settings, List<String> ignored, List<ProviderSettings> changedAccounts) {
    public SettingsChange {
        ignored = List.copyOf(ignored);
        changedAccounts = List.copyOf(changedAccounts);
    }

    /**
     * The change from the settings in force to others.
     *
     * @throws InvalidSettings if the others cannot be served where the gateway listens, such as an address that other machines
     *     reach without keys
     */
    public static SettingsChange of(Settings running, Settings wanted) throws InvalidSettings {
        ServerSettings server = wanted.server().boundAs(running.server());
        Optional<String> refusal = ServerReader.refusal(server);
        if (refusal.isPresent()) {
            throw InvalidSettings.inUse("server", refusal.get());
        }
        return new SettingsChange(
                wanted.withServer(
                        server,
                        wanted.store().boundAs(running.store()),
                        wanted.tracing().boundAs(running.tracing()),
                        running.replicas()),
                Stream.of(
                                wanted.server().needingRestart(running.server()),
                                wanted.store().needingRestart(running.store()),
                                wanted.tracing().needingRestart(running.tracing()),
                                wanted.replicas().needingRestart(running.replicas()))
                        .flatMap(List::stream)
                        .toList(),
                running.providers().values().stream()
                        .filter(before ->
                                !isSameAccount(before, wanted.providers().get(before.name())))
                        .toList());
    }

    private static boolean isSameAccount(ProviderSettings before, @Nullable ProviderSettings now) {
        return now != null
                && before.service().equals(now.service())
                && before.access().equals(now.access())
                && before.headers().equals(now.headers());
    }
}
