package dev.understudy.client.sdk;

import dev.understudy.calls.config.Environment;
import dev.understudy.calls.config.InvalidSettings;
import dev.understudy.calls.config.Settings;
import dev.understudy.calls.config.SettingsReader;
import dev.understudy.calls.record.FinishedCall;
import dev.understudy.calls.upstream.CloudAuthorizers;
import dev.understudy.client.chain.ChainListener;
import dev.understudy.client.chain.FallbackState;
import dev.understudy.client.http.Arguments;
import dev.understudy.client.http.CallObservers;
import dev.understudy.client.http.CallRunner;
import dev.understudy.client.http.JdkCredentials;
import dev.understudy.client.http.JdkTransport;
import dev.understudy.client.http.ProvidersInCode;
import dev.understudy.client.loop.CallThreads;
import dev.understudy.protocol.options.FallbackOptions.Fallback;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Configures the HTTP client that an SDK is given. Each method checks its argument; {@code build} reports everything that is wrong
 * with the configuration.
 *
 * @param <B> the builder itself
 */
public abstract class SdkClientBuilder<B extends SdkClientBuilder<B>> {
    private static final Pattern ACCOUNT_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

    private final List<Fallback> fallbacks = new ArrayList<>();
    private final ProvidersInCode providers = new ProvidersInCode();
    private final List<SdkAccount> accounts = new ArrayList<>();
    private Optional<Duration> timeout = Optional.empty();
    private Optional<Duration> fallbackTimeout = Optional.empty();
    private Optional<Duration> deadline = Optional.empty();
    private OptionalInt retries = OptionalInt.empty();
    private Optional<Path> configuration = Optional.empty();
    private Environment environment = Environment.ofProcess();
    private Optional<FallbackState> state = Optional.empty();
    private Executor threads = CallThreads.DEFAULT;
    private final List<ChainListener> listeners = new ArrayList<>();
    private Optional<Consumer<FinishedCall>> whenEnded = Optional.empty();

    protected SdkClientBuilder() {}

    /** This builder. */
    protected abstract B self();

    /**
     * A target that follows the primary in every call that names no fallbacks of its own; several are tried in order.
     *
     * @param model {@code provider/model}, or a model's name: that of another vendor goes to the vendor, any other one to the fallback
     *     client if there is one, or else to its vendor or to the SDK's own account
     */
    public B fallback(String model) {
        fallbacks.add(Fallback.of(Arguments.notBlank(model, "fallback")));
        return self();
    }

    /** The same with a limit of its own, after which the next target is tried. */
    public B fallback(String model, Duration limit) {
        fallbacks.add(new Fallback(
                Arguments.notBlank(model, "fallback"),
                Optional.of(Arguments.positive(limit, "the timeout of fallback " + model)),
                List.of()));
        return self();
    }

    /**
     * The limit of the primary: after that it is cancelled and the first fallback is tried. Without one, lateness cancels nothing.
     * How long the caller waits in all is the timeout of the SDK.
     */
    public B timeout(Duration limit) {
        timeout = Optional.of(Arguments.positive(limit, "timeout"));
        return self();
    }

    /** The limit of each fallback that has none of its own. */
    public B fallbackTimeout(Duration limit) {
        fallbackTimeout = Optional.of(Arguments.positive(limit, "fallbackTimeout"));
        return self();
    }

    /** The time in which attempts may begin. It also ends attempts that have brought no content by then. */
    public B deadline(Duration time) {
        deadline = Optional.of(Arguments.positive(time, "deadline"));
        return self();
    }

    /** How many more times a target is tried, with exponential backoff, before the next one. */
    public B retries(int attempts) {
        if (attempts < 0) {
            throw new IllegalArgumentException("retries is " + attempts + "; use 0 for no retries of the same target");
        }
        retries = OptionalInt.of(attempts);
        return self();
    }

    /** A well-known provider for fallbacks, such as {@code anthropic}, with a key. */
    public B provider(String name, String apiKey) {
        return provider(name, Map.of(), apiKey);
    }

    /**
     * A provider for fallbacks with settings of the configuration file, such as {@code dialect} and {@code base-url}, and a key.
     *
     * @param settings values are strings, numbers, booleans, lists and maps
     */
    public B provider(String name, Map<String, ?> settings, String apiKey) {
        providers.add(name, settings, apiKey);
        return self();
    }

    /** A provider for fallbacks with settings of the configuration file. Its key is taken from its usual environment variable. */
    public B provider(String name, Map<String, ?> settings) {
        providers.add(name, settings);
        return self();
    }

    /**
     * A configuration file of the gateway: its providers, models, fallbacks and defaults hold for fallbacks. It takes the place of
     * providers that are set here and of the environment; of its section {@code server}, {@code max-body} and {@code max-deadline} are used.
     */
    public B configuration(Path yaml) {
        configuration = Optional.of(Arguments.notNull(yaml, "configuration"));
        return self();
    }

    /** The environment variables from which the keys of providers are taken; by default those of the process. */
    public B environment(Map<String, String> variables) {
        environment = Environment.of(Arguments.notNull(variables, "variables"));
        return self();
    }

