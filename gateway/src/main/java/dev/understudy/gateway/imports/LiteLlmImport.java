package dev.understudy.gateway.imports;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.gateway.imports.ImportedChain.Member;
import dev.understudy.gateway.imports.ImportedChain.Sharing;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Imports the configuration of LiteLLM's proxy. */
final class LiteLlmImport {
    private static final String MODEL_LIST = "model_list";

    private static final Set<String> KNOWN_SETTINGS = Set.of(
            "num_retries",
            "request_timeout",
            "fallbacks",
            "default_fallbacks",
            "context_window_fallbacks",
            "content_policy_fallbacks",
            "allowed_fails",
            "cooldown_time");

    private static final Set<String> KNOWN_ROUTER = Set.of(
            "routing_strategy",
            "num_retries",
            "timeout",
            "stream_timeout",
            "allowed_fails",
            "cooldown_time",
            "fallbacks",
            "default_fallbacks",
            "context_window_fallbacks",
            "content_policy_fallbacks",
            "model_group_alias",
            "enable_pre_call_checks");

    private final ConfigurationDraft draft;
    private final JsonNode config;
    private final JsonNode settings;
    private final JsonNode router;
    private final Map<String, List<Member>> deployments = new LinkedHashMap<>();

    private LiteLlmImport(JsonNode config, ConfigurationDraft draft) {
        this.config = config;
        this.draft = draft;
        this.settings = config.path("litellm_settings");
        this.router = config.path("router_settings");
    }

    /**
     * Imports a configuration.
     *
     * @throws InvalidImport if it is none
     */
    static void read(JsonNode config, ConfigurationDraft draft) throws InvalidImport {
        if (!config.path(MODEL_LIST).isArray()) {
            throw new InvalidImport("has no list " + MODEL_LIST + "; is it the configuration of LiteLLM's proxy?");
        }
        new LiteLlmImport(config, draft).all();
    }

    private void all() {
        server();
        deployments.putAll(LiteLlmDeployments.read(config.path(MODEL_LIST), draft));
        models();
        defaults();
        rest();
    }

    // Models and their fallbacks.

    private void models() {
        Sharing sharing = switch (router.path("routing_strategy").asText()) {
            case "least-busy" -> Sharing.LEAST_LOADED;
            case "latency-based-routing" -> Sharing.LOWEST_LATENCY;
            default -> Sharing.WEIGHTED;
        };
        Map<String, Set<String>> fallbacks = fallbacks("fallbacks");
        Map<String, Set<String>> longer = fallbacks("context_window_fallbacks");
        Map<String, Set<String>> refused = fallbacks("content_policy_fallbacks");
        Set<String> forAll = defaultFallbacks();
        deployments.forEach((name, members) -> {
            write(name, members, sharing);
            Set<String> all = new LinkedHashSet<>(fallbacks.getOrDefault(name, Set.of()));
            all.addAll(longer.getOrDefault(name, Set.of()));
            all.addAll(refused.getOrDefault(name, Set.of()));
            if (all.isEmpty() && members.size() > 1) {
                all.addAll(forAll);
            }
            all.remove(name);
            if (!all.isEmpty()) {
                ArrayNode list = draft.at("models", name).putArray("fallbacks");
                all.forEach(list::add);
            }
            String path = "models." + name + ".fallbacks";
            if (longer.containsKey(name)) {
                draft.comment(
                        path,
                        "context_window_fallbacks are ordinary fallbacks here: what is too long for one target is sent to"
                                + " those with a larger window.");
            }
            if (refused.containsKey(name)) {
                draft.at("models", name).putArray("fallback-on").add("content-policy");
                draft.comment(
                        path,
                        "content_policy_fallbacks are ordinary fallbacks here; fallback-on makes refusals by content"
                                + " filters go to them too.");
            }
        });
        if (!forAll.isEmpty()) {
            ArrayNode list = draft.at().putArray("fallbacks");
            forAll.forEach(list::add);
        }
        aliases(sharing);
    }

    private void write(String name, List<Member> members, Sharing sharing) {
        ImportedChain chain = new ImportedChain();
        chain.add(sharing, members);
        chain.write(draft, draft.at("models", name));
    }

    private void aliases(Sharing sharing) {
        router.path("model_group_alias").properties().forEach(alias -> {
            String of = alias.getValue().isObject()
                    ? alias.getValue().path("model").asText()
                    : alias.getValue().asText();
            List<Member> members = deployments.get(of);
            if (members == null) {
                draft.noCounterpart("model_group_alias." + alias.getKey(), "there is no model " + of);
            } else if (!deployments.containsKey(alias.getKey())) {
                write(alias.getKey(), members, sharing);
                JsonNode further = draft.at("models", of).path("fallbacks");
                if (further.isArray()) {
                    draft.at("models", alias.getKey()).set("fallbacks", further.deepCopy());
                }
                draft.comment("models." + alias.getKey(), "An alias of " + of + ".");
            }
        });
    }

    /** Lists of {@code {model: [fallback, …]}}, of which those of the router go after those of the settings. */
    private Map<String, Set<String>> fallbacks(String key) {
        Map<String, Set<String>> all = new LinkedHashMap<>();
        for (JsonNode list : List.of(settings.path(key), router.path(key))) {
            for (JsonNode entry : list) {
                entry.properties()
                        .forEach(field -> field.getValue()
                                .forEach(fallback -> known(fallback, key + "." + field.getKey())
                                        .ifPresent(name -> all.computeIfAbsent(
                                                        field.getKey(), none -> new LinkedHashSet<>())
                                                .add(name))));
            }
        }
        return all;
    }

