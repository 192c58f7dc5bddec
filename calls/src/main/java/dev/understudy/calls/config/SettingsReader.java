package dev.understudy.calls.config;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.protocol.model.ModelPrice;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads a configuration: a YAML file, or the environment where there is none. */
public final class SettingsReader {
    private static final Section NOTHING = Section.empty(0, "", new ReadingContext("", name -> Optional.empty()));

    private final Environment environment;
    private final Bind bind;

    /** @param environment the variables that the configuration may refer to */
    public SettingsReader(Environment environment) {
        this(environment, Bind.AS_CONFIGURED);
    }

    /** @param bind an address that goes before the configuration's */
    public SettingsReader(Environment environment, Bind bind) {
        this.environment = environment;
        this.bind = bind;
    }

    /**
     * Reads a file.
     *
     * @throws InvalidSettings with everything that is wrong with it
     */
    public Settings read(Path file) throws InvalidSettings {
        return read(document(file), SettingsLayer.EMPTY);
    }

    /**
     * The text of a file.
     *
     * @throws InvalidSettings if it cannot be read
     */
    public static SettingsDocument document(Path file) throws InvalidSettings {
        try {
            return new SettingsDocument(file.toString(), Optional.of(Files.readString(file)));
        } catch (NoSuchFileException missing) {
            throw unreadable(file, "no such file; name another with --config");
        } catch (CharacterCodingException garbled) {
            throw unreadable(file, "this file is not UTF-8 text");
        } catch (IOException failed) {
            throw unreadable(file, "cannot be read (" + failed.getClass().getSimpleName() + ")");
        }
    }

    /**
     * Reads a text.
     *
     * @param name what messages call it
     * @throws InvalidSettings with everything that is wrong with it
     */
    public Settings read(String name, String text) throws InvalidSettings {
        return read(new SettingsDocument(name, Optional.of(text)), SettingsLayer.EMPTY);
    }

    /**
     * Reads a document with changes over it. Problems of the changes are those of {@code console}.
     *
     * @throws InvalidSettings with everything that is wrong with it
     */
    public Settings read(SettingsDocument document, SettingsLayer layer) throws InvalidSettings {
        ReadingContext reading = new ReadingContext(document.name(), environment);
        return settings(layer.over(top(document, reading), reading), reading);
    }

    /**
     * The keys of a document with changes over it, as they are written: variables are not filled in, keys may be in it.
     *
     * @throws InvalidSettings if it is no YAML
     */
    public ObjectNode tree(SettingsDocument document, SettingsLayer layer) throws InvalidSettings {
        ReadingContext reading = new ReadingContext(document.name(), environment);
        ObjectNode tree = layer.over(top(document, reading), reading).tree();
        tree.remove(tree.properties().stream()
                .map(Map.Entry::getKey)
                .filter(key -> key.startsWith("x-"))
                .toList());
        return tree;
    }

    private static Section top(SettingsDocument document, ReadingContext reading) throws InvalidSettings {
        if (document.text().isEmpty()) {
            return Section.empty(0, "", reading);
        }
        Optional<Node> root = YamlText.root(document.text().get(), reading);
        reading.failIfBroken();
        Section top = root.flatMap(node -> new Entry(node, 1, "", reading).section())
                .orElseGet(() -> Section.empty(1, "", reading));
        reading.failIfBroken();
        return top;
    }

    /**
     * The settings without a file: the providers whose usual environment variables are set.
     *
     * @throws InvalidSettings if there is no such provider, or the environment is wrong
     */
    public Settings withoutFile() throws InvalidSettings {
        return read(SettingsDocument.ENVIRONMENT, SettingsLayer.EMPTY);
    }

    /**
     * The settings of a client in another process than the gateway's, without a file: the providers whose usual environment
     * variables are set, which may be none.
     *
     * @throws InvalidSettings if the environment is wrong
     */
    public Settings ofEnvironment() throws InvalidSettings {
        ReadingContext reading = new ReadingContext("environment", environment);
        Map<String, ProviderSettings> providers = new ProvidersReader(reading).ofEnvironment();
        reading.failIfBroken();
        return new Settings(
                ServerSettings.BUILT_IN,
                providers,
                Map.of(),
                List.of(),
                Defaults.BUILT_IN,
                Map.of(),
                StoreSettings.BUILT_IN);
    }

    /** The settings of the demonstration, which calls the rehearsal provider and no other. */
    public Settings forRehearsal() throws InvalidSettings {
        ReadingContext reading = new ReadingContext("environment", environment);
        ServerSettings server =
                ServerReader.read(Section.empty(0, "server", reading), reading).at(bind.host(), bind.port());
        checkExposure(server, NOTHING, reading);
        reading.failIfBroken();
        return new Settings(
                server,
                Map.of(Settings.REHEARSAL, ProvidersReader.rehearsal()),
                Map.of(),
                List.of(),
                Defaults.BUILT_IN,
                Map.of(),
                StoreSettings.BUILT_IN);
    }

