package dev.understudy.calls.config;

import dev.understudy.protocol.model.ModelPrice;
import dev.understudy.protocol.model.ModelTable;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The complete configuration, with every default filled in. Immutable, and free of faults: a reader that finds one
 * throws {@link InvalidSettings} instead.
 *
 * @param server the gateway's own side
 * @param providers the accounts by name, in the configuration's order
 * @param models the names that callers may use, in the configuration's order
 * @param fallbacks for every chain that names none: targets or configured models
 * @param defaults the settings of every call unless its model or the call overrides them
 * @param prices what targets cost by patterns of their names, in the configuration's order; the first that matches counts
 * @param store what is kept beyond the gateway's run
 * @param groups the groups of targets by name, in the configuration's order; those without a name of their own by their paths
 * @param tracing where the traces of calls are sent
 * @param replicas what several gateways share
 */
public record Settings(
        ServerSettings server,
        Map<String, ProviderSettings> providers,
        Map<String, ModelSettings> models,
        List<String> fallbacks,
        Defaults defaults,
        Map<String, ModelPrice> prices,
        StoreSettings store,
        Map<String, GroupSettings> groups,
        TracingSettings tracing,
        ReplicaSettings replicas) {

    private static final Pattern SECRET_HEADER =
            Pattern.compile("(?i)auth|key|token|secret|cookie|password|credential|signature");

    /** Random text: long, without blanks, of letters and digits. */
    private static final Pattern SECRET_VALUE =
            Pattern.compile("(?=.*[0-9])(?=.*[A-Za-z])(?!org-|proj_)[A-Za-z0-9_.~+/=-]{20,}");

    /** The name of the built-in provider that fails on demand. */
    public static final String REHEARSAL = "rehearsal";

    public Settings {
        providers = Collections.unmodifiableMap(new LinkedHashMap<>(providers));
        models = Collections.unmodifiableMap(new LinkedHashMap<>(models));
        fallbacks = List.copyOf(fallbacks);
        prices = Collections.unmodifiableMap(new LinkedHashMap<>(prices));
        groups = Collections.unmodifiableMap(new LinkedHashMap<>(groups));
    }

    /** Settings without groups, which send no traces and share nothing with replicas. */
    public Settings(
            ServerSettings server,
            Map<String, ProviderSettings> providers,
            Map<String, ModelSettings> models,
            List<String> fallbacks,
            Defaults defaults,
            Map<String, ModelPrice> prices,
            StoreSettings store) {
        this(
                server,
                providers,
                models,
                fallbacks,
                defaults,
                prices,
                store,
                Map.of(),
                TracingSettings.OFF,
                ReplicaSettings.BUILT_IN);
    }

    /**
     * What a target costs: as configured, or else the list price of its model.
     *
     * @return empty if neither is known
     */
    public Optional<ModelPrice> priceOf(TargetName target) {
        return statedPriceOf(target).map(Map.Entry::getValue).or(() -> ModelTable.priceOf(target.model()));
    }

    /** The entry of {@link #prices} that counts for a target; empty if none does. */
    public Optional<Map.Entry<String, ModelPrice>> statedPriceOf(TargetName target) {
        String name = target.toString();
        return prices.entrySet().stream()
                .filter(price -> NamePatterns.matches(price.getKey(), name))
                .findFirst();
    }

    /**
     * The keys of this configuration: those of providers, callers and the operator, and headers that look like keys. Cloud
     * accounts have others, which are known when they are used.
     */
    public Set<String> secrets() {
        Set<String> secrets = new LinkedHashSet<>();
        server.keys().forEach(key -> secrets.add(key.secret().reveal()));
        server.admin().key().ifPresent(key -> secrets.add(key.reveal()));
        store.password().ifPresent(secrets::add);
        addSecrets(tracing.revealedHeaders(), secrets);
        replicas.password().ifPresent(secrets::add);
        for (ProviderSettings provider : providers.values()) {
            provider.apiKey().ifPresent(key -> secrets.add(key.reveal()));
            provider.furtherKeys().forEach(key -> secrets.add(key.reveal()));
            addSecrets(provider.headers(), secrets);
        }
        return secrets;
    }

    private static void addSecrets(Map<String, String> headers, Set<String> secrets) {
        headers.forEach((name, value) -> {
            if (SECRET_HEADER.matcher(name).find()
                    || SECRET_VALUE.matcher(value).matches()) {
                // A scheme such as Bearer is no secret.
                secrets.addAll(List.of(value.strip().split("\\s+")));
            }
        });
    }

    /** What is allowed but unsafe, for the operator to read: each with the setting that it is about. */
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>(tracing.warnings());
        providers.values().stream()
                .filter(Settings::sendsKeyInTheClear)
                .forEach(provider -> warnings.add("providers."
                        + provider.name() + ".base-url: keys are sent unencrypted to "
                        + provider.baseUrl().getHost()
                        + "; use https"));
        if (server.adminIsOpen() && !ServerSettings.isLoopback(server.adminHost())) {
            warnings.add("server.admin.open: every client that reaches " + server.adminHost()
                    + " can read metrics and health and reset circuits; set server.admin.key");
        }
        if (store.contents().enabled()) {
            warnings.add("store.contents: what callers send and receive is kept for "
                    + store.contents().retentionText()
                    + ", for all to read who have access to the admin API or to the store");
        }
        if (server.keys().stream().anyMatch(key -> key.limits().budget().isLimited())) {
            unpriced()
                    .forEach(target -> warnings.add("prices: no price of " + target
                            + " is known, so that its calls do not count for the budgets of server.keys; set one"
                            + " (US dollars per million tokens)"));
        }
        return warnings;
    }

    private List<TargetName> unpriced() {
        return targetsOfChains().stream()
                .filter(target -> priceOf(target).isEmpty())
                .toList();
    }

    /** The targets that chains, groups and the default fallbacks name. */
    public Set<TargetName> targetsOfChains() {
        return Stream.concat(
                        Stream.concat(
                                        models.values().stream().map(ModelSettings::targets),
                                        groups.values().stream().map(GroupSettings::members))
                                .flatMap(List::stream)
                                .map(TargetSettings::target),
                        fallbacks.stream().filter(name -> !models.containsKey(name) && !groups.containsKey(name)))
                .flatMap(name -> TargetName.parse(name).stream())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static boolean sendsKeyInTheClear(ProviderSettings provider) {
        boolean plain = "http".equalsIgnoreCase(provider.baseUrl().getScheme());
        return plain
                && provider.authStyle() != AuthStyle.NONE
                && !ServerSettings.isLoopback(provider.baseUrl().getHost());
    }

    /** Whether the rehearsal provider must be started; until {@link #rehearsalAt} its port is 0. */
    public boolean usesRehearsal() {
        return providers.containsKey(REHEARSAL);
    }

    /**
     * These settings with the rehearsal provider at its real address.
     *
     * @param baseUrl such as {@code http://127.0.0.1:40123/v1}
     */
    public Settings rehearsalAt(URI baseUrl) {
        Map<String, ProviderSettings> moved = new LinkedHashMap<>(providers);
        moved.computeIfPresent(REHEARSAL, (name, provider) -> provider.at(baseUrl));
        return new Settings(server, moved, models, fallbacks, defaults, prices, store, groups, tracing, replicas);
    }

    /** These settings with further providers, which take the place of those of the same name. */
    public Settings withProviders(Collection<ProviderSettings> further) {
        Map<String, ProviderSettings> all = new LinkedHashMap<>(providers);
        further.forEach(provider -> all.put(provider.name(), provider));
        return new Settings(server, all, models, fallbacks, defaults, prices, store, groups, tracing, replicas);
    }

    /** These settings with those that a running gateway cannot change. */
    Settings withServer(
            ServerSettings other,
            StoreSettings otherStore,
            TracingSettings otherTracing,
            ReplicaSettings otherReplicas) {
        return new Settings(
                other, providers, models, fallbacks, defaults, prices, otherStore, groups, otherTracing, otherReplicas);
    }
}
