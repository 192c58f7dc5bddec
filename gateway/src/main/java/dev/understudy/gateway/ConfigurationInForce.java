package dev.understudy.gateway;

import dev.understudy.calls.catalog.Catalog;
import dev.understudy.calls.catalog.ConversationStore;
import dev.understudy.calls.catalog.ResponseOwners;
import dev.understudy.calls.config.Credential;
import dev.understudy.calls.config.InvalidSettings;
import dev.understudy.calls.config.ProviderSettings;
import dev.understudy.calls.config.Settings;
import dev.understudy.calls.config.SettingsChange;
import dev.understudy.engine.HealthRegistry;
import dev.understudy.engine.HedgingBudget;
import dev.understudy.engine.LatencyProfile;
import dev.understudy.engine.RetryBudget;
import dev.understudy.engine.SharedState;
import dev.understudy.gateway.admin.RunningConfiguration;
import dev.understudy.gateway.admin.RuntimeSettings;
import dev.understudy.gateway.metrics.CallMetrics;
import dev.understudy.gateway.quota.GatewayKeys;
import dev.understudy.gateway.quota.SharedLimits;
import dev.understudy.protocol.failure.SecretsInUse;
import dev.understudy.rehearsal.RehearsalProvider;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The configuration that is in force, and its changes: by a reload of the file, or by the console. Either all of a change is put in
 * force or nothing.
 */
final class ConfigurationInForce implements RuntimeSettings.Applier, RunningConfiguration {
    private static final long REHEARSAL_SECONDS = 10;

    private final Vertx vertx;
    private final RuntimeSettings runtime;
    private final ResponseOwners owners = new ResponseOwners();
    private final ConversationStore conversations;
    private final CallMetrics metrics;
    /** The keys of all configurations since the start: running calls still have those of an earlier one. */
    private final List<SecretsInUse.Registration> secrets = new CopyOnWriteArrayList<>();

    /** The settings that are in force, with the keys of providers that the configuration has. */
    private Settings configured;
    /** The keys of providers that were set at run time: here and nowhere else. */
    private volatile Map<String, Credential> providerKeys = Map.of();

    private volatile ConfigurationSnapshot snapshot;
    private volatile Optional<RehearsalProvider> rehearsal;
    private volatile boolean lastReloadFailed;

    /**
     * @param settings with which the gateway starts, in which the rehearsal provider, if used, has its address
     * @param runtime where they come from
     * @param keys of callers that were made at run time
     * @param sharing the limits of keys with other replicas
     */
    ConfigurationInForce(
            Vertx vertx,
            Settings settings,
            RuntimeSettings runtime,
            GatewayKeys.Stored keys,
            Optional<SharedLimits> sharing,
            Optional<RehearsalProvider> rehearsal,
            CallMetrics metrics) {
        this.vertx = vertx;
        this.runtime = runtime;
        this.rehearsal = rehearsal;
        this.metrics = metrics;
        this.conversations = new ConversationStore(settings.server().conversations());
        secrets.add(SecretsInUse.register(settings.secrets()));
        this.configured = settings;
        this.snapshot = ConfigurationSnapshot.of(settings, nothingKnown(settings), sharing, owners)
                .with(keys);
        metrics.know(snapshot.targets(), settings.providers().keySet());
        metrics.watch(
                "understudy.config.last.reload.successful",
                "0 if the last reload of the configuration was rejected, else 1",
                this,
                configuration -> configuration.lastReloadFailed ? 0 : 1);
    }

    /** What calls know together before the first of them, with the budgets of these settings. */
    static SharedState nothingKnown(Settings settings) {
        return new SharedState(
                new HealthRegistry(),
                new RetryBudget(settings.defaults().budgets().retries()),
                new LatencyProfile(),
                new HedgingBudget(settings.defaults().budgets().hedges()));
    }

    /** What is in force now. */
    ConfigurationSnapshot snapshot() {
        return snapshot;
    }

    /** Which provider has stored which response; kept by all changes. */
    ResponseOwners owners() {
        return owners;
    }

    /** The turns of conversations that no provider has stored; kept by all changes. */
    ConversationStore conversations() {
        return conversations;
    }

