package dev.understudy.gateway.imports;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.gateway.imports.ImportedAccounts.Account;
import dev.understudy.gateway.imports.ImportedAccounts.AccountKey;
import dev.understudy.gateway.imports.ImportedChain.Member;
import dev.understudy.protocol.model.ModelTable;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the deployments of LiteLLM's {@code model_list}: the target of each one, and what its entry says of that target alone. */
final class LiteLlmDeployments {
    /** What stands before the name of an environment variable. */
    static final String VARIABLE = "os.environ/";

    private static final String LIST = "model_list";

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

    private final ConfigurationDraft draft;
    private final ImportedAccounts accounts;
    private final Map<String, List<Member>> byModel = new LinkedHashMap<>();

    private LiteLlmDeployments(ConfigurationDraft draft) {
        this.draft = draft;
        this.accounts = new ImportedAccounts(draft);
    }

    /** The deployments of a list, by the names that callers use for them. What has no counterpart is noted in the draft. */
    static Map<String, List<Member>> read(JsonNode list, ConfigurationDraft draft) {
        LiteLlmDeployments deployments = new LiteLlmDeployments(draft);
        list.forEach(deployments::add);
        return deployments.byModel;
    }

    private void add(JsonNode entry) {
        String name = entry.path("model_name").asText();
        JsonNode params = entry.path("litellm_params");
        String model = params.path("model").asText();
        if (name.isEmpty() || model.isEmpty()) {
            draft.noCounterpart(LIST, "an entry without model_name or litellm_params.model was left out");
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
        byModel.computeIfAbsent(name, none -> new ArrayList<>())
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

    /** How often a request is repeated, for a level of the configuration. */
    static void retries(ObjectNode level, JsonNode count) {
        Numbers.whole(count)
                .ifPresent(attempts -> level.withObjectProperty("retry").put("attempts", Math.clamp(attempts, 0, 10)));
    }

    /** The names of an object's members. */
    static List<String> names(JsonNode node) {
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** The names of an object's members that are not known here. */
    static List<String> unknown(JsonNode node, Set<String> known) {
        return names(node).stream().filter(name -> !known.contains(name)).toList();
    }
}
