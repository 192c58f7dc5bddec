package dev.understudy.gateway.catalog;

import dev.understudy.engine.Chain;
import dev.understudy.engine.Target;
import dev.understudy.gateway.config.Defaults;
import dev.understudy.gateway.config.ModelSettings;
import dev.understudy.gateway.config.ProviderSettings;
import dev.understudy.gateway.config.Settings;
import dev.understudy.gateway.config.TargetName;
import dev.understudy.gateway.config.TargetSettings;
import dev.understudy.protocol.ClosestMatches;
import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.model.ModelFamilies;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Every name that a caller may use. Immutable; made anew when the settings change.
 *
 * <p>A name is, in this order: a model of the configuration; {@code provider/model} of a provider that is there; a bare
 * name that says by itself whose it is ({@code gpt-…}, {@code claude-…}), if that provider is there.
 */
public final class Catalog {
    private static final int LONGEST_SHOWN = 100;
    /** Callers may name models freely. */
    private static final int MOST_REMEMBERED = 10_000;

    private final Settings settings;
    private final Map<String, List<Route>> configured = new LinkedHashMap<>();
    /** What its model can do is a fact about a target, so what is said of it in one place holds everywhere. */
    private final Map<String, ModelCapabilities> stated = new HashMap<>();

    private final ConcurrentHashMap<String, ModelCapabilities> capabilities = new ConcurrentHashMap<>();

    private final List<Route> defaultFallbacks;

    private Catalog(Settings settings) {
        this.settings = settings;
        for (ModelSettings model : settings.models().values()) {
            for (TargetSettings target : model.targets()) {
                stated.merge(target.target(), target.stated(), (one, other) -> other.correctedBy(one));
            }
        }
        settings.models()
                .forEach((name, model) -> configured.put(
                        name, model.targets().stream().map(this::route).toList()));
        this.defaultFallbacks = resolveAll(settings.fallbacks());
    }

    /** The names of these settings. If they use the rehearsal provider, give it its address first. */
    public static Catalog of(Settings settings) {
        return new Catalog(settings);
    }

    /** The targets behind a name, in order; empty if nobody is called so. */
    public List<Route> resolve(String name) {
        List<Route> own = configured.get(name);
        if (own != null) {
            return own;
        }
        return TargetName.parse(name)
                .filter(target -> settings.providers().containsKey(target.provider()))
                .or(() -> WellKnownNames.providerOf(name)
                        .filter(settings.providers()::containsKey)
                        .flatMap(provider -> TargetName.parse(provider + "/" + name)))
                .or(() -> withColon(name))
                .map(target -> List.of(direct(target)))
                .orElse(List.of());
    }

    /** OpenPipe's SDKs write {@code openai:gpt-5.1} where others write {@code openai/gpt-5.1}. */
    private Optional<TargetName> withColon(String name) {
        int colon = name.indexOf(':');
        return colon > 0 && settings.providers().containsKey(name.substring(0, colon))
                ? TargetName.parse(name.substring(0, colon) + "/" + name.substring(colon + 1))
                : Optional.empty();
    }

    /**
     * Whom the configuration names behind the first target of a model: its further targets, then its own fallbacks.
     *
     * @return empty if it names nobody, so that {@link #defaultFallbacks()} hold; an empty list if it wants nobody
     */
    public Optional<List<Route>> fallbacksOf(String name) {
        ModelSettings model = settings.models().get(name);
        if (model == null) {
            return Optional.empty();
        }
        List<Route> targets = resolve(name);
        boolean namesNobody = targets.size() == 1 && model.fallbacks().isEmpty();
        if (namesNobody) {
            return Optional.empty();
        }
        return Optional.of(Stream.concat(
                        targets.stream().skip(1), resolveAll(model.fallbacks().orElse(List.of())).stream())
                .toList());
    }

    /** Who is asked after every chain that names nobody. */
    public List<Route> defaultFallbacks() {
        return defaultFallbacks;
    }

    /**
     * The whole chain of a call, each target once.
     *
     * @param name the model that the caller named
     * @param ofRequest the fallbacks that the caller named, if any; an empty list is a wish for none
     * @return empty if nobody is called so
     */
    public List<Route> chain(String name, Optional<List<Route>> ofRequest) {
        List<Route> primary = resolve(name);
        if (primary.isEmpty()) {
            return List.of();
        }
        // Two ways to one target are one target, whatever their limits; the first way is taken.
        Map<Target, Route> ways = new HashMap<>();
        return Chain.of(
                        targetOf(primary.getFirst(), ways),
                        ofRequest.map(routes -> targetsOf(routes, ways)),
                        fallbacksOf(name).map(routes -> targetsOf(routes, ways)),
                        targetsOf(defaultFallbacks, ways))
                .stream()
                .map(ways::get)
                .toList();
    }

