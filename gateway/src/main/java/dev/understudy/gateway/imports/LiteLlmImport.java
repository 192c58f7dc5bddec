package dev.understudy.gateway.imports;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.gateway.imports.ImportedAccounts.Account;
import dev.understudy.gateway.imports.ImportedAccounts.AccountKey;
import dev.understudy.gateway.imports.ImportedChain.Member;
import dev.understudy.gateway.imports.ImportedChain.Sharing;
import dev.understudy.protocol.model.ModelTable;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Imports the configuration of LiteLLM's proxy. */
final class LiteLlmImport {
    private static final String VARIABLE = "os.environ/";
    private static final String MODEL_LIST = "model_list";
    private static final String PARAMS = "litellm_params";

    /** The names of providers before the slash of a model, as they are here. */
    private static final Map<String, String> PROVIDERS = Map.ofEntries(
            Map.entry("openai", "openai"),
            Map.entry("text-completion-openai", "openai"),
            Map.entry("azure", "azure"),
            Map.entry("azure_text", "azure"),
            Map.entry("anthropic", "anthropic"),
            Map.entry("gemini", "gemini"),
            Map.entry("vertex_ai", "gemini"),
            Map.entry("vertex_ai_beta", "gemini"),
            Map.entry("bedrock", "bedrock"),
            Map.entry("groq", "groq"),
            Map.entry("mistral", "mistral"),
            Map.entry("codestral", "mistral"),
            Map.entry("deepseek", "deepseek"),
            Map.entry("together_ai", "together"),
            Map.entry("fireworks_ai", "fireworks"),
            Map.entry("xai", "xai"),
            Map.entry("cohere", "cohere"),
            Map.entry("cohere_chat", "cohere"),
            Map.entry("openrouter", "openrouter"),
            Map.entry("ollama", "ollama"),
            Map.entry("ollama_chat", "ollama"),
            Map.entry("vllm", "vllm"),
            Map.entry("hosted_vllm", "vllm"),
            Map.entry("perplexity", "perplexity"),
            Map.entry("cerebras", "cerebras"),
            Map.entry("sambanova", "sambanova"),
            Map.entry("deepinfra", "deepinfra"),
            Map.entry("nvidia_nim", "nvidia"),
            Map.entry("moonshot", "moonshot"),
            Map.entry("huggingface", "huggingface"),
            Map.entry("vercel_ai_gateway", "vercel"));

    /** What of a deployment is read, or stands for itself. */
    private static final Set<String> KNOWN_PARAMS = Set.of(
            "model",
            "custom_llm_provider",
            "api_base",
            "base_url",
            "api_key",
            "api_version",
            "aws_region_name",
            "aws_access_key_id",
            "aws_secret_access_key",
            "aws_session_token",
            "aws_profile_name",
            "vertex_project",
            "vertex_location",
            "vertex_credentials",
            "organization",
            "extra_headers",
            "weight",
            "timeout",
            "stream_timeout",
            "max_retries",
            "num_retries",
            "input_cost_per_token",
            "output_cost_per_token");

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
    private final ImportedAccounts accounts;
    private final JsonNode config;
    private final JsonNode settings;
    private final JsonNode router;
    private final Map<String, List<Member>> deployments = new LinkedHashMap<>();

    private LiteLlmImport(JsonNode config, ConfigurationDraft draft) {
        this.config = config;
        this.draft = draft;
        this.accounts = new ImportedAccounts(draft);
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
        for (JsonNode entry : config.path(MODEL_LIST)) {
            deployment(entry);
        }
        models();
        defaults();
        rest();
    }

    // Deployments.