    private Settings settings(Section top, ReadingContext reading) throws InvalidSettings {
        Section known = top.onlyOrExtension(
                "server",
                "providers",
                "groups",
                "models",
                "fallbacks",
                "defaults",
                "prices",
                "store",
                "tracing",
                "replicas");
        Optional<Section> serverSection = known.section("server");
        ServerSettings server = ServerReader.read(
                        serverSection.orElseGet(() -> Section.empty(0, "server", reading)), reading)
                .at(bind.host(), bind.port());
        checkExposure(server, serverSection.orElse(NOTHING), reading);

        ProvidersReader providersReader = new ProvidersReader(reading);
        Optional<Section> providersSection = known.section("providers");
        Map<String, ProviderSettings> providers = known.get("providers").isPresent()
                ? providersSection.map(providersReader::read).orElse(Map.of())
                : providersReader.ofEnvironment();
        Set<String> providerNames =
                providersSection.map(section -> section.entries().keySet()).orElse(providers.keySet());
        checkProvidersExist(providerNames, reading);
        providers.values().forEach(provider -> checkNotOurselves(provider, server, providersSection, reading));

        LimitsReader.Level defaults = known.section("defaults")
                .map(section -> LimitsReader.read(section.only(LimitsReader.allKeysAnd()), LimitsReader.Level.BUILT_IN))
                .orElse(LimitsReader.Level.BUILT_IN);
        Optional<Section> modelsSection = known.section("models");
        ModelsReader modelsReader = new ModelsReader(
                providerNames,
                modelsSection.map(section -> section.entries().keySet()).orElse(Set.of()),
                known.section("groups").map(Section::entries).orElse(Map.of()),
                providers);
        Map<String, ModelSettings> models = modelsSection
                .map(section -> modelsReader.read(section, defaults))
                .orElse(Map.of());
        List<String> fallbacks = known.get("fallbacks")
                .map(entry -> modelsReader.fallbacks(entry, defaults))
                .orElse(List.of());
        Map<String, GroupSettings> groups = modelsReader.groups(defaults);
        Map<String, ModelPrice> prices =
                known.section("prices").map(KeyLimitsReader::prices).orElse(Map.of());
        StoreSettings store = known.section("store").map(StoreSettings::read).orElse(StoreSettings.BUILT_IN);
        TracingSettings tracing = TracingReader.read(known.get("tracing"), reading.environment());
        ReplicaSettings replicas = ReplicaSettings.read(
                known.section("replicas").orElseGet(() -> Section.empty(0, "replicas", reading)), reading);
        serverSection.ifPresent(section -> checkProvidersOfKeys(section, providerNames));
        reading.failIfBroken();
        return new Settings(
                server, providers, models, fallbacks, defaults.defaults(), prices, store, groups, tracing, replicas);
    }

    private void checkExposure(ServerSettings server, Section section, ReadingContext reading) {
        boolean hasBrokenKeys = section.get("keys")
                .flatMap(Entry::items)
                .map(items -> !items.isEmpty())
                .orElse(false);
        // Keys that were written but are broken are a problem already, and not this one.
        Optional<String> refused = hasBrokenKeys ? Optional.empty() : ServerReader.refusal(server);
        refused.ifPresent(refusal -> {
            Optional<Entry> host = section.get("host");
            if (bind.host().isPresent()) {
                reading.commandProblem("--host", refusal);
            } else if (host.isPresent()) {
                host.get().problem(refusal);
            }
        });
    }

    private static void checkProvidersOfKeys(Section server, Set<String> providers) {
        server.get("keys").filter(Entry::isList).flatMap(Entry::items).orElse(List.of()).stream()
                .filter(Entry::isMapping)
                .flatMap(key -> key.section().stream())
                .forEach(key -> KeyLimitsReader.checkProviders(key, providers));
    }

    private static void checkProvidersExist(Set<String> providers, ReadingContext reading) {
        if (providers.isEmpty() && reading.isClean()) {
            reading.problem(
                    0,
                    "providers",
                    "no provider is configured; set a key such as OPENAI_API_KEY or"
                            + " ANTHROPIC_API_KEY, or configure one in a file (to try it without a key:"
                            + " understudy demo)");
        }
    }

    /**
     * An operator whose shell points SDKs here through {@code OPENAI_BASE_URL} and who starts the gateway in it would
     * make it call itself.
     */
    private static void checkNotOurselves(
            ProviderSettings provider, ServerSettings server, Optional<Section> providers, ReadingContext reading) {
        URI url = provider.baseUrl();
        String host = Optional.ofNullable(url.getHost()).orElse("");
        boolean samePort = url.getPort() > 0 && url.getPort() == server.port();
        boolean sameHost = host.equalsIgnoreCase(server.host())
                || (ServerSettings.isLoopback(host) && (server.isLoopback() || server.isWildcard()));
        if (!samePort || !sameHost) {
            return;
        }
        String message = "this is the gateway's own address (port " + server.port()
                + "), so calls would loop; set the provider's address, or another port for the gateway";
        Optional<Entry> stated = providers
                .flatMap(section -> section.section(provider.name()))
                .flatMap(section -> section.get("base-url"));
        if (stated.isPresent()) {
            stated.get().problem(message);
        } else {
            ProviderPreset.named(provider.name())
                    .flatMap(ProviderPreset::baseUrlVariable)
                    .ifPresent(variable -> reading.environmentProblem(variable, message));
        }
    }

    private static InvalidSettings unreadable(Path file, String message) {
        return new InvalidSettings(List.of(new Problem(file.toString(), 0, "", message)));
    }
}