    /** Shares health, budgets and usual times with other clients and chains that have this state. */
    public B state(FallbackState shared) {
        state = Optional.of(Arguments.notNull(shared, "state"));
        return self();
    }

    /** Where futures are completed and SDKs' streams are read. It must not run tasks in the calling thread. */
    public B executor(Executor ofApplication) {
        threads = Arguments.notNull(ofApplication, "executor");
        return self();
    }

    /** Adds a listener, which is told of attempts, fallbacks, circuits and ends of calls. */
    public B listener(ChainListener listener) {
        listeners.add(Arguments.notNull(listener, "listener"));
        return self();
    }

    /** Receives the record of every call that has ended, with its trail. What it throws is logged, and changes no call. */
    public B onCallEnded(Consumer<FinishedCall> listener) {
        whenEnded = Optional.of(Arguments.notNull(listener, "listener"));
        return self();
    }

    /** Adds a client that serves fallbacks. */
    protected B account(SdkAccount account) {
        if (!ACCOUNT_NAME.matcher(account.name()).matches()) {
            throw new IllegalArgumentException("the name of a fallback client is \"" + account.name()
                    + "\"; it consists of letters, digits, dots, dashes and underscores");
        }
        if (accounts.stream().anyMatch(each -> each.name().equals(account.name()))) {
            throw new IllegalArgumentException(
                    "there are two fallback clients with the name \"" + account.name() + "\"; give each its own");
        }
        accounts.add(account);
        return self();
    }

    /** All clients that this builder makes from now on know the same of targets. */
    protected void shareState() {
        state = state.or(() -> Optional.of(FallbackState.create()));
    }

    /** Where blocking work of an SDK runs. */
    protected Executor threads() {
        return threads;
    }

    /**
     * Makes what sends the SDK's requests.
     *
     * @param client the HTTP client of the application for the SDK's own account; empty for the JDK's
     * @param whenClosed releases that client
     * @throws IllegalArgumentException with everything that is wrong with the configuration
     */
    protected SdkCalls calls(SdkDialect dialect, Optional<SdkSender> client, Runnable whenClosed) {
        Settings settings = settings();
        accounts.stream()
                .filter(account -> settings.providers().containsKey(account.name()))
                .findFirst()
                .ifPresent(account -> {
                    throw new IllegalArgumentException("a provider and a fallback client have the name \""
                            + account.name() + "\"; give the client another one");
                });
        FallbackState known = state.orElseGet(() -> FallbackState.create(
                settings.defaults().budgets().retries(),
                settings.defaults().budgets().hedges()));
        HttpClient jdk = JdkTransport.newClient();
        JdkTransport transport = new JdkTransport(jdk);
        Executor executor = threads;
        CloudAuthorizers authorizers = new CloudAuthorizers(
                new JdkCredentials(Optional.of(jdk), executor), environment, InstantSource.system(), executor);
        // Without a listener no thread is started for each call.
        Consumer<FinishedCall> whenFinished = whenEnded
                .<Consumer<FinishedCall>>map(listener -> finished -> executor.execute(() -> tell(listener, finished)))
                .orElse(finished -> {});
        CallRunner runner = new CallRunner(
                settings,
                known,
                CallRunner.inline(executor),
                transport,
                authorizers,
                executor,
                new CallObservers(listeners, whenFinished));
        return new SdkCalls(new SdkCalls.Parts(
                dialect,
                settings,
                runner,
                executor,
                transport,
                client.orElseGet(() -> new JdkSender(jdk, executor)),
                client,
                new ClientFallbacks(fallbacks, timeout, fallbackTimeout, deadline, retries),
                accounts,
                () -> {
                    authorizers.close();
                    jdk.shutdown();
                    whenClosed.run();
                }));
    }

    private static void tell(Consumer<FinishedCall> listener, FinishedCall finished) {
        try {
            listener.accept(finished);
        } catch (RuntimeException failed) {
            System.getLogger(SdkClientBuilder.class.getName())
                    .log(System.Logger.Level.WARNING, "a listener of calls failed", failed);
        }
    }

    private Settings settings() {
        SettingsReader reader = new SettingsReader(providers.variables(environment));
        try {
            Settings found;
            if (configuration.isPresent()) {
                if (!providers.isEmpty()) {
                    throw new IllegalArgumentException("configuration(…) takes the place of provider(…);"
                            + " set the providers in the file, or leave the file out");
                }
                found = reader.read(configuration.get());
            } else {
                found = reader.ofEnvironment();
                if (!providers.isEmpty()) {
                    found = found.withProviders(
                            reader.read("builder", ProvidersInCode.asYaml(Map.of("providers", providers.section())))
                                    .providers()
                                    .values());
                }
            }
            if (found.usesRehearsal()) {
                throw new IllegalArgumentException(
                        "the provider \"" + Settings.REHEARSAL + "\" is part of the gateway; leave it out here");
            }
            return found;
        } catch (InvalidSettings invalid) {
            throw ProvidersInCode.rejected(invalid);
        }
    }
}
