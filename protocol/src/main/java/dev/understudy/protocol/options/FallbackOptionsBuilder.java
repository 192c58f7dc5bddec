package dev.understudy.protocol.options;

import dev.understudy.engine.FailureKind;
import dev.understudy.protocol.options.FallbackOptions.AcceptOptions;
import dev.understudy.protocol.options.FallbackOptions.Credential;
import dev.understudy.protocol.options.FallbackOptions.Fallback;
import dev.understudy.protocol.options.FallbackOptions.Limits;
import dev.understudy.protocol.options.FallbackOptions.LogOptions;
import dev.understudy.protocol.options.FallbackOptions.RetryWaits;
import dev.understudy.protocol.options.FallbackOptions.StreamOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Builds {@link FallbackOptions}; what is not set is absent. */
public final class FallbackOptionsBuilder {
    private String vocabulary = "";
    private Optional<String> primary = Optional.empty();
    private Optional<Duration> primaryTimeout = Optional.empty();
    private List<FallbackOptions.Override> primaryOverrides = List.of();
    private Optional<FallbackOptions.Share> primaryShare = Optional.empty();
    private Optional<List<Fallback>> fallbacks = Optional.empty();
    private List<Fallback> onContextLength = List.of();
    private List<Fallback> onContentPolicy = List.of();
    private Set<String> only = Set.of();
    private Set<String> without = Set.of();
    private List<String> providerOrder = List.of();
    private List<Credential> credentials = List.of();
    private Optional<Set<FailureKind>> fallbackOn = Optional.empty();
    private Set<Integer> fallbackStatuses = Set.of();
    private Limits limits = Limits.NONE;
    private OptionalInt retries = OptionalInt.empty();
    private Optional<Duration> retryAfter = Optional.empty();
    private RetryWaits retryWaits = RetryWaits.NONE;
    private StreamOptions stream = StreamOptions.NONE;
    private Optional<Boolean> acceptEmpty = Optional.empty();
    private AcceptOptions accept = AcceptOptions.NONE;
    private Optional<Boolean> hedging = Optional.empty();
    private boolean trailInBody;
    private boolean failPrimaryOnPurpose;
    private LogOptions logging = LogOptions.NONE;

    FallbackOptionsBuilder() {}

    static FallbackOptions merged(FallbackOptions upper, FallbackOptions lower) {
        // A primary and its own options belong together and are taken from the same place.
        FallbackOptions ofPrimary = upper.primary().isPresent() ? upper : lower;
        FallbackOptions ofLists =
                upper.fallbacks().isPresent() || lower.vocabulary().isEmpty() ? upper : lower;
        return new FallbackOptionsBuilder()
                        .vocabulary(ofLists.vocabulary())
                        .primary(ofPrimary.primary())
                        .primaryTimeout(ofPrimary.primaryTimeout())
                        .primaryOverrides(ofPrimary.primaryOverrides())
                        .primaryShare(ofPrimary.primaryShare())
                        .fallbacks(upper.fallbacks().or(lower::fallbacks))
                        .onContextLength(either(upper.onContextLength(), lower.onContextLength()))
                        .onContentPolicy(either(upper.onContentPolicy(), lower.onContentPolicy()))
                        .only(either(upper.only(), lower.only()))
                        .without(either(upper.without(), lower.without()))
                        .providerOrder(either(upper.providerOrder(), lower.providerOrder()))
                        .credentials(both(upper.credentials(), lower.credentials()))
                        .fallbackOn(upper.fallbackOn().or(lower::fallbackOn))
                        .fallbackStatuses(either(upper.fallbackStatuses(), lower.fallbackStatuses()))
                        .limits(upper.limits().or(lower.limits()))
                        .retries(upper.retries().isPresent() ? upper.retries() : lower.retries())
                        .retryAfter(upper.retryAfter().or(lower::retryAfter))
                        .retryWaits(new RetryWaits(
                                upper.retryWaits().base().or(lower.retryWaits()::base),
                                upper.retryWaits().cap().or(lower.retryWaits()::cap),
                                upper.retryWaits().patience().or(lower.retryWaits()::patience)))
                        .stream(upper.stream().or(lower.stream()))
                        .acceptEmpty(upper.acceptEmpty().or(lower::acceptEmpty))
                        .accept(merged(upper.accept(), lower.accept()))
                        .hedging(upper.hedging().or(lower::hedging))
                        .trailInBody(upper.trailInBody() || lower.trailInBody())
                        .failPrimaryOnPurpose(upper.failPrimaryOnPurpose() || lower.failPrimaryOnPurpose())
                        .logging(new LogOptions(
                                upper.logging().quiet() || lower.logging().quiet(),
                                upper.logging().customer().isEmpty()
                                        ? lower.logging().customer()
                                        : upper.logging().customer(),
                                both(upper.logging().tags(), lower.logging().tags())))
                        .build();
    }