    private void deployment(JsonNode entry) {
        String name = entry.path("model_name").asText();
        JsonNode params = entry.path(PARAMS);
        String model = params.path("model").asText();
        if (name.isEmpty() || model.isEmpty()) {
            draft.noCounterpart(MODEL_LIST, "an entry without model_name or litellm_params.model was left out");
            return;
        }
        if (name.contains("*") || model.endsWith("*")) {
            draft.noCounterpart(
                    name,
                    "callers may name provider/model of every configured provider without an entry; add the provider if"
                            + " it is not there");
            return;
        }
        Optional<String> target = target(name, model, params);
        if (target.isEmpty()) {
            return;
        }
        ObjectNode own = own(entry, params);
        deployments
                .computeIfAbsent(name, none -> new ArrayList<>())
                .add(new Member(target.get(), Numbers.of(params.path("weight")).orElse(BigDecimal.ONE), own));
        prices(target.get(), params, entry.path("model_info"));
        List<String> unknown = unknown(params, KNOWN_PARAMS);
        if (!unknown.isEmpty()) {
            draft.noCounterpart(
                    name + " at " + target.get(),
                    String.join(", ", unknown)
                            + (unknown.contains("rpm") || unknown.contains("tpm")
                                    ? " (limits of a deployment are learned from its provider's 429)"
                                    : ""));
        }
    }

    private Optional<String> target(String name, String written, JsonNode params) {
        String model = written;
        String prefix = params.path("custom_llm_provider").asText();
        int slash = model.indexOf('/');
        if (prefix.isEmpty() && slash > 0 && isPrefix(model.substring(0, slash), params)) {
            prefix = model.substring(0, slash);
            model = model.substring(slash + 1);
        } else if (!prefix.isEmpty() && model.startsWith(prefix + "/")) {
            model = model.substring(prefix.length() + 1);
        }
        String base =
                text(params, "api_base").or(() -> text(params, "base_url")).orElse("");
        String provider = prefix.isEmpty()
                ? ModelTable.providerOf(model).orElse("openai")
                : PROVIDERS.getOrDefault(prefix, prefix.replaceAll("[^A-Za-z0-9._-]", "-"));
        if (prefix.startsWith("vertex_ai")) {
            if (!model.startsWith("gemini")) {
                draft.noCounterpart(
                        name,
                        written
                                + ": models of other vendors at Vertex AI; add a provider with the address of their API");
                return Optional.empty();
            }
            return Optional.of(accounts.name(vertex(params)) + "/" + model);
        }
        if (!ImportedAccounts.isKnown(provider) && base.isEmpty()) {
            draft.noCounterpart(
                    name, written + ": the provider " + prefix + " is not known here; add it with its base-url");
            return Optional.empty();
        }
        Map<String, String> further = new LinkedHashMap<>();
        if (provider.equals("bedrock")) {
            model = model.replaceFirst("^(converse|converse_like|invoke)/", "");
            text(params, "aws_region_name").ifPresent(region -> further.put("region", region));
            text(params, "aws_profile_name").ifPresent(profile -> further.put("profile", profile));
            if (params.has("aws_access_key_id")) {
                draft.comment(
                        "providers",
                        "Amazon's credentials are taken from the surroundings: AWS_ACCESS_KEY_ID and"
                                + " AWS_SECRET_ACCESS_KEY, files, or the instance's role.");
            }
        }
        if (provider.equals("azure")) {
            text(params, "api_version").ifPresent(version -> further.put("api-version", version));
        }
        if (params.has("extra_headers") || params.has("organization")) {
            draft.noCounterpart(
                    name, "extra_headers and organization; headers of a provider are providers.NAME.headers here");
        }
        AccountKey key = ImportedAccounts.key(params.path("api_key").asText(), VARIABLE);
        return Optional.of(accounts.name(new Account(provider, address(provider, base), key, further)) + "/" + model);
    }

    /** A part before a slash is a provider's name, and not the vendor in the name of a model at a server of one's own. */
    private static boolean isPrefix(String part, JsonNode params) {
        return PROVIDERS.containsKey(part) || !params.has("api_base") || part.contains("openai");
    }

    private Account vertex(JsonNode params) {
        String project = text(params, "vertex_project").orElseGet(() -> draft.variable("GOOGLE_CLOUD_PROJECT"));
        String location = text(params, "vertex_location").orElse("us-central1");
        Map<String, String> further = new LinkedHashMap<>();
        further.put("dialect", "gemini");
        further.put(
                "service-account",
                text(params, "vertex_credentials")
                        .filter(credentials -> !credentials.strip().startsWith("{"))
                        .orElseGet(() -> draft.variable("GOOGLE_APPLICATION_CREDENTIALS")));
        String host = location.equals("global") ? "aiplatform" : location + "-aiplatform";
        return new Account(
                "vertex",
                "https://" + host + ".googleapis.com/v1/projects/" + project + "/locations/" + location
                        + "/publishers/google",
                AccountKey.NONE,
                further);
    }

