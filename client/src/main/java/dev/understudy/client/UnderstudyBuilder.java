package dev.understudy.client;

import dev.understudy.calls.config.Environment;
import dev.understudy.calls.config.InvalidSettings;
import dev.understudy.calls.config.Settings;
import dev.understudy.calls.config.SettingsReader;
import dev.understudy.calls.upstream.CloudAuthorizers;
import dev.understudy.calls.upstream.UpstreamTransport;
import dev.understudy.client.chain.AnswerValidator;
import dev.understudy.client.chain.ChainListener;
import dev.understudy.client.chain.FallbackState;
import dev.understudy.client.http.Arguments;
import dev.understudy.client.http.CallObservers;
import dev.understudy.client.http.CallRunner;
import dev.understudy.client.http.JdkCredentials;
import dev.understudy.client.http.JdkTransport;
import dev.understudy.client.http.ProvidersInCode;
import dev.understudy.client.loop.CallLoop;
import dev.understudy.client.loop.CallThreads;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * Configures an {@link Understudy} in code, by the settings of the gateway's configuration file. Each method checks its arguments;
 * {@link #build} reports everything that is wrong with the whole.
 */
public final class UnderstudyBuilder {
    private final ProvidersInCode providers = new ProvidersInCode();
    private final Map<String, Object> groups = new LinkedHashMap<>();
    private final Map<String, Object> models = new LinkedHashMap<>();
    private final Map<String, Object> defaults = new LinkedHashMap<>();

    private List<String> fallbacks = List.of();
    private Environment environment = Environment.ofProcess();
    private Optional<Path> file = Optional.empty();
    private Optional<FallbackState> state = Optional.empty();
    private Optional<HttpClient> client = Optional.empty();
    private Optional<Function<CallLoop, UpstreamTransport>> transport = Optional.empty();
    private Executor threads = CallThreads.DEFAULT;
    private final List<ChainListener> listeners = new ArrayList<>();
    private Optional<AnswerValidator<CompletionRequest, Completion>> validator = Optional.empty();

    UnderstudyBuilder() {}

    /** What a client consists of. */
    record Parts(
            Settings settings,
            CallRunner runner,
            FallbackState state,
            Executor threads,
            Optional<AnswerValidator<CompletionRequest, Completion>> validator,
            Runnable close) {}

    /**
     * A configuration file of the gateway. It takes the place of providers, groups, models, fallbacks and defaults that are set here; its
     * section {@code server} has no effect but for {@code max-body} and {@code max-deadline}.
     */
    public UnderstudyBuilder file(Path yaml) {
        file = Optional.of(Arguments.notNull(yaml, "file"));
        return this;
    }

    /** A well-known provider, such as {@code openai}, with a key. */
    public UnderstudyBuilder provider(String name, String apiKey) {
        return provider(name, Map.of(), apiKey);
    }

    /** Any server with OpenAI's Chat Completions at an address, with a key. */
    public UnderstudyBuilder provider(String name, URI baseUrl, String apiKey) {
        return provider(
                name, Map.of("base-url", Arguments.notNull(baseUrl, "baseUrl").toString()), apiKey);
    }

    /** Any server with OpenAI's Chat Completions at an address, without a key. */
    public UnderstudyBuilder provider(String name, URI baseUrl) {
        return provider(
                name, Map.of("base-url", Arguments.notNull(baseUrl, "baseUrl").toString()));
    }

    /**
     * A provider with settings of the configuration file, such as {@code dialect} and {@code base-url}, and a key.
     *
     * @param settings values are strings, numbers, booleans, lists and maps
     */
    public UnderstudyBuilder provider(String name, Map<String, ?> settings, String apiKey) {
        providers.add(name, settings, apiKey);
        return this;
    }

    /** A provider with settings of the configuration file. Its key is taken from its usual environment variable. */
    public UnderstudyBuilder provider(String name, Map<String, ?> settings) {
        providers.add(name, settings);
        return this;
    }

    /** A name for a chain: a request that has it as its model tries the targets in order. */
    public UnderstudyBuilder model(String name, String... targets) {
        models.put(Arguments.notBlank(name, "name"), Map.of("targets", List.of(Arguments.notNull(targets, "targets"))));
        return this;
    }

    /**
     * A name for targets among which calls are distributed. It can be used like a target in {@link #model} and {@link #fallbacks}, and as
     * the model of a request.
     */
    public UnderstudyBuilder group(String name, TargetGroup group) {
        groups.put(
                Arguments.notBlank(name, "name"),
                Arguments.notNull(group, "group").asSettings());
        return this;
    }

    /** The targets that follow the primary of every call that names no others. */
    public UnderstudyBuilder fallbacks(String... targets) {
        fallbacks = List.of(Arguments.notNull(targets, "fallbacks"));
        return this;
    }

    /** The time in which attempts may begin. A deadline that is set also ends attempts that have brought no content by then. */
    public UnderstudyBuilder deadline(Duration time) {
        return defaults("deadline", text(Arguments.positive(time, "deadline")));
    }

    /** The classic rule: after any failure that concerns it, a target is skipped for this long. */
    public UnderstudyBuilder cooldown(Duration time) {
        String length = text(Arguments.positive(time, "cooldown"));
        return defaults("cooldown", Map.of("after", 1, "base", length, "cap", length));
    }

    /** How many more times a target is tried, with exponential backoff, before the next one. */
    public UnderstudyBuilder retries(int attempts) {
        if (attempts < 0) {
            throw new IllegalArgumentException("retries is " + attempts + "; use 0 for no retries of the same target");
        }
        return defaults("retry", Map.of("attempts", attempts));
    }

    /**
     * Any setting of the section {@code defaults} of the configuration file, such as {@code timeouts}.
     *
     * @param value a string, number or boolean, or a list or map of them
     */
    public UnderstudyBuilder defaults(String setting, Object value) {
        defaults.put(Arguments.notBlank(setting, "setting"), Arguments.notNull(value, setting));
        return this;
    }

    private static String text(Duration time) {
        return Math.max(1, time.toMillis()) + "ms";
    }

    /**
     * The environment variables from which keys are taken; by default those of the process. Credentials of Amazon are looked for as their
     * variables say: in them, in files, and at the services of containers and instances.
     */
    public UnderstudyBuilder environment(Map<String, String> variables) {
        environment = Environment.of(Arguments.notNull(variables, "variables"));
        return this;
    }

    /** Shares health, budgets and usual times with other clients and chains that have this state. */
    public UnderstudyBuilder state(FallbackState shared) {
        state = Optional.of(Arguments.notNull(shared, "state"));
        return this;
    }

    /**
     * The HTTP client for upstream requests, for a proxy or certificates of one's own. It should follow no redirects, because a
     * redirected request would carry the key to another host.
     */
    public UnderstudyBuilder httpClient(HttpClient ofApplication) {
        client = Optional.of(Arguments.notNull(ofApplication, "httpClient"));
        return this;
    }

    /** Another HTTP library for upstream requests. Its events are reported on the loop that is passed to the function. */
    public UnderstudyBuilder transport(Function<CallLoop, UpstreamTransport> ofApplication) {
        transport = Optional.of(Arguments.notNull(ofApplication, "transport"));
        return this;
    }

    /**
     * Which answers are good enough; if one is not, the next target is tried. A stream is then held back until it is complete,
     * because what the caller has read cannot be taken back. Runs on a worker thread, which it should not block for long.
     */
    public UnderstudyBuilder validator(AnswerValidator<CompletionRequest, Completion> check) {
        validator = Optional.of(Arguments.notNull(check, "validator"));
        return this;
    }

    /** Adds a listener, which is told of attempts, fallbacks, circuits and ends of calls. */
    public UnderstudyBuilder listener(ChainListener listener) {
        listeners.add(Arguments.notNull(listener, "listener"));
        return this;
    }

    /** Where futures are completed and subscribers are called. It must not run tasks in the calling thread. */
    public UnderstudyBuilder executor(Executor ofApplication) {
        threads = Arguments.notNull(ofApplication, "executor");
        return this;
    }

    /**
     * Makes the client.
     *
     * @throws IllegalArgumentException with everything that is wrong with the configuration
     */
    public Understudy build() {
        Settings settings = settings();
        if (settings.usesRehearsal()) {
            throw new IllegalArgumentException("the provider \"" + Settings.REHEARSAL
                    + "\" is part of the gateway; in tests, use the JUnit extension of understudy-junit");
        }
        FallbackState known = state.orElseGet(() -> FallbackState.create(
                settings.defaults().budgets().retries(),
                settings.defaults().budgets().hedges()));
        Optional<HttpClient> own =
                client.isPresent() || transport.isPresent() ? Optional.empty() : Optional.of(JdkTransport.newClient());
        Optional<HttpClient> http = client.or(() -> own);
        UpstreamTransport upstream = transport
                .map(make -> make.apply(CallLoop.shared()))
                .orElseGet(() -> new JdkTransport(http.orElseThrow()));
        // A transport of the application may call its receivers on the loop that it was given.
        CallRunner.Loops loops = transport.isPresent() ? CallLoop::shared : CallRunner.inline(threads);
        CloudAuthorizers authorizers =
                new CloudAuthorizers(new JdkCredentials(http, threads), environment, InstantSource.system(), threads);
        CallRunner runner =
                new CallRunner(settings, known, loops, upstream, authorizers, threads, CallObservers.of(listeners));
        return new Understudy(new Parts(settings, runner, known, threads, validator, () -> {
            authorizers.close();
            own.ifPresent(HttpClient::shutdown);
        }));
    }

    private Settings settings() {
        SettingsReader reader = new SettingsReader(providers.variables(environment));
        try {
            if (file.isPresent()) {
                refuseBoth();
                return reader.read(file.get());
            }
            return isEmpty() ? reader.withoutFile() : reader.read("Understudy.builder()", asYaml());
        } catch (InvalidSettings invalid) {
            throw ProvidersInCode.rejected(invalid);
        }
    }

    private boolean isEmpty() {
        return providers.isEmpty() && groups.isEmpty() && models.isEmpty() && defaults.isEmpty() && fallbacks.isEmpty();
    }

    private void refuseBoth() {
        if (!isEmpty()) {
            throw new IllegalArgumentException(
                    "file(…) takes the place of providers, groups, models, fallbacks and defaults;"
                            + " set them in the file, or leave the file out");
        }
    }

    private String asYaml() {
        Map<String, Object> all = new LinkedHashMap<>();
        if (!providers.isEmpty()) {
            all.put("providers", providers.section());
        }
        if (!groups.isEmpty()) {
            all.put("groups", groups);
        }
        if (!models.isEmpty()) {
            all.put("models", models);
        }
        if (!fallbacks.isEmpty()) {
            all.put("fallbacks", fallbacks);
        }
        if (!defaults.isEmpty()) {
            all.put("defaults", defaults);
        }
        return ProvidersInCode.asYaml(all);
    }
}