    /** Whether the configuration says that two targets give the same embedding for the same text. */
    public boolean giveSameVectors(Target one, Target other) {
        return one.name().equals(other.name())
                || settings.models().values().stream()
                        .filter(ModelSettings::sameVectors)
                        .anyMatch(model -> isAmong(model, one) && isAmong(model, other));
    }

    private static boolean isAmong(ModelSettings model, Target target) {
        return model.targets().stream().anyMatch(each -> each.target().equals(target.name()));
    }

    /** Whether there is any provider that callers may have asked at an address of their own choice. */
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
        settings.models().values().stream()
                .flatMap(model -> Stream.concat(
                        model.targets().stream().map(TargetSettings::target),
                        model.fallbacks().orElse(List.of()).stream()))
                .forEach(names::add);
        names.addAll(settings.fallbacks());
        return List.copyOf(names);
    }

    /** Up to three known names that are near to one that is not. */
    public List<String> nearest(String name) {
        Set<String> known = new LinkedHashSet<>(models());
        // The provider may be what is misspelt.
        TargetName.parse(name)
                .ifPresent(target ->
                        settings.providers().keySet().forEach(provider -> known.add(provider + "/" + target.model())));
        return ClosestMatches.to(name, known, 3);
    }

    /** Why a name is not known and what to write instead, in a sentence for whoever wrote it. */
    public String whyUnknown(String name) {
        String shown = shown(name);
        List<String> near = nearest(name);
        Optional<String> owner = WellKnownNames.providerOf(name);
        if (owner.isPresent() && !settings.providers().containsKey(owner.get())) {
            String meant = near.isEmpty() ? "" : "; did you mean " + String.join(" or ", near) + "?";
            return "model `" + shown + "` belongs to provider " + owner.get() + ", which is not configured" + meant;
        }
        if (!near.isEmpty()) {
            return "no model is called `" + shown + "`; did you mean " + String.join(" or ", near) + "?";
        }
        List<String> known = models();
        return "no model is called `" + shown + "`; "
                + (known.isEmpty()
                        ? "write provider/model with one of the providers "
                                + String.join(", ", settings.providers().keySet())
                        : "known are " + String.join(", ", known.subList(0, Math.min(10, known.size()))));
    }

    /** Callers write what they like; the sentence stands in headers and on terminals. */
    private static String shown(String name) {
        String beginning = name.length() > LONGEST_SHOWN ? name.substring(0, LONGEST_SHOWN) + "…" : name;
        return beginning.replaceAll("\\p{Cntrl}", "?");
    }

    private List<Route> resolveAll(Collection<String> names) {
        List<Route> routes = new ArrayList<>();
        names.forEach(name -> routes.addAll(resolve(name)));
        return List.copyOf(routes);
    }

    private Route route(TargetSettings settingsOfTarget) {
        TargetName name = TargetName.parse(settingsOfTarget.target()).orElseThrow();
        return new Route(
                target(name),
                provider(name),
                capabilities(name),
                settingsOfTarget.continueWith().or(() -> provider(name).continueWith()),
                settingsOfTarget.timeouts(),
                settingsOfTarget.retry(),
                settingsOfTarget.cooldown(),
                false);
    }

    private Route direct(TargetName name) {
        Defaults defaults = settings.defaults();
        return new Route(
                target(name),
                provider(name),
                capabilities(name),
                provider(name).continueWith(),
                defaults.timeouts(),
                defaults.retry(),
                defaults.cooldown(),
                false);
    }

    private ProviderSettings provider(TargetName name) {
        ProviderSettings provider = settings.providers().get(name.provider());
        if (provider == null) {
            throw new IllegalStateException("the settings name no provider " + name.provider());
        }
        return provider;
    }

    /** Looked up once: the table is long, and the same targets are asked again and again. */
    private ModelCapabilities capabilities(TargetName name) {
        String target = name.toString();
        ModelCapabilities known = capabilities.get(target);
        if (known != null) {
            return known;
        }
        ModelCapabilities found =
                ModelFamilies.of(name.model()).correctedBy(stated.getOrDefault(target, ModelCapabilities.UNKNOWN));
        if (capabilities.size() < MOST_REMEMBERED) {
            capabilities.put(target, found);
        }
        return found;
    }

    /** The rehearsal's models are strangers to one another: what befalls one says nothing about the rest. */
    private static Target target(TargetName name) {
        return name.provider().equals(Settings.REHEARSAL)
                ? new Target(name.provider(), name.model(), name.toString(), name.toString())
                : Target.of(name.provider(), name.model());
    }

    private static List<Target> targetsOf(List<Route> routes, Map<Target, Route> ways) {
        return routes.stream().map(route -> targetOf(route, ways)).toList();
    }

    private static Target targetOf(Route route, Map<Target, Route> ways) {
        ways.putIfAbsent(route.target(), route);
        return route.target();
    }
}