    /** LiteLLM adds what Understudy expects in the address. */
    private static String address(String provider, String base) {
        String bare = base.replaceFirst("/+$", "");
        boolean lacksVersion = !bare.isEmpty() && !bare.matches(".*/v\\d+[a-z]*");
        return switch (provider) {
            case "anthropic" -> lacksVersion ? bare.replaceFirst("/messages$", "") + "/v1" : bare;
            case "ollama" -> lacksVersion ? bare + "/v1" : bare;
            default -> bare;
        };
    }

    /** The text of a setting, in which a variable is referred to as it is here. */
    private Optional<String> text(JsonNode node, String key) {
        JsonNode value = node.path(key);
        if (!value.isValueNode() || value.asText().isBlank()) {
            return Optional.empty();
        }
        String text = value.asText();
        return Optional.of(
                text.startsWith(VARIABLE)
                        ? draft.variable(text.substring(VARIABLE.length()))
                        : text.replace("${", "$${"));
    }

    private ObjectNode own(JsonNode entry, JsonNode params) {
        ObjectNode own = JsonNodeFactory.instance.objectNode();
        JsonNode info = entry.path("model_info");
        Numbers.whole(info.path("max_input_tokens")).ifPresent(tokens -> own.put("context-window", tokens));
        Numbers.whole(info.path("max_output_tokens")).ifPresent(tokens -> own.put("max-output", tokens));
        flag(info.path("supports_vision")).ifPresent(has -> own.put("images", has));
        flag(info.path("supports_function_calling")).ifPresent(has -> own.put("tools", has));
        TimeLimits.put(own, Numbers.of(params.path("timeout")), Numbers.of(params.path("stream_timeout")));
        retries(own, params.has("num_retries") ? params.path("num_retries") : params.path("max_retries"));
        return own;
    }

    private static Optional<Boolean> flag(JsonNode node) {
        return switch (node.asText().toLowerCase(Locale.ROOT)) {
            case "true" -> Optional.of(true);
            case "false" -> Optional.of(false);
            default -> Optional.empty();
        };
    }

    private static void retries(ObjectNode level, JsonNode count) {
        Numbers.whole(count)
                .ifPresent(attempts -> level.withObjectProperty("retry").put("attempts", Math.clamp(attempts, 0, 10)));
    }

    private void prices(String target, JsonNode params, JsonNode info) {
        Optional<BigDecimal> input = perMillion(params, info, "input_cost_per_token");
        Optional<BigDecimal> output = perMillion(params, info, "output_cost_per_token");
        if (input.isPresent() && output.isPresent()) {
            draft.at("prices", target).put("input", input.get()).put("output", output.get());
        }
    }

    private static Optional<BigDecimal> perMillion(JsonNode params, JsonNode info, String key) {
        return Numbers.of(params.has(key) ? params.path(key) : info.path(key))
                .map(each -> each.movePointRight(6).stripTrailingZeros());
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
            draft.noCounterpart(path, "other values for a fallback: " + String.join(", ", names(fallback)));
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
        retries(defaults, router.has("num_retries") ? router.path("num_retries") : settings.path("num_retries"));
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
            String variable = master.startsWith(VARIABLE) ? master.substring(VARIABLE.length()) : "LITELLM_MASTER_KEY";
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
        List<String> unknown = unknown(general, Set.of("master_key", "database_url"));
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
        List<String> ofRouter = unknown(router, KNOWN_ROUTER);
        if (!ofRouter.isEmpty()) {
            draft.noCounterpart("router_settings", String.join(", ", ofRouter));
        }
        List<String> ofSettings = unknown(settings, KNOWN_SETTINGS);
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
                            + String.join(", ", names(config.path("environment_variables"))));
        }
        List<String> others = unknown(
                config,
                Set.of(MODEL_LIST, "litellm_settings", "router_settings", "general_settings", "environment_variables"));
        others.forEach(name -> draft.noCounterpart(name, "left out"));
    }

    private static List<String> names(JsonNode node) {
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static List<String> unknown(JsonNode node, Set<String> known) {
        return names(node).stream().filter(name -> !known.contains(name)).toList();
    }
}