    private Set<String> defaultFallbacks() {
        Set<String> all = new LinkedHashSet<>();
        for (JsonNode list : List.of(settings.path("default_fallbacks"), router.path("default_fallbacks"))) {
            list.forEach(fallback -> known(fallback, "default_fallbacks").ifPresent(all::add));
        }
        return all;
    }

    private Optional<String> known(JsonNode fallback, String path) {
        String name = fallback.isObject() ? fallback.path("model").asText() : fallback.asText();
        if (fallback.isObject() && fallback.size() > 1) {
            draft.noCounterpart(
                    path, "other values for a fallback: " + String.join(", ", LiteLlmDeployments.names(fallback)));
        }
        if (deployments.containsKey(name)) {
            return Optional.of(name);
        }
        draft.noCounterpart(path, name + " is not in the list of models");
        return Optional.empty();
    }

    // The levels around.

    private void defaults() {
        ObjectNode defaults = JsonNodeFactory.instance.objectNode();
        TimeLimits.put(
                defaults,
                Numbers.of(router.has("timeout") ? router.path("timeout") : settings.path("request_timeout")),
                Numbers.of(router.path("stream_timeout")));
        LiteLlmDeployments.retries(
                defaults, router.has("num_retries") ? router.path("num_retries") : settings.path("num_retries"));
        JsonNode fails = router.has("allowed_fails") ? router.path("allowed_fails") : settings.path("allowed_fails");
        Numbers.whole(fails)
                .ifPresent(allowed ->
                        defaults.withObjectProperty("cooldown").put("after", Math.clamp(allowed + 1L, 1, 1_000)));
        JsonNode cooldown = router.has("cooldown_time") ? router.path("cooldown_time") : settings.path("cooldown_time");
        Numbers.of(cooldown)
                .filter(seconds -> seconds.compareTo(new BigDecimal("0.001")) >= 0)
                .ifPresent(seconds -> {
                    ObjectNode to = defaults.withObjectProperty("cooldown");
                    to.put("base", TimeLimits.text(seconds));
                    if (seconds.compareTo(BigDecimal.valueOf(60)) > 0) {
                        to.put("cap", TimeLimits.text(seconds));
                    }
                });
        if (!defaults.isEmpty()) {
            draft.at("defaults").setAll(defaults);
            if (defaults.has("timeouts")) {
                draft.comment("defaults.timeouts", TimeLimits.COMMENT);
            }
            if (defaults.has("retry")) {
                draft.comment(
                        "defaults.retry",
                        "Without a number here, a target without capacity is retried while the deadline lasts if no other"
                                + " is left.");
            }
        }
    }

    private void server() {
        JsonNode general = config.path("general_settings");
        String master = general.path("master_key").asText();
        if (!master.isEmpty()) {
            String variable = master.startsWith(LiteLlmDeployments.VARIABLE)
                    ? master.substring(LiteLlmDeployments.VARIABLE.length())
                    : "LITELLM_MASTER_KEY";
            draft.at("server")
                    .putArray("keys")
                    .addObject()
                    .put("name", "master")
                    .put("key", draft.variable(variable));
            draft.at("server", "admin").put("key", draft.variable(variable));
            draft.comment(
                    "server.keys",
                    "Further keys, with limits and budgets, are made in the console. Give the operator's pages a key of"
                            + " their own.");
        }
        List<String> unknown = LiteLlmDeployments.unknown(general, Set.of("master_key", "database_url"));
        if (general.has("database_url")) {
            draft.noCounterpart(
                    "general_settings.database_url",
                    "settings and records of calls are kept in a file, or in PostgreSQL with store.url; keys and teams"
                            + " are not taken over");
        }
        if (!unknown.isEmpty()) {
            draft.noCounterpart("general_settings", String.join(", ", unknown));
        }
    }

    private void rest() {
        String strategy = router.path("routing_strategy").asText();
        if (strategy.startsWith("usage-based") || strategy.startsWith("cost-based")) {
            draft.noCounterpart("router_settings.routing_strategy", strategy);
        }
        List<String> ofRouter = LiteLlmDeployments.unknown(router, KNOWN_ROUTER);
        if (!ofRouter.isEmpty()) {
            draft.noCounterpart("router_settings", String.join(", ", ofRouter));
        }
        List<String> ofSettings = LiteLlmDeployments.unknown(settings, KNOWN_SETTINGS);
        if (!ofSettings.isEmpty()) {
            draft.noCounterpart(
                    "litellm_settings",
                    String.join(", ", ofSettings)
                            + " (metrics are at /metrics; traces: tracing; a target is told only what its API has, and"
                            + " the caller is warned of the rest)");
        }
        if (config.has("environment_variables")) {
            draft.noCounterpart(
                    "environment_variables",
                    "set these where the gateway starts: "
                            + String.join(", ", LiteLlmDeployments.names(config.path("environment_variables"))));
        }
        List<String> others = LiteLlmDeployments.unknown(
                config,
                Set.of(MODEL_LIST, "litellm_settings", "router_settings", "general_settings", "environment_variables"));
        others.forEach(name -> draft.noCounterpart(name, "left out"));
    }
}
