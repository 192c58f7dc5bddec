package dev.understudy.calls.catalog;

import dev.understudy.engine.Target;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which provider and key have stored a response, by the response's id: only these know the conversation that a later request
 * continues by {@code previous_response_id}, and only there can the response be retrieved.
 *
 * <p>The provider keys are the operator's, so a provider cannot tell callers of the gateway apart: a response that one caller
 * requested is unknown to all others. Kept in memory and bounded, so an old id, or one from before a restart, is unknown; then
 * the only provider that has the Responses API is the owner, if there is only one. The ids are too long to be guessed. Shared by
 * all event loops.
 */
public final class ResponseOwners {
    /** At some 200 bytes each. */
    private static final int MAX_CACHED = 100_000;

    /** The ids of all vendors are much shorter. */
    private static final int LONGEST_ID = 256;

    /**
     * The least recently used id is the first to go. A cache that prefers what is used often would evict the newest ids, each
     * of which has been used once.
     */
    private final Map<String, Owner> owners = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Owner> eldest) {
            return size() > MAX_CACHED;
        }
    };

    /**
     * The account in which a response is stored. Names only, because address and key may be configured anew before the
     * response is requested.
     *
     * @param caller the name of the gateway's key with which the response was requested; empty if none is needed
     * @param provider the provider's name
     * @param credential the opaque name of the provider's key
     */
    public record Owner(String caller, String provider, String credential) {
        /** Whether requests on a route use the same account. */
        public boolean is(Target target) {
            return provider.equals(target.provider()) && credential.equals(target.credential());
        }

        /** Whether this caller requested the response. To all others it is unknown, although the provider's key is the same. */
        public boolean isOf(String name) {
            return caller.equals(name);
        }
    }

    /** Keeps the owner of a response. Nothing is kept for a key that a caller brought for one call: it is that caller's. */
    public synchronized void put(String caller, String id, Route route) {
        if (!route.callersKey() && !id.isEmpty() && id.length() <= LONGEST_ID) {
            owners.put(
                    id,
                    new Owner(caller, route.provider().name(), route.target().credential()));
        }
    }

    /** The owner of a response; empty if it is not known. */
    public synchronized Optional<Owner> of(String id) {
        return Optional.ofNullable(owners.get(id));
    }

    /** Forgets a response that was deleted. */
    public synchronized void remove(String id) {
        owners.remove(id);
    }
}
