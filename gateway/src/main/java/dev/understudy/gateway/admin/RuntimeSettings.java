package dev.understudy.gateway.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.calls.config.InvalidSettings;
import dev.understudy.calls.config.Problem;
import dev.understudy.calls.config.Settings;
import dev.understudy.calls.config.SettingsDocument;
import dev.understudy.calls.config.SettingsLayer;
import dev.understudy.calls.config.SettingsReader;
import dev.understudy.calls.config.SettingsSource;
import dev.understudy.store.SettingsChange;
import dev.understudy.store.SettingsVersion;
import dev.understudy.store.Store;
import dev.understudy.store.StoreUnavailable;
import dev.understudy.store.VersionConflict;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The settings of a running gateway: its file, and over it the changes that the console has made, which the store keeps by
 * version.
 *
 * <p>A change is validated together with the file as it is now, then stored, then put in force. So nothing is stored that cannot be
 * used, and nothing is in force that a restart would lose. Its methods block; none of them belongs on an event loop.
 */
public final class RuntimeSettings {
    private static final Logger LOG = LoggerFactory.getLogger(RuntimeSettings.class);

    private final Optional<SettingsSource> source;
    private final Optional<Store> store;
    private final String whyNoStore;
    private final Settings atStart;
    private volatile Optional<State> state;
    /** Whether the store has said which version is the newest. */
    private volatile boolean versionIsKnown = true;

    private volatile Optional<Applier> applier = Optional.empty();
    private volatile LongConsumer listener = version -> {};

    /** Puts settings in force. */
    public interface Applier {
        /**
         * Does all that can fail.
         *
         * @throws InvalidSettings if the settings cannot be used; nothing has changed
         */
        Prepared prepare(Settings wanted) throws InvalidSettings;

        /** Settings that can be put in force. */
        interface Prepared {
            /** Puts them in force. Returns the names of changed settings that need a restart, and were ignored. */
            List<String> apply();
        }
    }

    /**
     * What is in force.
     *
     * @param version of the changes; 0 if there never were any
     * @param layer the changes as they are stored
     * @param misfit why the changes are not in force; empty if they are
     * @param document the file as it was read
     * @param file its keys
     * @param merged its keys with the changes that are in force
     * @param settings made of these
     */
    record State(
            long version,
            SettingsLayer layer,
            Optional<String> misfit,
            SettingsDocument document,
            ObjectNode file,
            ObjectNode merged,
            Settings settings) {}

    /** A change of the layer. */
    @FunctionalInterface
    interface Edit {
        /** @param file the keys of the file as it is now */
        SettingsLayer of(ObjectNode file, SettingsLayer layer) throws AdminError;
    }

    /**
     * Who changes the settings, and to which version.
     *
     * @param ifMatch the version, as a header has it
     */
    record Change(Optional<String> ifMatch, String author, String note) {}

    /** A layer over the file as it is now, and what they are together. */
    record Draft(SettingsDocument document, ObjectNode file, SettingsLayer layer, ObjectNode merged) {}

    private RuntimeSettings(
            Optional<SettingsSource> source,
            Optional<Store> store,
            String whyNoStore,
            Optional<State> state,
            Settings atStart) {
        this.source = source;
        this.store = store;
        this.whyNoStore = whyNoStore;
        this.state = state;
        this.atStart = atStart;
    }

    /** Settings that do not change at run time, of a gateway in another program. */
    public static RuntimeSettings fixed(Settings settings) {
        return new RuntimeSettings(
                Optional.empty(),
                Optional.empty(),
                "this gateway was started with settings that do not change at run time",
                Optional.empty(),
                settings);
    }

