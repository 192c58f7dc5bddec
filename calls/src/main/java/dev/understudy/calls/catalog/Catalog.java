package dev.understudy.calls.catalog;

import com.github.benmanes.caffeine.cache.Cache;
import dev.understudy.calls.config.Api;
import dev.understudy.calls.config.Credential;
import dev.understudy.calls.config.Defaults;
import dev.understudy.calls.config.GroupPlace;
import dev.understudy.calls.config.GroupSettings;
import dev.understudy.calls.config.ModelSettings;
import dev.understudy.calls.config.ProviderSettings;
import dev.understudy.calls.config.Settings;
import dev.understudy.calls.config.TargetName;
import dev.understudy.calls.config.TargetSettings;
import dev.understudy.engine.Target;
import dev.understudy.protocol.BoundedCaches;
import dev.understudy.protocol.ClosestMatches;
import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.model.ModelPrice;
import dev.understudy.protocol.model.ModelTable;
import dev.understudy.protocol.options.OptionsPolicy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Resolves the names that callers may use. Immutable; made anew when the settings change.
 *
 * <p>A name is, in this order: a model of the configuration; {@code provider/model} of a configured provider; a bare name
 * whose provider is well known ({@code gpt-…}, {@code claude-…}), if that provider is configured.
 */
public final class Catalog {
    private static final int LONGEST_SHOWN = 100;
    /** No provider's name contains a colon. */
    private static final String OWN = "own:";

    /** Callers may name models freely; the least used entries beyond this many are evicted. */
    private static final int MAX_CACHED_TARGETS = 10_000;

    private final Settings settings;
    private final Map<String, List<Route>> configured = new LinkedHashMap<>();
    /** The members of groups, also of those that have no name but their path. */
    private final Map<String, List<Route>> groups = new LinkedHashMap<>();
    /** A model's capabilities are a fact about the target, so what one place of the configuration states holds everywhere. */
    private final Map<String, ModelCapabilities> stated = new HashMap<>();

    private final Cache<String, ModelCapabilities> capabilities = BoundedCaches.ofSize(MAX_CACHED_TARGETS);
    private final Cache<String, Optional<ModelPrice>> prices = BoundedCaches.ofSize(MAX_CACHED_TARGETS);

    private final List<Route> defaultFallbacks;
    /** The opaque names of keys that no configuration has, by their providers. */
    private final Map<String, String> ownKeys;

    private Catalog(Settings settings, Map<String, String> ownKeys) {
        this.settings = settings;
        this.ownKeys = Map.copyOf(ownKeys);
        targets(settings)
                .forEach(target ->
                        stated.merge(target.target(), target.stated(), (one, other) -> other.correctedBy(one)));
        settings.models()
                .forEach((name, model) -> configured.put(
                        name, model.targets().stream().map(this::route).toList()));
        settings.groups()
                .forEach((name, group) -> groups.put(
                        name, group.members().stream().map(this::route).toList()));
        this.defaultFallbacks = resolveAll(settings.fallbacks());
    }

    private static Stream<TargetSettings> targets(Settings settings) {
        return Stream.concat(
                        settings.models().values().stream().map(ModelSettings::targets),
                        settings.groups().values().stream().map(GroupSettings::members))
                .flatMap(List::stream);
    }

    /** The names of these settings, in which the rehearsal provider, if used, already has its address. */
    public static Catalog of(Settings settings) {
        return new Catalog(settings, Map.of());
    }

    /**
     * The same, where some providers are accounts of a caller in the same process.
     *
     * @param ownKeys an opaque name of the key of each, by the provider's name: targets with another key, or at another address,
     *     have a health of their own
     */
    public static Catalog of(Settings settings, Map<String, String> ownKeys) {
        return new Catalog(settings, ownKeys);
    }

    /** The targets behind a name, in order, the members of a group one after the other; empty if no model has it. */
    public List<Route> resolve(String name) {
        List<Route> own = configured.get(name);
        if (own != null) {
            return own;
        }
        if (isNamedGroup(name)) {
            return groups.getOrDefault(name, List.of());
        }
        return TargetName.parse(name)
                .filter(target -> settings.providers().containsKey(target.provider()))
                .or(() -> ModelTable.providerOf(name)
                        .filter(settings.providers()::containsKey)
                        .flatMap(provider -> TargetName.parse(provider + "/" + name)))
                .or(() -> withColon(name))
                .map(target -> List.of(direct(target)))
                .orElse(List.of());
    }

    private boolean isNamedGroup(String name) {
        GroupSettings group = settings.groups().get(name);
        return group != null && group.named();
    }

    /** How many of a chain's first targets are its first step: one, or the members of a group. */
    public static int firstStep(List<Route> chain) {
        return (int) chain.stream()
                .takeWhile(route -> route.equals(chain.getFirst()) || areOfOneGroup(route, chain.getFirst()))
                .count();
    }

