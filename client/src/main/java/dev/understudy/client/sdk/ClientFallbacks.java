package dev.understudy.client.sdk;

import dev.understudy.client.http.OwnAccounts;
import dev.understudy.protocol.options.FallbackOptions;
import dev.understudy.protocol.options.FallbackOptions.Fallback;
import dev.understudy.protocol.options.FallbackOptions.Limits;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The fallbacks of every call of a client, unless a call has its own.
 *
 * @param fallbacks in order, with a limit each if one is set; empty for those of the configuration
 * @param timeout the limit of the primary
 * @param fallbackTimeout the limit of each fallback that has none of its own
 * @param deadline the time in which attempts may begin
 * @param retries how often the same target is retried
 */
record ClientFallbacks(
        List<Fallback> fallbacks,
        Optional<Duration> timeout,
        Optional<Duration> fallbackTimeout,
        Optional<Duration> deadline,
        OptionalInt retries) {
    /** Its limits are those of OpenPipe's SDKs: the client's timeout is the primary's. */
    private static final String OPENPIPE = "openpipe";

    ClientFallbacks {
        fallbacks = List.copyOf(fallbacks);
    }

    /**
     * Completes the options of requests.
     *
     * @param sdks the vendor of the SDK
     * @param own the SDK's own account
     * @param client the account of fallbacks without a provider
     * @param patience how long the SDK's caller waits
     */
    OwnAccounts.Completion completion(String sdks, String own, Optional<String> client, Optional<Duration> patience) {
        return (said, primary, catalog) ->
                complete(said, primary, new FallbackNames(sdks, catalog, own, client), patience);
    }

    private FallbackOptions complete(
            FallbackOptions said, String primary, FallbackNames names, Optional<Duration> patience) {
        boolean asOpenPipe =
                said.vocabulary().equals(OPENPIPE) && said.fallbacks().isPresent();
        Optional<Duration> clients = asOpenPipe ? patience : Optional.empty();
        Optional<Duration> each = fallbackTimeout.or(() -> clients);
        Optional<List<Fallback>> chain =
                said.fallbacks().or(() -> fallbacks.isEmpty() ? Optional.empty() : Optional.of(fallbacks));
        return FallbackOptions.builder()
                .vocabulary(said.vocabulary())
                // Never absent, so that what belongs to the primary is taken from here.
                .primary(said.primary().map(names::qualified).or(() -> Optional.of(primary)))
                .primaryTimeout(said.primaryTimeout().or(() -> timeout).or(() -> clients))
                .primaryOverrides(said.primaryOverrides())
                .fallbacks(chain.map(list -> qualified(list, names, each)))
                .onContextLength(qualified(said.onContextLength(), names, each))
                .onContentPolicy(qualified(said.onContentPolicy(), names, each))
                .limits(Limits.builder()
                        .deadline(said.limits().deadline().or(() -> deadline))
                        .callerWaits(asOpenPipe ? Optional.empty() : patience)
                        .build())
                .retries(said.retries().isPresent() ? said.retries() : retries)
                .build()
                .or(said);
    }

    private static List<Fallback> qualified(List<Fallback> list, FallbackNames names, Optional<Duration> each) {
        return list.stream()
                .map(fallback -> new Fallback(
                        names.qualified(fallback.model()), fallback.timeout().or(() -> each), fallback.overrides()))
                .toList();
    }
}