    /**
     * Reads the file and the changes. Changes that do not fit the file, as when a provider was removed from it, are left out with a
     * warning; they stay in the store.
     *
     * @param store where changes are kept, if there is a store
     * @param whyNoStore what to tell people who want to change something, if there is none
     * @throws InvalidSettings if the file alone is invalid
     */
    public static RuntimeSettings open(SettingsSource source, Optional<Store> store, String whyNoStore)
            throws InvalidSettings {
        SettingsDocument document = source.document();
        Optional<SettingsVersion> latest = Optional.empty();
        boolean known = true;
        try {
            latest = store.isPresent() ? store.get().settings().latest() : Optional.empty();
        } catch (StoreUnavailable failed) {
            known = false;
            LOG.warn(
                    "the changes of the console are not in force until the store is available: {}",
                    failed.getMessage());
        }
        State state = state(source.reader(), document, latest);
        RuntimeSettings opened =
                new RuntimeSettings(Optional.of(source), store, whyNoStore, Optional.of(state), state.settings());
        opened.versionIsKnown = known;
        return opened;
    }

    private static State state(SettingsReader reader, SettingsDocument document, Optional<SettingsVersion> latest)
            throws InvalidSettings {
        long version = latest.map(SettingsVersion::version).orElse(0L);
        SettingsLayer layer = SettingsLayer.EMPTY;
        try {
            layer = SettingsLayer.parse(latest.map(SettingsVersion::layer).orElse(""));
            return state(reader, document, version, layer);
        } catch (InvalidSettings misfit) {
            ObjectNode file = reader.tree(document, SettingsLayer.EMPTY);
            // If the file itself is at fault, this fails for the same reasons.
            Settings alone = reader.read(document, SettingsLayer.EMPTY);
            String problems = misfit.problems().stream().map(Problem::toString).collect(Collectors.joining("; "));
            LOG.error(
                    "the changes of the console (version {}) do not fit the configuration and are not in force; correct or reset"
                            + " them in the console, or correct the file: {}",
                    version,
                    problems);
            return new State(version, layer, Optional.of(problems), document, file, file, alone);
        }
    }

    private static State state(SettingsReader reader, SettingsDocument document, long version, SettingsLayer layer)
            throws InvalidSettings {
        Settings settings = reader.read(document, layer);
        return new State(
                version,
                layer,
                Optional.empty(),
                document,
                reader.tree(document, SettingsLayer.EMPTY),
                reader.tree(document, layer),
                settings);
    }

    /** The settings with which the gateway starts. */
    public Settings atStart() {
        return atStart;
    }

    /** The store, if there is one. */
    public Optional<Store> store() {
        return store;
    }

    /** Why there is no store; for people. */
    public String whyNoStore() {
        return whyNoStore;
    }

    /**
     * Connects these settings with the gateway that runs with them.
     *
     * @param changed receives the number of each version that is put in force
     */
    public void attach(Applier gateway, LongConsumer changed) {
        applier = Optional.of(gateway);
        listener = changed;
    }

    /** What is in force. */
    State state() throws AdminError {
        return state.orElseThrow(() -> AdminError.of(503, "settings_fixed", whyNoStore));
    }

    /** The store, for what needs it. */
    Store openStore() throws AdminError {
        return store.orElseThrow(() -> AdminError.storeUnavailable(whyNoStore));
    }

    private SettingsSource source() throws AdminError {
        return source.orElseThrow(() -> AdminError.of(503, "settings_fixed", whyNoStore));
    }

    /**
     * Makes a change: validates it, stores it, and puts it in force for the next call.
     *
     * @throws AdminError if it is refused; nothing has changed
     */
    synchronized State change(Change change, Edit edit) throws AdminError {
        State before = state();
        Store open = openStore();
        long expected = expected(change.ifMatch(), before.version());
        Draft draft = draft(edit);
        Settings settings = settings(draft);
        if (draft.layer().equals(before.layer()) && before.misfit().isEmpty()) {
            return before;
        }
        Applier.Prepared prepared;
        try {
            prepared = applier.orElseThrow().prepare(settings);
        } catch (InvalidSettings refused) {
            throw AdminError.invalid(refused);
        }
        long version = store(open, change, draft, SettingsDiff.lines(before.merged(), draft.merged()), expected);
        prepared.apply();
        State after = new State(
                version, draft.layer(), Optional.empty(), draft.document(), draft.file(), draft.merged(), settings);
        state = Optional.of(after);
        listener.accept(version);
        return after;
    }

