package dev.understudy.store;

import java.util.List;
import java.util.Optional;

/**
 * The changes that were made to the settings at run time: a layer over the configuration file, kept by version. The newest version
 * is in force. The newest {@value #KEPT} versions are kept.
 */
public interface SettingsVersions {
    /** How many versions are kept. */
    int KEPT = 1_000;

    /** The version that is in force; empty if the settings were never changed. */
    Optional<SettingsVersion> latest() throws StoreUnavailable;

    /** One version; empty if there is none of this number, or it is no longer kept. */
    Optional<SettingsVersion> version(long number) throws StoreUnavailable;

    /**
     * Versions, newest first.
     *
     * @param before only those with a lower number; {@link Long#MAX_VALUE} for all
     * @param limit at most so many, from 1 to {@value #KEPT}
     */
    List<SettingsVersion> list(long before, int limit) throws StoreUnavailable;

    /**
     * Makes a change the newest version. When this returns, the change survives a crash of the process and of the machine.
     *
     * @param expected the version to which the change was made; 0 if the settings were never changed
     * @return the new version, whose number is one higher
     * @throws VersionConflict if another version is in force; nothing was changed
     * @throws StoreUnavailable if the database did not confirm the change. In the rare case that it stalled in the middle, the
     *     message says that the change may have been made all the same
     */
    SettingsVersion put(SettingsChange change, long expected) throws VersionConflict, StoreUnavailable;
}