    /** The rehearsal provider, if it runs. */
    Optional<RehearsalProvider> rehearsal() {
        return rehearsal;
    }

    /** The rehearsal provider, which is started if it does not run yet. */
    synchronized Future<RehearsalProvider> runningRehearsal() {
        if (rehearsal.isPresent()) {
            return Future.succeededFuture(rehearsal.get());
        }
        return RehearsalProvider.start(vertx).map(provider -> {
            rehearsal = Optional.of(provider);
            return provider;
        });
    }

    /** See {@link Gateway#reload()}. */
    List<String> reload() throws InvalidSettings {
        boolean done = false;
        try {
            List<String> ignored = runtime.reload();
            done = true;
            return ignored;
        } finally {
            lastReloadFailed = !done;
        }
    }

    /** Settings in which the rehearsal provider, if used, has its address. */
    private Future<Settings> withRehearsal(Settings settings) {
        return settings.usesRehearsal()
                ? runningRehearsal().map(provider -> settings.rehearsalAt(URI.create(provider.baseUrl())))
                : Future.succeededFuture(settings);
    }

    /** Blocks while the rehearsal provider starts, if it must. */
    @Override
    public Prepared prepare(Settings wanted) throws InvalidSettings {
        SettingsChange.of(snapshot.settings(), wanted);
        Settings located;
        try {
            located = withRehearsal(wanted)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(REHEARSAL_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException failed) {
            throw InvalidSettings.inUse(
                    "providers.rehearsal", "the rehearsal provider cannot be started (" + failed.getMessage() + ")");
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw InvalidSettings.inUse("providers.rehearsal", "the gateway is stopping");
        }
        return () -> {
            try {
                return putInForce(located);
            } catch (InvalidSettings changed) {
                throw new IllegalStateException("the settings were refused after they had been accepted", changed);
            }
        };
    }

    @Override
    public Settings settings() {
        return snapshot.settings();
    }

    @Override
    public SharedState shared() {
        return snapshot.shared();
    }

    @Override
    public GatewayKeys keys() {
        return snapshot.keys();
    }

    @Override
    public synchronized void useKeys(GatewayKeys.Stored stored) {
        snapshot = snapshot.with(stored);
    }

    @Override
    public Set<String> providersWithOwnKey() {
        return providerKeys.keySet();
    }

    @Override
    public synchronized void useProviderKey(String provider, Optional<Credential> key) {
        Map<String, Credential> keys = new HashMap<>(providerKeys);
        key.ifPresentOrElse(set -> keys.put(provider, set), () -> keys.remove(provider));
        providerKeys = Map.copyOf(keys);
        try {
            putInForce(configured);
        } catch (InvalidSettings changed) {
            throw new IllegalStateException("the settings that are in force were refused", changed);
        }
    }

    /** Settings with the keys that were set at run time. Those of providers that are there no longer are forgotten. */
    private Settings withProviderKeys(Settings settings) {
        Map<String, Credential> keys = new HashMap<>(providerKeys);
        keys.keySet().retainAll(settings.providers().keySet());
        providerKeys = Map.copyOf(keys);
        List<ProviderSettings> changed = new ArrayList<>();
        keys.forEach((name, key) -> Optional.ofNullable(settings.providers().get(name))
                .ifPresent(provider -> changed.add(provider.withKey(key))));
        return settings.withProviders(changed);
    }

    private synchronized List<String> putInForce(Settings withoutProviderKeys) throws InvalidSettings {
        Settings wanted = withProviderKeys(withoutProviderKeys);
        SettingsChange change = SettingsChange.of(snapshot.settings(), wanted);
        ConfigurationSnapshot next = snapshot.with(change.settings(), owners);
        secrets.add(SecretsInUse.register(change.settings().secrets()));
        conversations.limit(change.settings().server().conversations());
        metrics.know(next.targets(), next.settings().providers().keySet());
        configured = withoutProviderKeys;
        snapshot = next;
        change.changedAccounts()
                .forEach(account ->
                        next.shared().health().reset(Catalog.credentialsOf(account), Set.of(account.name())));
        return change.ignored();
    }

    /** The keys are searched for in no text any more. */
    void forgetSecrets() {
        secrets.forEach(SecretsInUse.Registration::close);
    }
}