    private long store(Store open, Change change, Draft draft, List<String> changes, long expected) throws AdminError {
        try {
            SettingsChange stored = new SettingsChange(draft.layer().yaml(), change.author(), change.note(), changes);
            return open.settings().put(stored, expected).version();
        } catch (VersionConflict conflict) {
            versionIsKnown = false;
            refresh();
            throw AdminError.versionConflict(conflict.current());
        } catch (StoreUnavailable failed) {
            // It may have been stored all the same.
            versionIsKnown = false;
            throw AdminError.storeUnavailable(String.valueOf(failed.getMessage()));
        } catch (IllegalArgumentException tooLong) {
            throw AdminError.invalid(List.of(AdminRequest.problem("", String.valueOf(tooLong.getMessage()))));
        }
    }

    private static long expected(Optional<String> ifMatch, long current) throws AdminError {
        if (ifMatch.isEmpty()) {
            throw AdminError.preconditionRequired(current);
        }
        if (!AdminRequest.isOf(ifMatch.get(), current)) {
            throw AdminError.versionConflict(current);
        }
        return current;
    }

    /**
     * A change that is not made.
     *
     * @throws AdminError if the file cannot be read, or the change is impossible as such
     */
    Draft draft(Edit edit) throws AdminError {
        SettingsSource from = source();
        try {
            SettingsDocument document = from.document();
            ObjectNode file = from.reader().tree(document, SettingsLayer.EMPTY);
            SettingsLayer layer = edit.of(file, state().layer());
            return new Draft(document, file, layer, from.reader().tree(document, layer));
        } catch (InvalidSettings broken) {
            throw AdminError.invalid(broken);
        }
    }

    /**
     * The settings of a draft.
     *
     * @throws AdminError with everything that is wrong with it
     */
    Settings settings(Draft draft) throws AdminError {
        try {
            return source().reader().read(draft.document(), draft.layer());
        } catch (InvalidSettings broken) {
            throw AdminError.invalid(broken);
        }
    }

    /**
     * Reads the file and the changes again, and puts them in force: all of it or, if anything is wrong, nothing.
     *
     * @return the names of changed settings that need a restart, which were ignored
     */
    public synchronized List<String> reload() throws InvalidSettings {
        SettingsSource from = source.orElseThrow(() -> InvalidSettings.inUse("", whyNoStore));
        State before = state.orElseThrow();
        long version = before.version();
        SettingsLayer layer = before.layer();
        try {
            Optional<SettingsVersion> latest =
                    store.isPresent() ? store.get().settings().latest() : Optional.empty();
            if (latest.isPresent()) {
                version = latest.get().version();
                layer = SettingsLayer.parse(latest.get().layer());
            }
            versionIsKnown = true;
        } catch (StoreUnavailable failed) {
            LOG.warn("reloaded with the last known changes of the console: {}", failed.getMessage());
        }
        State after = state(from.reader(), from.document(), version, layer);
        List<String> ignored = applier.orElseThrow().prepare(after.settings()).apply();
        state = Optional.of(after);
        listener.accept(version);
        return ignored;
    }

    /** Whether {@link #refresh} has something to look for: the store could not tell the newest version, or other gateways use it too. */
    public boolean mayBeOld() {
        return source.isPresent()
                && store.isPresent()
                && (!versionIsKnown || atStart.store().url().isPresent());
    }

    /** Puts the newest changes in force if they are not. */
    public synchronized void refresh() {
        if (!mayBeOld() || applier.isEmpty()) {
            return;
        }
        try {
            Optional<SettingsVersion> latest = store.get().settings().latest();
            versionIsKnown = true;
            if (source.isPresent() && latest.isPresent() && latest.get().version() != state().version()) {
                State after = state(source.get().reader(), source.get().document(), latest);
                applier.get().prepare(after.settings()).apply();
                state = Optional.of(after);
                LOG.info("version {} of the console's changes was put in force", after.version());
                listener.accept(after.version());
            }
        } catch (StoreUnavailable | AdminError still) {
            LOG.debug("the store is still unavailable: {}", still.getMessage());
        } catch (InvalidSettings broken) {
            LOG.error("the newest changes of the console are not in force: {}", broken.getMessage());
        }
    }
}