    private static AcceptOptions merged(AcceptOptions upper, AcceptOptions lower) {
        return new AcceptOptions(
                upper.json().or(lower::json),
                upper.tools().or(lower::tools),
                upper.minLength().isPresent() ? upper.minLength() : lower.minLength(),
                upper.matches().or(lower::matches));
    }

    private static <C extends Collection<?>> C either(C upper, C lower) {
        return upper.isEmpty() ? lower : upper;
    }

    private static <T> List<T> both(List<T> upper, List<T> lower) {
        List<T> all = new ArrayList<>(upper);
        all.addAll(lower);
        return all;
    }

    public FallbackOptionsBuilder vocabulary(String name) {
        vocabulary = name;
        return this;
    }

    public FallbackOptionsBuilder primary(Optional<String> model) {
        primary = model;
        return this;
    }

    public FallbackOptionsBuilder primaryShare(Optional<FallbackOptions.Share> ofCalls) {
        primaryShare = ofCalls;
        return this;
    }

    public FallbackOptionsBuilder primaryTimeout(Optional<Duration> limit) {
        primaryTimeout = limit;
        return this;
    }

    public FallbackOptionsBuilder primaryOverrides(List<FallbackOptions.Override> overrides) {
        primaryOverrides = overrides;
        return this;
    }

    public FallbackOptionsBuilder fallbacks(Optional<List<Fallback>> list) {
        fallbacks = list;
        return this;
    }

    public FallbackOptionsBuilder onContextLength(List<Fallback> list) {
        onContextLength = list;
        return this;
    }

    public FallbackOptionsBuilder onContentPolicy(List<Fallback> list) {
        onContentPolicy = list;
        return this;
    }

    public FallbackOptionsBuilder only(Set<String> names) {
        only = names;
        return this;
    }

    public FallbackOptionsBuilder without(Set<String> names) {
        without = names;
        return this;
    }

    public FallbackOptionsBuilder providerOrder(List<String> providers) {
        providerOrder = providers;
        return this;
    }

    public FallbackOptionsBuilder credentials(List<Credential> keys) {
        credentials = keys;
        return this;
    }

    public FallbackOptionsBuilder fallbackOn(Optional<Set<FailureKind>> kinds) {
        fallbackOn = kinds;
        return this;
    }

    public FallbackOptionsBuilder fallbackStatuses(Set<Integer> statuses) {
        fallbackStatuses = statuses;
        return this;
    }

    public FallbackOptionsBuilder limits(Limits times) {
        limits = times;
        return this;
    }

    public FallbackOptionsBuilder retries(OptionalInt count) {
        retries = count;
        return this;
    }

    public FallbackOptionsBuilder retryAfter(Optional<Duration> wait) {
        retryAfter = wait;
        return this;
    }

    public FallbackOptionsBuilder retryWaits(RetryWaits bounds) {
        retryWaits = bounds;
        return this;
    }

    public FallbackOptionsBuilder stream(StreamOptions options) {
        stream = options;
        return this;
    }

    public FallbackOptionsBuilder acceptEmpty(Optional<Boolean> welcome) {
        acceptEmpty = welcome;
        return this;
    }

    public FallbackOptionsBuilder accept(AcceptOptions options) {
        accept = options;
        return this;
    }

    public FallbackOptionsBuilder hedging(Optional<Boolean> welcome) {
        hedging = welcome;
        return this;
    }

    public FallbackOptionsBuilder trailInBody(boolean wanted) {
        trailInBody = wanted;
        return this;
    }

    public FallbackOptionsBuilder failPrimaryOnPurpose(boolean wanted) {
        failPrimaryOnPurpose = wanted;
        return this;
    }

    public FallbackOptionsBuilder logging(LogOptions options) {
        logging = options;
        return this;
    }

    public FallbackOptions build() {
        return new FallbackOptions(
                vocabulary,
                primary,
                primaryTimeout,
                primaryOverrides,
                primaryShare,
                fallbacks,
                onContextLength,
                onContentPolicy,
                only,
                without,
                providerOrder,
                credentials,
                fallbackOn,
                fallbackStatuses,
                limits,
                retries,
                retryAfter,
                retryWaits,
                stream,
                acceptEmpty,
                accept,
                hedging,
                trailInBody,
                failPrimaryOnPurpose,
                logging);
    }
}
