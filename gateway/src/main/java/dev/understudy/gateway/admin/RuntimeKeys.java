package dev.understudy.gateway.admin;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.calls.config.InvalidSettings;
import dev.understudy.calls.config.KeyLimits;
import dev.understudy.calls.config.Problem;
import dev.understudy.gateway.quota.GatewayKeys;
import dev.understudy.store.Store;
import dev.understudy.store.StoreUnavailable;
import dev.understudy.store.StoredKey;
import dev.understudy.store.StoredKeys;
import dev.understudy.store.VersionConflict;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys that are made for callers at run time: kept in the store as digests, and in memory for calls.
 *
 * <p>A change is stored, then put in force. The keys that are in force need no store: one that is lost keeps them working, and only
 * changes are refused. A store that cannot be read at the start may have keys that are not known; see {@link StoredKeys#mayExist}.
 * Its methods block; none of them belongs on an event loop.
 */
public final class RuntimeKeys {
    private static final Logger LOG = LoggerFactory.getLogger(RuntimeKeys.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final SecureRandom RANDOM = new SecureRandom();

    /** Clients and the search for secrets know keys by their first letters. */
    private static final String PREFIX = "sk-understudy-";

    private static final int RANDOM_BYTES = 32;
    private static final int ID_BYTES = 8;
    private static final int SHOWN_END = 4;

    /** All are in memory. */
    static final int MOST_KEYS = 10_000;

    private final RuntimeSettings settings;
    private volatile Loaded state;
    /** Whether a change may have been stored that is not in force. */
    private volatile boolean isOld;

    private volatile Optional<RunningConfiguration> running = Optional.empty();

    /**
     * A key, with its limits as they were read.
     *
     * @param limits empty if they cannot be read; the key is then refused, since it must not have fewer limits than it was given
     * @param problem why they cannot be read; empty if they can
     */
    record RuntimeKey(StoredKey key, Optional<KeyLimits> limits, String problem) {}

    /**
     * The keys of the store.
     *
     * @param isKnown whether they could be read
     */
    record Loaded(boolean isKnown, boolean mayExist, long version, List<RuntimeKey> entries) {
        Optional<RuntimeKey> find(String id) {
            return entries.stream().filter(entry -> entry.key().id().equals(id)).findFirst();
        }

        GatewayKeys.Stored stored() {
            List<GatewayKeys.StoredLimits> usable = entries.stream()
                    .filter(entry -> entry.limits().isPresent())
                    .map(entry -> new GatewayKeys.StoredLimits(
                            entry.key().name(),
                            entry.key().digest(),
                            entry.limits().get()))
                    .toList();
            return isKnown ? GatewayKeys.Stored.of(usable, !entries.isEmpty()) : GatewayKeys.Stored.unknown(mayExist);
        }
    }

    /**
     * A key that was made.
     *
     * @param secret the key itself, which is nowhere else
     */
    record CreatedKey(String secret, StoredKey key) {
        @Override
        public String toString() {
            return "CreatedKey[" + key.name() + "]";
        }
    }

    private RuntimeKeys(RuntimeSettings settings, Loaded state) {
        this.settings = settings;
        this.state = state;
    }

    /** Reads the keys of the store of these settings. */
    public static RuntimeKeys open(RuntimeSettings settings) {
        Optional<StoredKeys> store = settings.store().map(Store::keys);
        Loaded state = new Loaded(true, false, 0, List.of());
        if (store.isPresent()) {
            try {
                state = read(store.get());
            } catch (StoreUnavailable failed) {
                state = new Loaded(false, store.get().mayExist(), 0, List.of());
                LOG.warn(
                        state.mayExist()
                                ? "the keys of callers in the store are refused until it can be read: {}"
                                : "the store cannot be read; it has no keys of callers: {}",
                        failed.getMessage());
            }
        }
        return new RuntimeKeys(settings, state);
    }

    private static Loaded read(StoredKeys store) throws StoreUnavailable {
        // Before the keys: what is changed in between is then read again.
        long version = store.version();
        List<RuntimeKey> entries = store.all().stream().map(RuntimeKeys::entry).toList();
        return new Loaded(true, !entries.isEmpty(), version, entries);
    }

    private static RuntimeKey entry(StoredKey key) {
        try {
            return new RuntimeKey(key, Optional.of(KeyLimits.of(tree(key))), "");
        } catch (InvalidSettings unknown) {
            String problems = unknown.problems().stream().map(Problem::message).collect(Collectors.joining("; "));
            LOG.error("key '{}' is refused, because its limits cannot be read: {}", key.name(), problems);
            return new RuntimeKey(key, Optional.empty(), problems);
        }
    }

    /** The limits of a key as they were stated. */
    static ObjectNode tree(StoredKey key) throws InvalidSettings {
        try {
            if (JSON.readTree(key.limits()) instanceof ObjectNode tree) {
                return tree;
            }
        } catch (JacksonException broken) {
            throw InvalidSettings.inUse("limits", "are not JSON (" + broken.getOriginalMessage() + ")");
        }
        throw InvalidSettings.inUse("limits", "are no JSON object");
    }

    /** What is in force. */
    public GatewayKeys.Stored stored() {
        return state.stored();
    }

    /** Connects these keys with the gateway that uses them. */
    public void attach(RunningConfiguration gateway) {
        running = Optional.of(gateway);
    }

    Loaded state() {
        return state;
    }

    /**
     * Makes a key, in force for the next call.
     *
     * @param name of its holder
     * @param limits with the keys of the configuration, which are possible
     * @throws AdminError if another key has this name, or the store does not confirm the change
     */
    synchronized CreatedKey create(String name, ObjectNode limits, String author) throws AdminError {
        StoredKeys open = settings.openStore().keys();
        if (state.entries().size() >= MOST_KEYS) {
            throw AdminError.of(
                    409, "too_many_keys", "there are " + MOST_KEYS + " keys; revoke some that are not used");
        }
        String secret = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(random(RANDOM_BYTES));
        try {
            StoredKey wanted = new StoredKey(
                    HexFormat.of().formatHex(random(ID_BYTES)),
                    GatewayKeys.digestOf(secret),
                    secret.substring(secret.length() - SHOWN_END),
                    name,
                    limits.toString(),
                    Instant.now(),
                    author,
                    0);
            StoredKey added = open.add(wanted)
                    .orElseThrow(() -> AdminError.of(
                            409, "name_in_use", "there is a key with this name already; choose another name"));
            List<RuntimeKey> entries = new ArrayList<>(state.entries());
            entries.add(entry(added));
            putInForce(entries);
            LOG.info("key '{}' was made by {}", name, author.isEmpty() ? "an unnamed editor" : author);
            return new CreatedKey(secret, added);
        } catch (StoreUnavailable failed) {
            throw unconfirmed(failed);
        } catch (IllegalArgumentException tooLong) {
            throw AdminError.invalid(List.of(AdminRequest.problem("", String.valueOf(tooLong.getMessage()))));
        }
    }

    private static byte[] random(int bytes) {
        byte[] random = new byte[bytes];
        RANDOM.nextBytes(random);
        return random;
    }

    /**
     * Changes the limits of a key.
     *
     * @param limits all of them, which are possible
     * @param expected the version of the key to which the change is made
     * @throws AdminError if it has another version, or the store does not confirm the change
     */
    synchronized StoredKey change(String id, ObjectNode limits, long expected) throws AdminError {
        StoredKeys open = settings.openStore().keys();
        if (limits.toString().length() > StoredKey.LONGEST_LIMITS) {
            throw AdminError.invalid(List.of(AdminRequest.problem("limits", "are too long")));
        }
        try {
            StoredKey changed = open.change(id, limits.toString(), expected);
            putInForce(state.entries().stream()
                    .map(entry -> entry.key().id().equals(id) ? entry(changed) : entry)
                    .toList());
            LOG.info("the limits of key '{}' were changed", changed.name());
            return changed;
        } catch (VersionConflict conflict) {
            isOld = true;
            refresh();
            throw conflict.current() == 0
                    ? AdminError.notFound("this key was revoked in the meantime")
                    : AdminError.keyConflict(conflict.current());
        } catch (StoreUnavailable failed) {
            throw unconfirmed(failed);
        }
    }

    /**
     * Revokes a key, from the next call on.
     *
     * @return whether there was such a key
     * @throws AdminError if the store does not confirm the change
     */
    synchronized boolean revoke(String id, String author) throws AdminError {
        StoredKeys open = settings.openStore().keys();
        try {
            boolean removed = open.remove(id);
            Optional<RuntimeKey> known = state.find(id);
            putInForce(state.entries().stream()
                    .filter(entry -> !entry.key().id().equals(id))
                    .toList());
            known.ifPresent(entry -> LOG.info(
                    "key '{}' was revoked by {}", entry.key().name(), author.isEmpty() ? "an unnamed editor" : author));
            return removed || known.isPresent();
        } catch (StoreUnavailable failed) {
            throw unconfirmed(failed);
        }
    }

    /** It may have been stored all the same. */
    private AdminError unconfirmed(StoreUnavailable failed) {
        isOld = true;
        return AdminError.storeUnavailable(failed.getMessage() + "; keys that are in force keep working");
    }

    /** What was changed here is in force at once; what other gateways have changed with it, as soon as it is read. */
    private void putInForce(List<RuntimeKey> entries) {
        use(new Loaded(true, !entries.isEmpty(), state.version(), List.copyOf(entries)));
        isOld = true;
        refresh();
    }

    private void use(Loaded next) {
        state = next;
        running.ifPresent(gateway -> gateway.useKeys(next.stored()));
    }

    /** Whether {@link #refresh} has something to look for: the store could not be read, or other gateways use it too. */
    public boolean mayBeOld() {
        boolean isShared = settings.atStart().store().url().isPresent();
        return settings.store().isPresent() && (isShared || isOld || !state.isKnown());
    }

    /** Puts the newest keys in force if they are not. */
    public synchronized void refresh() {
        if (!mayBeOld()) {
            return;
        }
        try {
            StoredKeys open = settings.store().orElseThrow().keys();
            if (isOld || !state.isKnown() || open.version() != state.version()) {
                Loaded next = read(open);
                isOld = false;
                use(next);
            }
        } catch (StoreUnavailable still) {
            LOG.debug("the keys of the store cannot be read: {}", still.getMessage());
        }
    }
}