    private static boolean areOfOneGroup(Route one, Route other) {
        return one.place().isPresent()
                && one.place().map(GroupPlace::group).equals(other.place().map(GroupPlace::group));
    }

    /** OpenPipe's SDKs write {@code openai:gpt-5.1} where others write {@code openai/gpt-5.1}. */
    private Optional<TargetName> withColon(String name) {
        int colon = name.indexOf(':');
        return colon > 0 && settings.providers().containsKey(name.substring(0, colon))
                ? TargetName.parse(name.substring(0, colon) + "/" + name.substring(colon + 1))
                : Optional.empty();
    }

    /**
     * The targets that the configuration names behind the first step of a model: its further targets, then its fallbacks.
     *
     * @return empty if it names none, so that {@link #defaultFallbacks()} hold; an empty list if it excludes all fallbacks
     */
    public Optional<List<Route>> fallbacksOf(String name) {
        ModelSettings model = settings.models().get(name);
        if (model == null) {
            return Optional.empty();
        }
        List<Route> targets = resolve(name);
        int first = firstStep(targets);
        boolean namesNone = targets.size() == first && model.fallbacks().isEmpty();
        if (namesNone) {
            return Optional.empty();
        }
        return Optional.of(Stream.concat(
                        targets.stream().skip(first),
                        resolveAll(model.fallbacks().orElse(List.of())).stream())
                .toList());
    }

    /** The targets behind the primary of a call that names no fallbacks. */
    public List<Route> defaultFallbacks() {
        return defaultFallbacks;
    }

    /** Whether two targets are configured to give the same embedding for the same text. */
    public boolean giveSameVectors(Target one, Target other) {
        return one.name().equals(other.name())
                || settings.models().values().stream()
                        .filter(ModelSettings::sameVectors)
                        .anyMatch(model -> isAmong(model, one) && isAmong(model, other));
    }

    private static boolean isAmong(ModelSettings model, Target target) {
        return model.targets().stream().anyMatch(each -> each.target().equals(target.name()));
    }

    /** Whether a name is that of a configured model or group. */
    public boolean isConfigured(String name) {
        return configured.containsKey(name) || isNamedGroup(name);
    }

    /** Whether there is a provider for which callers may choose the base URL. */
    public boolean allowsCallerUrls() {
        return settings.providers().values().stream()
                .anyMatch(provider -> !provider.callerUrls().isEmpty());
    }

    /** What holds for calls that name this model. */
    public Defaults defaultsOf(String name) {
        ModelSettings model = settings.models().get(name);
        return model == null ? settings.defaults() : model.defaults();
    }

    /** The names that can be listed: those of the configuration first, then the targets that it mentions. */
    public List<String> models() {
        Set<String> names = new LinkedHashSet<>(settings.models().keySet());
        settings.groups().keySet().stream().filter(this::isNamedGroup).forEach(names::add);
        settings.models().values().stream()
                .flatMap(model -> Stream.concat(
                        model.targets().stream().map(TargetSettings::target),
                        model.fallbacks().orElse(List.of()).stream()))
                .forEach(names::add);
        names.addAll(settings.fallbacks());
        // The path of a group without a name is no name that callers may use.
        names.removeIf(name -> groups.containsKey(name) && !isNamedGroup(name));
        settings.groups().values().forEach(group -> group.members().forEach(member -> names.add(member.target())));
        return List.copyOf(names);
    }

    /** Which options callers may use, and which providers they may name. */
    public OptionsPolicy policy() {
        return new OptionsPolicy(
                allowsCallerUrls(),
                settings.providers().keySet(),
                settings.providers().values().stream()
                        .filter(ProviderSettings::isOpenRouter)
                        .map(ProviderSettings::name)
                        .collect(Collectors.toUnmodifiableSet()));
    }

    /** Whether a provider of that name is configured, or is an account of the caller. */
    public boolean hasProvider(String name) {
        return settings.providers().containsKey(name);
    }

    /** The configured providers, in order. */
    public Collection<ProviderSettings> providers() {
        return settings.providers().values();
    }

    /** The account that has stored a response, as it is configured now; empty if it no longer is. */
    public Optional<ProviderSettings> accountOf(ResponseOwners.Owner owner) {
        ProviderSettings provider = settings.providers().get(owner.provider());
        if (provider == null || !provider.has(Api.RESPONSES)) {
            return Optional.empty();
        }
        if (owner.credential().equals(Route.credential(provider.name(), 0))) {
            return Optional.of(provider);
        }
        List<Credential> further = provider.furtherKeys();
        return IntStream.range(0, further.size())
                .filter(index -> owner.credential().equals(Route.credential(provider.name(), index + 1)))
                .mapToObj(index -> provider.withKey(further.get(index)))
                .findFirst();
    }

