package dev.understudy.gateway.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.calls.catalog.Catalog;
import dev.understudy.calls.catalog.Route;
import dev.understudy.calls.config.AuthStyle;
import dev.understudy.calls.config.Credential;
import dev.understudy.calls.config.ProviderSettings;
import dev.understudy.calls.config.Settings;
import dev.understudy.engine.Target;
import java.net.URI;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The operations of {@code /admin/v1/providers}, but for the test of a connection, which needs the connections of an event loop.
 *
 * <p>A key that is set here is kept in memory until the process ends: the settings and their versions are shown and exported, and the
 * store is not encrypted, so a key belongs in neither.
 */
public final class ProviderApi {
    private static final int LONGEST_KEY = 8_192;

    private final RuntimeSettings settings;
    private final RunningConfiguration running;

    /** @param running the configuration that is in force */
    public ProviderApi(RuntimeSettings settings, RunningConfiguration running) {
        this.settings = settings;
        this.running = running;
    }

    /** All of them. */
    public List<AdminApi.Operation> operations() {
        return List.of(
                AdminApi.operation("GET", "/providers", request -> list()),
                AdminApi.operation("PUT", "/providers/{name}/key", this::putKey),
                AdminApi.operation("DELETE", "/providers/{name}/key", this::deleteKey));
    }

    private AdminResponse list() {
        Settings now = running.settings();
        Catalog catalog = Catalog.of(now);
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode list = json.putArray("providers");
        now.providers().values().forEach(provider -> list.add(document(provider, catalog)));
        return AdminResponse.of(json);
    }

    private ObjectNode document(ProviderSettings provider, Catalog catalog) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("name", provider.name());
        json.put("dialect", provider.dialect().wireName());
        json.put("base_url", isBuiltIn(provider) ? "(built in)" : shown(provider.baseUrl()));
        json.put("auth", provider.authStyle().wireName());
        json.put("testable", ProviderTests.canTest(provider));
        boolean isOwn = running.providersWithOwnKey().contains(provider.name());
        ObjectNode key = json.putObject("key");
        key.put("present", provider.apiKey().isPresent());
        key.put(
                "count",
                (provider.apiKey().isPresent() ? 1 : 0) + provider.furtherKeys().size());
        key.put("source", source(provider, isOwn));
        key.put("settable", whyNotSettable(provider).isEmpty());
        ArrayNode chains = json.putArray("chains");
        Set<Target> targets = new LinkedHashSet<>();
        for (String name : running.settings().models().keySet()) {
            List<Target> used = Stream.concat(
                            catalog.resolve(name).stream(), catalog.fallbacksOf(name).orElse(List.of()).stream())
                    .map(Route::target)
                    .filter(target -> target.provider().equals(provider.name()))
                    .toList();
            if (!used.isEmpty()) {
                chains.add(name);
                targets.addAll(used);
            }
        }
        List<Target> defaults = catalog.defaultFallbacks().stream()
                .map(Route::target)
                .filter(target -> target.provider().equals(provider.name()))
                .toList();
        json.put("default_fallbacks", !defaults.isEmpty());
        targets.addAll(defaults);
        ArrayNode health = json.putArray("targets");
        for (Target target : targets) {
            ObjectNode each = health.addObject();
            each.put("target", target.name());
            each.put(
                    "state",
                    running.shared()
                            .health()
                            .report(target, System.nanoTime())
                            .state()
                            .name()
                            .toLowerCase(Locale.ROOT));
        }
        return json;
    }

    private static String source(ProviderSettings provider, boolean isOwn) {
        if (isOwn) {
            return "run_time";
        }
        if (provider.apiKey().isPresent()) {
            return "configuration";
        }
        return provider.authStyle() == AuthStyle.AWS || provider.authStyle() == AuthStyle.GOOGLE_ACCOUNT
                ? "account"
                : "none";
    }

    private static boolean isBuiltIn(ProviderSettings provider) {
        return provider.name().equals(Settings.REHEARSAL);
    }

    /** A base URL without what may be secret in it. */
    private static String shown(URI url) {
        String port = url.getPort() < 0 ? "" : ":" + url.getPort();
        return url.getScheme() + "://" + url.getHost() + port + url.getRawPath();
    }

    /** Why the key of a provider cannot be set; empty if it can. */
    private static Optional<String> whyNotSettable(ProviderSettings provider) {
        if (isBuiltIn(provider)) {
            return Optional.of("the rehearsal provider is built in and needs no key");
        }
        return provider.authStyle() == AuthStyle.GOOGLE_ACCOUNT
                ? Optional.of("its requests have a token of a service account, which is named in the configuration")
                : Optional.empty();
    }

    private AdminResponse putKey(AdminRequest request) throws AdminError {
        ObjectNode body = request.object(Set.of("key"));
        ProviderSettings provider = provider(request);
        String key = AdminRequest.text(body, "key").strip();
        // Never with the text itself.
        if (!Credential.isPossible(key) || key.length() > LONGEST_KEY) {
            throw AdminError.invalid(
                    List.of(
                            AdminRequest.problem(
                                    "key",
                                    "is empty, too long, or contains white space or an invalid character; check that it was copied completely")));
        }
        Optional<String> why = whyNotSettable(provider);
        if (why.isPresent()) {
            throw AdminError.of(409, "key_not_settable", "the key cannot be set: " + why.get());
        }
        running.useProviderKey(provider.name(), Optional.of(Credential.of(key)));
        return current(request);
    }

    private AdminResponse deleteKey(AdminRequest request) throws AdminError {
        ProviderSettings provider = provider(request);
        if (!running.providersWithOwnKey().contains(provider.name())) {
            throw AdminError.notFound(
                    "no key of this provider was set at run time; that of the configuration is in force");
        }
        running.useProviderKey(provider.name(), Optional.empty());
        return current(request);
    }

    private AdminResponse current(AdminRequest request) throws AdminError {
        return AdminResponse.of(document(provider(request), Catalog.of(running.settings())));
    }

    private ProviderSettings provider(AdminRequest request) throws AdminError {
        // A gateway inside another program has the settings of that program.
        settings.state();
        return Optional.ofNullable(running.settings().providers().get(request.variable("name")))
                .orElseThrow(AdminError::noSuchProvider);
    }
}
