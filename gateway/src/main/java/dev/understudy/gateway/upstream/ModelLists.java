package dev.understudy.gateway.upstream;

import dev.understudy.calls.config.ProviderSettings;
import dev.understudy.protocol.model.ModelListing;
import dev.understudy.protocol.model.ModelTable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The models that the providers list, for a gateway whose configuration names none.
 *
 * <p>The lists are fetched when a client asks for models, and never for a call. What is known is returned at once and
 * refreshed in the background; only a client that comes before anything is known waits for the providers, for a few seconds
 * at most. Shared by all event loops.
 */
public final class ModelLists {
    /** The most that Anthropic and Google send in one answer. */
    private static final int LONGEST_PAGE = 1_000;

    private static final long FRESH = Duration.ofMinutes(10).toNanos();
    /** A provider that cannot be reached is tried again sooner. */
    private static final long FRESH_FAILURE = Duration.ofMinutes(1).toNanos();

    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final int LARGEST = 8 * 1024 * 1024;

    private final Collection<ProviderSettings> providers;
    private final Map<String, Known> known = new ConcurrentHashMap<>();
    private final AtomicBoolean fetching = new AtomicBoolean();

    /** @param until when the list is fetched again, by {@link System#nanoTime()} */
    private record Known(List<String> names, long until) {}

    public ModelLists(Collection<ProviderSettings> providers) {
        this.providers = List.copyOf(providers);
    }

    /**
     * The names by provider, without its prefix.
     *
     * @param requests those of the current event loop
     */
    public Future<Map<String, List<String>>> names(Vertx vertx, ProviderRequests requests) {
        boolean stale = providers.stream().anyMatch(provider -> isStale(provider.name()));
        if (!stale) {
            return Future.succeededFuture(all());
        }
        if (known.size() < providers.size()) {
            return refresh(vertx, requests).map(done -> all());
        }
        if (fetching.compareAndSet(false, true)) {
            refresh(vertx, requests).onComplete(done -> fetching.set(false));
        }
        return Future.succeededFuture(all());
    }

    private boolean isStale(String provider) {
        Known list = known.get(provider);
        return list == null || list.until() - System.nanoTime() < 0;
    }

    private Future<Void> refresh(Vertx vertx, ProviderRequests requests) {
        List<Future<Void>> each = providers.stream()
                .filter(provider -> isStale(provider.name()))
                .map(provider -> fetch(vertx, requests, provider))
                .toList();
        return Future.all(each).mapEmpty();
    }

    private Future<Void> fetch(Vertx vertx, ProviderRequests requests, ProviderSettings provider) {
        Optional<String> path = ProviderRequests.canReach(provider) ? path(provider, LONGEST_PAGE) : Optional.empty();
        if (path.isEmpty()) {
            keep(provider.name(), List.of(), FRESH);
            return Future.succeededFuture();
        }
        ProviderRequests.Request list = new ProviderRequests.Request(
                HttpMethod.GET, provider.resource(path.get()), Map.of(), Optional.empty(), LARGEST, PATIENCE);
        return requests.send(provider, list)
                .compose(response -> response.isSuccess()
                        // A long list takes milliseconds to parse.
                        ? vertx.executeBlocking(
                                () -> ModelListing.names(response.body().getBytes()), false)
                        : Future.succeededFuture(List.<String>of()))
                .otherwise(List.of())
                .onSuccess(names -> keep(provider.name(), names, names.isEmpty() ? FRESH_FAILURE : FRESH))
                .mapEmpty();
    }

    /** A list that was known stays if it cannot be fetched again; without one, the names of the model table are listed. */
    private void keep(String provider, List<String> names, long fresh) {
        Known before = known.get(provider);
        List<String> kept = !names.isEmpty() ? names : before != null ? before.names() : ModelTable.namesOf(provider);
        known.put(provider, new Known(kept, System.nanoTime() + fresh));
    }

    /**
     * Where a provider has its list of models; empty if it has none that a plain request gets.
     *
     * @param most how many models are requested, where the provider lets that be chosen
     */
    public static Optional<String> path(ProviderSettings provider, int most) {
        return switch (provider.dialect()) {
            case OPENAI, OPENAI_RESPONSES -> Optional.of("models");
            case ANTHROPIC -> Optional.of("models?limit=" + most);
            case GEMINI -> Optional.of("models?pageSize=" + most);
            case AZURE, BEDROCK -> Optional.empty();
        };
    }

    private Map<String, List<String>> all() {
        Map<String, List<String>> all = new LinkedHashMap<>();
        for (ProviderSettings provider : providers) {
            Known list = known.get(provider.name());
            all.put(provider.name(), list == null ? List.of() : list.names());
        }
        return all;
    }
}