    /** The opaque names under which the keys of a provider have their health. */
    public static Set<String> credentialsOf(ProviderSettings provider) {
        return IntStream.rangeClosed(0, provider.furtherKeys().size())
                .mapToObj(index -> Route.credential(provider.name(), index))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Up to three known names that are similar to an unknown one. */
    public List<String> nearest(String name) {
        Set<String> known = new LinkedHashSet<>(models());
        // The provider may be misspelt.
        TargetName.parse(name)
                .ifPresent(target ->
                        settings.providers().keySet().forEach(provider -> known.add(provider + "/" + target.model())));
        return ClosestMatches.to(name, known, 3);
    }

    /** Why a name is unknown and what to write instead, as a sentence for people. */
    public String whyUnknown(String name) {
        String shown = shown(name);
        List<String> near = nearest(name);
        Optional<String> owner = ModelTable.providerOf(name);
        if (owner.isPresent() && !settings.providers().containsKey(owner.get())) {
            String meant = near.isEmpty() ? "" : "; did you mean " + String.join(" or ", near) + "?";
            return "model `" + shown + "` belongs to provider " + owner.get() + ", which is not configured" + meant;
        }
        if (!near.isEmpty()) {
            return "unknown model `" + shown + "`; did you mean " + String.join(" or ", near) + "?";
        }
        List<String> known = models();
        return "unknown model `" + shown + "`; "
                + (known.isEmpty()
                        ? "write provider/model with one of the providers "
                                + String.join(", ", settings.providers().keySet())
                        : "configured are " + String.join(", ", known.subList(0, Math.min(10, known.size()))));
    }

    /** The text is the caller's own, and the sentence is shown in headers and on terminals. */
    private static String shown(String name) {
        String beginning = name.length() > LONGEST_SHOWN ? name.substring(0, LONGEST_SHOWN) + "…" : name;
        return beginning.replaceAll("\\p{Cntrl}", "?");
    }

    private List<Route> resolveAll(Collection<String> names) {
        List<Route> routes = new ArrayList<>();
        for (String name : names) {
            List<Route> group = groups.get(name);
            routes.addAll(group == null ? resolve(name) : group);
        }
        return List.copyOf(routes);
    }

    private Route route(TargetSettings settingsOfTarget) {
        TargetName name = TargetName.parse(settingsOfTarget.target()).orElseThrow();
        return new Route(
                target(name),
                provider(name),
                capabilities(name),
                settingsOfTarget.continueWith().or(() -> provider(name).continueWith()),
                settingsOfTarget.policy(),
                price(name),
                false,
                settingsOfTarget.place());
    }

    private Route direct(TargetName name) {
        return new Route(
                target(name),
                provider(name),
                capabilities(name),
                provider(name).continueWith(),
                settings.defaults().target(),
                price(name),
                false,
                Optional.empty());
    }

    private ProviderSettings provider(TargetName name) {
        ProviderSettings provider = settings.providers().get(name.provider());
        if (provider == null) {
            throw new IllegalStateException("the settings name no provider " + name.provider());
        }
        return provider;
    }

    /** Cached, because the table of model families is long. */
    private ModelCapabilities capabilities(TargetName name) {
        String target = name.toString();
        ModelCapabilities cached = capabilities.getIfPresent(target);
        if (cached != null) {
            return cached;
        }
        // A provider that is not configured has no address.
        Optional<String> host = Optional.ofNullable(settings.providers().get(name.provider()))
                .map(provider -> provider.service().baseUrl().getHost());
        ModelCapabilities found = ModelTable.of(name.model(), name.provider(), host.orElse(""))
                .correctedBy(stated.getOrDefault(target, ModelCapabilities.UNKNOWN));
        capabilities.put(target, found);
        return found;
    }

    private Optional<ModelPrice> price(TargetName name) {
        String target = name.toString();
        Optional<ModelPrice> cached = prices.getIfPresent(target);
        if (cached != null) {
            return cached;
        }
        Optional<ModelPrice> found = settings.priceOf(name);
        prices.put(target, found);
        return found;
    }

    /** Each rehearsal model has its own site and credential, so that a failure of one does not affect the health of others. */
    private Target target(TargetName name) {
        String ownKey = ownKeys.get(name.provider());
        if (ownKey != null) {
            return new Target(
                    name.provider(),
                    name.model(),
                    OWN + ownKey,
                    provider(name).baseUrl().toString());
        }
        return name.provider().equals(Settings.REHEARSAL)
                ? new Target(name.provider(), name.model(), name.toString(), name.toString())
                : Target.of(name.provider(), name.model());
    }
}
